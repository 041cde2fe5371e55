import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { GENERAL, type Seq } from '../../src/core/model/model.ts'
import { Connection } from '../../src/store/postgres/connection.ts'
import { migrations } from '../../src/store/postgres/migrations.ts'
import { prepareSchema } from '../../src/store/postgres/schema.ts'
import { serversOf } from '../../src/store/postgres/servers.ts'
import { PostgresStore } from '../../src/store/postgres/store.ts'
import { migrations as sqliteMigrations } from '../../src/store/sqlite/migrations.ts'
import { Unusable, type UnusableCode } from '../../src/store/unusable.ts'
import { patiently } from '../tools/patiently.ts'
import { lacksPostgres, Postgres } from '../tools/postgres.ts'
import { logOf, makeRoom, outcome, register, say, textsOf } from './postgres-stores.ts'

async function unusable(code: UnusableCode, urls: readonly string[]): Promise<Unusable> {
  let found: Unusable | undefined
  await assert.rejects(PostgresStore.open({ urls }), error => {
    assert.ok(error instanceof Unusable && error.code === code, String(error))
    found = error
    return true
  })
  return found ?? assert.fail()
}

describe('the schema on PostgreSQL', { skip: lacksPostgres }, () => {
  let postgres: Postgres

  before(async () => {
    postgres = await Postgres.start()
  })
  after(() => postgres[Symbol.asyncDispose]())

  async function connection(url: string): Promise<Connection> {
    const [server] = serversOf([url])
    return Connection.open(server ?? assert.fail(), 'test')
  }

  test('nodes that start at once on an empty database: one creates the schema, and one epoch begins', async () => {
    const url = await postgres.database()
    const stores = await Promise.all(Array.from({ length: 4 }, () => PostgresStore.open({ urls: [url] })))
    const [first, last] = [stores[0] ?? assert.fail(), stores[3] ?? assert.fail()]
    const ana = await register(first, 'ana')
    await say(last, 'hola', { author: ana.id })
    assert.deepEqual(textsOf(await logOf(first)), ['hola'])
    await Promise.all(stores.map(store => store.close()))
    const again = await PostgresStore.open({ urls: [url] })
    await say(again, 'otra vez', { author: ana.id })
    await again.close()
    const epochs = await postgres.query(url, 'SELECT DISTINCT epoch_id FROM messages')
    assert.equal(epochs.length, 1, 'a start begins none')
    assert.deepEqual(await postgres.query(url, 'SELECT version FROM tertulia'), [
      { version: `${migrations.length}` },
    ])
  })

  test('it has everything that SQLite’s has: what a migration adds there, one adds here', async () => {
    const url = await postgres.database()
    await (await PostgresStore.open({ urls: [url] })).close()
    const sqlite = new DatabaseSync(':memory:')
    for (const step of sqliteMigrations) sqlite.exec(step)
    const theirs = sqlite
      .prepare(
        `SELECT tables.name || '.' || columns.name AS name
         FROM sqlite_schema AS tables, pragma_table_xinfo(tables.name) AS columns
         WHERE tables.type IN ('table', 'view') AND tables.name NOT LIKE 'terms%' AND tables.name NOT LIKE 'sqlite%'`,
      )
      .all()
    sqlite.close()
    const ours = await postgres.query(
      url,
      "SELECT table_name || '.' || column_name AS name FROM information_schema.columns WHERE table_schema = 'public'",
    )
    const here = new Set(ours.map(({ name }) => name))
    assert.ok(theirs.length > 80)
    assert.deepEqual(
      theirs.map(({ name }) => name).filter(name => !here.has(name)),
      [],
    )
  })

  test('whatever refers to a file keeps it from being deleted', async () => {
    const url = await postgres.database()
    await (await PostgresStore.open({ urls: [url] })).close()
    const referring = await postgres.query(
      url,
      `SELECT relname || '.' || attname AS name
       FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
            JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey)
       WHERE contype = 'f' AND confrelid = CAST('files' AS REGCLASS)`,
    )
    const [view] = await postgres.query(url, "SELECT pg_get_viewdef('file_references') AS text")
    const parts = [...`${view?.text}`.matchAll(/SELECT (\w+\.\w+)/g)].map(([, name]) => name)
    assert.deepEqual(parts.toSorted(), referring.map(({ name }) => name).toSorted())
  })

  test('a database of a newer version, or with other tables, is left alone', async () => {
    const url = await postgres.database()
    await (await PostgresStore.open({ urls: [url] })).close()
    await postgres.query(url, 'UPDATE tertulia SET version = 99')
    await unusable('too-new', [url])
    const other = await postgres.database()
    await postgres.query(other, 'CREATE TABLE users (name TEXT)')
    await unusable('other-tables', [other])
    assert.deepEqual(await postgres.query(other, "SELECT to_regclass('tertulia') AS made"), [{ made: null }])
  })

  test('a failed migration leaves the database as it was; the next start tries again', async () => {
    const url = await postgres.database()
    await (await PostgresStore.open({ urls: [url] })).close()
    const to = await connection(url)
    const more = 'CREATE TABLE extra (id BIGINT)'
    await assert.rejects(prepareSchema(to, [...migrations, more, 'CREATE TABLE extra (id BIGINT)']))
    assert.deepEqual(await postgres.query(url, "SELECT to_regclass('extra') AS made"), [{ made: null }])
    await prepareSchema(to, [...migrations, more])
    assert.deepEqual(await postgres.query(url, 'SELECT * FROM extra'), [])
    await to.close()
    await unusable('too-new', [url])
  })

  test('a newer node migrates the tables while an older one works: that goes on', async () => {
    const url = await postgres.database()
    const store = await PostgresStore.open({ urls: [url] })
    const ana = await register(store, 'ana')
    const all = async (text: string) => {
      assert.ok('seq' in (await say(store, text, { author: ana.id, key: text })))
      assert.equal(await outcome(store.people.amend(ana.id, { status: text })), 'done')
      assert.equal((await store.people.find('ana'))?.status, text)
      assert.ok(textsOf(await logOf(store)).includes(text))
      await makeRoom(store, ana.id, text)
      return textsOf(await store.pages.page(ana.id, GENERAL, { side: 'before', seq: 99 as Seq, limit: 9 }))
    }
    for (let i = 0; i < 3; i++) await all(`antes${i}`) // on all connections of the readers
    const to = await connection(url)
    await prepareSchema(to, [
      ...migrations,
      `ALTER TABLE users ADD COLUMN mood TEXT NOT NULL DEFAULT '';
       ALTER TABLE rooms ADD COLUMN modes TEXT NOT NULL DEFAULT '';
       ALTER TABLE messages ADD COLUMN colour BIGINT;
       CREATE OR REPLACE VIEW said AS
         SELECT messages.id, room_id, seq, user_id, username, message, messages.created_at, reply_seq, thread_seq,
                edited_at, deleted_at, NULL::TEXT COLLATE "C" AS reply_username, FALSE AS everyone, notice,
                format, styles, action, tags, NULL::TEXT AS attachments,
                thread_only, NULL::TEXT COLLATE "C" AS teams, colour
         FROM messages JOIN users ON users.id = user_id`,
    ])
    await to.close()
    assert.deepEqual(await all('después'), ['antes0', 'antes1', 'antes2', 'después'])
    for (let i = 0; i < 3; i++) await all(`luego${i}`)
    await store.close()
  })

  test('everything is in the schema that search_path names', async () => {
    const url = await postgres.database()
    await postgres.query(url, 'CREATE SCHEMA one; CREATE SCHEMA two')
    const [one, two] = await Promise.all(
      ['one', 'two'].map(name => PostgresStore.open({ urls: [`${url}&options=-c%20search_path%3D${name}`] })),
    )
    assert.ok(one && two)
    await register(one, 'ana')
    const beto = await register(two, 'beto')
    assert.equal(await two.people.find('ana'), undefined)
    await say(two, 'hola', { author: beto.id })
    assert.deepEqual(textsOf(await logOf(two)), ['hola'])
    const elsewhere = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    assert.deepEqual(await postgres.query(url, elsewhere), [])
    await Promise.all([one.close(), two.close()])
  })

  test('failover to a standby: the node must restart, and what is written then is of another epoch', async () => {
    const url = await postgres.database()
    const store = await PostgresStore.open({ urls: [url] })
    const ana = await register(store, 'ana')
    await say(store, 'antes', { author: ana.id })
    await postgres.promote()
    const [lost, said] = await Promise.all([store.lost, outcome(say(store, 'en medio', { author: ana.id }))])
    assert.match(lost.message, /another history/)
    assert.equal(said, 'store-failed')
    await store.close()
    const again = await PostgresStore.open({ urls: [url] })
    await say(again, 'después', { author: ana.id })
    const cursors = await again.pages.cursors([1, 2].map(seq => ({ room: GENERAL, head: seq as Seq })))
    assert.equal(new Set(cursors.map(({ epoch }) => epoch)).size, 2)
    await again.close()
    const third = await PostgresStore.open({ urls: [url] })
    assert.deepEqual(await third.pages.cursors([{ room: GENERAL, head: 2 as Seq }]), [cursors[1]])
    await third.close()
  })

  test('a snapshot that is put back: nodes that have stored since, and others, must restart, in another epoch', async () => {
    const url = await postgres.database()
    const store = await PostgresStore.open({ urls: [url] })
    const ana = await register(store, 'ana')
    await say(store, 'antes', { author: ana.id })
    const putBack = await postgres.snapshot()
    const silent = await PostgresStore.open({ urls: [url] })
    await say(store, 'perdido', { author: ana.id })
    await putBack()
    const [lost, said] = await Promise.all([store.lost, outcome(say(store, 'en medio', { author: ana.id }))])
    assert.match(lost.message, /another history/)
    assert.equal(said, 'store-failed')
    await store.close()
    const again = await PostgresStore.open({ urls: [url] })
    await say(again, 'después', { author: ana.id })
    assert.deepEqual(textsOf(await logOf(again)), ['antes', 'después'])
    assert.notEqual(again.epoch, store.epoch)
    const cursors = await again.pages.cursors([1, 2].map(seq => ({ room: GENERAL, head: seq as Seq })))
    assert.deepEqual(
      cursors.map(({ epoch }) => epoch),
      [store.epoch, again.epoch],
    )
    await postgres.down('SIGKILL') // it looks when it connects, and when it renews its lease
    await postgres.up()
    await silent.lost
    await Promise.all([again.close(), silent.close()])
  })

  test('a copy of the database, or a dump that was restored, is another history', async () => {
    const url = await postgres.database()
    const said = async (where: string, text: string) => {
      const store = await PostgresStore.open({ urls: [where] })
      const ana = (await store.people.find('ana')) ?? (await register(store, 'ana'))
      const receipt = await say(store, text, { author: ana.id })
      assert.ok('seq' in receipt)
      const [cursor] = await store.pages.cursors([{ room: GENERAL, head: receipt.seq }])
      await store.close()
      return cursor?.epoch
    }
    const first = await said(url, 'a')
    assert.equal(await said(url, 'b'), first)
    await postgres.query('postgres', `CREATE DATABASE copy TEMPLATE ${new URL(url).pathname.slice(1)}`)
    const inCopy = await said(postgres.url('copy'), 'c')
    assert.notEqual(inCopy, first)
    await postgres.query(
      url,
      `CREATE TABLE restored (LIKE epochs INCLUDING ALL); INSERT INTO restored SELECT * FROM epochs;
       DROP TABLE epochs; ALTER TABLE restored RENAME TO epochs;
       SELECT setval(pg_get_serial_sequence('epochs', 'id'), 100)`,
    )
    assert.notEqual(await said(url, 'c'), first)
  })

  test('the first server that answers and accepts writes is used; if there is none, the error says why', async () => {
    const url = await postgres.database()
    const nobody = 'postgres://tertulia:geheim@127.0.0.1:1/x'
    const store = await PostgresStore.open({ urls: [nobody, url] })
    await register(store, 'ana')
    await store.close()
    const several = url.replace('127.0.0.1:', '127.0.0.1:1,127.0.0.1:')
    await (await PostgresStore.open({ urls: [several] })).close()
    await (await PostgresStore.open({ urls: [postgres.socketUrl(url)] })).close()
    const unreachable = await unusable('unreachable', [nobody])
    assert.match(String(unreachable.cause), /127\.0\.0\.1:1/)
    assert.doesNotMatch(String(unreachable.cause), /geheim/)
    await unusable('denied', [postgres.url('nada'), nobody])
    await unusable('unreachable', [`${url}&options=-c%20default_transaction_read_only%3Don`])
  })

  test('TLS as sslmode says', async () => {
    const url = await postgres.database()
    let people = 0
    const secured = async (mode: string) => {
      const store = await PostgresStore.open({ urls: [url.replace('sslmode=disable', mode)] })
      const [found] = await postgres.query(
        url,
        `SELECT bool_and(ssl) AS so FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
         WHERE application_name = 'tertulia' AND datname = current_database()`,
      )
      await register(store, `a${++people}`)
      await store.close()
      return found?.so
    }
    assert.equal(await secured('sslmode=prefer'), false, 'it knows no TLS yet')
    await unusable('unreachable', [url.replace('sslmode=disable', 'sslmode=require')])
    await postgres.down('SIGINT')
    const files = await postgres.certify()
    await postgres.up()
    assert.equal(await secured('sslmode=disable'), false)
    assert.equal(await secured('sslmode=prefer&user=tertulia'), true)
    assert.equal(await secured('sslmode=require'), true)
    assert.equal(await secured(`sslmode=verify-full&sslrootcert=${files.own}`), true)
    await unusable('unreachable', [url.replace('sslmode=disable', 'sslmode=verify-full')])
    const stranger = url.replace('sslmode=disable', `sslmode=verify-ca&sslrootcert=${files.others}`)
    await unusable('unreachable', [stranger])
    await patiently(
      async () => (await postgres.query(url, 'SELECT * FROM nodes')).length === 0,
      () => 'a node has not left',
    )
  })
})

