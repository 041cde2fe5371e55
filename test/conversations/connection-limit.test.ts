// One address cannot take all descriptors: its connections are limited, and those beyond the limit are told so. All of them
// together leave what the server needs.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { impatient, quickHashes } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { MENU } from '../tools/line-client.ts'
import { onceIsEnough } from '../tools/pair.ts'
import { patiently } from '../tools/patiently.ts'
import { binaryHeader } from '../tools/proxied.ts'
import { type Server, startServer } from '../tools/server.ts'

const SENTENCE = 'Son demasiadas conexiones desde tu dirección. Cierra alguna o espera un poco.'
const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
]

/** @param from one of this machine's own addresses */
async function knock(port: number, said: string | Buffer = '', from = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from })
  await once(socket, 'connect')
  if (said.length > 0) socket.write(said)
  return socket
}

/** Everything that the server sends until it ends the connection. */
async function answerTo(port: number, said = '', from?: string): Promise<string> {
  const socket = await knock(port, said, from)
  return text(socket).finally(() => socket.destroy())
}

/** Asked from an address that no test counts. */
async function measure(server: Server, name: string): Promise<number> {
  const request = 'GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
  const page = await answerTo(server.port, request, '127.0.0.3')
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(page)?.[1])
}

async function portsOf(server: Server, count: number): Promise<number[]> {
  const found = () => [...server.console.matchAll(/^También en \S+:(\d+)$/gm)].map(([, port]) => Number(port))
  await patiently(
    () => found().length === count,
    () => server.console,
  )
  return found()
}

test('an address at its limit is refused in its own protocol; other addresses are let in', async () => {
  await using server = await openServer({
    args: [
      ...['--connections-per-address', '3'],
      ...['--listen', 'irc://127.0.0.1:0, line://127.0.0.1:0, http://127.0.0.1:0, irc+ws://127.0.0.1:0'],
    ],
  })
  const [irc = 0, line = 0, web = 0, ircWeb = 0] = await portsOf(server, 4)
  const three = [await server.connect(), await server.connect(), await server.connect()] as const
  for (const each of three) await each.expect(MENU)
  const request = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'
  assert.equal(await answerTo(server.port), `${SENTENCE}\n`, 'a silent nc')
  assert.equal(await answerTo(server.port, 'NICK ana\r\n'), `ERROR :${SENTENCE}\r\n`)
  assert.equal(await answerTo(irc, 'NICK ana\r\n'), `ERROR :${SENTENCE}\r\n`)
  assert.equal(await answerTo(line), `${SENTENCE}\n`)
  for (const port of [server.port, web, ircWeb]) {
    const answer = await answerTo(port, request)
    assert.match(answer, /^HTTP\/1\.1 429 /)
    assert.ok(answer.endsWith(`\r\n\r\n${SENTENCE}\n`), answer)
  }
  const other = await knock(server.port, '', '127.0.0.2')
  assert.equal(String((await once(other, 'data'))[0]), MENU)
  other.destroy()
  three[0].destroy()
  await patiently(
    async () => (await measure(server, 'tertulia_connections_of_one_address')) === 2,
    () => 'nobody has gone',
  )
  assert.equal(await measure(server, 'tertulia_connections_refused_total'), 7)
})

test('the log has it once, not for each connection', { skip: onceIsEnough }, async () => {
  await using server = await openServer({ args: ['--connections-per-address', '1', '--log-level', 'warn'] })
  const only = await server.connect()
  await only.expect(MENU)
  for (let i = 0; i < 5; i++) assert.match(await answerTo(server.port, 'GET / HTTP/1.1\r\n\r\n'), /429/)
  const lines = server.errors.split('\n').filter(each => each.includes('too many connections of one address'))
  assert.equal(lines.length, 1)
  assert.match(lines[0] ?? '', /"address":"127\.0\.0\.1","refused":1,"most":1/)
})

test('behind the PROXY protocol each client is counted, and not the proxy', async () => {
  await using server = await openServer({
    args: [
      ...['--connections-per-address', '1', '--trusted-proxies', '127.0.0.1'],
      ...['--listen', 'line://127.0.0.1:0?proxy'],
    ],
  })
  const [port = 0] = await portsOf(server, 1)
  const header = (address: string) => `PROXY TCP4 ${address} 198.51.100.1 51234 8000\r\n`
  const first = await knock(port, header('203.0.113.7'))
  assert.equal(String((await once(first, 'data'))[0]), MENU)
  const second = await knock(port, header('203.0.113.8'))
  assert.equal(String((await once(second, 'data'))[0]), MENU)
  assert.equal(await answerTo(port, header('203.0.113.7')), `${SENTENCE}\n`)
  // A proxy that listens on IPv6 names those of IPv4 so, too.
  const others = [9, 10].map(last => [...Array(10).fill(0), 255, 255, 203, 0, 113, last])
  const sockets = [first, second]
  for (const each of others) {
    const socket = await knock(port, binaryHeader(0x21, 0x21, [...each, ...Array(20).fill(0)]))
    assert.equal(String((await once(socket, 'data'))[0]), MENU)
    sockets.push(socket)
  }
  assert.equal(await answerTo(port, header('203.0.113.10')), `${SENTENCE}\n`)
  for (const socket of sockets) socket.destroy()
})

