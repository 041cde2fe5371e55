// Corners of the web door that somebody has fallen into once.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { quickHashes, shortWaits } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { LineClient, PASSWORD } from '../tools/line-client.ts'
import { onceIsEnough } from '../tools/pair.ts'
import type { Server } from '../tools/server.ts'
import { LiveClient, type Web } from '../tools/web-client.ts'

test('an invalid post is refused, and the next one is not', async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  using live = await ana.connect()
  const { client } = live
  await assert.rejects(client.post(1, 'x'.repeat(20_000)), /long-text/)
  await assert.rejects(client.post(1, 'ñ'.repeat(60_000)), /long-text/)
  await assert.rejects(client.post(1, 'x', { key: 'with a space' }), /bad-request/)
  await assert.rejects(client.post(1, 'x', { reply: -1 }), /bad-request/)
  await assert.rejects(client.post(1, ''), /empty-text/)
  assert.equal((await client.post(1, 'hola')).seq, 1)
  assert.equal(live.greetings.length, 1, 'it was never cut off')
})

test('what was posted while there was no connection comes before what is posted on hearing of one', async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  const posts: Promise<unknown>[] = []
  const live = new LiveClient({ server: ana.origin, token: ana.token ?? '' }, () => {
    posts.push(live.client.post(1, 'tres'))
  })
  using _ = live
  for (const each of ['uno', 'dos']) posts.push(live.client.post(1, each))
  await live.expect('tres')
  await Promise.all(posts)
  assert.deepEqual(live.texts(), ['uno', 'dos', 'tres'])
})

test('the same key while its post is under way is the same post', async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  using live = await ana.connect()
  const both = [live.client.post(1, 'una', { key: 'k' }), live.client.post(1, 'una', { key: 'k' })]
  const [one, other] = await Promise.all(both)
  assert.deepEqual(one, other)
})

