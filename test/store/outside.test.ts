// Other programs and chat.db: they read it, lock it, change its rows, and move it away.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmod,
  copyFile,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openWriter } from '../../src/store/sqlite/file.ts'
import { migrations } from '../../src/store/sqlite/migrations.ts'
import { type Edit, impatient, quickHashes } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { Irc } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { patiently } from '../tools/patiently.ts'
import { lacking } from '../tools/programs.ts'
import { type Server, ServerProcess, startServer, temporaryFolder } from '../tools/server.ts'
import { tertulia } from '../tools/tertulia.ts'
import type { Web } from '../tools/web-client.ts'

/** Waits less long for other programs' locks. */
const soonBusy: Edit = { file: 'store/sqlite/writer.ts', set: { BUSY_MS: 300 } }

type Cleaning = { after(clean: () => Promise<void>): void }

async function folder(t: Cleaning): Promise<string> {
  const made = await temporaryFolder()
  t.after(() => rm(made, { recursive: true, force: true }))
  return made
}

function query(path: string, sql: string): string {
  return execFileSync('sqlite3', ['-readonly', '-cmd', '.timeout 5000', path, sql], { encoding: 'utf8' })
}

/** The same with Python's SQLite, whatever version that is. */
function queryByPython(path: string, sql: string): string {
  const program =
    'import sqlite3, sys\nfor row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print(*row, sep="|")'
  return execFileSync('python3', ['-c', program, path, sql], { encoding: 'utf8' })
}

async function stopped(server: Server): Promise<void> {
  assert.equal(await server.stop(), 0)
}

/** Starts a server on the folder as it was left. */
function start(data: string, edits: readonly Edit[] = []): Promise<Server> {
  return openServer({ data, args: ['--no-limits'], edits: [...quickHashes, impatient, ...edits] })
}

/** In a process of its own: to be killed, or to meet another on the same files, since locks belong to a process. */
function startAlone(data: string): Promise<ServerProcess> {
  return startServer({ data, args: ['--no-limits'] })
}

async function startedOnce(data: string): Promise<void> {
  await using server = await start(data)
  assert.equal((await ready(server.web)).status, 200)
  await stopped(server)
}

const LAB = 'SELECT users.name, messages.message FROM messages JOIN users ON users.id = messages.user_id'

/** Changes the rows as somebody would with an SQLite browser. */
function change(path: string, sql: string): void {
  const database = new DatabaseSync(path, { timeout: 5000, enableForeignKeyConstraints: false })
  database.exec(sql)
  database.close()
}

async function post(web: Web, text: string): Promise<number> {
  return (await web.do('POST', '/rooms/1/messages', { text })).seq
}

async function texts(web: Web): Promise<string[]> {
  const { messages } = await web.do('GET', '/rooms/1/messages')
  return messages.map(({ text }: { text: string }) => text)
}

async function ready(web: Web): Promise<{ status: number; degraded: string[] }> {
  const response = await fetch(`${web.origin}/readyz`)
  return { status: response.status, degraded: ((await response.json()) as { degraded: string[] }).degraded }
}

