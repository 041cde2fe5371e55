// The admin commands (`tertulia users` and `tertulia rooms`), on a real server.

import assert from 'node:assert/strict'
import { mkdir, rm, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { impatient, quickHashes } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { patiently } from '../tools/patiently.ts'
import { ServerProcess, startServer, temporaryFolder } from '../tools/server.ts'
import { tertulia } from '../tools/tertulia.ts'

test('tertulia users: list, role, password, disable, invite, over a socket that only its account may open', async () => {
  await using server = await openServer()
  await server.register('ana')
  const beto = await server.register('beto')
  const socket = join(server.data, 'admin.sock')
  assert.equal((await stat(socket)).mode & 0o777, 0o600)
  assert.match(
    (await tertulia(server.data, ['users', 'list'])).stdout,
    /^ana\tAna\tdueño\t\d{4}-.*\nbeto\tBeto\tmiembro/,
  )
  assert.equal((await tertulia(server.data, ['users', 'role', 'beto', 'admin'])).stdout, '* beto: admin.\n')
  assert.deepEqual(await tertulia(server.data, ['users', 'role', 'nadie', 'admin']), {
    code: 1,
    stdout: '',
    stderr: 'No hay nadie con ese nombre.\n',
  })
  assert.match((await tertulia(server.data, ['users', 'password', 'beto'], 'nueva\n')).stdout, /beto cambió/)
  await beto.closed
  const again = await server.connect()
  for (const line of ['1', 'beto', 'nueva']) again.say(line)
  await again.expect('Bienvenido Beto!\n')
  assert.match((await tertulia(server.data, ['users', 'disable', 'beto'])).stdout, /desactivada/)
  await again.closed
  assert.match((await tertulia(server.data, ['users', 'list'])).stdout, /beto.*desactivada/)
  assert.match((await tertulia(server.data, ['users', 'enable', 'beto'])).stdout, /activa/)
  const { stdout } = await tertulia(server.data, ['users', 'invite', '5', '2d'])
  const code = stdout.trim().split(' ').at(-1) ?? ''
  const invitations = await tertulia(server.data, ['--lang', 'en', 'users', 'invitations'])
  assert.match(invitations.stdout, new RegExp(`^${code}\t5 uses left, until .*, by the server operator\n$`))
  assert.equal((await tertulia(server.data, ['users', 'withdraw', code])).code, 0)
  assert.equal((await tertulia(server.data, ['users', 'withdraw', code])).code, 1)
})

test('tertulia rooms: list, role, archive, in the name of the owner', async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  beto.say('/crear club')
  await beto.expect('* Estás en #club.\n')
  assert.match(
    (await tertulia(server.data, ['rooms', 'list'])).stdout,
    /^#general\t.*\n#club\tabierta\t1 persona\t1\n$/,
  )
  ana.say('/unirse club')
  await beto.expect('* ana entró en #club.\n')
  assert.equal((await tertulia(server.data, ['rooms', 'role', 'club', 'ana', 'moderator'])).code, 0)
  await beto.expect('* ana hizo a ana moderador.\n')
  assert.equal((await tertulia(server.data, ['rooms', 'archive', '#club'])).code, 0)
  await beto.expect('* ana archivó #club.\n')
  assert.equal((await tertulia(server.data, ['rooms', 'reopen', 'club'])).code, 0)
  assert.match((await tertulia(server.data, ['rooms', 'archive', 'nada'])).stderr, /No hay ninguna sala/)
})

test('tertulia prints its usage, that no server is running, and where each setting comes from', async () => {
  await using server = await startServer()
  const usage = await tertulia(server.data, ['users'])
  assert.equal(usage.code, 1)
  assert.match(usage.stderr, /tertulia users list/)
  assert.match(
    (await tertulia(server.data, ['users', 'role', 'ana'])).stderr,
    /^Uso: npm run -s tertulia users role <user>/,
  )
  assert.match((await tertulia(server.data, ['usres', 'list'])).stderr, /No existe la orden usres list/)
  const config = await tertulia(server.data, ['--port', '8123', 'config'])
  assert.match(config.stdout, /^port = 8123\t\(--port\)\nhost = 127\.0\.0\.1\t\(por defecto\)\n/)
  await server.kill()
  const gone = await tertulia(server.data, ['users', 'list'])
  assert.match(gone.stderr, /No hay ningún servidor en marcha/)
})

test('the admin socket ignores and survives invalid requests; a stale one is replaced', async t => {
  const data = await temporaryFolder()
  t.after(() => rm(data, { recursive: true, force: true }))
  {
    await using server = await startServer({ data })
    await server.kill()
  }
  await using server = await openServer({ data })
  const questions = [
    'hola\n',
    '{}\n',
    '{"words":["users","list"],"secret":1,"language":"es"}\n',
    '{"words":[{}],"secret":"","language":"es"}\n',
    '{"words":["__proto__"],"secret":"","language":"toString"}\n',
    `${'x'.repeat(100_000)}`,
    '',
  ]
  for (const question of questions) {
    const socket = connect(join(data, 'admin.sock'))
    socket.on('error', () => {})
    socket.end(question)
    assert.equal(await text(socket).catch(() => ''), '')
  }
  assert.equal((await tertulia(server.data, ['users', 'list'])).code, 0)
  assert.equal(server.errors, '')
})

test('an admin connection that asks nothing is closed, without a word in the log', async t => {
  const data = await temporaryFolder()
  t.after(() => rm(data, { recursive: true, force: true }))
  const edits = [...quickHashes, impatient, { file: 'cli/admin-socket.ts', set: { PATIENCE_MS: 20 } }]
  await using server = await openServer({ data, edits })
  for (const begun of ['', '{"words":']) {
    const socket = connect(join(data, 'admin.sock'))
    socket.write(begun)
    assert.equal(await text(socket).catch(() => ''), '')
  }
  assert.equal(server.errors, '')
})

test('a server starts in a folder whose path is too long for a socket', async t => {
  const data = await temporaryFolder()
  t.after(() => rm(data, { recursive: true, force: true }))
  const deep = join(data, 'x'.repeat(100))
  await mkdir(deep)
  await using server = await ServerProcess.spawn({ data: deep })
  await server.listening()
  await patiently(
    () => server.errors.includes('admin.made'),
    () => 'it said nothing',
  )
  await server.register('ana')
})