test('two Hosts are refused, and so are bodies in an encoding that is not understood; a mark before JSON is not', {
  skip: onceIsEnough,
}, async () => {
  await using server = await openServer()
  const ask = (headers: string, body = '') =>
    said(server, `POST /api/v1/session HTTP/1.1\r\n${headers}Connection: close\r\n\r\n${body}`)
  assert.match(await ask('Host: localhost\r\nHost: localhost\r\nContent-Length: 0\r\n'), /^HTTP\/1\.1 400 /)
  const upgrade =
    'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'
  for (const path of ['/ws', '/irc']) {
    const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n${upgrade}\r\n`
    assert.match(await said(server, request), /^HTTP\/1\.1 400 /, path)
  }
  const json = 'Host: localhost\r\nContent-Type: application/json\r\n'
  for (const encoding of ['gzip', 'br', 'identity, gzip'])
    assert.match(
      await ask(`${json}Content-Encoding: ${encoding}\r\nContent-Length: 2\r\n`, '{}'),
      /^HTTP\/1\.1 415 /,
    )
  const body = '\ufeff{"username":"nadie","password":"nada"}'
  const marked = `${json}Content-Encoding: identity\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`
  assert.match(await ask(marked, body), /"wrong-credentials"/)
})

test('responses keep the order of their requests, even those that no HTTP server answers', {
  skip: onceIsEnough,
}, async () => {
  await using server = await openServer({ args: ['--listen', 'irc+ws://127.0.0.1:0'] })
  const host = 'Host: localhost\r\n'
  const upgrade =
    'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'
  const ask = `GET /api/v1/registration HTTP/1.1\r\n${host}\r\n`
  for (const last of [
    `GET /ws HTTP/1.1\r\n${host}${upgrade}\r\n`,
    `GET /irc HTTP/1.1\r\n${host}${upgrade}\r\n`,
    `GET /nothing HTTP/1.1\r\n${host}${upgrade}\r\n`,
    `CONNECT localhost:1 HTTP/1.1\r\n${host}\r\n`,
    `POST /api/v1/session HTTP/1.1\r\n${host}Expect: x\r\nContent-Length: 2\r\n\r\n{}`,
    'GET / HTTP/9\r\n\r\n',
    'no HTTP\r\n\r\n',
  ]) {
    const answers = await said(server, ask + ask + last)
    const codes = Array.from(answers.matchAll(/HTTP\/1\.1 (\d+) /g), ([, code]) => code)
    assert.deepEqual(codes, ['200', '200', '400'], `${last}\n${answers}`)
  }
  const [frame, alone] = ['\x81\x80\0\0\0\0', `GET /ws HTTP/1.1\r\n${host}${upgrade}`]
  const [, ircPort] = /También en \S+:(\d+)\n/.exec(server.console) ?? []
  for (const body of ['Content-Length: 6\r\n\r\n', 'Transfer-Encoding: chunked\r\n\r\n6\r\n']) {
    const end = body.startsWith('T') ? '\r\n0\r\n\r\n' : ''
    assert.match(
      await said(server, `${alone}${body}${frame}${end}`),
      /^HTTP\/1\.1 400 /,
      'a body is no frame',
    )
    assert.match(await said({ port: Number(ircPort) }, `${alone}${body}${frame}${end}`), /^HTTP\/1\.1 426 /)
  }
  const socket = connect(server.port, '127.0.0.1').setEncoding('utf8')
  socket.write(ask)
  assert.match((await once(socket, 'data'))[0], /^HTTP\/1\.1 200 /)
  socket.write(`${alone}Content-Length: 0\r\n\r\n`)
  assert.match((await once(socket, 'data'))[0], /^HTTP\/1\.1 101 /, 'what was answered is past')
  socket.destroy()
})

test('a room whose number JSON cannot hold is no room', { skip: onceIsEnough }, async () => {
  await using server = await openServer()
  const { token } = await server.web.register('ana')
  const web = new WebSocket(`ws://127.0.0.1:${server.port}/ws`)
  await once(web, 'open')
  const heard: string[] = []
  web.on('message', frame => heard.push(String(frame)))
  web.send(JSON.stringify({ type: 'hello', token }))
  web.send('{"type":"post","room":1e400,"text":"hola","key":"k"}')
  await once(web, 'close')
  assert.ok(heard.some(frame => frame.includes('"bad-frame"')))
  assert.ok(!heard.some(frame => frame.includes('"room":null')))
})

test('a QUERY request is answered in HTTP', { skip: onceIsEnough }, async () => {
  await using server = await openServer()
  const request =
    'QUERY /api/v1/people HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'
  assert.match(await said(server, request), /^HTTP\/1\.1 4\d\d /)
})

test('a password that is not Unicode is refused before anything is compared', async () => {
  await using server = await openServer()
  await server.web.register('ana')
  for (const password of ['\ud800\ud800', '\udc00\udc00', '\ufffd\ufffd']) {
    const { body } = await server.web.ask('POST', '/session', { username: 'ana', password })
    assert.equal(body.code, 'garbled-password')
    const account = { name: 'Eva', username: 'eva', password }
    assert.equal((await server.web.ask('POST', '/people', account)).body.code, 'garbled-password')
  }
})

test('a request that offers HTTP/2 is answered', { skip: onceIsEnough }, async () => {
  await using server = await openServer()
  const offer = 'Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n'
  const request = `GET /api/v1/registration HTTP/1.1\r\nHost: localhost\r\n${offer}\r\n`
  assert.match(await said(server, request), /^HTTP\/1\.1 200 /)
})

test('a client that ends its side after a post is answered', { skip: onceIsEnough }, async () => {
  await using server = await openServer()
  const { token } = await server.web.register('ana')
  const body = '{"text":"hola"}'
  const head = `Host: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`
  const request = `POST /api/v1/rooms/1/messages HTTP/1.1\r\n${head}Content-Length: ${body.length}\r\n\r\n${body}`
  assert.match(await said(server, request), /^HTTP\/1\.1 201 [\s\S]*"seq":1/)
})

/** Everything that is answered to somebody who says this and nothing more. */
async function said(server: Pick<Server, 'port'>, request: string): Promise<string> {
  const socket = connect(server.port, '127.0.0.1')
  socket.end(request)
  return text(socket)
}

test('every response forbids sniffing, framing and scripts', { skip: onceIsEnough }, async () => {
  await using server = await openServer()
  for (const path of [
    '/api',
    '/',
    '/nothing',
    '/api/v1/rooms',
    '/api/v1/rooms/%ff',
    '/api/v1/openapi.json',
  ]) {
    const { headers } = await fetch(server.web.origin + path, { redirect: 'manual' })
    assert.match(headers.get('content-security-policy') ?? path, /^default-src 'none'/)
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
    assert.equal(headers.get('referrer-policy'), 'no-referrer', path)
    assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin', path)
  }
  assert.equal((await server.web.ask('GET', '/rooms')).headers.get('www-authenticate'), 'Bearer')
})

test('a page of a direct room is one person’s', async () => {
  await using server = await openServer()
  const [ana, beto] = [await server.web.register('ana'), await server.web.register('beto')]
  const caro = await server.web.register('caro')
  const { id } = await ana.do('POST', '/direct', { people: ['beto', 'caro'] })
  await beto.do('POST', `/rooms/${id}/messages`, { text: 'de beto' })
  const texts = async (who: Web) => {
    const { messages } = await who.do('GET', `/rooms/${id}/messages?before=2`)
    return messages.map((each: { text: string }) => each.text)
  }
  assert.deepEqual(await texts(caro), ['de beto'])
  await ana.do('PUT', '/me/blocks/beto')
  assert.deepEqual(await texts(ana), [])
  await ana.do('DELETE', '/me/blocks/beto')
  assert.deepEqual(await texts(ana), ['de beto'])
})

test('a throttled client gets Retry-After', async () => {
  await using server = await openServer({ edits: [...quickHashes, shortWaits] })
  await server.web.register('ana')
  const wrong = { username: 'ana', password: 'no' }
  const tries = Array.from({ length: 25 }, () => server.web.ask('POST', '/session', wrong))
  const held = (await Promise.all(tries)).filter(({ body }) => body.code === 'too-many-attempts')
  assert.ok(held.length > 0)
  for (const { status, headers } of held) assert.deepEqual([status, headers.get('retry-after')], [429, '15'])
})

test('a browser in which somebody has logged in is not held back by what others guess from the same address', async () => {
  await using server = await openServer({ edits: [...quickHashes, shortWaits] })
  await server.web.register('ana')
  const right = { username: 'ana', password: PASSWORD, cookie: true }
  const { headers } = await server.web.ask('POST', '/session', right)
  const [, device = ''] = headers.getSetCookie()
  assert.match(device, /^tertulia-device=[\w-]{43}; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Lax$/)
  const [mine = ''] = device.split(';')
  const wrong = { username: 'ana', password: 'no' }
  await Promise.all(Array.from({ length: 25 }, () => server.web.ask('POST', '/session', wrong)))
  const logIn = (cookie: string) => server.web.ask('POST', '/session', right, { Cookie: cookie })
  const another = `tertulia-device=${'x'.repeat(43)}`
  assert.equal((await logIn(another)).body.code, 'too-many-attempts', 'nor does it say so who made one up')
  const again = await logIn(mine)
  assert.equal(again.status, 201)
  assert.deepEqual(again.headers.getSetCookie()[1], device, 'it stays the same, and lasts longer')
})

test('rooms that do not exist cost a turn too', async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  const answers = await ana.untilRateLimited('/rooms/nada/messages')
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([404, 429]))
})