test('Debian’s sqlite3 and Python read every table and view, while the server runs and after it has stopped', {
  skip: lacking('sqlite3', 'python3'),
}, async t => {
  const data = await folder(t)
  await using server = await start(data)
  await post(await server.web.register('ana'), 'hola')
  const everything = (path: string) => {
    const names = query(path, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name")
    for (const name of names.trim().split('\n')) query(path, `SELECT * FROM "${name}" LIMIT 1`)
    assert.equal(query(path, LAB), 'Ana|hola\n')
    assert.equal(queryByPython(path, LAB), 'Ana|hola\n')
    assert.equal(query(path, 'PRAGMA integrity_check'), 'ok\n')
  }
  everything(server.database)
  await stopped(server)
  everything(server.database)
})

test('an old file is migrated to a schema that they can read', { skip: lacking('sqlite3') }, async t => {
  const data = await folder(t)
  const path = join(data, 'chat.db')
  openWriter(path, migrations.slice(0, 6)).close()
  // As older versions created it: with ORDER BY inside an aggregate, which SQLite 3.40 does not know.
  change(
    path,
    `DROP VIEW titled;
     CREATE VIEW titled AS
       SELECT mine.user_id AS viewer, (SELECT group_concat(username, ', ' ORDER BY users.folded) FROM users) AS title
       FROM memberships AS mine`,
  )
  assert.throws(() => query(path, 'SELECT count(*) FROM users'))
  await startedOnce(data)
  assert.equal(query(path, 'SELECT count(*) FROM users'), '0\n')
  const [copy = ''] = (await readdir(data)).filter(name => name.startsWith('chat.db-v6-'))
  assert.equal(query(join(data, copy), 'SELECT count(*) FROM users'), '0\n', 'the copy of before, too')
})

test('a new server’s tables are in the file itself from the start', { skip: lacking('sqlite3') }, async t => {
  const data = await folder(t)
  await using server = await start(data)
  const copy = join(data, 'copy.db')
  await copyFile(server.database, copy)
  assert.equal(query(copy, 'SELECT name FROM rooms'), 'general\n')
})

test('after a clean stop the file alone is enough, even on read-only media', {
  skip: lacking('sqlite3'),
}, async t => {
  const data = await folder(t)
  await using server = await start(data)
  await post(await server.web.register('ana'), 'hola')
  await stopped(server)
  assert.deepEqual(
    (await readdir(data)).filter(name => /-(wal|shm|journal)$/.test(name)),
    [],
  )
  const shelf = join(data, 'shelf')
  await mkdir(shelf)
  await copyFile(server.database, join(shelf, 'chat.db'))
  await chmod(join(shelf, 'chat.db'), 0o444)
  await chmod(shelf, 0o555)
  await chmod(data, 0o755)
  const sqlite = ['sqlite3', '-readonly', join(shelf, 'chat.db'), LAB]
  // Root may write everywhere, so read it as nobody.
  const nobody =
    process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : []
  const [program = '', ...args] = [...nobody, ...sqlite]
  assert.equal(execFileSync(program, args, { encoding: 'utf8' }), 'Ana|hola\n')
  await using again = await start(data)
  const beto = await again.register('beto')
  await beto.expect('ana: hola\n')
})

test('a program that locks the file for a moment is waited for; one that goes on is reported', async t => {
  const data = await folder(t)
  await using server = await start(data, [soonBusy])
  const ana = await server.web.register('ana')
  const outside = new DatabaseSync(server.database, { timeout: 5000 }) // texts are being indexed
  // As a replication tool does, again and again.
  let stored = 0
  for (let i = 0; i < 10; i++) {
    outside.exec('BEGIN IMMEDIATE')
    const posting = post(ana, `${i}`).then(() => stored++)
    await ready(ana) // it has read what was sent before this
    outside.exec('ROLLBACK')
    await posting
  }
  assert.equal(stored, 10)
  outside.exec('BEGIN IMMEDIATE')
  assert.equal(await ana.refused('POST', '/rooms/1/messages', { text: 'mientras tanto' }), 'store-busy')
  assert.deepEqual((await texts(ana)).length, 10, 'reading goes on')
  const beto = await server.web.ask('POST', '/people', { name: 'Beto', username: 'beto', password: 'x' })
  assert.equal(beto.body.code, 'store-busy')
  const line = await server.connect()
  await line.choose('1')
  await line.answer('Ingrese su nombre de usuario: ', 'ana')
  await line.answer('Ingrese su contraseña: ', PASSWORD)
  await line.expect('Ahora no se pudo: otro programa tiene ocupada la base de datos del servidor.')
  await server.expect('Otro programa tiene ocupado ')
  assert.deepEqual(await ready(ana), { status: 503, degraded: ['store'] })
  outside.exec('ROLLBACK')
  await server.expect('chat.db está bien otra vez.')
  assert.deepEqual(await ready(ana), { status: 200, degraded: [] })
  outside.close()
  assert.equal(server.console.split('Otro programa').length, 2, 'it is said once')
  await post(ana, 'después')
  assert.deepEqual(await texts(ana), [...Array(10).keys()].map(String).concat('después'))
})

test('rows that another program deletes are shown as deleted, and the room goes on', async t => {
  const data = await folder(t)
  await using before = await start(data)
  const ana = await before.register('ana')
  const beto = await before.register('beto')
  for (const text of ['uno', 'un insulto', 'tres', 'cuatro']) ana.say(text)
  await beto.expect('ana: cuatro\n')
  const web = await before.web.logIn('ana')
  await web.do('PATCH', '/rooms/1/messages/1', { text: 'uno corregido' }) // 5
  await web.do('POST', '/rooms/1/messages', { text: 'respuesta', reply: 2 }) // 6
  const dora = await before.register('dora')
  dora.say('de quien ya no está') // 7
  await beto.expect('dora: de quien ya no está\n')

  change(
    before.database,
    "DELETE FROM messages WHERE seq IN (2, 1); DELETE FROM users WHERE username = 'dora'",
  )
  const comes = await before.logIn('beto')
  await comes.expect('ana: cuatro\n')
  ana.say('sigue')
  await comes.expect('ana: sigue\n')
  await stopped(before)

  await using after = await start(data)
  change(after.database, 'DELETE FROM messages WHERE seq = 8') // the room's last
  const caro = await after.register('caro')
  await caro.expect('ana: tres\nana: cuatro\n')
  assert.ok(!caro.heard.includes('insulto'))
  const web2 = await after.web.logIn('ana')
  await post(web2, 'y yo') // 9
  await caro.expect('ana: y yo\n')
  await after.expect('Otro programa borró o cambió filas de la sala 1 en la base de datos (')
  // Catching up over the API, and a client that reconnects.
  const [{ room, cursor }] = (await web2.do('POST', '/catch-up', { cursors: [] })).rooms
  assert.equal(room.id, 1)
  const since = { cursors: [{ ...cursor, seq: 0 }] }
  const [{ events }] = (await web2.do('POST', '/catch-up', since)).rooms
  assert.deepEqual(
    events.map(({ seq }: { seq: number }) => seq),
    [...Array(9).keys()].map(i => i + 1),
    'without a gap',
  )
})

test('rows that another program adds are shown, and the room goes on', async t => {
  const data = await folder(t)
  await using server = await start(data)
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  ana.say('uno')
  await beto.expect('ana: uno\n')
  change(
    server.database,
    `INSERT INTO messages (id, user_id, message, created_at, epoch_id)
     SELECT max(id) + 1, user_id, 'desde fuera', created_at, epoch_id FROM messages`,
  )
  await beto.expect('ana: desde fuera\n')
  await server.expect(
    'Otro programa añadió filas a la sala 1 en la base de datos, hasta la 2: se ven desde ahora.',
  )
  // And at the moment of a post, before the next inspection.
  change(
    server.database,
    `INSERT INTO messages (id, user_id, message, created_at, epoch_id)
     SELECT max(id) + 1, user_id, 'otra', created_at, epoch_id FROM messages`,
  )
  ana.say('tres')
  await beto.expect('ana: otra\n')
  await beto.expect('ana: tres\n')
  const web = await server.web.logIn('ana')
  assert.deepEqual(await texts(web), ['uno', 'desde fuera', 'otra', 'tres'])
  await patiently(
    async () => (await web.do('GET', '/search?q=fuera')).found.length === 1,
    () => 'what was added is never found',
  )
})

test('changes in rooms that nobody reads are reported once, even those made while no server ran', async t => {
  const data = await folder(t)
  await using before = await start(data)
  const ana = await before.web.register('ana')
  const { id: room } = await ana.do('POST', '/rooms', { name: 'lejos', kind: 'open' })
  for (const text of ['uno', 'dos', 'tres', 'cuatro'])
    await ana.do('POST', `/rooms/${room}/messages`, { text }) // 2, 3, 4, 5
  await stopped(before)
  change(before.database, `DELETE FROM messages WHERE room_id = ${room} AND message = 'dos'`)
  await using server = await start(data, [{ file: 'core/log/inspector.ts', set: { PAUSE_MS: 100 } }])
  const missing = (seqs: string) => `filas de la sala ${room} en la base de datos (${seqs})`
  await server.expect(missing('3'))
  change(server.database, `DELETE FROM messages WHERE room_id = ${room} AND message IN ('tres', 'uno')`)
  await server.expect(missing('2, 4'))
  change(
    server.database,
    `INSERT INTO messages (id, user_id, message, created_at, epoch_id)
     SELECT max(id) + 1, user_id, 'desde fuera', created_at, epoch_id FROM messages WHERE room_id = ${room}`,
  )
  await server.expect(`Otro programa añadió filas a la sala ${room} en la base de datos, hasta la 6`)
  const line = await server.logIn('ana')
  line.say('/unirse lejos')
  await line.expect('ana: desde fuera\n')
  assert.equal(
    server.console.split('Otro programa borró').length,
    3,
    'who reads there does not make it said again',
  )
})

test('an invalid value in a row harms nobody, and the console names the row once', async t => {
  const data = await folder(t)
  await using server = await start(data, [{ file: 'cli/upkeep.ts', set: { FIRST_MS: 50, LOOK_MS: 50 } }])
  const ana = await server.web.register('ana')
  await server.web.register('beto')
  const { id: room } = await ana.do('POST', '/rooms', { name: 'club', kind: 'open' })
  await post(ana, 'aguja')
  change(
    server.database,
    `UPDATE users SET role = 'king', zone = 'Atlantis', created_at = -1 WHERE username = 'beto';
     UPDATE rooms SET kind = 'foo', last_at = 9223372036854775807, searchable_seq = -7 WHERE id = ${room};
     UPDATE memberships SET level = 'x', role = 'y', last_read_seq = 9223372036854775807 WHERE room_id = ${room};
     UPDATE messages SET created_at = 9223372036854775807`,
  )
  await server.expect(
    'Otro programa dejó en users.role de la base de datos algo que no tiene sentido (filas: 2).',
  )
  // The indexer may correct searchable_seq before the survey.
  for (const column of ['rooms.kind', 'rooms.last_at', 'memberships.level'])
    await server.expect(`Otro programa dejó en ${column} de la base de datos`)
  assert.deepEqual(await ready(ana), { status: 200, degraded: ['data'] })
  for (const name of ['ana', 'beto']) {
    const web = await server.web.logIn(name)
    await web.do('GET', '/rooms')
    assert.equal((await web.do('GET', '/search?q=aguja')).found.length, 1)
    assert.deepEqual(await texts(web), ['aguja'])
    const line = await server.logIn(name)
    await line.expect(': aguja\n')
  }
  await ana.do('POST', `/rooms/${room}/messages`, { text: 'sigue' })
  change(
    server.database,
    `UPDATE users SET role = 'member', created_at = 0; UPDATE rooms SET kind = 'open';
     UPDATE memberships SET level = 'everything', role = 'owner', last_read_seq = 0;
     UPDATE rooms SET last_at = 0, searchable_seq = 0`,
  )
  await server.expect('está bien otra vez')
  assert.deepEqual(await ready(ana), { status: 200, degraded: [] })
  assert.equal(server.console.split('users.role').length, 2, 'once')
})

for (const [how, when, does] of [
  ['without a word', 'BEFORE', 'SELECT RAISE(IGNORE)'],
  ['with an error', 'BEFORE', "SELECT RAISE(ABORT, 'sin insultos')"],
  ['with the whole transaction', 'AFTER', "SELECT RAISE(ROLLBACK, 'sin insultos')"],
  ['by taking it away', 'AFTER', 'DELETE FROM TABLE WHERE id = new.id'],
] as const)
  test(`a trigger that keeps a text out ${how}: whoever said it is told, and nobody else loses anything`, async t => {
    const data = await folder(t)
    await using server = await start(data)
    const ana = await server.web.register('ana')
    const beto = await server.register('beto')
    change(
      server.database,
      `CREATE TRIGGER polite ${when} INSERT ON messages WHEN new.message LIKE '%insulto%'
       BEGIN ${does.replace('TABLE', 'messages')}; END;
       CREATE TRIGGER titles ${when} INSERT ON changes WHEN new.value LIKE '%insulto%'
       BEGIN ${does.replace('TABLE', 'changes')}; END`,
    )
    const said = ['uno', 'un insulto', 'dos'].map(text => ana.ask('POST', '/rooms/1/messages', { text }))
    const answers = await Promise.all(said)
    assert.deepEqual(
      answers.map(({ status, body }) => (status < 300 ? 'stored' : body.code)),
      ['stored', 'store-refused', 'stored'],
    )
    beto.say('más insultos')
    await beto.expect('Una regla que otro programa puso en la base de datos del servidor no deja guardarlo.')
    assert.equal(await ana.refused('PATCH', '/rooms/1', { topic: 'un insulto' }), 'store-refused')
    await server.expect('Una regla (trigger) que otro programa puso en ')
    assert.deepEqual(await ready(ana), { status: 200, degraded: ['data'] })
    assert.deepEqual((await texts(ana)).sort(), ['dos', 'uno'])
    assert.equal(await post(ana, 'tres'), 3, 'without a hole')
  })

test('what another program has removed from the schema is recreated, or named in one sentence', async t => {
  const data = await folder(t)
  await startedOnce(data)
  const path = join(data, 'chat.db')
  change(path, 'DROP VIEW said; DROP INDEX rooms_by_name')
  {
    await using server = await start(data)
    await server.expect('Otro programa quitó o cambió partes de la base de datos (')
    await post(await server.web.register('ana'), 'hola')
    await stopped(server)
  }
  // These hold no messages: the search index is rebuilt from them.
  change(path, 'DROP TABLE terms; DROP TABLE index_rule; DROP TABLE deleted_rows')
  {
    await using server = await start(data)
    await server.expect('terms')
    const ana = await server.web.logIn('ana')
    assert.equal((await ana.do('GET', '/search?q=hola')).found.length, 1)
    await ana.do('DELETE', '/rooms/1/messages/1')
    assert.equal((await ana.do('GET', '/search?q=hola')).found.length, 0)
    await stopped(server)
  }
  assert.equal(query(path, "SELECT v FROM terms_config WHERE k = 'secure-delete'"), '1\n')
  await startedOnce(data)
  const refusal = async (sql: string, lang: string) => {
    change(path, sql)
    const server = await ServerProcess.spawn({ data, args: ['--lang', lang] })
    assert.equal(await server.exited, 1)
    return server.errors
  }
  assert.equal(
    await refusal('PRAGMA user_version = -3', 'es'),
    `Otro programa cambió el número de versión de ${path}: no es el de sus tablas. Restaura una copia o elige otra carpeta con --data.\n`,
  )
  assert.equal(
    await refusal(`PRAGMA user_version = ${migrations.length}; DROP TABLE passes`, 'en'),
    `Another program removed something from ${path} that can’t be restored: passes. Restore a backup, or choose another folder with --data.\n`,
  )
})

/** Damages the page of the file that holds this text. */
async function damage(path: string, text: string): Promise<void> {
  const bytes = await readFile(path)
  const size = bytes.readUInt16BE(16)
  const at = bytes.indexOf(text)
  assert.ok(at > 0)
  bytes.fill(0xff, Math.floor(at / size) * size, Math.floor(at / size) * size + 8)
  await writeFile(path, bytes)
}

test('a damaged page fails only what would read it, and is reported', async t => {
  const data = await folder(t)
  await using before = await start(data)
  const ana = await before.web.register('ana')
  const { id: room } = await ana.do('POST', '/rooms', { name: 'lejos', kind: 'open' })
  const fill = async () => {
    for (let i = 0; i < 8; i++) await ana.do('POST', `/rooms/${room}/messages`, { text: 'x'.repeat(3900) })
  }
  await fill()
  const { seq } = await ana.do('POST', `/rooms/${room}/messages`, { text: `perdida ${'y'.repeat(3000)}` })
  await fill()
  await post(ana, 'aquí')
  await stopped(before)
  await damage(before.database, 'perdida yyy')

  await using server = await start(data)
  const again = await server.web.logIn('ana')
  assert.equal(await again.refused('GET', `/rooms/${room}/messages/${seq}/thread`), 'store-damaged')
  assert.deepEqual(await ready(again), { status: 200, degraded: ['data'] })
  await server.expect('está dañada y no se puede leer; el resto sigue')
  await post(again, 'seguimos')
  assert.deepEqual(await texts(again), ['aquí', 'seguimos'])
  const beto = await server.register('beto')
  await beto.expect('ana: seguimos\n')
  assert.equal(await again.refused('DELETE', `/rooms/${room}/messages/${seq}`), 'store-damaged')
})

test('damaged messages keep nobody out: who comes in is told that they can’t be read, and goes on', async t => {
  const data = await folder(t)
  await using before = await start(data)
  const ana = await before.web.register('ana')
  for (const name of ['beto', 'caro']) await before.web.register(name)
  for (let i = 0; i < 8; i++) await post(ana, 'x'.repeat(3000))
  await post(ana, `perdida ${'y'.repeat(3000)}`)
  const { cursor } = (await ana.do('POST', '/catch-up', { cursors: [] })).rooms[0]
  for (let i = 0; i < 4; i++) await post(ana, `después ${i} ${'z'.repeat(3000)}`)
  await stopped(before)
  await damage(before.database, 'perdida yyy')

  await using server = await start(data)
  const caro = await server.web.logIn('caro')
  const [general] = (await caro.do('GET', '/rooms')).mine
  assert.deepEqual([general.name, general.unread], ['general', 1])
  const live = await caro.connect()
  await post(await server.web.logIn('ana'), 'sigue')
  await live.expect('sigue')
  live.client.close()
  assert.equal((await caro.do('POST', '/catch-up', { cursors: [cursor] })).rooms[0].events, 'reset')
  const late = await caro.connect({ cursors: [cursor] })
  late.client.close()
  const beto = await server.logIn('beto')
  await beto.expect('* Mensajes anteriores:\n')
  await beto.expect('* Lo que se dijo aquí no se puede leer: está dañado en el servidor.\n')
  await beto.expect('ana: después 3 zzz')
  beto.say('hola')
  using irc = await Irc.logIn(server.port, 'caro', { caps: 'sasl' })
  assert.match(irc.lines.join(), /NOTICE caro :Lo que hay guardado está dañado/)
  await server.expect('está dañada y no se puede leer; el resto sigue')
  assert.deepEqual(await ready(caro), { status: 200, degraded: ['data'] })
})

/** Overwrites the root of a tree of pages, while no server runs. */
async function damageRoot(path: string, name: string): Promise<void> {
  const database = new DatabaseSync(path)
  const root = Number(
    database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(name)?.rootpage,
  )
  const size = Number(database.prepare('PRAGMA page_size').get()?.page_size)
  database.close()
  const file = await open(path, 'r+')
  await file.write(Buffer.alloc(size), 0, size, (root - 1) * size)
  await file.close()
}

for (const [name, what] of [
  ['terms_data', 'índice de búsqueda'],
  ['terms_docsize', 'índice de búsqueda'],
  ['terms_idx', 'índice de búsqueda'],
  ['terms_config', 'índice de búsqueda'],
  ['index_rule', 'se rehízo'],
  ['deleted_rows', 'se rehízo'],
  ['sqlite_sequence', 'se rehízo'],
  ['users_who_own', 'se rehízo'],
  ['rooms_to_index', 'se rehízo'],
  ['rooms_by_name', 'se rehízo'],
  ['sessions_by_hash', 'se rehízo'],
  ['sessions_by_user', 'se rehízo'],
] as const)
  test(`damaged pages of ${name}, which holds nothing of its own: it is made anew`, async t => {
    const data = await folder(t)
    await using before = await start(data)
    const first = await before.web.register('ana')
    for (const text of ['palabra uno', 'palabra dos', 'palabra tres']) await post(first, text)
    await first.do('POST', '/rooms', { name: 'club', kind: 'open' })
    await patiently(
      () => query(before.database, 'SELECT searchable_seq FROM rooms WHERE id = 1') === '3\n',
      () => 'it is not indexed',
    )
    await stopped(before)
    await damageRoot(before.database, name)

    await using server = await start(data)
    const ana = await server.web.logIn('ana')
    await post(ana, 'palabra cuatro')
    await ana.do('POST', '/rooms', { name: 'otra', kind: 'open' })
    await ana.do('POST', '/rooms/club/messages', { text: 'hola' })
    await ana.do('PATCH', '/rooms/1/messages/1', { text: 'palabra corregida' })
    await ana.do('DELETE', '/rooms/1/messages/2')
    await patiently(
      async () => (await ana.do('GET', '/search?q=palabra')).found.length === 3,
      () => 'the texts are not found',
    )
    await server.expect(what)
    change(server.database, "DELETE FROM messages WHERE message = 'palabra cuatro'")
    assert.doesNotMatch(server.console, /restaura una copia/)
    assert.deepEqual(await ready(ana), { status: 200, degraded: ['data'] })
    await stopped(server)
    await using again = await start(data)
    assert.deepEqual(await ready(await again.web.logIn('ana')), { status: 200, degraded: [] })
    await stopped(again)
  })

for (const [what, byte] of [
  ['zeros', 0],
  ['an impossible count', 0xff],
] as const)
  test(`a damaged list of free pages (${what}), which holds nothing: the file is rewritten, and everything is stored`, async t => {
    const data = await folder(t)
    await using before = await start(data)
    const ana = await before.web.register('ana')
    for (let i = 0; i < 3; i++) await post(ana, `antes ${i}`)
    await stopped(before)
    const path = before.database
    change(path, 'CREATE TABLE gone AS SELECT hex(zeroblob(200000)) AS filling')
    change(path, 'DROP TABLE gone')
    const ids = query(path, EARLIER)
    const trunk = (await readFile(path)).readUInt32BE(32)
    const file = await open(path, 'r+')
    await file.write(Buffer.alloc(4096, byte), 0, 4096, (trunk - 1) * 4096)
    await file.close()

    await using server = await start(data)
    const again = server.web.with(ana.token ?? '')
    for (let i = 0; i < 20; i++) await post(again, `${i} ${'x'.repeat(3000)}`)
    await server.expect('se rehízo')
    assert.deepEqual(await ready(again), { status: 200, degraded: ['data'] })
    await stopped(server)
    assert.equal(query(path, 'PRAGMA integrity_check'), 'ok\n')
    assert.equal(query(path, 'SELECT count(*) FROM messages'), '23\n')
    assert.equal(query(path, EARLIER), ids)
  })

const EARLIER = "SELECT id FROM messages WHERE message LIKE 'antes%'"

test('damage that lets nothing be stored: /readyz says so, and the operator is told', async t => {
  const data = await folder(t)
  await using before = await start(data)
  await post(await before.web.register('ana'), 'antes')
  await stopped(before)
  await damageRoot(before.database, 'messages')
  await using server = await start(data)
  const ana = await server.web.logIn('ana')
  assert.equal(await ana.refused('POST', '/rooms/1/messages', { text: 'al vacío' }), 'store-damaged')
  await server.expect('dañado donde hace falta para guardar: no se guarda nada')
  assert.deepEqual(await ready(ana), { status: 503, degraded: ['store', 'data'] })
})

test('an index over a damaged table is not made anew, and everything else goes on', async t => {
  const data = await folder(t)
  await startedOnce(data)
  const path = join(data, 'chat.db')
  for (const name of ['attachments', 'attachments_by_user', 'terms_data']) await damageRoot(path, name)
  await using server = await start(data)
  const ana = await server.web.register('ana')
  await post(ana, 'palabra')
  assert.equal(await ana.refused('GET', '/search?q=palabra'), 'store-damaged')
  await server.expect('restaura una copia')
  assert.doesNotMatch(server.console, /se rehízo|se está rehaciendo/)
  await post(ana, 'sigue')
  assert.deepEqual(await texts(ana), ['palabra', 'sigue'])
})

/** Writes invalid rows to FTS5's own tables. */
function damageIndex(path: string): void {
  const database = new DatabaseSync(path, { timeout: 5000, defensive: false })
  database.exec("PRAGMA writable_schema = ON; UPDATE terms_data SET block = x'00ff00ff' WHERE id > 10")
  database.close()
}

test('a damaged search index stops nothing: whoever meets it has it rebuilt', async t => {
  const data = await folder(t)
  const isIndexed = (path: string) => query(path, 'SELECT searchable_seq = last_seq FROM rooms') === '1\n'
  const found = async (web: Web) => (await web.do('GET', '/search?q=palabra')).found.length
  await using server = await start(data)
  const ana = await server.web.register('ana')
  const seq = await post(ana, 'palabra borrada')
  await post(ana, 'palabra corregida')
  await post(ana, 'palabra')
  await patiently(
    () => isIndexed(server.database),
    () => 'it is not indexed',
  )
  damageIndex(server.database)
  await ana.do('DELETE', `/rooms/1/messages/${seq}`)
  assert.equal(await found(ana), 2)
  await server.expect('estaba dañado y se está rehaciendo: con él no se pierde ningún mensaje')
  assert.doesNotMatch(server.console, /restaura una copia/)
  assert.deepEqual(await ready(ana), { status: 200, degraded: ['data'] })
  await patiently(
    () => isIndexed(server.database),
    () => 'it is not indexed anew',
  )
  assert.equal(await found(ana), 2)
  damageIndex(server.database)
  assert.equal(await ana.refused('GET', '/search?q=palabra'), 'store-damaged')
  await server.expect('se dañó otra vez')
  await stopped(server)

  damageIndex(server.database)
  await using again = await start(data)
  const reader = await again.web.logIn('ana')
  await reader.do('GET', '/search?q=palabra').catch(() => {}) // who meets it first
  await patiently(
    async () => (await reader.ask('GET', '/search?q=palabra')).status === 200,
    () => 'nobody finds anything any more',
  )
  assert.equal(await found(reader), 2)
  await stopped(again)
})

test('a search index that a lock keeps from being rebuilt is rebuilt after it', async t => {
  const data = await folder(t)
  await using server = await start(data, [soonBusy])
  const ana = await server.web.register('ana')
  await post(ana, 'palabra')
  await patiently(
    () => query(server.database, 'SELECT searchable_seq = last_seq FROM rooms') === '1\n',
    () => 'it is not indexed',
  )
  damageIndex(server.database)
  const outside = new DatabaseSync(server.database, { timeout: 5000 }) // the index is tidied every second
  outside.exec('BEGIN IMMEDIATE')
  assert.equal(await ana.refused('GET', '/search?q=palabra'), 'store-damaged')
  assert.equal(await ana.refused('POST', '/rooms/1/messages', { text: 'mientras tanto' }), 'store-busy')
  outside.exec('ROLLBACK')
  outside.close()
  await patiently(
    async () => (await ana.ask('GET', '/search?q=palabra')).body.found?.length === 1,
    () => 'nobody finds anything any more',
  )
  assert.doesNotMatch(server.console, /restaura una copia/)
})

/** A round in which somebody says "espera" takes in what comes for a second; that it does shows as a held file. */
const slowRounds: Edit = {
  file: 'store/sqlite/writer.ts',
  from: 'const next = performance.now() < until ? more() : undefined',
  to: `const next: Call[] = []
       const waits = JSON.stringify(call).includes('espera')
       if (waits) this.#port.report({ kind: 'problem', problem: 'held' })
       const end = waits ? performance.now() + 1000 : 0
       while (performance.now() < end) next.push(...(more() ?? []))`,
}

test('a damaged search index that is found while somebody writes: everybody gets their own answer', async t => {
  const data = await folder(t)
  await using server = await start(data, [slowRounds])
  const ana = await server.web.register('ana')
  await post(ana, 'palabra')
  await patiently(
    () => query(server.database, 'SELECT searchable_seq = last_seq FROM rooms') === '1\n',
    () => 'it is not indexed',
  )
  assert.equal((await ana.do('GET', '/search?q=palabra')).found.length, 1)
  damageIndex(server.database)
  const said = post(ana, 'espera')
  await server.expect('no lo suelta')
  assert.equal(await ana.refused('GET', '/search?q=palabra'), 'store-damaged')
  assert.deepEqual(await Promise.all([said, post(ana, 'después')]), [2, 3])
  assert.deepEqual(await texts(ana), ['palabra', 'espera', 'después'])
  await patiently(
    async () => (await ana.ask('GET', '/search?q=palabra')).status === 200,
    () => 'nobody finds anything any more',
  )
})

test('a damaged search index that many find at once was damaged once', async t => {
  const data = await folder(t)
  await using server = await start(data)
  const ana = await server.web.register('ana')
  await post(ana, 'palabra')
  await patiently(
    () => query(server.database, 'SELECT searchable_seq = last_seq FROM rooms') === '1\n',
    () => 'it is not indexed',
  )
  damageIndex(server.database)
  const outside = new DatabaseSync(server.database, { timeout: 5000 }) // so that nobody finds it rebuilt yet
  outside.exec('BEGIN IMMEDIATE')
  const search = () => ana.refused('GET', '/search?q=palabra')
  assert.deepEqual(new Set(await Promise.all(Array.from({ length: 5 }, search))), new Set(['store-damaged']))
  outside.exec('ROLLBACK')
  outside.close()
  await server.expect('estaba dañado y se está rehaciendo')
  await post(ana, 'después')
  await patiently(
    async () => (await ana.ask('GET', '/search?q=palabra')).body.found?.length === 1,
    () => 'nobody finds anything any more',
  )
  assert.doesNotMatch(server.console, /se dañó otra vez/)
})

const MOVED = 'store-moved'

/** Asserts that nothing is stored, and that the operator is told. */
async function isMoved(server: Server, web: Web): Promise<void> {
  assert.equal(await web.refused('POST', '/rooms/1/messages', { text: 'al vacío' }), MOVED)
  assert.deepEqual(await ready(web), { status: 503, degraded: ['store'] })
  await server.expect('con el servidor en marcha: no se guarda nada')
}

for (const name of ['chat.db', 'chat.db-wal', 'chat.db-shm', 'chat.db-lock']) {
  test(`${name} is moved away under a running server: nothing is acknowledged that would be lost`, async t => {
    const data = await folder(t)
    await using server = await start(data)
    const ana = await server.web.register('ana')
    const line = await server.register('beto')
    await post(ana, 'guardada')
    await rename(join(data, name), join(data, 'aside'))
    await isMoved(server, ana)
    line.say('tampoco')
    await line.expect('La base de datos del servidor ya no está en su sitio. No se guarda nada.\n')
    await rename(join(data, 'aside'), join(data, name))
    await patiently(
      async () => (await ready(ana)).status === 200,
      () => 'it does not notice that the file is back',
    )
    await post(ana, 'otra vez')
    await stopped(server)
    const texts = query(server.database, 'SELECT message FROM messages')
    assert.equal(texts, 'guardada\notra vez\n', 'and nothing is kept that was refused')
  })
}

test('another file at the same path is not mistaken for it', async t => {
  const data = await folder(t)
  await using server = await start(data)
  const ana = await server.web.register('ana')
  using irc = await Irc.register(server.port, 'beto')
  await post(ana, 'guardada')
  assert.deepEqual(await texts(ana), ['guardada'])
  await copyFile(server.database, join(data, 'copy'))
  await rename(join(data, 'copy'), server.database)
  await isMoved(server, ana)
  assert.match((await irc.ask('METADATA * SET color rojo')).join(), / FAIL METADATA STORE_MOVED :/)
  assert.deepEqual(await texts(ana), ['guardada'], 'what is open is still read')
  assert.equal(
    await ana.refused('GET', '/search?q=guardada'),
    MOVED,
    'and nothing else is opened in its place',
  )
})

for (const [what, write] of [
  ['a backup is copied over chat.db', restoreInPlace],
  ['chat.db-wal is cut off', cutLog],
] as const) {
  test(`${what} under a running server: nothing is acknowledged that would be lost, and the file stays whole`, async t => {
    const data = await folder(t)
    await startedOnce(data)
    await copyFile(join(data, 'chat.db'), join(data, 'backup'))
    await using server = await start(data)
    const ana = await server.web.register('ana')
    for (let i = 0; i < 20; i++) await post(ana, `antes ${i}`)
    const alone = await write(server)
    assert.equal((await ana.ask('POST', '/rooms/1/messages', { text: 'al vacío' })).status >= 500, true)
    await server.expect('con el servidor en marcha (quizá una copia): no se guarda nada más')
    assert.equal((await ready(ana)).status, 503)
    await stopped(server)
    assert.ok((await readFile(server.database)).equals(alone), 'the stop merges nothing')
    assert.equal(query(server.database, 'PRAGMA integrity_check'), 'ok\n')
    await startedOnce(data)
    assert.equal(query(server.database, 'PRAGMA integrity_check'), 'ok\n', 'nor does the next start')
  })
}

for (const [what, then] of [
  ['deleted', async () => {}],
  ['replaced by a backup', ({ database }: Server) => copyFile(join(dirname(database), 'backup'), database)],
] as const)
  test(`an overwritten chat.db that is ${what} before the stop: the log is put aside all the same`, async t => {
    const data = await folder(t)
    await startedOnce(data)
    await copyFile(join(data, 'chat.db'), join(data, 'backup'))
    await using server = await startAlone(data)
    const ana = await server.web.register('ana')
    await post(ana, 'antes')
    await restoreInPlace(server)
    await server.expect('con el servidor en marcha (quizá una copia): no se guarda nada más')
    await rm(server.database)
    await then(server)
    await stopped(server)
    const left = (await readdir(data)).filter(name => name.startsWith('chat.db-') && name !== 'chat.db-lock')
    assert.deepEqual(left, ['chat.db-wal-unmerged'])
    await copyFile(join(data, 'backup'), server.database)
    await startedOnce(data)
    assert.equal(query(server.database, 'SELECT count(*) FROM users'), '0\n', 'nothing of it is merged')
  })

/** @returns what chat.db holds then */
async function restoreInPlace({ database }: Server): Promise<Buffer> {
  const backup = await readFile(join(dirname(database), 'backup'))
  await writeFile(database, backup) // as cp does: into the same file
  return backup
}

/** @returns what chat.db holds then */
async function cutLog({ database }: Server): Promise<Buffer> {
  await truncate(`${database}-wal`)
  return await readFile(database)
}

for (const [what, takeBack, kept] of [
  ['sqlite3’s .restore', restoreBySql, ['antes']],
  ['an older chat.db-shm', ({ database }: Server) => overwriteBy(database, ['-shm']), ['antes', 'tras']],
  ['older copies of all three files', ({ database }: Server) => overwriteBy(database, SUFFIXES), ['antes']],
] as const) {
  test(`${what} under a running server: nothing is stored under a seq that was given before`, async t => {
    const data = await folder(t)
    await using server = await start(data)
    const ana = await server.web.register('ana')
    await post(ana, 'antes')
    for (const suffix of SUFFIXES) await copyFile(`${server.database}${suffix}`, join(data, `copy${suffix}`))
    query(server.database, `.backup ${join(data, 'backup')}`)
    await post(ana, 'tras')
    await takeBack(server)
    assert.equal(await ana.refused('POST', '/rooms/1/messages', { text: 'al vacío' }), MOVED)
    await server.expect('falta algo que se había confirmado, y no se guarda nada más')
    assert.deepEqual(await ready(ana), { status: 503, degraded: ['store'] })
    await stopped(server)
    await using again = await start(data)
    const back = await again.web.logIn('ana')
    assert.deepEqual(await texts(back), kept, 'the log is read as after a crash')
    await post(back, 'de nuevo')
    await stopped(again)
    assert.equal(query(server.database, 'PRAGMA integrity_check'), 'ok\n')
  })
}

/** The index first: with it the rest is of one piece at every moment. */
const SUFFIXES = ['-shm', '-wal', '']

async function restoreBySql({ database }: Server): Promise<void> {
  execFileSync('sqlite3', [
    '-cmd',
    '.timeout 5000',
    database,
    `.restore ${join(dirname(database), 'backup')}`,
  ])
}

/** As cp does: into the same files. */
async function overwriteBy(database: string, suffixes: readonly string[]): Promise<void> {
  for (const suffix of suffixes) {
    const copy = await readFile(join(dirname(database), `copy${suffix}`))
    const file = await open(`${database}${suffix}`, 'r+') // a chat.db-shm that was cut off would end the process
    await file.write(copy, 0, copy.length, 0)
    if (suffix !== '-shm') await file.truncate(copy.length)
    await file.close()
  }
}

test('rows that are deleted, and ends of rooms set by hand, are not mistaken for what takes the file back', async t => {
  await using server = await start(await folder(t))
  const ana = await server.web.register('ana')
  for (const text of ['uno', 'dos', 'tres']) await post(ana, text)
  for (const hand of [
    'UPDATE rooms SET last_seq = 1',
    'UPDATE rooms SET last_seq = 99',
    'DELETE FROM messages WHERE message = (SELECT message FROM messages ORDER BY id DESC LIMIT 1)',
    'DELETE FROM rooms',
  ]) {
    change(server.database, hand)
    await post(ana, `tras ${hand}`)
    assert.equal((await ready(ana)).status, 200, hand)
  }
  change(server.database, 'DELETE FROM messages')
  await post(ana, 'sigue')
  assert.deepEqual(await texts(ana), ['sigue'])
})

test('programs that merge, empty or fill the log, or touch the file, are not mistaken for ones that overwrite it', async t => {
  const data = await folder(t)
  await using server = await start(data)
  const ana = await server.web.register('ana')
  const other = new DatabaseSync(server.database, { timeout: 5000 })
  for (const mode of ['PASSIVE', 'FULL', 'RESTART', 'TRUNCATE', 'TRUNCATE']) {
    await post(ana, mode)
    other.exec(`PRAGMA wal_checkpoint(${mode})`)
    await utimes(server.database, 1, 1)
    await post(ana, `tras ${mode}`)
  }
  other.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)')
  await post(ana, 'al final')
  other.close()
  assert.deepEqual(await ready(ana), { status: 200, degraded: [] })
  await stopped(server)
  assert.equal(query(server.database, 'SELECT count(*) FROM messages'), '11\n')
  assert.deepEqual(await readdir(data), ['chat.db', 'chat.db-lock', 'files'])
})

