// Files in PostgreSQL with several nodes, a line that breaks, and a database that fails.

import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type FileKey, OffsetMismatch } from '../../src/core/ports/file-storage.ts'
import { PostgresFileStorage } from '../../src/store/files/postgres.ts'
import { PostgresStore } from '../../src/store/postgres/store.ts'
import { all, BLOCK, chunked, newKey, numbered } from '../contracts/files.ts'
import { Cable, type Cutter } from '../tools/cable.ts'
import { modulesWith } from '../tools/edited-modules.ts'
import type { Edit } from '../tools/edits.ts'
import { patiently } from '../tools/patiently.ts'
import { lacksPostgres, Postgres } from '../tools/postgres.ts'
import { temporaryFolder } from '../tools/server.ts'
import { logOf, outcome, register, say, textsOf } from './postgres-stores.ts'

interface Node extends AsyncDisposable {
  readonly store: PostgresStore
  readonly files: PostgresFileStorage
  /** Problems that it has reported. */
  readonly wrong: (string | undefined)[]
}

describe('files in PostgreSQL', { skip: lacksPostgres }, () => {
  let postgres: Postgres | undefined
  let [url, data] = ['', '']

  before(async () => {
    postgres = await Postgres.start()
    url = await postgres.database()
    data = await temporaryFolder()
  })
  after(async () => {
    await postgres?.[Symbol.asyncDispose]()
    await rm(data, { recursive: true })
  })

  const run = (statement: string) => postgres?.query(url, statement) ?? assert.fail()

  async function node({ at = url, edits = [] as readonly Edit[] } = {}): Promise<Node> {
    const modules = edits.length === 0 ? { PostgresStore, PostgresFileStorage } : await editedModules(edits)
    const wrong: (string | undefined)[] = []
    const store = await modules.PostgresStore.open({ urls: [at], degraded: each => wrong.push(each) })
    const files = await modules.PostgresFileStorage.open(store, await mkdtemp(join(data, 'scratch-')))
    return {
      store,
      files,
      wrong,
      async [Symbol.asyncDispose]() {
        await files.close()
        await store.close()
      },
    }
  }

  /** How many rows there are of it, and how many bytes in all. */
  async function stored(key: FileKey) {
    const [found] = await run(
      `SELECT count(*)::INT AS rows, COALESCE(sum(octet_length(bytes)), 0)::INT AS bytes FROM file_chunks WHERE key = '${key}'`,
    )
    return { ...found }
  }

  test('an upload that goes on at another node: the first one can’t write into it', async () => {
    await using first = await node()
    await using second = await node()
    const [key, bytes] = [newKey(), numbered(5 * BLOCK)]
    const [stalled, more] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const appending = first.files.append(
      key,
      0,
      (async function* () {
        yield bytes.subarray(0, 2 * BLOCK)
        stalled.resolve()
        await more.promise
        yield Buffer.alloc(2 * BLOCK)
      })(),
    )
    await stalled.promise
    assert.equal(await second.files.length(key), 2 * BLOCK)
    assert.deepEqual(await all(second.files, key, 100, 2 * BLOCK), bytes.subarray(100, 2 * BLOCK))
    const rest = second.files.append(key, 2 * BLOCK, chunked(bytes.subarray(2 * BLOCK)))
    assert.equal(await rest, bytes.length)
    more.resolve()
    await assert.rejects(appending, OffsetMismatch)
    assert.deepEqual(await all(first.files, key, 0, bytes.length), bytes)
  })

  test('nodes that append the same place at once: one of them does', async () => {
    await using first = await node()
    await using second = await node()
    for (const start of [0, 10, BLOCK - 10]) {
      const key = newKey()
      await first.files.append(key, 0, chunked(numbered(start)))
      const pieces = [Buffer.alloc(BLOCK, 'a'), Buffer.alloc(BLOCK, 'b')]
      const outcomes = await Promise.allSettled(
        [first, second].map(({ files }, i) => files.append(key, start, chunked(pieces[i] ?? assert.fail()))),
      )
      const won = outcomes.flatMap(({ status }, i) => (status === 'fulfilled' ? [i] : []))
      assert.equal(won.length, 1)
      for (const each of outcomes)
        if (each.status === 'rejected') assert.ok(each.reason instanceof OffsetMismatch)
      const length = (await first.files.length(key)) ?? 0
      assert.deepEqual(await all(second.files, key, start, length), pieces[won[0] ?? 0])
    }
  })

  test('what another node removes leaves nothing, whoever appends to it', async () => {
    await using first = await node()
    await using second = await node({
      edits: [{ file: 'store/files/postgres.ts', set: { MOST_DELETED: 2 } }],
    })
    for (let round = 0; round < 8; round++) {
      const key = newKey()
      const bytes = numbered(8 * BLOCK)
      const removing = Promise.withResolvers<void>()
      const appending = first.files.append(
        key,
        0,
        (async function* () {
          for (let i = 0; i < 8; i++) {
            if (i === round) void removing.resolve(second.files.remove(key))
            yield bytes.subarray(i * BLOCK, (i + 1) * BLOCK)
          }
        })(),
      )
      await Promise.allSettled([appending, removing.promise])
      await second.files.remove(key)
      assert.deepEqual(await stored(key), { rows: 0, bytes: 0 })
      assert.equal(await first.files.length(key), undefined)
    }
  })

  test('a file of more rows than are deleted at once is removed', async () => {
    await using one = await node({ edits: [{ file: 'store/files/postgres.ts', set: { MOST_DELETED: 2 } }] })
    for (const rows of [1, 2, 3, 4, 5]) {
      const key = newKey()
      await one.files.append(key, 0, chunked(numbered(rows * BLOCK)))
      assert.deepEqual(await stored(key), { rows, bytes: rows * BLOCK })
      await one.files.remove(key)
      assert.deepEqual(await stored(key), { rows: 0, bytes: 0 })
    }
  })

  for (const { what, answer, start } of [
    { what: 'a row', answer: 'INSERT 0 1\0', start: 0 },
    { what: 'the rest of a row', answer: 'UPDATE 1\0', start: 10 },
  ])
    test(`the connection breaks before the answer to ${what}: it is stored once`, async () => {
      let [armed, cuts] = [false, 0]
      const cut: Cutter = (from, chunk) => {
        if (!armed || from !== 'server' || !chunk.includes(answer)) return false
        armed = false
        cuts++
        setTimeout(() => cable.plug(), 50)
        return true
      }
      using cable = await Cable.to(postgres?.port ?? 0, cut)
      await using one = await node({ at: url.replace(`:${postgres?.port}/`, `:${cable.port}/`) })
      const [key, bytes] = [newKey(), numbered(3 * BLOCK)]
      await one.files.append(key, 0, chunked(bytes.subarray(0, start)))
      armed = start > 0
      const pieces = async function* () {
        if (start === 0) yield bytes.subarray(0, BLOCK)
        armed = true
        yield bytes.subarray(Math.max(start, start === 0 ? BLOCK : 0))
      }
      assert.equal(await one.files.append(key, start, pieces()), bytes.length)
      assert.equal(cuts, 1)
      assert.deepEqual(await stored(key), { rows: 3, bytes: bytes.length })
      assert.deepEqual(await all(one.files, key, 0, bytes.length), bytes)
    })

  test('the connection breaks before the answer to an adoption’s COMMIT: it is stored once', async () => {
    let [armed, cuts] = [false, 0]
    const cut: Cutter = (from, chunk) => {
      if (!armed || from !== 'server' || !chunk.includes('COMMIT\0')) return false
      armed = false
      cuts++
      setTimeout(() => cable.plug(), 50)
      return true
    }
    using cable = await Cable.to(postgres?.port ?? 0, cut)
    await using one = await node({ at: url.replace(`:${postgres?.port}/`, `:${cable.port}/`) })
    const [key, bytes] = [newKey(), numbered(2 * BLOCK + 5)]
    await using scratch = await one.files.scratch()
    await writeFile(join(scratch.path, 'made'), bytes)
    armed = true
    await one.files.adopt(key, join(scratch.path, 'made'))
    assert.equal(cuts, 1)
    assert.deepEqual(await stored(key), { rows: 3, bytes: bytes.length })
  })

  test('a database that stays away: refused after a while, and then it goes on', async () => {
    using cable = await Cable.to(postgres?.port ?? 0)
    await using one = await node({
      at: url.replace(`:${postgres?.port}/`, `:${cable.port}/`),
      edits: [{ file: 'store/postgres/database.ts', set: { PATIENCE_MS: 300 } }],
    })
    const [key, bytes] = [newKey(), numbered(3 * BLOCK)]
    const cut = async function* () {
      yield bytes.subarray(0, 2 * BLOCK)
      cable.pull()
      yield bytes.subarray(2 * BLOCK)
    }
    assert.equal(await outcome(one.files.append(key, 0, cut())), 'store-failed')
    assert.equal(await outcome(one.files.length(key)), 'store-failed')
    assert.equal(await outcome(all(one.files, key, 0, BLOCK)), 'store-failed')
    cable.plug()
    assert.equal(await one.files.length(key), 2 * BLOCK)
    assert.equal(await one.files.append(key, 2 * BLOCK, chunked(bytes.subarray(2 * BLOCK))), 3 * BLOCK)
  })

  test('a full disk: whole rows stay, and the operator is told, also when it is over', async () => {
    await using one = await node()
    const [key, bytes] = [newKey(), numbered(3 * BLOCK)]
    await run(
      `CREATE FUNCTION full_at_two() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'as told' USING ERRCODE = '53100'; END $$;
       CREATE TRIGGER filling BEFORE INSERT ON file_chunks FOR EACH ROW WHEN (NEW.n = 2) EXECUTE FUNCTION full_at_two()`,
    )
    assert.equal(await outcome(one.files.append(key, 0, chunked(bytes))), 'store-full')
    assert.deepEqual(one.wrong, ['full'])
    assert.equal(await one.files.length(key), 2 * BLOCK)
    await run('DROP TRIGGER filling ON file_chunks')
    await patiently(
      () => one.wrong.length === 2,
      () => 'it is full for ever',
    )
    assert.equal(await one.files.append(key, 2 * BLOCK, chunked(bytes.subarray(2 * BLOCK))), 3 * BLOCK)
  })

  test('a database that takes no writes for a moment: an upload waits for it, or is refused', async () => {
    await using one = await node({
      edits: [{ file: 'store/postgres/database.ts', set: { PATIENCE_MS: 300 } }],
    })
    const [key, bytes] = [newKey(), numbered(3 * BLOCK)]
    await run(
      `CREATE FUNCTION read_only() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'as told' USING ERRCODE = '25006'; END $$;
       CREATE TRIGGER refusing BEFORE INSERT ON file_chunks FOR EACH ROW WHEN (NEW.n = 2) EXECUTE FUNCTION read_only();
       CREATE TRIGGER refusing BEFORE DELETE ON pending_deletions EXECUTE FUNCTION read_only()`,
    )
    assert.equal(await outcome(one.files.append(key, 0, chunked(bytes))), 'store-failed')
    assert.equal(await outcome(one.store.files.confirmDeleted([key])), 'store-failed')
    await run('DROP TRIGGER refusing ON file_chunks; DROP TRIGGER refusing ON pending_deletions')
    assert.equal(await one.files.append(key, 2 * BLOCK, chunked(bytes.subarray(2 * BLOCK))), 3 * BLOCK)
  })

  test('uploads that wait for the database hold up no message', async () => {
    await using one = await node()
    const ana = await register(one.store, 'ana')
    const lock = await postgres?.connect(url)
    await lock?.query('BEGIN; LOCK TABLE file_chunks IN ACCESS EXCLUSIVE MODE')
    const keys = Array.from({ length: 12 }, () => newKey())
    const uploads = Promise.all(keys.map(key => one.files.append(key, 0, chunked(numbered(BLOCK)))))
    let areDone = false
    const done = uploads.then(() => {
      areDone = true
    })
    await patiently(
      async () => (await run("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).length === 4,
      () => 'no four uploads wait',
    )
    assert.ok('seq' in (await say(one.store, 'hola', { author: ana.id })))
    assert.deepEqual(textsOf(await logOf(one.store)), ['hola'])
    assert.ok(!areDone)
    await lock?.query('COMMIT')
    await lock?.end()
    await done
  })

  test('readers that take their time hold no connection', async () => {
    await using one = await node()
    const [key, bytes] = [newKey(), numbered(4 * BLOCK)]
    await one.files.append(key, 0, chunked(bytes))
    const readers = Array.from({ length: 20 }, () => one.files.read(key, 0, bytes.length))
    const first = await Promise.all(readers.map(reader => reader.next()))
    for (const { value } of first) assert.deepEqual(value, bytes.subarray(0, BLOCK))
    assert.equal(await one.files.length(key), bytes.length)
    const rest = await Promise.all(readers.map(reader => Array.fromAsync(reader)))
    for (const each of rest) assert.deepEqual(Buffer.concat(each), bytes.subarray(BLOCK))
  })

  test('a closing storage finishes what is under way, and refuses the rest', async () => {
    const one = await node()
    const keys = Array.from({ length: 10 }, () => newKey())
    const lengths = keys.map(key => outcome(one.files.length(key)))
    await one.files.close()
    assert.deepEqual((await Promise.all(lengths)).toSorted(), [
      ...Array(6).fill('closing'),
      ...Array(4).fill('done'),
    ])
    assert.equal(await outcome(one.files.append(newKey(), 0, chunked(numbered(1)))), 'closing')
    await one[Symbol.asyncDispose]()
  })
})

async function editedModules(edits: readonly Edit[]) {
  const made = await modulesWith(edits, ['store/postgres/store.ts', 'store/files/postgres.ts'])
  return made as { PostgresStore: typeof PostgresStore; PostgresFileStorage: typeof PostgresFileStorage }
}
