// Everybody's turn comes: what costs much takes more turns than one, and few answers wait for who does not take them.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { commands } from '../../src/doors/line/commands/commands.ts'
import { type Edit, impatient, quickHashes } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { Irc } from '../tools/irc-client.ts'
import { patiently } from '../tools/patiently.ts'
import type { Web } from '../tools/web-client.ts'

const [AT_ONCE, PER_SECOND] = [40, 20]
const few: readonly Edit[] = [
  ...quickHashes,
  impatient,
  {
    file: 'core/limits/rate-limit.ts',
    set: { SIZE: `{ capacity: ${AT_ONCE}, perSecond: ${PER_SECOND}, debt: 1000 }` },
  },
  { file: 'doors/line/cost.ts', set: { LINES_PER_TURN: 1 } },
]
const MANY = 60

/** Somebody takes so many turns, if they cost what they should: that lasts. */
async function takes(turns: number, act: () => Promise<unknown>): Promise<void> {
  const began = performance.now()
  await act()
  const took = performance.now() - began
  const least = ((turns - AT_ONCE) / PER_SECOND) * 1000
  assert.ok(took >= least, `${turns} turns in ${took} ms, not ${least}`)
}

/** @param texts of 16 KB each */
async function said(ana: Web, texts: number): Promise<void> {
  for (let i = 0; i < texts; i += 8) {
    const some = Array.from({ length: Math.min(8, texts - i) }, (_, j) => `${i + j} ${'🦉'.repeat(3990)}`)
    await Promise.all(some.map(text => ana.do('POST', '/rooms/1/messages', { text })))
  }
}

test('a long page costs more than one turn', async () => {
  await using server = await openServer({ edits: few })
  const [ana, beto] = [await server.web.register('ana'), await server.web.register('beto')]
  await said(ana, 30)
  let pages = 0
  while ((await beto.ask('GET', '/rooms/1/messages')).status !== 429)
    assert.ok(++pages < AT_ONCE, 'each is half a megabyte')
})

test('a page that is made but not sent costs turns', async () => {
  await using server = await openServer({ edits: few })
  const ana = await server.web.register('ana')
  const beto = await server.web.register('beto')
  const { id } = await ana.do('POST', '/direct', { people: ['beto'] })
  for (let i = 0; i < 10; i++)
    await ana.do('POST', `/rooms/${id}/messages`, { text: `${i} ${'🦉'.repeat(3990)}` })
  const path = `/rooms/${id}/messages`
  const { headers } = await beto.ask('GET', path)
  const known = { 'If-None-Match': headers.get('etag') ?? '' }
  let pages = 0
  for (let { status } = await beto.ask('GET', path, undefined, known); status !== 429; ) {
    assert.equal(status, 304)
    assert.ok(++pages < AT_ONCE / 2, 'each is a sixth of a megabyte')
    status = (await beto.ask('GET', path, undefined, known)).status
  }
})

test('each channel named costs a turn', async () => {
  await using server = await openServer({ edits: few })
  using ana = await Irc.register(server.port, 'ana')
  const names = Array.from({ length: MANY / 2 }, (_, i) => `#!${i}`)
  await takes(MANY, () => ana.ask(`JOIN ${names}`, `PART ${names}`, 'TIME'))
})

test('what is read for an answer costs turns, however short the answer', async () => {
  const everyLine: Edit = { file: 'doors/irc/dispatch.ts', set: { LINES_PER_CHARGE: 1 } }
  await using server = await openServer({ edits: [...few, everyLine] })
  using ana = await Irc.register(server.port, 'ana')
  await ana.ask('JOIN #a,#b,#c,#d,#e')
  for (let i = 0; i < 10; i++) await ana.ask(`PRIVMSG #general :${i}`)
  const ask = async (name: string, times: number, question: string) => {
    using who = await Irc.register(server.port, name)
    await takes(90, () => who.ask(...Array.from({ length: times }, () => question), 'TIME'))
  }
  const longAgo = 'timestamp=2000-01-01T00:00:00.000Z'
  await Promise.all([
    ask('beto', 12, 'WHO *z*'), // five people
    ask('caro', 10, 'LIST #z'), // six rooms
    ask('dora', 7, 'WHOIS ana'), // six rooms, of which one is shared
    ask('eva', 7, `CHATHISTORY LATEST #general timestamp=2100-01-01T00:00:00.000Z 10`), // ten texts
    ask('fede', 7, `CHATHISTORY BETWEEN #general ${longAgo} ${longAgo} 10`),
  ])
})