test('a wrong method gets the right ones in Allow', { skip: onceIsEnough }, async () => {
  await using server = await openServer()
  const { status, headers } = await server.web.ask('DELETE', '/rooms/1/messages')
  assert.equal(status, 405)
  assert.equal(headers.get('allow'), 'POST, GET')
})

test('of several cookies the one that is a token counts', async () => {
  await using server = await openServer()
  const { token } = await server.web.register('ana')
  const cookies = (Cookie: string) => server.web.ask('GET', '/session', undefined, { Cookie })
  assert.equal((await cookies(`tertulia=garbage; tertulia=${token}`)).status, 200)
  assert.equal((await cookies(`__Host-tertulia=${token}`)).status, 401, 'of an encrypted connection')
})

async function move(web: Web): Promise<string> {
  return (await web.do('POST', '/session/moves', {})).code
}

test('a transferred session leaves no connection behind, and has one code', async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  using one = await ana.connect()
  using other = await ana.connect()
  const old = await move(ana)
  const code = await move(ana)
  assert.equal(await server.web.refused('POST', '/session/moved', { code: old }), 'wrong-code')
  const { token } = await server.web.do('POST', '/session/moved', { code })
  for (const live of [one, other]) {
    await live.until(() => live.client.state.is === 'closed', 'it stays')
    assert.deepEqual(live.client.state, { is: 'closed', why: 'moved' })
  }
  await server.web.with(token).do('GET', '/session')
})

