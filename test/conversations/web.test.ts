// Stories through the web door, and across doors.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { WebSocket } from 'ws'
import { impatient, quickHashes } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { patiently } from '../tools/patiently.ts'
import { lacking } from '../tools/programs.ts'
import { startServer } from '../tools/server.ts'
import { LiveClient } from '../tools/web-client.ts'

const run = promisify(execFile)

async function curl(...args: string[]): Promise<string> {
  return (await run('curl', ['-s', ...args])).stdout
}

test('what ana posts by curl, beto reads in netcat, and the reverse', { skip: lacking('curl') }, async () => {
  await using server = await openServer()
  const { token } = await server.web.register('ana')
  const beto = await server.register('beto')
  const messages = `http://localhost:${server.port}/api/v1/rooms/general/messages`
  const mine = ['-H', `Authorization: Bearer ${token}`, messages]
  await curl('--json', '{"text":"hola por curl"}', ...mine)
  await beto.expect('ana: hola por curl\n')
  await curl('-H', 'Content-Type: text/plain', '--data-binary', 'dos\nlíneas', ...mine)
  await beto.expect('ana: dos\nana| líneas\n')
  beto.say('hola por netcat')
  await patiently(
    async () => (await curl(...mine)).includes('hola por netcat'),
    () => 'never in the history',
  )
  const caro = await server.register('caro')
  await caro.expect('ana: hola por curl\nana: dos\nana| líneas\nbeto: hola por netcat\n')
})

test('events in rooms reach all doors live', async () => {
  await using server = await openServer()
  const [caro, ana] = [await server.web.register('caro'), await server.web.register('ana')]
  const beto = await server.register('beto')
  using anas = await ana.connect()
  using caros = await caro.connect()
  await anas.expectHeard('caro online')
  await caro.do('POST', '/rooms', { name: 'club' })
  await caro.do('PUT', '/rooms/club/members/ana')
  await anas.expectHeard('entered club by caro')
  await caros.client.post(2, 'solo aquí')
  await anas.expect('solo aquí', 2)
  anas.client.typing(2)
  await caros.expectHeard('typing 2 ana')
  beto.say('hola')
  await anas.expect('hola')
  await caro.do('PATCH', '/rooms/2/messages/3', { text: 'solo acá' })
  await anas.until(
    () => anas.events.some(event => event.kind === 'edit' && event.text === 'solo acá'),
    'no edit',
  )
  await caro.do('DELETE', '/rooms/club/members/ana')
  await anas.expectHeard('left 2')
  await caros.client.post(2, 'sin ella')
  caros.client.close()
  await beto.expect('Usuario caro se ha desconectado.\n')
  await anas.expectHeard('caro offline')
  assert.ok(!anas.texts(2).includes('sin ella'))
  assert.equal(await ana.refused('GET', '/rooms/2/messages'), 'not-a-member')
})

test('a session is transferred from the line door to the web and back, at the same point', async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  ana.say('/crear club')
  await ana.expect('* Estás en #club.\n')
  beto.say('antes')
  await ana.expect('#general beto: antes\n')
  ana.say('/mover')
  const code = /[a-z0-9]{4}-[a-z0-9]{4}/.exec((await ana.expect('\n')) + ana.heard)?.[0] ?? assert.fail()
  const moved = await server.web.do('POST', '/session/moved', { code })
  await ana.closed
  assert.equal(moved.room, 2)
  beto.say('mientras tanto')
  await beto.expect('')
  const web = server.web.with(moved.token)
  using live = await web.connect({ cursors: moved.cursors })
  await live.expect('mientras tanto')
  assert.deepEqual(live.texts(), ['mientras tanto'], 'what she had read is not told again')
  const { code: back } = await web.do('POST', '/session/moves', { room: 2 })
  beto.say('y ahora')
  await live.expect('y ahora')
  const line = await server.connect()
  line.say(back)
  await live.until(() => live.client.state.is === 'closed', 'the old connection stays')
  assert.deepEqual(live.client.state, { is: 'closed', why: 'moved' })
  beto.say('otra vez aquí')
  await line.expect('#general beto: otra vez aquí\n')
  assert.ok(!line.heard.includes('y ahora'), 'what she had read is not told again')
  assert.equal(await web.refused('GET', '/session'), 'not-logged-in')
})

