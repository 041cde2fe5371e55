// Additional ports (--listen): each has one door.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdir, readlink, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { WebSocket } from 'ws'
import { certificateIn } from '../tools/certificates.ts'
import { impatient, quickHashes } from '../tools/edits.ts'
import { freePort } from '../tools/free-port.ts'
import { openServer } from '../tools/hosted.ts'
import { Irc } from '../tools/irc-client.ts'
import { LineClient, MENU, PASSWORD } from '../tools/line-client.ts'
import { patiently } from '../tools/patiently.ts'
import { Proxied, textHeader } from '../tools/proxied.ts'
import { type Server, ServerProcess, startServer, temporaryFolder } from '../tools/server.ts'

/** The ports that the console names, in the order of --listen. */
async function portsOf(server: Server, count: number): Promise<number[]> {
  await server.expect(new RegExp(`(También en \\S+\\n[^]*){${count}}`))
  return [...server.console.matchAll(/^También en \S+:(\d+)$/gm)].map(([, port]) => Number(port))
}

/** Everything that comes until the other side closes, in whatever way. */
async function heard(socket: Socket): Promise<string> {
  let all = ''
  socket.on('error', () => {}) // reset is closed, too
  socket.setEncoding('utf8').on('data', text => {
    all += text
  })
  await new Promise(resolve => socket.on('close', resolve))
  return all
}

/** Waits for this text. @returns everything that has come by then */
async function upTo(socket: Socket, wanted: string): Promise<string> {
  let all = ''
  socket.setEncoding('utf8').on('data', text => {
    all += text
  })
  await patiently(
    () => all.includes(wanted),
    () => `never heard ${wanted}, but ${all}`,
    once(socket, 'close'),
  )
  return all
}

async function open(port: number, first: string | Buffer): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' })
  await once(socket, 'connect')
  socket.write(first)
  return socket
}

test('a request that never ends is closed, at each port that speaks HTTP, and leaks no descriptor', async () => {
  const edits = [
    ...quickHashes,
    impatient,
    { file: 'doors/web/api.ts', set: { HEADERS_MS: 500 } },
    { file: 'doors/web/body-deadlines.ts', set: { REQUEST_MS: 1_000 } },
    { file: 'doors/web/socket/irc-upgrades.ts', set: { REQUEST_MS: 500 } },
    { file: 'net/say-and-end.ts', set: { LINGER_MS: 500 } },
  ]
  await using server = await startServer({
    edits,
    args: ['--listen', 'http://127.0.0.1:0, irc+ws://127.0.0.1:0', '--web-port', '0'],
  })
  const others = await portsOf(server, 2)
  await server.expect('Para entrar: nc')
  const webPort = Number(/^Para entrar: http:.*:(\d+)$/m.exec(server.console)?.[1])
  await fetch(`http://127.0.0.1:${webPort}/api/v1/registration`, { headers: { connection: 'close' } }) // loads the door
  const begun = 'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
  const halves = [
    begun,
    `${begun}Content-Length: 9\r\n\r\n{`,
    `${begun}Expect: x\r\nContent-Length: 9\r\n\r\n{`,
  ]
  const ports = [server.port, webPort, ...others]
  // Of sockets: meanwhile a thread may begin to read chat.db.
  const descriptors = async () => {
    const all = (await readdir(`/proc/${server.pid}/fd`)).map(each => `/proc/${server.pid}/fd/${each}`)
    const links = await Promise.all(all.map(each => readlink(each).catch(() => '')))
    return links.filter(each => each.startsWith('socket:')).length
  }
  const before = await descriptors()
  // Who never ends their own side is not closed by an answer alone.
  const sockets = ports.flatMap(port =>
    halves.map(half => {
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
      socket.write(half)
      return socket
    }),
  )
  try {
    const answers = sockets.map(async socket => once(socket.setEncoding('utf8'), 'data'))
    for (const [answer] of await Promise.all(answers)) assert.match(answer, /^HTTP\/1\.1 4\d\d /)
    let now = 0
    await patiently(
      async () => (now = await descriptors()) <= before,
      () => `${now} descriptors, and before ${before}`,
    )
  } finally {
    for (const socket of sockets) socket.destroy()
  }
})

