// Playback of unread messages to clients without chathistory: they stay unread until they have arrived.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Edit } from '../tools/edits.ts'
import { bare, Irc, tagsOf } from '../tools/irc-client.ts'
import { patiently } from '../tools/patiently.ts'
import type { Server } from '../tools/server.ts'
import { HOST, quickServer, source } from './quick-server.ts'

const OLD = { caps: '' }
/** Clients get PINGs often, which confirm what they were sent. */
const ASKING: Edit = { file: 'doors/irc/wire/pings.ts', set: { PING_INTERVAL_MS: 50 } }

/** Sends `count` texts: m1, m2, … */
async function says(irc: Irc, target: string, count: number): Promise<void> {
  for (let i = 1; i <= count; i++) irc.send(`PRIVMSG ${target} :m${i}`)
  await irc.settled()
}

/** Registers people who then leave, so that messages to them are unread. */
async function wasHere(server: Server, username: string): Promise<void> {
  using irc = await Irc.register(server.port, username, OLD)
  irc.send('JOIN #club', 'QUIT')
  await irc.closed
}

interface Standing {
  readonly head: number
  readonly read: number
  readonly unread: number
}

/** How far somebody has read a room, by the web API. */
async function standing(server: Server, username: string, room: number): Promise<Standing> {
  const web = await server.web.logIn(username)
  return (await web.do('GET', `/rooms/${room}`)) as Standing
}

async function becomesRead(server: Server, username: string, room = 1): Promise<void> {
  let now: Standing | undefined
  await patiently(
    async () => (now = await standing(server, username, room)).unread === 0,
    () => `${username} never read room ${room}: ${JSON.stringify(now)}`,
  )
}

function texts(lines: readonly string[], target: string): string[] {
  return lines.flatMap(line => new RegExp(` PRIVMSG ${target} :(.*)$`).exec(bare(line))?.[1] ?? [])
}

/** Waits until that text is the last that has come, from playback or live. */
async function hears(irc: Irc, target: string, last: string): Promise<void> {
  await patiently(
    () => unstamped(texts(irc.lines, target).at(-1) ?? '') === last,
    () => `never heard ${last}, but\n${irc.lines.slice(-10).join('\n')}`,
    irc.closed,
  )
}

const numbered = (count: number, from = 1) => Array.from({ length: count }, (_, i) => `m${from + i}`)
const unstamped = (text: string) => text.replace(/^\[[\d :-]+\] /, '')

test('all unread messages come, oldest first, with times before them, in channels and in private; then they are read everywhere', async t => {
  const server = await quickServer(t)
  using beto = await Irc.register(server.port, 'beto', OLD)
  await beto.ask('JOIN #club')
  await wasHere(server, 'ana')
  await says(beto, '#general', 91)
  await says(beto, '#club', 205)
  await says(beto, 'ana', 3)
  assert.equal((await standing(server, 'ana', 1)).unread, 91)
  using ana = await Irc.logIn(server.port, 'ana', OLD)
  await hears(ana, 'ana', 'm3')
  const heard = (target: string) => texts(ana.lines, target)
  assert.deepEqual(heard('#general').map(unstamped), numbered(91))
  assert.deepEqual(heard('#club').map(unstamped), numbered(205))
  assert.deepEqual(heard('ana').map(unstamped), numbered(3))
  assert.match(heard('#general')[0] ?? '', /^\[\d\d:\d\d\] m1$/)
  for (const room of [1, 2, 3]) await becomesRead(server, 'ana', room)
  beto.send('PRIVMSG #club :y ahora')
  await ana.expect(`${source('beto')} PRIVMSG #club :y ahora`)
  using again = await Irc.logIn(server.port, 'ana', OLD)
  assert.deepEqual(texts(again.lines, '#general'), [], 'it comes once')
})