test('one read position through all doors', async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  const beto = await server.web.register('beto')
  using first = await ana.connect()
  using second = await ana.connect()
  for (const text of ['uno', 'dos', 'tres']) await beto.do('POST', '/rooms/1/messages', { text })
  await first.expect('tres')
  assert.equal((await ana.do('GET', '/rooms/1')).unread, 3, 'delivered is not read')
  first.client.markRead(1, 2)
  await second.expectHeard('read 1 2')
  assert.equal((await ana.do('GET', '/rooms/1')).unread, 1)
  const line = await server.logIn('ana')
  await line.expect('beto: tres\n')
  line.say('salir')
  await line.closed
  await second.expectHeard('read 1 3')
})

test('a revoked token ends: requests and connections, everywhere', async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  const phone = await server.web.logIn('ana')
  using live = await phone.connect()
  const { session } = await phone.do('GET', '/session')
  await ana.do('DELETE', `/me/sessions/${session}`)
  await live.until(() => live.client.state.is === 'closed', 'it stays open')
  assert.deepEqual(live.client.state, { is: 'closed', why: 'revoked' })
  assert.equal(await phone.refused('GET', '/session'), 'not-logged-in')
  using again = phone.start()
  await again.until(() => again.client.state.is === 'closed', 'it got in')
  assert.deepEqual(again.client.state, { is: 'closed', why: 'no-such-session' })
  await assert.rejects(again.client.post(1, 'x'), /no-such-session/)
})

test('a token allows what it was issued for', async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  await ana.do('POST', '/rooms', { name: 'club' })
  const reader = ana.with((await ana.do('POST', '/me/tokens', { name: 'lector', scope: 'read' })).token)
  const bot = ana.with((await ana.do('POST', '/me/tokens', { name: 'bot', scope: 'write', room: 2 })).token)
  await reader.do('GET', '/rooms')
  assert.equal(await reader.refused('POST', '/rooms/1/messages', { text: 'x' }), 'out-of-scope')
  assert.equal(await reader.refused('GET', '/me/sessions'), 'out-of-scope')
  using reading = await reader.connect()
  await assert.rejects(reading.client.post(1, 'x'), /out-of-scope/)
  await bot.do('POST', '/rooms/club/messages', { text: 'soy un bot' })
  for (const path of [
    '/rooms/1/messages',
    '/rooms/999/messages',
    '/rooms/nada/pins',
    '/rooms/general/pins',
    '/rooms',
    '/search?q=x',
  ])
    assert.equal(await bot.refused('GET', path), 'out-of-scope', path)
  using live = await bot.connect()
  assert.deepEqual(
    live.greetings[0]?.rooms.map(({ name }) => name),
    ['club'],
  )
  await assert.rejects(live.client.post(1, 'x'), /out-of-scope/)
  await ana.do('POST', '/rooms/1/messages', { text: 'en general' })
  await ana.do('POST', '/rooms/2/messages', { text: 'en el club' })
  await live.expect('en el club', 2)
  await reading.expect('en general', 1)
  assert.deepEqual(live.texts(1), [])
  await ana.do('POST', '/rooms', { name: 'otra' })
  await reading.expectHeard('entered otra by ana')
  assert.ok(!live.heard.some(each => each.startsWith('entered')))
})

test("pages link to each other, and their ETag follows the room's state", async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  for (let i = 1; i <= 7; i++) await ana.do('POST', '/rooms/1/messages', { text: `${i}` })
  const texts = (body: { messages: { text: string }[] }) => body.messages.map(each => each.text).join('')
  const follow = (headers: Headers, rel: string) =>
    new RegExp(`</api/v1([^>]+)>; rel="${rel}"`).exec(headers.get('link') ?? '')?.[1] ?? ''
  const last = await ana.ask('GET', '/rooms/1/messages?limit=3')
  assert.equal(texts(last.body), '567')
  const older = await ana.ask('GET', follow(last.headers, 'next'))
  assert.equal(texts(older.body), '234')
  const oldest = await ana.ask('GET', follow(older.headers, 'next'))
  assert.equal(texts(oldest.body), '1')
  assert.equal(follow(oldest.headers, 'next'), '')
  assert.equal(texts((await ana.ask('GET', follow(older.headers, 'prev'))).body), '567')
  assert.equal(texts((await ana.ask('GET', '/rooms/1/messages?around=4&limit=3')).body), '345')
  const same = (answer: { headers: Headers }) => ({ 'If-None-Match': answer.headers.get('etag') ?? '' })
  const path = follow(last.headers, 'next')
  assert.equal((await ana.ask('GET', path, undefined, same(older))).status, 304)
  await ana.do('POST', '/rooms/1/messages', { text: '8' })
  assert.equal(
    (await ana.ask('GET', path, undefined, same(older))).status,
    304,
    'what is said later is elsewhere',
  )
  assert.equal((await ana.ask('GET', '/rooms/1/messages?limit=3', undefined, same(last))).status, 200)
  await ana.do('PATCH', '/rooms/1/messages/3', { text: 'x' })
  const changed = await ana.ask('GET', path, undefined, same(older))
  assert.equal(texts(changed.body), '2x4')
  await ana.do('PUT', '/rooms/1/messages/3/reactions/👍')
  const beto = await server.web.register('beto')
  const mine = async (who: typeof ana) => (await who.do('GET', path)).messages[1].reactions[0].mine
  assert.deepEqual([await mine(ana), await mine(beto), await mine(ana)], [true, false, true])
})