test('a log-in that has to make room for others is over, with its connections', async () => {
  await using server = await openServer({ args: ['--no-limits'] })
  const ana = await server.web.register('ana')
  using live = await ana.connect()
  for (let i = 0; i < 100; i++) await server.web.logIn('ana')
  await live.until(() => live.client.state.is === 'closed', 'it stays')
  assert.deepEqual(live.client.state, { is: 'closed', why: 'revoked' })
})

test('invalid tokens of strangers do not keep out people who are known', async () => {
  await using server = await openServer({ edits: [...quickHashes, shortWaits] })
  const ana = await server.web.register('ana')
  await ana.do('GET', '/session')
  const strange = server.web.with('x'.repeat(43))
  const answers = await strange.untilRateLimited('/session')
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([401, 429]))
  await ana.do('GET', '/session')
})

test("an unblocked person's messages arrive at once", async () => {
  await using server = await openServer()
  const [ana, beto] = [await server.web.register('ana'), await server.web.register('beto')]
  const { id } = await ana.do('POST', '/direct', { people: ['beto'] })
  await ana.do('PUT', '/me/blocks/beto')
  using live = await ana.connect()
  assert.equal(live.greetings[0]?.rooms.find(room => room.id === id)?.hidden, true)
  await beto.do('POST', `/rooms/${id}/messages`, { text: 'nadie me oye' })
  await ana.do('DELETE', '/me/blocks/beto')
  await beto.do('POST', `/rooms/${id}/messages`, { text: 'ahora sí' })
  await live.expect('ahora sí', id)
  assert.deepEqual(live.texts(id), ['ahora sí'])
})

test("changes of one's own settings are sent to every connection, once", async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  await server.web.register('beto')
  await ana.do('POST', '/direct', { people: ['beto'] })
  using one = await ana.connect()
  using other = await (await server.web.logIn('ana')).connect()
  await ana.do('PUT', '/me/blocks/beto')
  await ana.do('PUT', '/me/blocks/beto')
  await ana.do('PUT', '/rooms/general/level', { level: 'nothing' })
  await ana.do('PATCH', '/me', { status: 'en clase' })
  await ana.do('DELETE', '/me/blocks/beto')
  for (const live of [one, other]) {
    const told = () => live.heard.filter(each => each.startsWith('changed'))
    await live.until(() => told().length >= 4, 'it was not told')
    assert.deepEqual(told(), ['changed blocks', 'changed levels', 'changed profile', 'changed blocks'])
  }
})

test('after leaving a room and rejoining at once, the same connection gets its events', async () => {
  await using server = await openServer()
  const [ana, beto] = [await server.web.register('ana'), await server.web.register('beto')]
  await ana.do('POST', '/rooms', { name: 'club' })
  await beto.do('PUT', '/rooms/club/members/beto')
  using live = await beto.connect()
  for (let i = 0; i < 20; i++) {
    await Promise.all([
      beto.do('DELETE', '/rooms/club/members/beto'),
      beto.ask('PUT', '/rooms/club/members/beto'),
    ])
    await beto.ask('PUT', '/rooms/club/members/beto')
    await ana.do('POST', '/rooms/club/messages', { text: `hola ${i}` })
    await live.expect(`hola ${i}`, 2)
  }
  assert.equal(live.greetings.length, 1, 'it was never cut off')
})

test('a token of one room reveals nothing of others', async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  await ana.do('POST', '/rooms', { name: 'club' })
  const { token } = await ana.do('POST', '/me/tokens', { name: 'bot', scope: 'read', room: 2 })
  using bot = await ana.with(token).connect()
  assert.equal(bot.greetings[0]?.people, undefined)
  const line = await LineClient.connect(server.port)
  await line.register('beto')
  await ana.do('POST', '/rooms/1/messages', { text: 'x' })
  await ana.do('PUT', '/rooms/1/read', { seq: 1 })
  await ana.do('POST', '/rooms/2/messages', { text: 'y' })
  await bot.expect('y', 2)
  assert.deepEqual(bot.heard, [])
  line.destroy()
})

test('changing the password keeps this session only', async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  const phone = await server.web.logIn('ana')
  using here = await ana.connect()
  using there = await phone.connect()
  await ana.do('PUT', '/me/password', { before: PASSWORD, after: 'otra' })
  await there.until(() => there.client.state.is === 'closed', 'it stays')
  assert.equal((await here.client.post(1, 'sigo aquí')).seq, 1)
})
