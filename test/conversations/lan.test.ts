import assert from 'node:assert/strict'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { ownAddresses } from '../../src/cli/addresses.ts'
import { isPrivate } from '../../src/net/private.ts'
import { addressOf } from '../tools/addresses.ts'
import { quickHashes, shortWaits } from '../tools/edits.ts'
import { freePort } from '../tools/free-port.ts'
import { openServer } from '../tools/hosted.ts'
import { LineClient, MENU, PASSWORD } from '../tools/line-client.ts'
import { patiently } from '../tools/patiently.ts'
import { lacking } from '../tools/programs.ts'
import { ROOT } from '../tools/root.ts'
import { type Server, ServerProcess, temporaryFolder } from '../tools/server.ts'
import { Terminal } from '../tools/tmux.ts'

const near = addressOf('near')
const far = addressOf('far')
after(() => {
  near?.[Symbol.dispose]()
  far?.[Symbol.dispose]()
})

/** The answer to somebody who registers with this code. */
async function registering(server: Server, username: string, code: string): Promise<string> {
  const client = await server.connect()
  for (const line of ['2', username, username, PASSWORD, code]) client.say(line)
  await client.expect('Ingrese su código de registro: ')
  return client.expect('\n')
}

function code(server: Server, which: RegExp): string {
  return which.exec(server.console)?.[1] ?? assert.fail(`no ${which} in ${server.console}`)
}

const CLASS = /código de la clase: (\w{8})\n/
const OWNER = /hace falta este código: (\w{8})\n/

/** The port in the link for browsers. */
function webPortOf({ console }: Server): number {
  return Number(/^Para entrar: http:.*:(\d+)$/m.exec(console)?.[1])
}

test('--lan says where to join, that nothing is encrypted, and both codes', async () => {
  await using server = await openServer({ args: ['--lan'] })
  await server.expect(OWNER)
  const { port } = server
  const addresses = ownAddresses('IPv4')
  const host = addresses.find(isPrivate) ?? addresses[0] ?? '0.0.0.0'
  const [listening, url] = server.console.split('\n')
  assert.equal(listening, `Servidor escuchando en 0.0.0.0:${port}`)
  assert.equal(url, `Para entrar: http://${host}:${webPortOf(server)}`)
  assert.notEqual(webPortOf(server), port)
  assert.ok(server.console.includes(`Para entrar: nc ${host} ${port}\n`))
  assert.equal(server.console.split('en esta red nada va cifrado').length, 2, 'it is said once')
  assert.match(server.console, CLASS)
  assert.ok(!server.console.includes('█'), 'no QR code where nobody looks')
})