test('behind a web proxy WebSockets are counted, each under its client’s address', async () => {
  await using server = await openServer({
    args: [
      '--connections-per-address',
      '2',
      '--trusted-proxies',
      '127.0.0.1',
      '--listen',
      'irc+ws://127.0.0.1:0',
    ],
  })
  const [ircWeb = 0] = await portsOf(server, 1)
  const sockets: Socket[] = []
  const upgrade = async (path: string, address: string, port = server.port) => {
    const lines = [`GET ${path} HTTP/1.1`, 'Host: localhost', ...UPGRADE, `X-Forwarded-For: ${address}`]
    const socket = await knock(port, `${lines.join('\r\n')}\r\n\r\n`)
    sockets.push(socket)
    return String((await once(socket, 'data'))[0]).slice(0, 12)
  }
  assert.equal(await upgrade('/ws', '203.0.113.7'), 'HTTP/1.1 101')
  assert.equal(await upgrade('/irc', '203.0.113.7'), 'HTTP/1.1 101')
  assert.equal(await upgrade('/ws', '203.0.113.7'), 'HTTP/1.1 429')
  assert.equal(await upgrade('/', '203.0.113.7', ircWeb), 'HTTP/1.1 429')
  assert.equal(await upgrade('/ws', '203.0.113.8'), 'HTTP/1.1 101')
  for (const socket of sockets) socket.destroy()
  for (let i = 0; i < 4; i++) await server.web.ask('GET', '/registration')
})

test('a connection that never reads its answer stops counting after a while', {
  skip: onceIsEnough,
}, async () => {
  await using server = await openServer({
    edits: [...quickHashes, impatient, { file: 'doors/web/api.ts', set: { STALLED_MS: 3_000 } }],
    args: ['--connections-per-address', '4'],
  })
  const ana = await server.web.register('ana')
  for (let i = 0; i < 100; i++)
    await ana.do('POST', '/rooms/1/messages', { text: `${i} ${'😀'.repeat(3990)}` })
  const sockets: Socket[] = []
  for (const username of ['beto', 'caro', 'dora', 'eva']) {
    const { token } = await server.web.register(username)
    const ask = `GET /api/v1/rooms/1/messages?limit=100 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`
    const socket = await knock(server.port, ask.repeat(6), '127.0.0.9')
    sockets.push(socket.pause()) // ten million bytes are more than the system takes for it
  }
  const another = async () => {
    const socket = await knock(server.port, '', '127.0.0.9')
    const [said] = await once(socket, 'data')
    socket.destroy()
    return String(said)
  }
  assert.equal(await another(), `${SENTENCE}\n`)
  await patiently(
    async () => (await another()) === MENU,
    () => 'they are there still',
  )
  for (const socket of sockets) socket.destroy()
})

test('a TLS connection that has closed no longer counts', { skip: onceIsEnough }, async () => {
  await using server = await openServer({ args: ['--connections-per-address', '1', '--tls', 'self-signed'] })
  for (let i = 0; i < 3; i++) {
    const answer = async () => {
      const socket = connectTls({ port: server.port, host: '127.0.0.1', rejectUnauthorized: false })
      try {
        return await once(socket, 'data').then(([each]) => String(each), String)
      } finally {
        socket.destroy()
      }
    }
    let last = ''
    await patiently(
      async () => (last = await answer()) === MENU,
      () => `${i}: ${last}`,
    )
  }
})

/** Descriptors of the server below. Addresses have a quarter each. */
const DESCRIPTORS = 512

/** Opens silent connections from many addresses until there is no place for more. @returns those that are open */
async function crowd(server: Server): Promise<Socket[]> {
  const sockets = Array.from({ length: DESCRIPTORS }, (_, i) =>
    connect({ port: server.port, host: '127.0.0.1', localAddress: `127.0.1.${1 + (i % 20)}` }),
  )
  const ended = sockets.map(
    socket => new Promise(resolve => socket.on('error', () => {}).once('close', resolve)),
  )
  await patiently(
    () => server.errors.includes('"descriptors":512,"msg":"no descriptors are left for more connections"'),
    () => server.errors,
    server.exited,
  )
  await Promise.race(ended)
  return sockets
}

test('connections from many addresses leave descriptors for the first search', {
  skip: onceIsEnough,
}, async () => {
  await using server = await startServer({ descriptors: DESCRIPTORS })
  const ana = await server.register('ana')
  const sockets = await crowd(server)
  ana.say('hola')
  ana.say('/buscar hola')
  await ana.expect('ana: *hola*\n')
  for (const each of sockets) each.destroy()
})

test('a reader that can’t start for want of descriptors refuses, and the next search starts it', {
  skip: onceIsEnough,
}, async () => {
  await using server = await startServer({
    descriptors: DESCRIPTORS,
    edits: [...quickHashes, impatient, { file: 'net/descriptors.ts', set: { RESERVE: 3 } }],
  })
  const ana = await server.register('ana')
  const sockets = await crowd(server)
  ana.say('hola')
  for (let i = 0; i < 2; i++) {
    ana.say('/buscar hola')
    await ana.expect('El servidor no llega a lo que guarda.')
  }
  for (const each of sockets) each.destroy()
  await patiently(
    async () => (await measure(server, 'tertulia_connections')) < 10,
    () => 'they are there still',
  )
  ana.say('/buscar hola')
  await ana.expect('ana: *hola*\n')
  assert.equal(server.errors.match(/a thread that reads the store failed/g)?.length, 1)
})