test('connecting costs a turn at every door, and more with many rooms', async () => {
  const everyRoom: Edit = { file: 'core/sessions/connections.ts', set: { ROOMS_PER_TOKEN: 1 } }
  await using server = await openServer({ edits: [...few, everyRoom] })
  const ana = await server.web.register('ana')
  const beto = await server.web.register('beto')
  const caro = await server.web.register('caro')
  const doors: [Web, () => Promise<void>][] = [
    [ana, async () => (await ana.connect())[Symbol.dispose]()],
    [beto, async () => (await Irc.logIn(server.port, 'beto'))[Symbol.dispose]()],
    [caro, async () => (await server.logIn('caro')).reset()],
  ]
  const often = async ([who, come]: (typeof doors)[number]) =>
    takes(AT_ONCE + 40, async () => {
      for (let i = 0; i < AT_ONCE; i++) await who.do('GET', '/session')
      for (let i = 0; i < 20; i++) await come()
    })
  await Promise.all(doors.map(often))
})

test('a long answer at the line door costs more than one turn', async () => {
  await using server = await openServer({ edits: few })
  const ana = await server.register('ana')
  const lines = Object.keys(commands).length
  await takes(2 * lines, async () => {
    for (let i = 0; i < 2; i++) ana.say('/ayuda')
    ana.say('/ver 99')
    await ana.expect('No hay ningún mensaje')
  })
})

test('long texts cost more too', async () => {
  await using server = await openServer({
    edits: few.filter(each => each.file !== 'doors/line/conversation.ts'),
  })
  const ana = await server.register('ana')
  for (let i = 0; i < 20; i++) ana.say(`${i} ${'🦉'.repeat(3990)}`)
  ana.say('/ver 99')
  await ana.expect('No hay ningún mensaje')
  const beto = await server.register('beto')
  await takes(60, async () => {
    for (let i = 0; i < 14; i++) beto.say('/historial 20') // five turns each
    beto.say('/ver 99')
    await beto.expect('No hay ningún mensaje')
  })
})

test('missed messages cost turns each time a room shows them', async () => {
  const fewMissed: Edit = { file: 'doors/line/current-room.ts', set: { MOST_SHOWN: 10 } }
  await using server = await openServer({ edits: [...few, fewMissed] })
  const [ana, away] = [await server.register('ana'), await server.register('beto')]
  ana.say('/crear sala')
  await ana.expect('* Estás en #sala.\n')
  away.say('/unirse sala')
  await away.expect('* Estás en #sala.\n')
  away.reset()
  for (let i = 0; i < 12; i++) ana.say(`mensaje ${i}`)
  ana.say('/ver 99')
  await ana.expect('No hay ningún mensaje')
  const beto = await server.logIn('beto')
  await takes(80, async () => {
    for (let i = 0; i < 8; i++) {
      beto.say('/unirse sala') // ten lines each, since more than those are missed
      beto.say('/unirse general')
    }
    beto.say('/ver 99')
    await beto.expect('No hay ningún mensaje')
  })
})

/** Asks for pages that fill what the kernels hold for it, and takes none of them. */
async function deaf(web: Web, room: string): Promise<Socket> {
  const { hostname, port } = new URL(web.origin)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.pause()
  const ask = `GET ${room} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${web.token}\r\n\r\n`
  socket.write(ask.repeat(4))
  return socket
}

const patient: Edit = { file: 'doors/web/routes.ts', set: { LONGEST_WAIT_MS: 600_000 } }