test('one port each for IRC, lines, the web and IRC over WebSocket: one chat', async () => {
  await using server = await openServer({
    args: ['--listen', 'irc://127.0.0.1:0, line://127.0.0.1:0, http://127.0.0.1:0, irc+ws://127.0.0.1:0'],
  })
  const [irc = 0, line = 0, web = 0, ircWeb = 0] = await portsOf(server, 4)
  using ana = await Irc.register(irc, 'ana')
  const beto = await LineClient.connect(line)
  await beto.register('beto')
  const answer = await fetch(`http://127.0.0.1:${web}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: 'ana', password: PASSWORD }),
  })
  const { token } = (await answer.json()) as { token: string }
  await fetch(`http://127.0.0.1:${web}/api/v1/rooms/general/messages`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'text/plain' },
    body: 'desde la web',
  })
  await beto.expect('ana: desde la web')
  beto.say('desde las líneas')
  await ana.expect(/:beto!\S+ PRIVMSG #general :desde las líneas$/)
  const socket = new WebSocket(`ws://127.0.0.1:${ircWeb}/como-sea`, ['text.ircv3.net'])
  await once(socket, 'open')
  socket.send('NICK caro')
  socket.send('USER caro 0 * :Caro')
  const [first] = await once(socket, 'message')
  assert.match(String(first), / 001 caro :/)
  socket.terminate()
  beto.destroy()
})

