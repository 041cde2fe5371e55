// The search index in a chat.db: rebuilt after a change of version or rule, and rid of what was erased.

import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { GENERAL, type RoomId, type Seq, type UserId } from '../../src/core/model/model.ts'
import { parseQuery } from '../../src/core/search/query.ts'
import { openWriter } from '../../src/store/sqlite/file.ts'
import { migrations } from '../../src/store/sqlite/migrations.ts'
import { SqliteStore } from '../../src/store/sqlite/store.ts'
import { NOW } from '../contracts/store.ts'
import { temporaryFolder } from '../tools/server.ts'

const ANA = 1 as UserId
/** More messages than are scanned without an index. */
const MANY = 1200

async function path(t: { after(clean: () => Promise<void>): void }): Promise<string> {
  const folder = await temporaryFolder()
  t.after(() => rm(folder, { recursive: true }))
  return join(folder, 'chat.db')
}

/** A file as the version before left it, fully indexed in its way. */
function fileOfBefore(file: string, texts: readonly string[]): void {
  const before = migrations.findIndex(step => step.includes('searchable_seq'))
  assert.ok(before > 0)
  const old = openWriter(file, migrations.slice(0, before))
  old.exec(`INSERT INTO users (id, name, username, password, folded, skeleton, role, created_at)
            VALUES (1, 'Ana', 'ana', 'x', 'ana', 'ana', 'owner', 0);
            INSERT INTO memberships (room_id, user_id) VALUES (1, 1);
            INSERT INTO epochs VALUES (1, 'x', 0)`)
  const say = old.prepare(
    'INSERT INTO messages (id, user_id, message, created_at, epoch_id) VALUES ((1 << 32) + ?, 1, ?, 1, 1)',
  )
  for (const [i, text] of texts.entries()) say.run(i + 1, text)
  old.exec(`UPDATE rooms SET last_seq = ${texts.length}, indexed_seq = ${texts.length}, last_at = 1;
            INSERT INTO texts (texts) VALUES ('rebuild')`)
  old.close()
}

async function find(store: SqliteStore, typed: string): Promise<[string[], boolean]> {
  const { found, complete } = await store.search.find(ANA, parseQuery(typed, 'UTC'), 0, 9)
  return [found.map(({ message }) => message.text), complete]
}

async function indexAll(store: SqliteStore): Promise<number> {
  for (let steps = 0; ; steps++) if ((await store.search.index(0 as RoomId, 256)) === undefined) return steps
}

test('the index of the version before is rebuilt; meanwhile unindexed messages are scanned, within bounds', async t => {
  const file = await path(t)
  const texts = Array.from({ length: MANY }, (_, i) => `relleno ${i}`)
  texts[0] = 'ὁ λόγος'
  texts[MANY - 1] = 'el λόγος'
  fileOfBefore(file, texts)
  const store = await SqliteStore.open(file)
  await store.search.renew()
  assert.deepEqual(await find(store, 'λογος'), [['el λόγος'], false], 'it says that there may be more')
  assert.equal(await indexAll(store), Math.ceil(MANY / 256))
  assert.deepEqual(await find(store, 'λογος'), [['el λόγος', 'ὁ λόγος'], true])
  await store.close()
})

test('an index of another rule, of another Unicode version for instance, is emptied at the start and rebuilt', async t => {
  const file = await path(t)
  fileOfBefore(file, ['λόγος', 'relleno'])
  let store = await SqliteStore.open(file)
  await store.search.renew()
  await indexAll(store)
  await store.close()
  const database = new DatabaseSync(file)
  database.exec("UPDATE index_rule SET rule = 'another'")
  database.close()
  store = await SqliteStore.open(file)
  await store.search.renew()
  assert.equal(await indexAll(store), 1, 'it is made anew')
  assert.deepEqual(await find(store, 'λογος'), [['λόγος'], true])
  await store.close()
})

test('a deleted or corrected text leaves none of its terms in the index', async t => {
  const file = await path(t)
  fileOfBefore(file, ['Zarzaparrilla, ¡sí! 👍', 'zarzamora 東京'])
  const store = await SqliteStore.open(file)
  await indexAll(store)
  await store.rooms.change(ANA, GENERAL, { kind: 'deletion', target: 1 as Seq }, NOW)
  await store.rooms.change(ANA, GENERAL, { kind: 'edit', target: 2 as Seq, text: 'ya' }, NOW)
  while (await store.search.tidy(1000));
  await store.close()
  const database = new DatabaseSync(file)
  database.exec("CREATE VIRTUAL TABLE temp.listed USING fts5vocab('main', 'terms', 'row')")
  const listed = database.prepare('SELECT term FROM listed ORDER BY term').all()
  assert.deepEqual(
    listed.map(({ term }) => term),
    ['y', 'ya', '＃1', '＠1'],
  )
  database.close()
})