test('without its lock file a second server may start: the first one stores nothing any more', async t => {
  const data = await folder(t)
  await using first = await startAlone(data)
  const ana = await first.web.register('ana')
  await rm(join(data, 'chat.db-lock'))
  await isMoved(first, ana)
  await using second = await startAlone(data)
  await post(await second.web.logIn('ana'), 'aquí')
  assert.equal(await ana.refused('POST', '/rooms/1/messages', { text: 'allí' }), MOVED)
})

test('a symbolic link to the file counts as the file: its lock lies beside the file', async t => {
  const [data, elsewhere] = [await folder(t), await folder(t)]
  await using server = await startAlone(data)
  await symlink(server.database, join(elsewhere, 'chat.db'))
  const second = await ServerProcess.spawn({ data: elsewhere })
  assert.equal(await second.exited, 1)
  assert.match(second.errors, /Otro servidor ya usa /)
  await stopped(server)
  await using linked = await startAlone(elsewhere)
  await post(await linked.web.register('ana'), 'por el enlace')
})

test('a file has one server under any name: a hard link to it counts as in use, too', async t => {
  const [data, elsewhere] = [await folder(t), await folder(t)]
  await startedOnce(data)
  await link(join(data, 'chat.db'), join(elsewhere, 'chat.db'))
  await using server = await startAlone(data)
  const ana = await server.web.register('ana')
  await post(ana, 'guardada')
  const isRefused = async () => {
    await using second = await ServerProcess.spawn({ data: elsewhere, edits: [soonBusy] })
    const starts = second.listening().then(
      () => 'starts',
      () => second.exited,
    )
    assert.equal(await starts, 1)
    assert.match(second.errors, /Otro servidor ya usa .*chat\.db\. /)
  }
  await isRefused()
  await post(ana, 'y sigue')
  server.signal('SIGKILL')
  await server.exited
  // What only the log has is not visible under the other name; the file has no server any more.
  await using again = await startAlone(data)
  await isRefused()
  assert.deepEqual(await texts(await again.web.logIn('ana')), ['guardada', 'y sigue'])
  await stopped(again)
  await using linked = await startAlone(elsewhere)
  assert.deepEqual(await texts(await linked.web.logIn('ana')), ['guardada', 'y sigue'])
})