test('a page by its time', async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  const said: { seq: number; at: number }[] = []
  for (let i = 1; i <= 5; i++) {
    said.push(await ana.do('POST', '/rooms/1/messages', { text: `${i}` }))
    await patiently(
      () => Date.now() > (said.at(-1)?.at ?? 0),
      () => 'time stands still',
    )
  }
  const page = async (query: string) => {
    const { messages } = await ana.do('GET', `/rooms/general/messages?${query}`)
    return messages.map((each: { text: string }) => each.text).join('')
  }
  const third = said[2]?.at ?? assert.fail()
  assert.equal(await page(`at=${third}&limit=1`), '3')
  assert.equal(await page(`at=${third}&limit=3`), '234')
  assert.equal(await page(`at=${(said[1]?.at ?? 0) + 1}&limit=3`), '234', 'between two, the later one')
  assert.equal(await page('at=0&limit=2'), '12')
  assert.equal(await page(`at=${Number.MAX_SAFE_INTEGER}&limit=4`), '45', 'the last, when nothing is so late')
  for (const wrong of [
    'at=-1',
    'at=1.5',
    'at=',
    'at=NaN',
    'at=1e3',
    'at=9007199254740993',
    'at=1&at=2',
    'at=1&before=2',
  ])
    assert.equal(await ana.refused('GET', `/rooms/1/messages?${wrong}`), 'bad-request', wrong)
  const { headers } = await ana.ask('GET', `/rooms/1/messages?at=${third}&limit=3`)
  assert.match(headers.get('link') ?? '', /before=2&limit=3>; rel="next", .*after=4&limit=3>; rel="prev"/)
})

test('the same idempotency key is one message, whatever happens to it', async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  const post = (body: unknown, key: string) =>
    ana.ask('POST', '/rooms/1/messages', body, { 'Idempotency-Key': key })
  const first = await post({ text: 'una vez' }, 'k1')
  const again = await Promise.all(Array.from({ length: 10 }, () => post({ text: 'una vez' }, 'k1')))
  for (const { body } of again) assert.deepEqual(body, first.body)
  assert.equal((await post({ text: 'otra' }, 'k1')).body.code, 'key-reused')
  assert.equal((await post({ text: 'otra' }, 'ñ'.repeat(3).normalize())).status, 400)
  assert.equal((await ana.do('GET', '/rooms/1/messages')).messages.length, 1)
})

test('a flood is told when to retry', async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  const answers = await ana.untilRateLimited('/session')
  const refused = answers.filter(({ status }) => status === 429)
  assert.ok(answers.length - refused.length >= 300, `${refused.length} of ${answers.length} were refused`)
  assert.match(refused[0]?.headers.get('retry-after') ?? '', /^\d+$/)
  assert.equal(refused[0]?.body.code, 'too-fast')
})

