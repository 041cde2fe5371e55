// Another program changes the schema of a chat.db.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openWriter } from '../../src/store/sqlite/file.ts'
import { FINGERPRINT, migrations } from '../../src/store/sqlite/migrations.ts'
import { fingerprint } from '../../src/store/sqlite/schema.ts'
import { Unusable, type UnusableCode } from '../../src/store/unusable.ts'
import { temporaryFolder } from '../tools/server.ts'

/** A file of this or another version after a change. */
async function changed(
  t: { after(clean: () => Promise<void>): void },
  sql: string,
  version = migrations.length,
): Promise<string> {
  const folder = await temporaryFolder()
  t.after(() => rm(folder, { recursive: true }))
  const path = join(folder, 'chat.db')
  const database = openWriter(path, migrations.slice(0, version))
  database.exec(sql)
  database.close()
  return path
}

/** @returns what had to be recreated */
function open(path: string): readonly string[] {
  let remade: readonly string[] = []
  openWriter(path, migrations, {
    remade: names => {
      remade = names
    },
  }).close()
  return remade
}

function unusable(path: string, code: UnusableCode, what = /^/): void {
  assert.throws(
    () => open(path),
    (error: unknown) => error instanceof Unusable && error.code === code && what.test(`${error.cause ?? ''}`),
  )
}

test('the fingerprint is that of all migrations', async t => {
  const path = await changed(t, '')
  using database = new DatabaseSync(path, { readOnly: true })
  assert.equal(FINGERPRINT, fingerprint(database), 'in src/store/sqlite/migrations.ts')
})

test('whatever refers to a file keeps it from being deleted', () => {
  using database = new DatabaseSync(':memory:')
  for (const step of migrations) database.exec(step)
  const referring = database
    .prepare(
      `SELECT 'SELECT ' || keys."from" || ' FROM ' || tables.name AS part
       FROM sqlite_schema AS tables, pragma_foreign_key_list(tables.name) AS keys
       WHERE tables.type = 'table' AND keys."table" = 'files'`,
    )
    .all()
  const view = database.prepare("SELECT sql FROM sqlite_schema WHERE name = 'file_references'").get()
  const parts = `${view?.sql}`.replace(/^.*? AS\s+/s, '').split(/\s+UNION ALL\s+/)
  assert.deepEqual(parts.toSorted(), referring.map(({ part }) => part).toSorted())
})

test('missing or changed views, triggers and indexes are restored at the next start', async t => {
  const path = await changed(
    t,
    `DROP VIEW said; DROP TRIGGER rooms_deleted; DROP INDEX messages_by_key;
     DROP VIEW titled; CREATE VIEW titled AS SELECT 1 AS viewer`,
  )
  assert.deepEqual([...open(path)].sort(), ['messages_by_key', 'rooms_deleted', 'said', 'titled'])
  assert.deepEqual(open(path), [])
  using database = new DatabaseSync(path, { readOnly: true })
  assert.equal(fingerprint(database), FINGERPRINT)
})

test('another program’s objects stay, and are not mentioned', async t => {
  const path = await changed(
    t,
    `CREATE TABLE marks (user_id INTEGER); CREATE INDEX by_name ON users (name);
     CREATE VIEW class AS SELECT name FROM users;
     CREATE TRIGGER noted AFTER INSERT ON users BEGIN INSERT INTO marks VALUES (new.id); END`,
  )
  assert.deepEqual(open(path), [])
  using database = new DatabaseSync(path, { readOnly: true })
  const names = database.prepare('SELECT name FROM sqlite_schema').all()
  for (const name of ['marks', 'by_name', 'class', 'noted']) assert.ok(names.some(each => each.name === name))
})

test('a missing table or column is named, and nothing is changed', async t => {
  unusable(await changed(t, 'DROP TABLE passes; DROP TABLE reactions'), 'incomplete', /^reactions, passes$/)
  unusable(await changed(t, 'ALTER TABLE users DROP COLUMN email'), 'incomplete', /^users\.email$/)
  const twice = `DROP INDEX rooms_by_name;
                 INSERT INTO rooms (name, folded, skeleton) VALUES ('x', 'general', 'x')`
  unusable(await changed(t, twice), 'incomplete', /^rooms_by_name: /)
})

test('a version that does not match the tables is refused, and no backup is left', async t => {
  for (const [version, code] of [
    [-1, 'wrong-version'],
    [0, 'wrong-version'],
    [1, 'wrong-version'],
    [5, 'wrong-version'],
    [migrations.length - 1, 'wrong-version'],
    [migrations.length + 1, 'too-new'],
    [2 ** 31 - 1, 'too-new'],
  ] as const) {
    const path = await changed(t, `PRAGMA user_version = ${version}`)
    unusable(path, code)
    const left = (await readdir(dirname(path))).filter(name => name.includes('-v'))
    assert.deepEqual(left, [], `of version ${version}`)
    assert.ok(existsSync(path))
  }
  unusable(await changed(t, `PRAGMA user_version = ${migrations.length}`, 6), 'incomplete')
})

test('an old file that lacks a view is migrated all the same', async t => {
  const path = await changed(t, 'DROP VIEW said', 6)
  assert.deepEqual(open(path), ['said'])
  using database = new DatabaseSync(path, { readOnly: true })
  assert.equal(fingerprint(database), FINGERPRINT)
})

test('the search index is rebuilt when one of its own tables is missing', async t => {
  for (const part of ['terms_docsize', 'terms_data', 'terms_idx']) {
    const path = await changed(t, "UPDATE index_rule SET rule = 'x'")
    {
      using other = new DatabaseSync(path, { defensive: false }) // like sqlite3 in a shell
      other.exec(`DROP TABLE ${part}`)
    }
    assert.deepEqual(open(path), ['terms'], part)
    assert.deepEqual(open(path), [])
    using database = new DatabaseSync(path)
    database.exec("INSERT INTO terms (rowid, term) VALUES (1, 'hola')")
    assert.deepEqual(database.prepare('SELECT rule FROM index_rule').get()?.rule, '')
  }
})

test('what an old version created differently is replaced, and blamed on nobody', async t => {
  const path = await changed(t, 'DROP VIEW titled; CREATE VIEW titled AS SELECT 1 AS viewer', 4)
  assert.deepEqual(open(path), [])
  using database = new DatabaseSync(path, { readOnly: true })
  assert.equal(fingerprint(database), FINGERPRINT)
})