test('with server-time texts are plain; others show the person’s zone, and the day if it is another', async t => {
  const server = await quickServer(t)
  using beto = await Irc.register(server.port, 'beto', OLD)
  await wasHere(server, 'ana')
  const web = await server.web.logIn('ana')
  const zones = ['Pacific/Kiritimati', 'Pacific/Pago_Pago']
  beto.send('PRIVMSG #general :dos\nlíneas')
  await beto.settled()
  const { messages } = await web.do('GET', '/rooms/1/messages')
  const { at } = messages.at(-1)
  for (const zone of zones) {
    await web.do('PATCH', '/me', { zone })
    using ana = await Irc.logIn(server.port, 'ana', { caps: 'draft/read-marker' })
    const then = Temporal.Instant.fromEpochMilliseconds(Number(new Date(at))).toZonedDateTimeISO(zone)
    const time = then.toPlainTime().toString({ smallestUnit: 'minute' })
    assert.deepEqual(texts(ana.lines, '#general'), [`[${time}] dos`], zone)
  }
  using modern = await Irc.logIn(server.port, 'ana', { caps: 'server-time batch' })
  const line = modern.lines.find(each => / PRIVMSG #general /.test(each)) ?? assert.fail('nothing came')
  assert.ok(tagsOf(line).has('time'))
  assert.equal(bare(line), `${source('beto')} PRIVMSG #general :dos`)
})

test('the time stands before no empty line: like live, none is sent', async t => {
  const server = await quickServer(t)
  await wasHere(server, 'ana')
  const beto = await server.web.register('beto')
  await beto.do('POST', '/rooms/1/messages', { text: 'uno\n\ndos' })
  using ana = await Irc.logIn(server.port, 'ana', OLD)
  await hears(ana, '#general', 'dos')
  assert.deepEqual(texts(ana.lines, '#general').map(unstamped), ['uno', 'dos'])
})

test('of playback to a connection that breaks, what was confirmed is read; the rest comes the next time', async t => {
  const server = await quickServer(t)
  using beto = await Irc.register(server.port, 'beto', OLD)
  await wasHere(server, 'ana')
  await says(beto, '#general', 350)
  const before = await standing(server, 'ana', 1)
  {
    using dying = await Irc.connect(server.port)
    dying.answersPings = false
    dying.send('PASS ana:secreto123', 'NICK ana', 'USER ana 0 * :Ana')
    await dying.expect(/^PING /)
    beto.send('PRIVMSG #general :mientras')
    await beto.settled()
    await dying.settled()
    assert.deepEqual(texts(dying.lines, '#general').map(unstamped), numbered(100), 'no more than it takes')
    assert.equal((await standing(server, 'ana', 1)).read, before.read)
    dying.send(`PONG ${HOST}`)
    await dying.expect(/^PING /)
    assert.deepEqual(texts(dying.lines, '#general').map(unstamped), numbered(200))
  }
  const { read } = await standing(server, 'ana', 1)
  assert.equal(read, before.read + 100)
  using ana = await Irc.logIn(server.port, 'ana', OLD)
  await hears(ana, '#general', 'mientras')
  assert.deepEqual(texts(ana.lines, '#general').map(unstamped), [...numbered(250, 101), 'mientras'])
  await becomesRead(server, 'ana')
})

test('new messages come after the playback', async t => {
  const server = await quickServer(t)
  using beto = await Irc.register(server.port, 'beto', OLD)
  await beto.ask('JOIN #club')
  await wasHere(server, 'ana')
  await says(beto, '#general', 150)
  using ana = await Irc.connect(server.port)
  ana.answersPings = false
  ana.send('PASS ana:secreto123', 'NICK ana', 'USER ana 0 * :Ana')
  await ana.expect(/^PING /)
  beto.send('PRIVMSG #general :y esto', 'PRIVMSG #club :aquí nada espera')
  await ana.expect(`${source('beto')} PRIVMSG #club :aquí nada espera`)
  ana.send('PONG x')
  await ana.expect(`${source('beto')} PRIVMSG #general :y esto`)
  assert.deepEqual(texts(ana.lines, '#general').map(unstamped), [...numbered(150), 'y esto'])
})

test('of too many unread messages the last are shown, with a notice on the rest, which stays unread', async t => {
  const server = await quickServer(t, {
    edits: [
      { file: 'doors/irc/events/unread.ts', set: { MOST_UNREAD: 120, LAST_SHOWN: 5, MOST_COUNTED: 150 } },
    ],
  })
  using beto = await Irc.register(server.port, 'beto', OLD)
  await wasHere(server, 'ana')
  await says(beto, '#general', 200)
  const before = await standing(server, 'ana', 1)
  using ana = await Irc.logIn(server.port, 'ana', OLD)
  assert.deepEqual(texts(ana.lines, '#general').map(unstamped), numbered(5, 196))
  const notice = (text: string) => `:ChanServ!ChanServ@${HOST} NOTICE ana :${text}`
  const left = (count: number | string) =>
    notice(`#general: quedan ${count} mensajes sin leer. Se ven con: /msg ChanServ UNREAD #general`)
  assert.ok(ana.lines.includes(left('más de 150')), ana.lines.join('\n'))
  await says(ana, '#general', 1)
  assert.equal((await standing(server, 'ana', 1)).read, before.read, 'nor does it move by what one says')
  assert.deepEqual(await ana.ask('PRIVMSG ChanServ :UNREAD'), [left('más de 150')])
  ana.send('PRIVMSG ChanServ :UNREAD #general')
  await ana.expect(left(80))
  assert.deepEqual(
    texts(ana.lines, '#general').slice(5).map(unstamped),
    numbered(120),
    'as many as at the beginning, oldest first',
  )
  ana.send('PRIVMSG ChanServ :UNREAD #general')
  await ana.expect(/ PRIVMSG #general :\S+ m200$/)
  await becomesRead(server, 'ana')
  assert.deepEqual(await ana.ask('PRIVMSG ChanServ :UNREAD'), [notice('No hay nada sin leer.')])
  assert.deepEqual(await ana.ask('PRIVMSG ChanServ :UNREAD #nada'), [
    notice('No hay ninguna sala con ese nombre.'),
  ])
})

test('somebody removed from a room during its playback is told, and playback of the other rooms goes on', async t => {
  const server = await quickServer(t)
  using beto = await Irc.register(server.port, 'beto', OLD)
  await beto.ask('JOIN #club')
  await wasHere(server, 'ana')
  await says(beto, '#club', 150)
  await says(beto, 'ana', 3)
  using ana = await Irc.connect(server.port)
  ana.answersPings = false
  ana.send('PASS ana:secreto123', 'NICK ana', 'USER ana 0 * :Ana')
  await ana.expect(/^PING /)
  await beto.ask('KICK #club ana :ruido')
  await ana.expect(`${source('beto')} KICK #club ana ruido`)
  ana.answersPings = true
  ana.send(`PONG ${HOST}`)
  await hears(ana, 'ana', 'm3')
  assert.deepEqual(texts(ana.lines, '#club').map(unstamped), numbered(100))
  assert.deepEqual(await ana.ask('PRIVMSG ChanServ :UNREAD #club'), [
    `:ChanServ!ChanServ@${HOST} NOTICE ana :No hay ninguna sala con ese nombre.`,
  ])
})

test('somebody removed from a room while logging in joins the others', async t => {
  const leaving: Edit = {
    file: 'doors/irc/events/unread.ts',
    from: '.map(each => [each.id, each]))',
    to: `.map(each => [each.id, each]))
        const club = session.person.username === 'ana' && seats.find(({ room }) => room.name === 'club')
        if (club) await deps.chat.rooms.leave(session.person, club.room.id)`,
  }
  const server = await quickServer(t, { edits: [leaving] })
  using beto = await Irc.register(server.port, 'beto', OLD)
  await beto.ask('JOIN #club')
  await wasHere(server, 'ana')
  await says(beto, 'ana', 3)
  await says(beto, '#club', 3)
  using ana = await Irc.logIn(server.port, 'ana', OLD)
  await hears(ana, 'ana', 'm3')
  assert.deepEqual(await ana.ask('PRIVMSG #club :hola'), [`:${HOST} 404 ana #club :No estás en esa sala.`])
})

test('READ marks a room as read', async t => {
  const server = await quickServer(t, {
    edits: [{ file: 'doors/irc/events/unread.ts', set: { MOST_UNREAD: 120 } }],
  })
  using beto = await Irc.register(server.port, 'beto', OLD)
  await wasHere(server, 'ana')
  await says(beto, '#general', 130)
  using ana = await Irc.logIn(server.port, 'ana', OLD)
  assert.ok(ana.lines.some(line => line.endsWith('/msg ChanServ UNREAD #general')))
  assert.match((await ana.ask('PRIVMSG ChanServ :READ #general')).join(), /:No hay nada sin leer\.$/)
  assert.equal((await standing(server, 'ana', 1)).unread, 0)
  assert.match((await ana.ask('CS READ #nada')).join(), /:No hay ninguna sala con ese nombre\.$/)
})

test('live messages to a connection that breaks are unread, except what was confirmed or came before QUIT', async t => {
  const server = await quickServer(t, { edits: [ASKING] })
  using beto = await Irc.register(server.port, 'beto', OLD)
  await wasHere(server, 'ana')
  const goes = async (irc: Irc) => {
    irc.socket.destroy()
    await beto.expect(/^:ana!\S+ QUIT /)
  }
  {
    using ana = await Irc.logIn(server.port, 'ana', OLD)
    ana.answersPings = false
    await says(beto, '#general', 2)
    await ana.expect(/:m2$/)
    await goes(ana)
  }
  assert.equal((await standing(server, 'ana', 1)).unread, 2)
  {
    using ana = await Irc.logIn(server.port, 'ana', OLD)
    await becomesRead(server, 'ana')
    ana.skip()
    await says(beto, '#general', 2)
    await ana.expect(/:m2$/)
    await ana.expect(/^PING /) // an earlier one may come in between
    await ana.settled()
    await goes(ana)
  }
  await becomesRead(server, 'ana')
  using last = await Irc.logIn(server.port, 'ana', OLD)
  last.answersPings = false
  await says(beto, '#general', 2)
  await last.expect(/:m2$/)
  last.send('QUIT')
  await becomesRead(server, 'ana')
})

test('with chathistory only what was fetched is read', async t => {
  const server = await quickServer(t)
  using beto = await Irc.register(server.port, 'beto', OLD)
  await wasHere(server, 'ana')
  await says(beto, '#general', 30)
  const caps = 'batch server-time message-tags draft/chathistory'
  for (const [asked, unread] of [
    ['PING x', 30],
    ['CHATHISTORY LATEST #general * 10', 30],
    ['CHATHISTORY BEFORE #general msgid=1-20 5', 30],
    ['CHATHISTORY LATEST #general * 100', 0],
  ] as const) {
    using ana = await Irc.logIn(server.port, 'ana', { caps })
    await ana.ask(asked)
    ana.send('QUIT')
    await ana.closed
    await patiently(
      async () => (await standing(server, 'ana', 1)).unread === unread,
      () => `${asked} did not leave ${unread}`,
    )
  }
})

test('the PING that asks for a page comes after it, also where the page has a label', async t => {
  const server = await quickServer(t)
  using beto = await Irc.register(server.port, 'beto', OLD)
  await wasHere(server, 'ana')
  await says(beto, '#general', 3)
  for (const caps of ['', 'batch ']) {
    using ana = await Irc.connect(server.port)
    ana.answersPings = false
    ana.send(`CAP REQ :${caps}message-tags labeled-response`, 'PASS ana:secreto123', 'NICK ana')
    ana.send('USER ana 0 * :Ana', '@label=x CAP END')
    await ana.expect(/ 376 /)
    await ana.settled()
    const asked = ana.lines.findIndex(line => line.startsWith('PING '))
    assert.deepEqual(texts(ana.lines.slice(0, asked), '#general').map(unstamped), numbered(3), caps)
    const labels = ana.lines.filter(line => line.startsWith('@label=x'))
    assert.equal(labels.length, caps === '' ? 0 : 1)
  }
})

test('of a page with a PING in its middle nothing is read by the answer to that PING', async t => {
  const pausing: Edit[] = [
    { file: 'doors/irc/replies/history.ts', set: { UNITS_PER_TURN: 1 } },
    {
      file: 'doors/irc/replies/history.ts',
      from: 'await client.socket.ready()',
      to: "if (!('asked' in client.pings)) await new Promise(resolve => Object.assign(client.pings, { asked: resolve }))",
    },
    {
      file: 'doors/irc/wire/pings.ts',
      from: 'this.#sendPing()',
      to: "this.#sendPing(); if ('asked' in this) this.asked()",
    },
  ]
  const server = await quickServer(t, { edits: [ASKING, ...pausing] })
  using beto = await Irc.register(server.port, 'beto', OLD)
  await beto.ask('JOIN #club')
  await wasHere(server, 'ana')
  await says(beto, '#general', 15)
  {
    using ana = await Irc.logIn(server.port, 'ana', { caps: 'batch server-time draft/chathistory' })
    ana.answersPings = false
    ana.send('CHATHISTORY LATEST #general * 100')
    await ana.expect(/ :?m1$/)
    beto.send('PRIVMSG #club :y esto')
    await ana.expect(/^PING /)
    await ana.expect(/ :?m15$/)
    ana.send(`PONG ${HOST}`)
    await ana.settled()
    ana.socket.destroy()
    await beto.expect(/^:ana!\S+ QUIT /)
  }
  await becomesRead(server, 'ana', 2)
  assert.equal((await standing(server, 'ana', 1)).unread, 15)
})

test('new people are shown the last messages', async t => {
  const server = await quickServer(t, {
    edits: [{ file: 'doors/irc/events/unread.ts', set: { LAST_SHOWN: 5 } }],
  })
  using beto = await Irc.register(server.port, 'beto', OLD)
  await says(beto, '#general', 30)
  using ana = await Irc.register(server.port, 'ana', OLD)
  assert.deepEqual(texts(ana.lines, '#general').map(unstamped), numbered(5, 26))
  await becomesRead(server, 'ana')
})

test('two clients of one person get the same playback, even both at once', async t => {
  const server = await quickServer(t)
  using beto = await Irc.register(server.port, 'beto', OLD)
  await wasHere(server, 'ana')
  await says(beto, '#general', 250)
  const both = await Promise.all([1, 2].map(() => Irc.logIn(server.port, 'ana', OLD)))
  for (const each of both) {
    using ana = each
    await hears(ana, '#general', 'm250')
    assert.deepEqual(texts(ana.lines, '#general').map(unstamped), numbered(250))
  }
  await becomesRead(server, 'ana')
})
