import assert from 'node:assert/strict'
import { existsSync, utimesSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { skeletonsOf } from '../../src/cli/confusables.ts'
import { lock, openWriter } from '../../src/store/sqlite/file.ts'
import { migrations } from '../../src/store/sqlite/migrations.ts'
import { copyName, expireCopies } from '../../src/store/sqlite/upgrade-copies.ts'
import { Unusable } from '../../src/store/unusable.ts'
import { temporaryFolder } from '../tools/server.ts'

async function path(t: { after(clean: () => Promise<void>): void }): Promise<string> {
  const folder = await temporaryFolder()
  t.after(() => rm(folder, { recursive: true }))
  return join(folder, 'chat.db')
}

const more = [...migrations, 'CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT']

test('a commit is on disk: synchronous is FULL, in a write-ahead log', async t => {
  const database = openWriter(await path(t), migrations)
  assert.equal(database.prepare('PRAGMA synchronous').get()?.synchronous, 2)
  assert.equal(database.prepare('PRAGMA journal_mode').get()?.journal_mode, 'wal')
  database.close()
})

test('a file is migrated to this version, and a backup of it is kept', async t => {
  const file = await path(t)
  const old = openWriter(file, migrations)
  old.exec("INSERT INTO rooms (name, folded, skeleton) VALUES ('sala', 'sala', 'sala')")
  old.close()
  openWriter(file, more).close()
  const now = openWriter(file, more)
  assert.deepEqual(
    now
      .prepare('SELECT name FROM rooms ORDER BY id')
      .all()
      .map(row => row.name),
    ['general', 'sala'],
  )
  now.exec('INSERT INTO extra VALUES (1)')
  now.close()
  const copy = new DatabaseSync(copyName(file, migrations.length, new Date()), { readOnly: true })
  assert.equal(copy.prepare('SELECT count(*) AS rooms FROM rooms').get()?.rooms, 2)
  assert.throws(() => copy.prepare('SELECT * FROM extra'))
  copy.close()
})

test('a migration that fails leaves the file as it was; the next start tries again', async t => {
  const file = await path(t)
  openWriter(file, migrations).close()
  assert.throws(() => openWriter(file, [...more, 'CREATE TABLE extra (id INTEGER)']))
  const same = openWriter(file, migrations)
  assert.equal(same.prepare('PRAGMA user_version').get()?.user_version, migrations.length)
  assert.throws(() => same.prepare('SELECT * FROM extra'))
  same.close()
  const unfinished = `${copyName(file, migrations.length, new Date())}-unfinished`
  writeFileSync(unfinished, 'cut off')
  openWriter(file, more).close()
  assert.ok(!existsSync(unfinished))
})

test('backups of upgrades expire', async t => {
  const file = await path(t)
  const now = new Date('2026-03-31T12:00:00Z')
  const [old, older, fresh] = [
    copyName(file, 5, new Date('2026-02-28T23:00:00Z')),
    `${file}-v3`,
    copyName(file, 6, now),
  ]
  const [unfinished, others] = [`${copyName(file, 6, now)}-unfinished`, `${file}-v6-mine`]
  writeFileSync(`${file}-v6-2026-13-45`, '')
  utimesSync(`${file}-v6-2026-13-45`, now, new Date('2026-02-01T00:00:00Z'))
  for (const each of [file, old, older, fresh, unfinished, others]) writeFileSync(each, '')
  utimesSync(older, now, new Date('2026-03-02T01:00:00Z'))
  assert.deepEqual(expireCopies(file, { days: 30, now }), [
    { path: older, until: '2026-04-01' },
    { path: fresh, until: '2026-04-30' },
  ])
  assert.deepEqual([file, old, older, fresh, unfinished, others].map(existsSync), [
    true,
    false,
    true,
    true,
    false,
    true,
  ])
})

test('one process holds the lock, by whichever path it asks', async t => {
  const file = await path(t)
  const held = lock(file)
  assert.throws(
    () => lock(file),
    (error: unknown) => error instanceof Unusable && error.code === 'locked',
  )
  held.close()
  lock(file).close()
})

test('a file of version 1 keeps its people and messages', async t => {
  const file = await path(t)
  const old = openWriter(file, migrations.slice(0, 1))
  old.exec(`
    INSERT INTO users VALUES (1, 'Ana', 'ana', 'x', 'ana', 'ana', 'owner', 0);
    INSERT INTO memberships VALUES (1, 1, 1);
    INSERT INTO epochs VALUES (1, 'x', 0);
    INSERT INTO messages (id, user_id, message, created_at, epoch_id) VALUES (4294967297, 1, 'hola', 5, 1), (4294967298, 1, 'adiós', 6, 1);
    UPDATE rooms SET last_seq = 2, last_at = 6`)
  old.close()
  const now = openWriter(file, migrations)
  const said = now.prepare('SELECT seq, username, message FROM said ORDER BY id').all()
  assert.deepEqual(
    said.map(row => ({ ...row })),
    [
      { seq: 1, username: 'ana', message: 'hola' },
      { seq: 2, username: 'ana', message: 'adiós' },
    ],
  )
  const titled = now.prepare('SELECT title, kind, role, last_read_seq FROM titled').all()
  assert.deepEqual(
    titled.map(row => ({ ...row })),
    [{ title: 'general', kind: 'open', role: 'member', last_read_seq: 1 }],
  )
  now.close()
})

test('texts from before there were formats are Markdown, as they were shown', async t => {
  const file = await path(t)
  const formats = migrations.findIndex(step => step.includes('ADD COLUMN format'))
  const old = openWriter(file, migrations.slice(0, formats))
  old.exec(`
    INSERT INTO users (name, username, password, folded, skeleton, role, created_at)
      VALUES ('Ana', 'ana', '', 'ana', 'ana', 'owner', 0);
    INSERT INTO epochs (epoch, began_at) VALUES ('x', 0);
    INSERT INTO messages (id, user_id, message, created_at, epoch_id) VALUES (4294967297, 1, '**hola**', 0, 1)`)
  old.close()
  const now = openWriter(file, migrations)
  assert.deepEqual(
    { ...now.prepare('SELECT message, format, styles, action FROM said').get() },
    {
      message: '**hola**',
      format: 'markdown',
      styles: null,
      action: 0,
    },
  )
  now.close()
})

test('people from before names were compared as shown are protected from lookalikes, too', async t => {
  const file = await path(t)
  const shown = migrations.findIndex(step => step.includes('ADD COLUMN shown'))
  const old = openWriter(file, migrations.slice(0, shown))
  const names = ['Isla', 'PAUL', 'José', 'ana_1', 'Gil']
  for (const name of names)
    old
      .prepare(`INSERT INTO users (name, username, password, folded, skeleton, role, created_at)
                VALUES (?1, ?1, 'x', ?1, ?1, 'member', 0)`)
      .run(name)
  old.close()
  const now = openWriter(file, migrations)
  const kept = now.prepare('SELECT username, shown FROM users ORDER BY id').all()
  assert.deepEqual(
    kept.map(row => ({ ...row })),
    names.map(username => ({ username, shown: skeletonsOf(username).shown })),
  )
  assert.equal(now.prepare('SELECT shown FROM rooms').get()?.shown, skeletonsOf('general').shown)
  now.close()
})