test('addresses are parsed like libpq’s, and errors never quote a password', () => {
  const shown = (url: string) =>
    serversOf([url]).map(({ host, port, user, password, database }) => [host, port, user, password, database])
  assert.deepEqual(shown('postgres://ana:s%40l@db.example:6000/chat'), [
    ['db.example', 6000, 'ana', 's@l', 'chat'],
  ])
  assert.deepEqual(shown('postgresql://[::1]:6001,b,c:6002/chat?user=u&password=p'), [
    ['::1', 6001, 'u', 'p', 'chat'],
    ['b', 5432, 'u', 'p', 'chat'],
    ['c', 6002, 'u', 'p', 'chat'],
  ])
  assert.deepEqual(shown('postgres:///chat?host=/run/pg&port=6003'), [
    ['/run/pg', 6003, undefined, undefined, 'chat'],
  ])
  assert.deepEqual(shown('postgres://'), [['localhost', 5432, undefined, undefined, undefined]])
  for (const bad of [
    'mysql://ana:geheim@db/chat',
    'postgres://ana:geheim@db:0/chat',
    'postgres://ana:geheim@db:99999/chat',
    'postgres://ana:geheim@a:b:c/chat',
    'postgres://ana:%zz@db/chat',
    'postgres://ana:geheim@db/chat?sslmode=maybe',
    'postgres://ana:geheim@db/chat?shoe=size',
    'postgres://ana:geheim@db/chat?sslrootcert=/nowhere',
  ]) {
    assert.throws(
      () => serversOf([bad]),
      error =>
        error instanceof Unusable && error.code === 'bad-url' && !String(error.cause).includes('geheim'),
      bad,
    )
  }
  assert.throws(() => serversOf([]), Unusable)
})