test('a port with one door speaks nothing else, and no web page speaks lines through it', async () => {
  await using server = await openServer({
    args: ['--listen', 'irc://127.0.0.1:0,line://127.0.0.1:0,irc+ws://127.0.0.1:0'],
  })
  const [irc = 0, line = 0, ircWeb = 0] = await portsOf(server, 3)
  for (const port of [irc, line])
    assert.match(
      await heard(await open(port, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')),
      /^HTTP\/1.1 400 /,
    )
  const silent = await LineClient.connect(line)
  await silent.expect(MENU)
  silent.send('NICK eva\n')
  await silent.expect('Opción no válida')
  silent.destroy()
  const request = 'GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
  assert.match(await heard(await open(ircWeb, request)), /^HTTP\/1.1 426 /)
  const foreign = new WebSocket(`ws://127.0.0.1:${ircWeb}/`, { origin: 'https://evil.example' })
  const [error] = await once(foreign, 'error')
  assert.match(String(error), /403/)
  // Whoever says nothing on the port for IRC is no line client.
  const quiet = await open(irc, '')
  quiet.setEncoding('utf8').on('data', text => assert.doesNotMatch(String(text), /1\) Iniciar/))
  quiet.write('ES 1\r\n')
  const [answer] = await once(quiet, 'data')
  assert.match(String(answer), / 451 \* :/)
  quiet.destroy()
})

test('a port for TLS alone: STS sends clients there, and keeps them', async t => {
  const folder = await temporaryFolder()
  t.after(() => rm(folder, { recursive: true, force: true }))
  const files = certificateIn(folder)
  const tls = ['--tls-cert', files.cert, '--tls-key', files.key]
  const free = await freePort()
  await using server = await openServer({
    args: [...tls, '--listen', `ircs://127.0.0.1:${free}`, '--irc-sts', '30'],
  })
  using plain = await Irc.connect(server.port)
  plain.send('CAP LS 302')
  await plain.expect(new RegExp(` LS .*\\bsts=port=${free}$`))
  plain.send('CAP REQ sts', 'CAP LS')
  await plain.expect(/ NAK sts$/)
  const socket = connectTls({ port: free, host: '127.0.0.1', ca: files.ca, servername: 'localhost' })
  await once(socket, 'secureConnect')
  socket.write('CAP LS 302\r\nNICK ana\r\nUSER ana 0 * :Ana\r\n')
  socket.write(`REGISTER * * ${PASSWORD}\r\nCAP END\r\nWHOIS ana\r\n`)
  const all = await upTo(socket, ' 318 ')
  assert.match(all, /\bsts=duration=2592000\r\n/)
  assert.match(all, / 671 ana ana :is using a secure connection\r\n/)
  socket.destroy()
  const nameless = connectTls({ port: free, host: '127.0.0.1', ca: files.ca })
  nameless.write('CAP LS 302\r\nPING fin\r\n')
  assert.doesNotMatch(await upTo(nameless, ' PONG '), /sts/, 'who has not said by which name it came')
  nameless.destroy()
  const naked = await open(free, 'NICK eva\r\n')
  assert.doesNotMatch(await heard(naked), /NICK|001/)
})

test('a trusted proxy names the client’s address in its header; nobody else may', async () => {
  await using server = await openServer({
    args: ['--listen', 'irc://127.0.0.1:0?proxy', '--trusted-proxies', '127.0.0.1', '--registration', 'open'],
  })
  const [port = 0] = await portsOf(server, 1)
  await server.expect(/este código: \w{8}\n/)
  const [, code = ''] = /este código: (\w{8})\n/.exec(server.console) ?? []
  const signed = await open(port, 'PROXY TCP4 192.0.2.77 127.0.0.1 50000 6667\r\nNICK ana\r\n')
  signed.write(`USER ana 0 * :Ana\r\nREGISTER * * ${PASSWORD}\r\nVERIFY ana ${code}\r\n`)
  await upTo(signed, ' JOIN #general')
  const { sessions } = (await (await server.web.logIn('ana')).do('GET', '/me/sessions')) as {
    sessions: { door: string; address: string }[]
  }
  assert.equal(sessions.find(({ door }) => door === 'irc')?.address, '192.0.2.77')
  signed.destroy()
  assert.equal(await heard(await open(port, 'NICK eva\r\nUSER eva 0 * :Eva\r\n')), '', 'no header, no answer')

  await using strict = await openServer({
    args: ['--listen', 'irc://127.0.0.1:0?proxy', '--trusted-proxies', '192.0.2.1'],
  })
  const [other = 0] = await portsOf(strict, 1)
  const forged = await open(other, 'PROXY TCP4 192.0.2.77 127.0.0.1 50000 6667\r\nNICK ana\r\n')
  assert.equal(await heard(forged), '', 'a stranger is not believed')
})

test('the client’s address counts inside TLS as well', async () => {
  const ports = ['https', 'ircs', 'lines'].map(scheme => `${scheme}://127.0.0.1:0?proxy`)
  await using server = await openServer({
    args: [
      ...['--tls', 'self-signed', '--trusted-proxies', '127.0.0.1', '--registration', 'open'],
      ...['--connections-per-address', '2', '--listen', ports.join()],
    ],
  })
  const [web = 0, irc = 0, line = 0] = await portsOf(server, 3)
  const ask = async (port: number, header: Buffer, said: string) => {
    const socket = await Proxied.connectTls(port, header)
    socket.write(said)
    return heard(socket)
  }
  const measures = 'GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
  assert.match(await ask(web, textHeader('10.1.2.3'), measures), /^HTTP\/1\.1 200 /)
  assert.match(await ask(web, textHeader('203.0.113.9'), measures), /^HTTP\/1\.1 404 /)
  const nobody = Buffer.from('PROXY UNKNOWN\r\n')
  assert.match(await ask(web, nobody, measures), /^HTTP\/1\.1 404 /, 'who is not known is not near')
  const forwarded = measures.replace('Host', 'X-Forwarded-For: 10.1.2.3\r\nHost')
  assert.match(await ask(web, nobody, forwarded), /^HTTP\/1\.1 404 /, 'nor believed')
  for (const port of [irc, line])
    assert.match(await ask(port, textHeader('10.1.2.3'), measures), /^HTTP\/1\.1 400 /, 'one door')

  await server.expect(/este código: \w{8}\n/)
  const [, code = ''] = /este código: (\w{8})\n/.exec(server.console) ?? []
  const ana = await Proxied.connectTls(irc, textHeader('192.0.2.77'))
  ana.write(`NICK ana\r\nUSER ana 0 * :Ana\r\nREGISTER * * ${PASSWORD}\r\nVERIFY ana ${code}\r\n`)
  await upTo(ana, ' JOIN #general')
  const beto = await Proxied.connectTls(line, textHeader('192.0.2.77'))
  beto.write(`1\nana\n${PASSWORD}\n`)
  await upTo(beto, 'Bienvenid')
  const { sessions } = (await (await server.web.logIn('ana')).do('GET', '/me/sessions')) as {
    sessions: { door: string; address: string }[]
  }
  const addresses = sessions.map(({ door, address }) => `${door} ${address}`)
  assert.deepEqual(addresses.sort(), ['irc 192.0.2.77', 'line 192.0.2.77', 'web 127.0.0.1'])
  assert.equal(await ask(web, textHeader('192.0.2.77'), measures), '', 'a third connection of that address')
  assert.match(await ask(web, textHeader('192.0.2.78'), measures), /^HTTP\/1\.1 404 /, 'another')
  for (const each of [ana, beto]) each.destroy()
})

test('a port that is taken stops the start, with its name', async () => {
  await using first = await openServer({ args: ['--listen', 'irc://127.0.0.1:0'] })
  const [port] = await portsOf(first, 1)
  await using second = await ServerProcess.spawn({ args: ['--listen', `irc://127.0.0.1:${port}`] })
  assert.equal(await second.exited, 1)
  assert.equal(second.errors, `No se puede escuchar en irc://127.0.0.1:${port}: ese puerto ya está en uso.\n`)
})