test('a server whose files were moved away does not touch the next server’s files when it stops', async t => {
  const data = await folder(t)
  const aside = join(data, 'aside')
  await mkdir(aside)
  await using first = await startAlone(data)
  await post(await first.web.register('ana'), 'antes')
  for (const name of ['chat.db', 'chat.db-wal', 'chat.db-shm', 'chat.db-lock'])
    await rename(join(data, name), join(aside, name))
  await using second = await startAlone(data)
  const beto = await second.web.register('beto')
  await post(beto, 'uno')
  await stopped(first)
  await post(beto, 'dos')
  assert.deepEqual(await ready(beto), { status: 200, degraded: [] })
  assert.match((await tertulia(data, ['users', 'list'])).stdout, /^beto\t/, 'its operator reaches it')
  second.signal('SIGKILL')
  await second.exited
  await using third = await startAlone(data)
  assert.deepEqual(await texts(await third.web.logIn('beto')), ['uno', 'dos'])
  assert.equal(query(join(aside, 'chat.db'), LAB), 'Ana|antes\n', 'nor is anything lost of the first')
})

test('ids after which none can follow stop neither the server nor log-ins nor registrations', async t => {
  const data = await folder(t)
  {
    await using server = await start(data)
    await post(await server.web.register('ana'), 'uno')
    await stopped(server)
  }
  change(
    join(data, 'chat.db'),
    `UPDATE epochs SET id = 9223372036854775807;
     UPDATE sessions SET id = 9223372036854775807;
     UPDATE sqlite_sequence SET seq = 9223372036854775807;
     INSERT INTO users (id, name, username, password, folded, skeleton, role, created_at)
       VALUES (9223372036854775807, 'x', 'x', '', 'x', 'x', 'member', 0)`,
  )
  await using server = await start(data)
  const ana = await server.web.logIn('ana')
  assert.equal(await post(ana, 'dos'), 2)
  const beto = await server.web.register('beto')
  assert.equal(await post(beto, 'tres'), 3)
  const { messages } = await ana.do('GET', '/rooms/1/messages')
  assert.deepEqual(
    messages.map(({ author }: { author: { id: number } }) => author.id),
    [1, 1, 2],
  )
})