test('one person has few responses that are not taken, and others are answered', async t => {
  await using server = await openServer({
    args: ['--no-limits'],
    edits: [...quickHashes, impatient, patient],
  })
  const [ana, beto] = [await server.web.register('ana'), await server.web.register('beto')]
  await said(ana, 200)
  const path = '/api/v1/rooms/1/messages?limit=200'
  const sockets = await Promise.all(Array.from({ length: 8 }, () => deaf(ana, path)))
  t.after(() => sockets.forEach(socket => void socket.destroy()))
  let answered = 0
  let asked = 0
  const ask = async () => {
    asked++
    await ana.do('GET', '/session')
    answered++
  }
  const asking: Promise<void>[] = []
  await patiently(
    async () => {
      asking.push(ask())
      await beto.do('GET', '/session')
      return asked - answered > 3
    },
    () => `${answered} of ${asked} were answered`,
  )
  assert.equal((await beto.ask('GET', '/session')).status, 200)
  sockets[0]?.destroy()
  await Promise.all(asking)
})

/** Somebody who has so many answers under way that nothing more is begun. */
async function busy(web: Web, t: TestContext): Promise<Socket[]> {
  const sockets = await Promise.all(
    Array.from({ length: 8 }, () => deaf(web, '/api/v1/rooms/1/messages?limit=200')),
  )
  t.after(() => sockets.forEach(socket => void socket.destroy()))
  await patiently(
    async () => (await web.ask('GET', '/session')).status === 429,
    () => 'more than eight are answered',
  )
  return sockets
}

test('a request that waits too long for others of the same person is refused', async t => {
  const hurried: Edit = { file: 'doors/web/routes.ts', set: { LONGEST_WAIT_MS: 500 } }
  await using server = await openServer({
    args: ['--no-limits'],
    edits: [...quickHashes, impatient, hurried],
  })
  const [ana, beto] = [await server.web.register('ana'), await server.web.register('beto')]
  await said(ana, 200)
  const [socket] = await busy(ana, t)
  assert.equal(await ana.refused('GET', '/session'), 'too-fast')
  assert.equal((await beto.ask('GET', '/session')).status, 200)
  socket?.destroy()
  await patiently(
    async () => (await ana.ask('GET', '/session')).status === 200,
    () => 'nobody is answered any more',
  )
})

/** How many connections the server has. */
async function connections({ origin }: Web): Promise<number> {
  const text = await (await fetch(`${origin}/metrics`)).text()
  return Number(/^tertulia_connections_of_one_address (\d+)$/m.exec(text)?.[1])
}

test('a client that hangs up keeps its slot while work is done for it', async () => {
  await using server = await openServer({
    edits: [
      ...[...quickHashes, impatient],
      { file: 'doors/web/routes.ts', set: { MOST_ANSWERS: 1, LONGEST_WAIT_MS: 100 } },
      { file: 'core/limits/throttles.ts', set: { LONGEST_WAIT_MS: 600_000 } },
      {
        file: 'core/limits/throttles.ts',
        from: 'attempts: { capacity: 20, perSecond: 1 / 6 }',
        to: 'attempts: { capacity: 1, perSecond: 1e-6 }',
      },
    ],
  })
  const ana = await server.web.register('ana')
  const wrong = { before: 'not mine, surely', after: 'another one' }
  assert.equal(await ana.refused('PUT', '/me/password', wrong), 'wrong-credentials')
  const { hostname, port } = new URL(ana.origin)
  const body = JSON.stringify(wrong)
  const socket = connect(Number(port), hostname)
  socket.write(
    `PUT /api/v1/me/password HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ana.token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
  await patiently(
    async () => (await ana.ask('GET', '/session')).status === 429, // the guess waits for its turn
    () => 'a guess is answered at once',
  )
  const there = await connections(ana)
  socket.resetAndDestroy()
  await patiently(
    async () => (await connections(ana)) < there,
    () => 'it is never noticed',
  )
  assert.equal(await ana.refused('GET', '/session'), 'too-fast')
})
