// `tertulia copy` moves a chat to PostgreSQL, and people resume where they were.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { chmod, copyFile, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { GENERAL, type Seq } from '../../src/core/model/model.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { FolderFileStorage } from '../../src/store/files/folder.ts'
import { PostgresStore } from '../../src/store/postgres/store.ts'
import { SqliteStore } from '../../src/store/sqlite/store.ts'
import { all, BLOCK, chunked, newKey, numbered } from '../contracts/files.ts'
import { indexAll, mustFindLetters, sayEveryLetter } from '../contracts/search.ts'
import { register } from '../contracts/store.ts'
import { Cable } from '../tools/cable.ts'
import { Irc } from '../tools/irc-client.ts'
import { lacksPostgres, Postgres } from '../tools/postgres.ts'
import { type Server, startServer, temporaryFolder } from '../tools/server.ts'
import { tertulia } from '../tools/tertulia.ts'
import { bytesOf, upload } from '../tools/uploading.ts'
import type { Web } from '../tools/web-client.ts'

/** Sessions that survive a restart; epochs that began in a file. */
const [WITH_TOKEN, OF_FILES] = ['WHERE hash IS NOT NULL', "WHERE cluster = ''"]
/** Without the search index, which is rebuilt, and notes that are kept until they are reported. */
const ALL_TABLES = `SELECT name FROM sqlite_schema
  WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'terms%' AND name NOT IN ('index_rule', 'deleted_rows')`
/** SQLite's default page size. */
const PAGE_BYTES = 4096
/** Enough to be copied in several batches. */
const MANY = 2_500