test('ids of sessions after which none can follow, under a running server: it is not full, and people log in', async t => {
  await using server = await start(await folder(t))
  await server.web.register('ana')
  const ids = [
    'UPDATE sqlite_sequence SET seq = 9223372036854775807',
    'UPDATE sessions SET id = 9223372036854775807 WHERE id = (SELECT max(id) FROM sessions)',
  ]
  for (const sql of ids) {
    change(server.database, sql)
    await post(await server.web.logIn('ana'), sql)
  }
  await post(await server.web.register('beto'), 'hola')
  assert.deepEqual(await ready(server.web), { status: 200, degraded: [] })
  assert.doesNotMatch(server.console, /No queda espacio/)
})

test('a room with an invalid end ends where its rows do', async t => {
  const data = await folder(t)
  await using server = await start(data)
  const ana = await server.web.register('ana')
  await post(ana, 'uno')
  for (const nonsense of [4_294_967_295, 5_000_000_000, -5]) {
    change(server.database, `UPDATE rooms SET last_seq = ${nonsense} WHERE id = 1`)
    await post(ana, `con ${nonsense}`)
  }
  assert.equal((await texts(ana)).length, 4)
  assert.equal(await post(ana, 'el quinto'), 5)
  // While a member follows it, who must not be shown two thousand million deleted messages.
  const beto = await server.register('beto')
  change(server.database, 'UPDATE rooms SET last_seq = 2000000000 WHERE id = 1')
  await server.expect(
    'cambió el final de la sala 1 en la base de datos: sigue en la 5, donde terminan sus filas.',
  )
  assert.equal(await post(ana, 'el sexto'), 6)
  await beto.expect('ana: el sexto\n')
})

test('a row at the last possible seq does not belong to the room, which goes on', async t => {
  const data = await folder(t)
  await using server = await start(data)
  const [ana, beto] = [await server.web.register('ana'), await server.register('beto')]
  await post(ana, 'uno')
  for (const seq of [4_294_967_294, 4_294_967_295])
    change(
      server.database,
      `INSERT INTO messages (id, user_id, message, created_at, epoch_id)
       SELECT 4294967296 + ${seq}, 1, 'desde fuera', created_at, epoch_id FROM messages WHERE seq = 1`,
    )
  await server.expect('muy por detrás de la última (4294967295): no se ven, y la sala sigue.')
  assert.deepEqual([await post(ana, 'dos'), await post(ana, 'tres')], [2, 3])
  await beto.expect('ana: tres\n')
  assert.deepEqual(await texts(ana), ['uno', 'dos', 'tres'])
  assert.equal(server.console.split('muy por detrás').length, 2, 'it is said once')
})