test('a browser logs in by cookie, and only a page of ours may use it', async () => {
  await using server = await openServer()
  await server.web.register('ana')
  const body = { username: 'ana', password: 'secreto123', cookie: true }
  const answer = await server.web.ask('POST', '/session', body, { Origin: server.web.origin })
  assert.equal(answer.body.token, undefined, 'no script reads it')
  const [cookie = ''] = answer.headers.getSetCookie()
  assert.match(cookie, /^tertulia=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/)
  const [pair = ''] = cookie.split(';')
  const mine = { Cookie: `otra=1; ${pair}` }
  assert.equal((await server.web.ask('GET', '/session', undefined, mine)).body.person.username, 'ana')
  const say = (headers: Record<string, string>) =>
    server.web.ask('POST', '/rooms/1/messages', { text: 'x' }, { ...mine, ...headers })
  assert.equal((await say({})).status, 201)
  assert.equal((await say({ Origin: server.web.origin, 'Sec-Fetch-Site': 'same-origin' })).status, 201)
  assert.equal((await say({ Origin: 'https://evil.example' })).body.code, 'foreign-origin')
  assert.equal((await say({ Origin: 'null' })).body.code, 'foreign-origin')
  assert.equal((await say({ 'Sec-Fetch-Site': 'cross-site' })).body.code, 'foreign-origin')
  assert.equal(await upgradeStatus(server.port, { ...mine, Origin: server.web.origin }), 101)
  assert.equal(await upgradeStatus(server.port, { ...mine, Origin: 'https://evil.example' }), 403)
  assert.equal(await upgradeStatus(server.port, { ...mine, Origin: 'null' }), 403)
  const out = await server.web.ask('DELETE', '/session', undefined, mine)
  assert.match(out.headers.get('set-cookie') ?? '', /^tertulia=; Path=\/; Max-Age=0/)
  assert.equal((await server.web.ask('GET', '/session', undefined, mine)).status, 401)
})

async function upgradeStatus(port: number, headers: Record<string, string>): Promise<number> {
  const socket = connect(port, '127.0.0.1')
  const lines = Object.entries({
    Host: `127.0.0.1:${port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`GET /ws HTTP/1.1\r\n${lines.join('')}\r\n`)
  socket.once('data', () => socket.end())
  return Number((await text(socket)).split(' ')[1])
}

test('a cookie opens the WebSocket of a browser', async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  const headers = { Cookie: `tertulia=${ana.token}` }
  using live = await server.web.connect({
    connect: url =>
      new WebSocket(url, { headers, origin: server.web.origin }) as unknown as globalThis.WebSocket,
  })
  assert.equal(live.greetings[0]?.person.username, 'ana')
})

test('people who see somebody connect are seen by them', async () => {
  const from = '      seats = await takeAllSeats(session, {\n'
  const wait = "      if (person.username === 'eco') await new Promise(resolve => setTimeout(resolve, 300))\n"
  const slowly = { file: 'core/sessions/connections.ts', from, to: `${wait}${from}` }
  await using server = await openServer({ edits: [...quickHashes, impatient, slowly] })
  const ana = await server.register('ana')
  const eco = await server.web.register('eco')
  using live = new LiveClient({ server: eco.origin, token: eco.token ?? '' })
  await ana.expect('Usuario eco se ha conectado.\n')
  ana.say('hola, eco')
  await live.expect('hola, eco')
})

test('tokens outlive the server, and a reconnect misses and doubles nothing', async () => {
  await using first = await startServer()
  const ana = await first.web.register('ana')
  const beto = await first.web.register('beto')
  using live = await ana.connect()
  for (const text of ['uno', 'dos']) await beto.do('POST', '/rooms/1/messages', { text })
  await live.expect('dos')
  const { cursors } = live.client
  live.client.close()
  await beto.do('POST', '/rooms/1/messages', { text: 'tres' })
  await first.kill()
  await using second = await openServer({ data: first.data })
  await second.web.with(beto.token ?? '').do('POST', '/rooms/1/messages', { text: 'cuatro' })
  using back = await second.web.with(ana.token ?? '').connect({ cursors })
  await back.expect('cuatro')
  assert.deepEqual(back.texts(), ['tres', 'cuatro'])
  assert.deepEqual(back.resets, [])
  const foreign = cursors.map(cursor => ({ ...cursor, epoch: 'of another database' }))
  using lost = await second.web.with(ana.token ?? '').connect({ cursors: foreign })
  await lost.until(() => lost.resets.includes(1), 'no reset')
  assert.deepEqual(lost.texts(), [])
})

test('messages of blocked people in direct rooms are not sent, and the cursor moves on all the same', async () => {
  await using server = await openServer()
  const [ana, beto] = [await server.web.register('ana'), await server.web.register('beto')]
  const { id } = await ana.do('POST', '/direct', { people: ['beto'] })
  using live = await ana.connect()
  await ana.do('PUT', '/me/blocks/beto')
  await beto.do('POST', `/rooms/${id}/messages`, { text: 'no lo oyes' })
  await ana.do('POST', `/rooms/${id}/messages`, { text: 'hablo sola' })
  await live.expect('hablo sola', id)
  assert.deepEqual(live.texts(id), ['hablo sola'])
  assert.equal(live.client.cursors.find(({ room }) => room === id)?.seq, 2)
})