/** Fills a chat with something of everything that it stores. */
async function live(server: Server): Promise<{ ana: Web; beto: Web }> {
  const [ana, beto] = [await server.web.register('ana'), await server.web.register('beto')]
  await server.web.register('caro')
  await ana.do('POST', '/rooms', { name: 'club', kind: 'open' })
  for (const username of ['beto', 'caro']) await ana.do('PUT', `/rooms/club/members/${username}`)
  await ana.do('PUT', '/rooms/club/masks/mute/troll*')
  await ana.do('PUT', '/rooms/club/bans/caro', { for: null, reason: 'ruido' })
  const said = await ana.do('POST', '/rooms/club/messages', { text: 'aguja para @beto: ñandú 🦉 "\\u0000\\' })
  const at = `/rooms/club/messages/${said.seq}`
  await beto.do('POST', '/rooms/club/messages', { text: 'respuesta', reply: said.seq })
  await beto.do('PUT', `${at}/reactions/${encodeURIComponent('👍')}`)
  await ana.do('PUT', `/rooms/club/pins/${said.seq}`)
  const wrong = await ana.do('POST', '/rooms/club/messages', { text: 'secreto' })
  await ana.do('DELETE', `/rooms/club/messages/${wrong.seq}`)
  await ana.do('POST', '/rooms/club/messages', { text: 'corregir' })
  await ana.do('PATCH', `/rooms/club/messages/${wrong.seq + 2}`, { text: 'corregido' })
  await keep(ana, said.seq)
  await beto.do('PUT', '/me/blocks/caro')
  await ana.do('POST', '/invitations', { uses: 3, rooms: ['club'] })
  await ana.do('POST', '/rooms', { name: 'otra', kind: 'closed' })
  await ana.do('PUT', '/rooms/otra/asked/beto')
  await ana.do('POST', '/direct', { people: ['beto'] })
  const homework = await fetch(`${server.web.origin}/api/v1/rooms/club/files?name=tarea.txt`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${ana.token}` },
    body: 'la tarea',
  })
  assert.equal(homework.ok, true, await homework.text())
  using irc = await Irc.logIn(server.port, 'ana')
  irc.send('PRIVMSG #club :\x02hola\x02', 'PRIVMSG #club :\x01ACTION baila\x01')
  irc.send('@+ejemplo.org/icono=ñ\\sy\\:ñ PRIVMSG #club :con etiquetas')
  irc.send('METADATA * SET color :rojo')
  await irc.settled()
  using file = new DatabaseSync(server.database, { timeout: 5000 })
  file.exec(`INSERT INTO previews (message_id, url, position, title, description, site, read_at)
    SELECT max(id), 'https://a.example/', 0, 'título', '', 'sitio', 7 FROM messages`)
  file.exec(`INSERT INTO login_codes VALUES (1, 'abc', 7)`)
  file.exec(`INSERT INTO reports (message_id, author_id, user_id, reason, context, created_at)
    SELECT max(id), 1, 2, 'motivo', '[]', 7 FROM messages`)
  file.exec(`INSERT INTO server_settings VALUES ('privateMessages', 'staff')`)
  file.exec(`INSERT INTO polls (message_id, named) SELECT max(id), 1 FROM messages;
    INSERT INTO votes SELECT max(id), 1, 2 FROM messages;
    INSERT INTO saved (user_id, message_id, saved_at) SELECT 1, max(id), 7 FROM messages;
    INSERT INTO sections (user_id, name, position) VALUES (1, 'Clases', 0);
    INSERT INTO placements VALUES (1, 1, 1, 1);
    INSERT INTO versions SELECT max(id), 1, 'antes', 'plain', 7 FROM messages`)
  file.exec(`INSERT INTO avatars (of_room, of_user, id, file_key)
    SELECT 0, 1, '${newKey()}', key FROM files LIMIT 1`)
  file.exec(`INSERT INTO teams VALUES (1, 'Equipo', 'equipo', 'equipo', 'equipo', 7);
    INSERT INTO team_members VALUES (1, 1)`)
  return { ana, beto }
}

/** Fills it with what people keep for themselves, and with what waits for its time. */
async function keep(ana: Web, seq: number): Promise<void> {
  const later = Date.now() + 86_400_000
  await ana.do('PATCH', '/server/settings', { editHistory: 'on' })
  await ana.do('PATCH', `/rooms/club/messages/${seq}`, { text: 'aguja para @beto: ñandú' })
  const poll = await ana.do('POST', '/rooms/club/polls', {
    question: '¿Cuándo?',
    options: ['lunes', 'martes'],
  })
  await ana.do('PUT', `/rooms/club/polls/${poll.seq}/vote`, { options: [2] })
  await ana.do('PUT', `/rooms/club/saved/${seq}`)
  const section = await ana.do('POST', '/me/sections', { name: 'clases' })
  await ana.do('PATCH', '/rooms/club/placement', { favourite: true, section: section.id })
  const file = await upload(ana, 'luego.txt', bytesOf(10))
  await ana.do('POST', '/rooms/club/scheduled', { text: 'luego', at: later, attachments: [{ upload: file }] })
  await ana.do('POST', `/rooms/club/messages/${seq}/reminders`, { at: later })
}

async function talk(server: Server): Promise<void> {
  const [ana, beto] = [await server.logIn('ana'), await server.logIn('beto')]
  for (let i = 1; i <= MANY; i++) ana.say(`línea ${i}`)
  await beto.expect(`ana: línea ${MANY}\n`)
}

/** What a server's folder of files holds, and a key that it still has to delete. */
async function filesIn(data: string) {
  using file = new DatabaseSync(join(data, 'chat.db'))
  file.exec(`INSERT INTO pending_deletions VALUES ('${newKey()}')`)
  const files = await FolderFileStorage.open(join(data, 'files'))
  const loose = newKey('.screen')
  await files.append(loose, 0, chunked(numbered(3 * BLOCK + 7)))
  const found = await Array.fromAsync(files.keys(), async key => {
    const length = (await files.length(key)) ?? 0
    return { key, length, hash: hash('sha256', await all(files, key, 0, length)) }
  })
  await files.close()
  return found.toSorted((a, b) => a.length - b.length)
}

/** The rows of a table that must be copied, as lines, without columns of the search index. */
function linesOf(rows: readonly Record<string, unknown>[], columns: readonly string[]): string[] {
  const copied = columns.filter(column => !['indexed_seq', 'searchable_seq'].includes(column))
  return rows.map(row => copied.map(column => `${column}=${row[column]}`).join(' ')).sort()
}

describe('a chat.db that is copied to PostgreSQL', { skip: lacksPostgres }, () => {
  let postgres: Postgres
  let data: string

  before(async () => {
    postgres = await Postgres.start()
  })
  after(() => postgres[Symbol.asyncDispose]())
  beforeEach(async () => {
    data = await temporaryFolder()
  })
  afterEach(() => rm(data, { recursive: true }))

  function copy(url: string, words: readonly string[] = []) {
    return tertulia(data, ['copy', '--store', url, ...words])
  }

  /** Compares row by row. */
  async function mustBeCopied(url: string): Promise<void> {
    using file = new DatabaseSync(join(data, 'chat.db'), { readOnly: true })
    for (const table of file
      .prepare(ALL_TABLES)
      .all()
      .map(({ name }) => `${name}`)) {
      const rows = file.prepare(`SELECT * FROM ${table} ${table === 'sessions' ? WITH_TOKEN : ''}`).all()
      assert.ok(rows.length > 0, `the story has nothing of ${table}`)
      const columns = Object.keys(rows[0] ?? {})
      const there = await postgres.query(
        url,
        `SELECT ${columns} FROM ${table} ${table === 'epochs' ? OF_FILES : ''}`,
      )
      assert.deepEqual(linesOf(there, columns), linesOf(rows, columns), table)
    }
  }

  test('everything is there, and people resume where they were', async () => {
    const url = await postgres.database()
    let server = await startServer({ data, args: ['--no-limits'] })
    const { port } = server
    const { ana, beto } = await live(server)
    await talk(server)
    using watching = await beto.connect()
    await watching.until(() => watching.greetings.length === 1, 'beto never came in')
    const locked = await copy(url)
    assert.match(locked.stderr, /Otro servidor ya usa .*chat\.db/)
    server.signal('SIGTERM')
    assert.equal(await server.exited, 0)

    const stored = await filesIn(data)
    assert.equal(stored.length, 3)
    const copied = await copy(url)
    assert.equal(copied.stderr, '')
    assert.deepEqual(
      await postgres.query(
        url,
        `SELECT key, octet_length(string_agg(bytes, '' ORDER BY n)) AS length,
                encode(sha256(string_agg(bytes, '' ORDER BY n)), 'hex') AS hash
         FROM file_chunks GROUP BY key ORDER BY length`,
      ),
      stored,
    )
    assert.match(copied.stdout, new RegExp(`Cuentas: 3; salas: 4; mensajes: ${MANY + 9}\\.\n`))
    await mustBeCopied(url)
    const twice = await copy(url, ['--lang', 'en'])
    assert.deepEqual([twice.code, twice.stdout], [1, ''])
    assert.match(twice.stderr, /^There is already a chat at postgres:\/\/127\.0\.0\.1:\d+\/test\d+\./)

    server = await startServer({ data, args: ['--no-limits', '--store', url, '--port', `${port}`] })
    await using _ = server
    await ana.do('POST', '/rooms/general/messages', { text: 'ya en PostgreSQL' })
    await watching.expect('ya en PostgreSQL')
    assert.deepEqual(watching.resets, [], 'what one has read holds')
    assert.deepEqual(watching.texts().slice(-1), ['ya en PostgreSQL'])
    const { found } = await beto.do('GET', '/search?q=aguja')
    assert.equal(found.length, 1)
    const dora = await server.web.register('dora')
    const room = await dora.do('POST', '/rooms', { name: 'nueva', kind: 'open' })
    assert.equal(room.id, 5)
  })

  test('everything that was found before is found there, before and after it is indexed: every letter', async () => {
    const url = await postgres.database()
    const file = await SqliteStore.open(join(data, 'chat.db'))
    const ana = await register(file, 'ana')
    await sayEveryLetter(file, ana)
    await indexAll(file)
    await file.close()
    assert.equal((await copy(url)).code, 0)
    const store = await PostgresStore.open({ urls: [url] })
    await mustFindLetters(store, ana, 20)
    await indexAll(store)
    await mustFindLetters(store, ana, 5)
    await store.close()
  })

  test('an interrupted copy leaves nothing behind, and can be repeated', async () => {
    const url = await postgres.database()
    {
      await using server = await startServer({ data, args: ['--no-limits'] })
      await live(server)
      await talk(server)
    }
    await filesIn(data)
    using cable = await Cable.to(postgres.port, (_, chunk) => chunk.includes(`línea ${MANY - 1}`))
    const cut = await copy(url.replace(`:${postgres.port}/`, `:${cable.port}/`))
    assert.equal(cut.code, 1)
    assert.match(cut.stderr, /^Se perdió la conexión con .* Repite la orden/)
    cable.plug()
    assert.equal((await copy(url)).code, 0)
    await mustBeCopied(url)
  })

  test('active nodes, a folder without a chat, a bad address, no server: each has its sentence', async () => {
    const url = await postgres.database()
    const nothing = await copy(url)
    assert.match(nothing.stderr, /^No hay .*chat\.db\. Di dónde está chat\.db con --data\.\n$/)
    await (await startServer({ data }))[Symbol.asyncDispose]()
    const store = await PostgresStore.open({ urls: [url] })
    assert.match((await copy(url)).stderr, /^Hay nodos en marcha en postgres:\/\/127\.0\.0\.1/)
    await store.close()
    assert.match(
      (await tertulia(data, ['copy'])).stderr,
      /^Falta decir adónde: npm run -s tertulia -- copy --store/,
    )
    assert.match(
      (await copy('postgres://ana:secreto@127.0.0.1:1/nada')).stderr,
      /^PostgreSQL en postgres:\/\/127\.0\.0\.1:1\/nada no responde/,
    )
    assert.match((await copy('mysql://nada')).stderr, /--store/)
    assert.equal((await copy(url)).code, 0, 'a database with our tables and nobody in it is empty')
  })

  test('other people’s tables and locks are respected; guests are gone, ids of sessions are not used again', async () => {
    {
      await using server = await startServer({ data, args: ['--irc-guests'] })
      const ana = await server.web.register('ana')
      await (await server.web.logIn('ana')).do('DELETE', '/session')
      using guest = await Irc.connect(server.port)
      guest.send('NICK invitado', 'USER x 0 * :x')
      await guest.expect(/ 001 invitado /)
      assert.equal((await ana.do('GET', '/me/sessions')).sessions.length, 1)
    }
    const others = await postgres.database()
    await postgres.query(others, 'CREATE TABLE users (id INTEGER)')
    assert.match((await copy(others)).stderr, /^En postgres:.* hay tablas de otro programa\./)
    const closed = await postgres.database()
    await postgres.query(closed, 'CREATE ROLE pobre LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC')
    const poor = await copy(closed.replace('tertulia@', 'pobre@'))
    assert.match(poor.stderr, /^En postgres:.* Tertulia no puede crear sus tablas\./)
    const ascii = await postgres.database(
      "ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0",
    )
    assert.match((await copy(ascii)).stderr, /no guarda UTF-8/)
    const used = await postgres.database()
    await (await PostgresStore.open({ urls: [used] })).close()
    const holder = await postgres.connect(used)
    await holder.query('BEGIN; SELECT * FROM nodes')
    assert.match((await copy(used)).stderr, /^Hay nodos en marcha en .*, o algo usa sus tablas/)
    await holder.query('ROLLBACK; CREATE TABLE ajena (x INTEGER); BEGIN; LOCK TABLE ajena')
    assert.match((await copy(used)).stdout, /Cuentas: 1; salas: 1; mensajes: 0/)
    await holder.end()
    const guests = await postgres.query(used, "SELECT folded FROM users WHERE password = '' AND disabled = 0")
    assert.deepEqual(guests, [])
    const [next] = await postgres.query(
      used,
      "SELECT nextval(pg_get_serial_sequence('sessions', 'id')) AS id",
    )
    using file = new DatabaseSync(join(data, 'chat.db'), { readOnly: true })
    const last = file.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'sessions'").get()
    assert.equal(Number(next?.id), Number(last?.seq) + 1)
  })

  test('what other programs have left invalid in the file stops nothing, and is reported', async () => {
    const url = await postgres.database()
    {
      await using server = await startServer({ data, args: ['--no-limits'] })
      const { ana } = await live(server)
      for (const text of ['primero', 'segundo', 'tercero'])
        await ana.do('POST', '/rooms/general/messages', { text })
    }
    const path = join(data, 'chat.db')
    const outside = new DatabaseSync(path, { enableForeignKeyConstraints: false })
    outside.exec(`
      DELETE FROM messages WHERE message = 'segundo';
      DROP TRIGGER users_deleted;
      DELETE FROM users WHERE username = 'caro'; -- in general and club; banned from club, blocked by beto
      UPDATE sanctions SET banned_by = 99 WHERE user_id = 2;
      INSERT INTO sanctions (room_id, user_id, banned_by) VALUES (2, 2, 99);
      INSERT INTO messages (id, user_id, message, created_at, epoch_id) VALUES
        ((9 << 32) + 1, 1, 'en ninguna sala', 1, 1), ((1 << 32) + 4, 77, 'de nadie', 1, 1);
      INSERT INTO changes (id, user_id, kind, created_at, epoch_id) VALUES ((9 << 32) + 2, 1, 'edit', 1, 1);
      INSERT INTO pins VALUES ((9 << 32) + 1);
      INSERT INTO metadata VALUES (9, 0, 'color', 'azul');
      INSERT INTO masks VALUES (9, 'mute', 'x*', 1, 1);
      INSERT INTO passes VALUES (1, 2, 77, 1);
      INSERT INTO invitations VALUES ('de-nadie', 77, 1, 1, 1);
      INSERT INTO invitation_rooms VALUES ('de-nadie', 1);
      UPDATE users SET created_at = 9223372036854775807 WHERE username = 'beto';
      UPDATE rooms SET slow_seconds = -5000000000 WHERE id = 1`)
    outside.close()
    const { code, stdout, stderr } = await copy(url, ['--lang', 'en'])
    assert.deepEqual([code, stderr], [0, ''])
    for (const line of [
      '1 row of messages left out: they belong to people or rooms that do not exist.',
      '1 value of users corrected: impossible numbers, or of someone who does not exist.',
      '1 value of rooms corrected',
      '1 value of sanctions corrected',
      '1 row of memberships left out',
      '1 row of invitations left out',
      'messages: 12.',
    ])
      assert.ok(stdout.includes(line), `${line}: ${stdout}`)
    const tables = [
      'sanctions',
      'changes',
      'pins',
      'metadata',
      'masks',
      'passes',
      'blocks',
      'invitation_rooms',
    ]
    for (const table of tables) assert.match(stdout, new RegExp(`rows? of ${table} left out`))

    const [file, store] = [await SqliteStore.open(path), await PostgresStore.open({ urls: [url] })]
    const read = (from: Store) => from.log.read(GENERAL, 0 as Seq, 100 as Seq, 100)
    assert.deepEqual(await read(store), await read(file), 'the same is shown, deleted messages included')
    await Promise.all([file.close(), store.close()])
  })

  test('rows that PostgreSQL refuses are left out, with those that refer to them, and are reported', async () => {
    const url = await postgres.database()
    {
      await using server = await startServer({ data, args: ['--no-limits'] })
      const { ana } = await live(server)
      for (const name of ['dora', 'eva']) await server.web.register(name)
      await ana.do('POST', '/rooms/general/messages', { text: 'sigue' })
    }
    const path = join(data, 'chat.db')
    const outside = new DatabaseSync(path, { enableForeignKeyConstraints: false })
    // Invalid UTF-8 becomes the same text in PostgreSQL; and texts of this length do not fit into its index.
    outside.exec(`
      UPDATE users SET folded = CAST(X'61ff' AS TEXT) WHERE username = 'dora';
      UPDATE users SET folded = CAST(X'61fe' AS TEXT) WHERE username = 'eva';
      UPDATE reactions SET emoji = (SELECT group_concat(hex(randomblob(1000)), '') FROM users);
      UPDATE epochs SET id = 9223372036854775000 + id`)
    outside.close()
    const { code, stdout, stderr } = await copy(url, ['--lang', 'en'])
    assert.deepEqual([code, stderr], [0, ''])
    for (const line of ['1 row of users', '1 row of memberships', '1 row of reactions'])
      assert.ok(stdout.includes(`${line} left out: PostgreSQL accepts no two`), `${line}: ${stdout}`)
    assert.ok(stdout.includes('Accounts: 4;'), stdout)
    const store = await PostgresStore.open({ urls: [url] })
    const [last] = (await store.log.read(GENERAL, 0 as Seq, 100 as Seq, 100)).slice(-1)
    assert.ok(last?.kind === 'message' && last.text === 'sigue')
    await store.close()
  })

  test('what is missing or cannot be read of the files is named, and everything else copied', async () => {
    const url = await postgres.database()
    const ids: string[] = []
    {
      await using server = await startServer({ data, args: ['--no-limits'] })
      const ana = await server.web.register('ana')
      for (const name of ['uno', 'dos', 'tres', 'cuatro'])
        ids.push(await upload(ana, name, Buffer.from(name)))
      const attachments = ids.map(each => ({ upload: each }))
      await ana.do('POST', '/rooms/general/messages', { text: 'con archivos', attachments })
    }
    const [missing = '', busy = '', whole = '', cut = ''] = ids
    const pathOf = (key: string) => join(data, 'files', key.slice(0, 2), key)
    await rm(pathOf(missing))
    await truncate(pathOf(cut), 2)
    await copyFile('/bin/sleep', pathOf(busy))
    await chmod(pathOf(busy), 0o700)
    const program = spawn(pathOf(busy), ['60']) // Linux opens no program to write while it runs: ETXTBSY
    await once(program, 'spawn')
    const { code, stdout, stderr } = await copy(url, ['--lang', 'en']).finally(() => program.kill())
    assert.deepEqual([code, stderr], [2, ''])
    assert.ok(stdout.includes(`A file is missing, and was not copied: ${missing}\n`), stdout)
    assert.ok(stdout.includes(`A file cannot be read, and was not copied: ${busy} (ETXTBSY`), stdout)
    assert.ok(
      stdout.includes(`more or fewer bytes than it should, and was copied as it is: ${cut}\n`),
      stdout,
    )
    assert.match(stdout, /messages: 1\./)
    const keys = await postgres.query(url, 'SELECT key FROM files_stored ORDER BY key')
    assert.deepEqual(
      keys,
      [whole, cut].toSorted().map(key => ({ key })),
    )
  })

  test('a damaged file is named', async () => {
    {
      await using server = await startServer({ data, args: ['--no-limits'] })
      const [ana, beto] = [await server.register('ana'), await server.register('beto')]
      for (let i = 0; i < 100; i++) ana.say('x'.repeat(4_000))
      ana.say('eso es todo')
      await beto.expect('ana: eso es todo\n')
      server.signal('SIGTERM')
      await server.exited
    }
    const path = join(data, 'chat.db')
    const bytes = await readFile(path)
    const text = bytes.indexOf('x'.repeat(2_000))
    const page = text - (text % PAGE_BYTES)
    await writeFile(path, bytes.fill(0xff, page, page + 20 * PAGE_BYTES))
    const { code, stderr } = await copy(await postgres.database())
    assert.deepEqual([code, stderr.startsWith(`${path} está dañado.`)], [1, true], stderr)
  })
})