test('the web port greets nobody, however silent, and speaks only HTTP', async () => {
  await using server = await openServer({ args: ['--lan'] })
  await server.expect(OWNER)
  const port = webPortOf(server)
  const spare = await LineClient.connect(port)
  const atTheOther = await server.connect()
  await atTheOther.expect(MENU)
  assert.equal(spare.heard, '')
  spare.send('GET /api/v1/registration HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  await spare.expectExactly('HTTP/1.1 200 OK\r\n')
  await spare.closed
  const irc = await LineClient.connect(port)
  irc.send('NICK ana\r\n')
  await irc.expectExactly('HTTP/1.1 400 ')
  await irc.closed
})

test('a default web port that is taken is done without, one that was asked for stops the start', async t => {
  const other = createServer()
  t.after(() => other.close())
  await once(other.listen(0, '0.0.0.0'), 'listening')
  const { port: taken } = other.address() as AddressInfo
  const edits = [...quickHashes, { file: 'config/settings.ts', set: { DEFAULT_WEB_PORT: taken } }]
  {
    await using server = await openServer({ edits, args: ['--lan', '--port', `${await freePort()}`] })
    await server.expect(OWNER)
    assert.equal(webPortOf(server), server.port)
    assert.ok(
      server.console.includes(
        `Sin puerto solo para navegadores (${taken}: ese puerto ya está en uso): entran`,
      ),
    )
  }
  await using refused = await ServerProcess.spawn({ args: ['--lan', '--web-port', `${taken}`] })
  assert.equal(await refused.exited, 1)
  assert.equal(
    refused.errors,
    `No se puede escuchar en http://0.0.0.0:${taken}: ese puerto ya está en uso.\n`,
  )
  await using off = await openServer({ args: ['--lan', '--web-port', 'off'] })
  await off.expect(OWNER)
  assert.equal(webPortOf(off), off.port)
  await using alone = await openServer({ args: ['--web-port', '0'] })
  await alone.expect('Para entrar: nc')
  assert.notEqual(webPortOf(alone), alone.port)
  assert.equal((await fetch(`http://localhost:${webPortOf(alone)}/api/v1/registration`)).status, 200)
})

test('the class code makes members, even before there is an owner; the owner code makes the owner', async () => {
  await using server = await openServer({ args: ['--lan'] })
  await server.expect(OWNER)
  const [ofClass, ofOwner] = [code(server, CLASS), code(server, OWNER)]
  assert.match(await registering(server, 'beto', ofClass.toUpperCase()), /Registro exitoso/)
  assert.match(await registering(server, 'eva', 'nada'), /Ese código no es válido/)
  assert.match(await registering(server, 'ana', ofOwner), /Registro exitoso/)
  assert.match(await registering(server, 'caro', ofOwner), /Ese código no es válido/)
  assert.match(await registering(server, 'dani', ofClass), /Registro exitoso/)
  const database = new DatabaseSync(server.database, { readOnly: true })
  const people = database.prepare('SELECT username, role FROM users ORDER BY id').all()
  database.close()
  assert.deepEqual(
    people.map(({ username, role }) => `${username} ${role}`),
    ['beto member', 'ana owner', 'dani member'],
  )
})

test('the class code gets people in however many others guess at it from the same address', async () => {
  await using server = await openServer({ args: ['--lan'], edits: [...quickHashes, shortWaits] })
  await server.expect(CLASS)
  const register = (username: string, code: string) =>
    server.web.ask('POST', '/people', { name: username, username, password: PASSWORD, code })
  let over = false
  let held = 0
  const guessing = Array.from({ length: 60 }, async () => {
    while (!over) if ((await register('eva', 'nadanada')).status === 429) held++
  })
  await patiently(
    () => held > 0,
    () => 'no wrong code was held back',
  )
  const registered: number[] = []
  for (const username of ['beto', 'caro', 'dani'])
    registered.push((await register(username, code(server, CLASS))).status)
  over = true
  await Promise.all(guessing)
  assert.deepEqual(registered, [201, 201, 201])
})

test('every start has its own class code; with --registration there is none', async () => {
  const codes = new Set<string>()
  for (let start = 0; start < 2; start++) {
    await using server = await openServer({ args: ['--lan'] })
    await server.expect(CLASS)
    codes.add(code(server, CLASS))
  }
  assert.equal(codes.size, 2)
  for (const registration of ['invite', 'closed', 'open']) {
    await using server = await openServer({ args: ['--lan', '--registration', registration] })
    await server.expect(OWNER)
    assert.doesNotMatch(server.console, CLASS, registration)
  }
})

test('this machine is on the local network', async () => {
  await using server = await openServer({ args: ['--lan'] })
  await (await server.connect()).expectExactly(MENU)
})

test('a private address is let in', { skip: !near && 'needs a private address' }, async () => {
  await using server = await openServer({ args: ['--lan'] })
  const client = await LineClient.connect(server.port, near?.address)
  await client.expectExactly(MENU)
  client.destroy()
})

test('any other address is refused, in its own protocol', {
  skip: !far && 'needs an address that is not private',
}, async () => {
  await using server = await openServer({ args: ['--lan', '--lang', 'en'] })
  const web = await fetch(`http://${far?.address}:${server.port}/`)
  assert.equal(web.status, 400)
  const sentence = 'This server accepts connections from its local network only.\n'
  assert.equal(await web.text(), sentence)
  const client = await LineClient.connect(server.port, far?.address)
  await client.expectExactly(sentence)
  client.end()
  await client.closed
})

test('with TLS as well, others may connect encrypted', {
  skip: !far && 'needs an address that is not private',
}, async () => {
  await using server = await openServer({ args: ['--lan', '--tls', 'self-signed'] })
  const client = await LineClient.connectSecurely(server.port, {
    ...(far && { host: far.address }),
    rejectUnauthorized: false,
  })
  await client.expectExactly(MENU)
  client.destroy()
  const plain = await LineClient.connect(server.port, far?.address)
  await plain.expectExactly('Este servidor solo atiende conexiones cifradas')
  plain.destroy()
})

test('--host says where, --lan who', async () => {
  await using server = await openServer({ args: ['--lan', '--host', '127.0.0.1'] })
  await server.expect('La primera cuenta')
  assert.match(server.console, /^Servidor escuchando en 127\.0\.0\.1:/)
  assert.doesNotMatch(server.console, /cifrado|código/, 'nobody else can connect')
})

test('in a terminal the address is shown as a QR code', { skip: lacking('tmux') }, async t => {
  const data = await temporaryFolder()
  t.after(() => rm(data, { recursive: true, force: true }))
  const command = `${process.execPath} ${join(ROOT, 'src/cli/main.js')} --lan --port 0 --data ${data}`
  await using terminal = await Terminal.run(command)
  await terminal.expect('█ ▄▄▄▄▄ █') // two of its corners stand in one line
})
