// Every operation of the HTTP API, called; what it answers is what its schema says.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { operations } from '../../src/doors/web/api.ts'
import type { Operation } from '../../src/doors/web/operations/operation.ts'
import { validatorOf } from '../../src/wire/validate.ts'
import { openServer } from '../tools/hosted.ts'
import { PASSWORD } from '../tools/line-client.ts'
import type { Server } from '../tools/server.ts'
import { upload } from '../tools/uploading.ts'
import type { Web } from '../tools/web-client.ts'

const called = new Set<string>()

/** Calls the operation; its reply must be what the table says. */
async function operate(
  who: Web,
  id: string,
  { at = {}, ask = '', body }: { at?: Record<string, string | number>; ask?: string; body?: unknown } = {},
) {
  const operation = operations.find(each => each.id === id) ?? assert.fail(`there is no operation ${id}`)
  called.add(id)
  const path = operation.path.replace(/:(\w+)/g, (_, name) => encodeURIComponent(at[name] ?? ''))
  const answer = await who.ask(operation.method, `${path}${ask}`, body)
  check(operation, answer)
  return answer.body
}

function check({ id, reply, status }: Operation, answer: { status: number; body: unknown }): void {
  const said = `${id}: ${answer.status} ${JSON.stringify(answer.body)}`
  if (answer.body === undefined) return assert.ok(answer.status === 204, said)
  assert.equal(answer.status, status ?? 200, said)
  assert.ok(reply, `${id} gives nothing: ${said}`)
  const isDescribed = validatorOf(reply)()
  assert.ok(isDescribed(answer.body), `${said}\n${JSON.stringify(isDescribed.errors)}`)
}

async function two(server: Server): Promise<[Web, Web]> {
  return [await server.web.register('ana'), await server.web.register('beto')]
}

test('registration, log-in, sessions, tokens', async () => {
  await using server = await openServer()
  assert.deepEqual(await operate(server.web, 'askRegistration'), {
    asked: 'nothing',
    shortestPassword: 1,
    first: true,
  })
  const registration = { name: 'Ana', username: 'ana', password: PASSWORD }
  const { token } = await operate(server.web, 'register', { body: registration })
  const ana = server.web.with(token)
  const second = await operate(server.web, 'logIn', { body: { username: 'ANA', password: PASSWORD } })
  assert.equal((await operate(ana, 'getSession')).person.username, 'ana')
  const { code } = await operate(ana, 'offerMove', { body: {} })
  const moved = await operate(server.web, 'goOn', { body: { code } })
  assert.equal(await ana.refused('GET', '/session'), 'not-logged-in', 'it goes on under another token')
  const on = server.web.with(moved.token)
  const bot = await operate(on, 'issueToken', { body: { name: 'bot', scope: 'write', room: 1, days: 30 } })
  const { sessions } = await operate(on, 'listSessions')
  assert.equal(sessions.length, 3)
  assert.deepEqual(sessions.at(-1)?.token.grant, { scope: 'write', room: 1 })
  await operate(on, 'endSession', { at: { session: bot.session } })
  assert.equal(await server.web.with(bot.token).refused('GET', '/session'), 'not-logged-in')
  await operate(on, 'logOut')
  assert.equal(await on.refused('GET', '/session'), 'not-logged-in')
  assert.equal((await operate(server.web.with(second.token), 'getSession')).grant.scope, 'admin')
  const third = await server.web.logIn('ana')
  assert.deepEqual(await operate(third, 'endOtherSessions'), { ended: 1 })
  assert.equal(await server.web.with(second.token).refused('GET', '/session'), 'not-logged-in')
})

test("people: one's own profile, others', all accounts", async () => {
  await using server = await openServer()
  const [ana, beto] = await two(server)
  const amended = await operate(beto, 'amendProfile', { body: { status: 'en clase', language: 'en' } })
  assert.equal(amended.status, 'en clase')
  assert.equal((await operate(ana, 'getPerson', { at: { username: 'beto' } })).presence, 'offline')
  await operate(ana, 'block', { at: { username: 'beto' } })
  assert.equal((await operate(ana, 'listBlocked')).people[0].username, 'beto')
  await operate(ana, 'unblock', { at: { username: 'beto' } })
  assert.deepEqual((await operate(ana, 'listBlocked')).people, [])
  assert.equal((await operate(ana, 'listPeople')).people.length, 2)
  assert.equal(await beto.refused('GET', '/people'), 'forbidden')
  await operate(ana, 'setRole', { at: { username: 'beto' }, body: { role: 'bot' } })
  assert.equal((await operate(beto, 'getSession')).person.role, 'bot', 'he is told at once')
  const password = await operate(ana, 'makeLoginCode', { at: { username: 'beto' }, body: {} })
  assert.match(password.code, /^([a-z2-9]{4}-){2}[a-z2-9]{4}$/)
  const [one] = (await operate(ana, 'listSessionsOf', { at: { username: 'beto' } })).sessions
  const found = await operate(ana, 'listPeople', { ask: '?text=BÉTO&role=bot&state=active' })
  assert.deepEqual([found.people.length, found.people[0].codeUntil], [1, password.until])
  const rows = [{ first: 'Zoé María', last: 'Núñez Ávila' }, { name: 'Beto' }, { name: '' }]
  const plan = await operate(ana, 'checkRoster', { body: { rows } })
  const told = ({ is, username, why }: Record<string, string>) => [is, username, why].join(' ').trim()
  assert.deepEqual(plan.rows.map(told), ['new zoe.nunez', 'there beto', 'refused persona bad-name'])
  const { rows: made } = await operate(ana, 'enroll', {
    body: { rows, rooms: ['general'], key: 'k'.repeat(16) },
  })
  assert.deepEqual(made.map(told), ['made zoe.nunez', 'there beto', 'refused persona bad-name'])
  await operate(ana, 'endSessionOf', { at: { username: 'beto', session: one.id } })
  await operate(ana, 'endSessionsOf', { at: { username: 'beto' } })
  await operate(ana, 'disable', { at: { username: 'beto' }, body: { disabled: true } })
  assert.equal(await beto.refused('GET', '/session'), 'not-logged-in')
  await operate(ana, 'disable', { at: { username: 'beto' }, body: { disabled: false } })
  const { code } = await operate(ana, 'invite', { body: { uses: 2, days: 1 } })
  const addresses = await operate(ana, 'getAddresses')
  assert.match(addresses.line, /^nc localhost \d+$/)
  assert.deepEqual([addresses.isLocal, addresses.registration], [true, 'nothing'])
  assert.equal(await beto.refused('GET', '/server/addresses'), 'not-logged-in')
  assert.deepEqual((await operate(ana, 'redeemInvitation', { at: { code } })).rooms, [])
  assert.equal((await operate(ana, 'listInvitations')).invitations[0].code, code)
  await operate(ana, 'withdrawInvitation', { at: { code } })
  const other = await server.web.logIn('ana')
  await operate(ana, 'changePassword', { body: { before: PASSWORD, after: 'otra clave' } })
  assert.equal(await other.refused('GET', '/session'), 'not-logged-in')
  await operate(ana, 'getSession')
})

test('rooms and their moderation', async () => {
  await using server = await openServer()
  const [ana, beto] = await two(server)
  const club = await operate(ana, 'createRoom', { body: { name: 'club' } })
  const at = { room: 'club', username: 'beto' }
  assert.equal(await beto.refused('GET', `/rooms/${club.id}`), 'not-a-member')
  assert.equal(await beto.refused('GET', '/rooms/999'), 'not-a-member', 'no room is told from one of others')
  assert.equal((await operate(beto, 'addMember', { at })).kind, 'arrival')
  assert.equal((await operate(beto, 'listRooms')).mine.length, 2)
  assert.equal((await operate(beto, 'getRoom', { at })).role, 'member')
  assert.equal((await operate(ana, 'alterRoom', { at, body: { topic: 'todo' } })).value, 'todo')
  await operate(ana, 'alterRoom', { at, body: { slow: 5 } })
  await operate(ana, 'alterRoom', { at, body: { silencedFor: null } })
  await operate(ana, 'alterRoom', { at, body: { silencedFor: 0 } })
  assert.equal(
    await operate(ana, 'alterRoom', { at, body: { topic: 'todo' } }),
    undefined,
    'it was so already',
  )
  assert.equal((await operate(ana, 'alterRoom', { at, body: { name: 'Club2' } })).value, 'Club2')
  at.room = 'club2'
  const { members } = await operate(beto, 'listMembers', { at })
  assert.deepEqual(
    members.map(({ person }: { person: { username: string } }) => person.username),
    ['ana', 'beto'],
  )
  await operate(ana, 'appoint', { at, body: { role: 'moderator' } })
  await operate(ana, 'appoint', { at, body: { role: 'member' } })
  await operate(ana, 'mute', { at, body: { for: 60_000 } })
  await operate(ana, 'mute', { at, body: { for: 0 } })
  await operate(beto, 'setLevel', { at, body: { level: 'mentions' } })
  assert.equal((await operate(beto, 'markRead', { at, body: { seq: 3 } })).seq, 3)
  const { seq } = await ana.do('POST', '/rooms/club2/messages', { text: 'hola' })
  assert.equal((await operate(beto, 'markUnread', { at, body: { seq } })).seq, seq - 1)
  assert.equal((await operate(ana, 'removeMember', { at, ask: '?reason=ruido' })).reason, 'ruido')
  await operate(ana, 'addMember', { at })
  assert.equal((await operate(beto, 'removeMember', { at })).how, 'left')
  assert.equal((await operate(ana, 'ban', { at, body: { for: null, reason: 'ruido' } })).how, 'banned')
  assert.equal(await beto.refused('PUT', '/rooms/club2/members/beto'), 'banned')
  assert.deepEqual(await operate(ana, 'askIntoRoom', { at }), { asked: true })
  const { asked } = await operate(beto, 'listAsked')
  assert.deepEqual([asked[0].room.name, asked[0].by.username], ['Club2', 'ana'])
  await operate(beto, 'declineRoom', { at })
  assert.deepEqual((await operate(beto, 'listAsked')).asked, [])
  await operate(ana, 'alterRoom', { at, body: { archived: true } })
  assert.equal((await operate(ana, 'openDirectRoom', { body: { people: ['beto'] } })).kind, 'direct')
})

test('roles, mask lists, key, limit and flags', async () => {
  await using server = await openServer()
  const [ana, beto] = await two(server)
  await operate(ana, 'createRoom', { body: { name: 'club' } })
  const at = { room: 'club', username: 'beto', list: 'ban', mask: 'be?o' }
  assert.equal(await beto.refused('GET', '/rooms/club/rules'), 'not-a-member')
  await operate(ana, 'alterRoom', { at, body: { key: 'sésamo' } })
  assert.equal(await beto.refused('PUT', '/rooms/club/members/beto'), 'wrong-key')
  assert.equal(await beto.refused('POST', '/rooms/club/members', { key: 'x' }), 'wrong-key')
  await operate(ana, 'alterRoom', { at, body: { limit: 1 } })
  assert.equal(await beto.refused('POST', '/rooms/club/members', { key: 'sésamo' }), 'room-full')
  await operate(ana, 'alterRoom', { at, body: { limit: 2 } })
  assert.equal((await operate(ana, 'putMask', { at })).mask, 'be?o')
  assert.equal(await operate(ana, 'putMask', { at }), undefined, 'it was so already')
  assert.equal(await beto.refused('POST', '/rooms/club/members', { key: 'sésamo' }), 'banned')
  assert.equal((await operate(ana, 'dropMask', { at })).on, false)
  assert.equal((await operate(beto, 'joinRoom', { at, body: { key: 'sésamo' } })).kind, 'arrival')
  const named = { ...at, list: 'mute', mask: 'Beto' }
  await operate(ana, 'putMask', { at: named })
  assert.equal(await beto.refused('POST', '/rooms/club/messages', { text: 'hola' }), 'muted')
  await operate(ana, 'alterRoom', { at, body: { flag: 'open-topic', on: true } })
  const { masks, ...rules } = await operate(beto, 'getRules', { at })
  assert.deepEqual(rules, {
    kind: 'open',
    silencedUntil: 0,
    slow: 0,
    hours: '',
    call: '',
    key: 'sésamo',
    limit: 2,
    flags: ['open-topic'],
  })
  assert.deepEqual(
    masks.map(({ list, mask, by }: Record<string, string>) => [list, mask, by]),
    [['mute', 'beto', 'ana']],
  )
  assert.equal((await operate(ana, 'appoint', { at, body: { role: 'speaker' } })).before, 'member')
  await operate(beto, 'post', { at, body: { text: 'con voz' } })
  assert.equal(await beto.refused('PATCH', '/rooms/club', { limit: 3 }), 'forbidden')
  assert.equal((await operate(ana, 'alterRoom', { at, body: { kind: 'closed' } })).value, 'closed')
  assert.equal(await ana.refused('PATCH', '/rooms/club', { key: 'a b' }), 'bad-key')
  assert.equal(await ana.refused('PUT', '/rooms/club/masks/ban/a%20b'), 'bad-mask')
  assert.equal(await ana.refused('PUT', '/rooms/club/masks/nada/a'), 'bad-request')
})

test('messages and their history', async () => {
  await using server = await openServer()
  const [ana, beto] = await two(server)
  const at = { room: 'general', seq: 1, emoji: '👍' }
  const before = await operate(beto, 'catchUp', { body: { cursors: [] } })
  assert.equal((await operate(ana, 'post', { at, body: { text: '¿vienes al café?' } })).seq, 1)
  assert.equal((await operate(beto, 'post', { at, body: { text: 'sí', reply: 1 } })).seq, 2)
  assert.equal((await operate(ana, 'edit', { at, body: { text: '¿vienes al teatro?' } })).kind, 'edit')
  assert.equal(await beto.refused('PATCH', '/rooms/general/messages/1', { text: 'no' }), 'not-yours')
  await operate(beto, 'react', { at })
  const { messages } = await operate(beto, 'listMessages', { at })
  assert.deepEqual(messages[0].reactions, [{ emoji: '👍', count: 1, mine: true }])
  assert.equal((await operate(ana, 'getThread', { at })).messages.length, 2)
  const { doors } = await operate(beto, 'getDoors', { at })
  assert.deepEqual(doors[0], { door: 'line', text: 'ana: ¿vienes al teatro?\n' })
  await operate(beto, 'unreact', { at })
  await operate(ana, 'pin', { at })
  assert.equal((await operate(beto, 'listPins', { at })).messages[0].text, '¿vienes al teatro?')
  await operate(ana, 'unpin', { at })
  await operate(ana, 'takePreviewOff', { at, ask: '?url=https%3A%2F%2Fa.example%2F' })
  const search = await operate(ana, 'search', { ask: '?q=TEATRO%20from:ana' })
  assert.deepEqual(search.found[0].hits, [{ from: 11, to: 17 }])
  await operate(ana, 'erase', { at })
  const cursors = before.rooms.map(({ cursor }: { cursor: unknown }) => cursor)
  const { rooms } = await operate(beto, 'catchUp', { body: { cursors } })
  assert.deepEqual(
    rooms[0].events.map(({ kind }: { kind: string }) => kind),
    ['message', 'message', 'edit', 'reaction', 'reaction', 'pin', 'pin', 'deletion'],
  )
})

test('files: what there is space for, an upload, the files of a room', async () => {
  await using server = await openServer()
  const [ana, beto] = await two(server)
  const before = await operate(ana, 'getFileLimits', {})
  assert.deepEqual([before.limits.file, before.used], [1_000_000_000, 0])
  const id = await upload(ana, 'tarea.txt', Buffer.from('uno más uno'))
  const state = await operate(ana, 'getUpload', { at: { id } })
  assert.deepEqual([state.name, state.received, state.file.type], ['tarea.txt', 12, 'text/plain'])
  assert.equal(await beto.refused('GET', `/uploads/${id}`), 'no-such-upload')
  const at = { room: 'general' }
  const posted = await operate(ana, 'post', { at, body: { text: '', attachments: [{ upload: id }] } })
  assert.equal(posted.attachments[0].id, id)
  const { messages } = await operate(beto, 'listFiles', { at, ask: '?kind=other' })
  assert.deepEqual(messages[0].attachments, posted.attachments)
  assert.equal((await operate(ana, 'getFileLimits', {})).used, 12)
})

test('pictures of people and rooms: set, found, removed', async () => {
  await using server = await openServer()
  const [ana, beto] = await two(server)
  const picture = await sharp({ create: { width: 90, height: 90, channels: 3, background: '#777' } })
    .png()
    .toBuffer()
  const send = async (name: string) => ({ upload: await upload(ana, name, picture) })
  const at = { room: 'general' }
  const own = await operate(ana, 'setAvatar', { body: await send('yo.png') })
  const rooms = await operate(ana, 'setRoomAvatar', { at, body: await send('sala.png') })
  assert.notEqual(own.avatar, rooms.avatar, 'the same picture twice')
  const ask = '?people=1,2&rooms=1'
  assert.deepEqual(await operate(beto, 'listAvatars', { ask }), {
    people: [{ person: 1, avatar: own.avatar }],
    rooms: [{ room: 1, avatar: rooms.avatar }],
  })
  assert.equal((await operate(beto, 'getPerson', { at: { username: 'ana' } })).avatar, own.avatar)
  const club = await beto.do('POST', '/rooms', { name: 'club', kind: 'open' })
  const bot = await operate(beto, 'issueToken', {
    body: { name: 'bot', scope: 'read', room: club.id, days: 1 },
  })
  assert.deepEqual(
    (await operate(server.web.with(bot.token), 'listAvatars', { ask })).rooms,
    [],
    'a token reaches one room',
  )
  await operate(ana, 'removeAvatar')
  await operate(ana, 'removeRoomAvatar', { at })
  assert.deepEqual(await operate(beto, 'listAvatars', { ask }), { people: [], rooms: [] })
})

test('hours of a room, its call, and private messages: who may write, and what lists say', async () => {
  await using server = await openServer()
  const [ana, beto] = [await server.web.register('ana'), await server.web.register('beto')]
  const caro = await server.web.register('caro')
  const club = await ana.do('POST', '/rooms', { name: 'club' })
  const at = { room: 'club' }
  await beto.do('POST', '/rooms/club/members', { key: '' })
  const now = new Date()
  const day = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][(now.getUTCDay() + 2) % 7]
  const call = 'https://meet.example/aula'
  await operate(ana, 'alterRoom', { at, body: { hours: `UTC ${day} 7-8` } })
  assert.equal((await operate(ana, 'alterRoom', { at, body: { call } })).value, call)
  const opens = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 2, 7)
  const refused = await beto.ask('POST', '/rooms/club/messages', { text: 'hola' })
  assert.deepEqual([refused.status, refused.body.code, refused.body.opens], [403, 'out-of-hours', opens])
  assert.equal((await ana.do('POST', '/rooms/club/messages', { text: 'hola' })).room, club.id, 'a moderator')
  const { hours, call: listed } = await operate(beto, 'getRoom', { at })
  assert.deepEqual([hours, listed], [`UTC ${day} 07:00-08:00`, call])
  for (const [body, code] of [
    [{ hours: 'UTC mon' }, 'bad-hours'],
    [{ hours: 'Marte/Base mon 7-8' }, 'bad-zone'],
    [{ call: 'javascript:alert(1)' }, 'bad-call'],
    [{ call: `https://meet.example/${'a'.repeat(4096)}` }, 'bad-call'],
  ] as const)
    assert.equal(await ana.refused('PATCH', '/rooms/club', body), code)
  const pair = await operate(beto, 'openDirectRoom', { body: { people: ['caro'] } })
  const withStaff = await operate(beto, 'openDirectRoom', { body: { people: ['ana'] } })
  await beto.do('POST', `/rooms/${pair.id}/messages`, { text: 'entre nosotros' })
  await ana.do('PATCH', '/server/settings', { privateMessages: 'staff' })
  assert.equal(await beto.refused('POST', `/rooms/${pair.id}/messages`, { text: 'más' }), 'private-staff')
  assert.equal(await beto.refused('PATCH', `/rooms/${pair.id}`, { call }), 'private-staff')
  assert.equal(await beto.refused('PUT', `/rooms/${pair.id}/messages/1/reactions/👍`), 'private-staff')
  assert.equal((await caro.do('GET', `/rooms/${pair.id}/messages`)).messages[0].text, 'entre nosotros')
  assert.equal(
    (await operate(beto, 'openDirectRoom', { body: { people: ['caro'] } })).id,
    pair.id,
    'to read it',
  )
  assert.equal(await caro.refused('POST', '/direct', { people: ['beto', 'ana', 'nadie'] }), 'no-such-person')
  await caro.do('POST', '/direct', { people: ['beto', 'ana'] })
  await beto.do('POST', `/rooms/${withStaff.id}/messages`, { text: 'profe' })
  assert.equal((await operate(beto, 'getRoom', { at: { room: withStaff.id } })).staff, true)
  await ana.do('PATCH', '/server/settings', { privateMessages: 'off' })
  assert.equal(await ana.refused('POST', `/rooms/${withStaff.id}/messages`, { text: 'no' }), 'private-off')
  assert.equal(await ana.refused('POST', '/direct', { people: ['caro'] }), 'private-off')
})

test('reports: made, read by those who look after the room, closed', async () => {
  await using server = await openServer()
  const [ana, beto] = [await server.web.register('ana'), await server.web.register('beto')]
  const caro = await server.web.register('caro')
  await beto.do('POST', '/rooms/general/messages', { text: 'insulto' })
  using live = await ana.connect()
  using told = await caro.connect()
  const at = { room: 'general', seq: 1 }
  await operate(caro, 'reportMessage', { at, body: { reason: 'insulta' } })
  assert.equal(await caro.refused('POST', '/rooms/general/messages/1/reports', {}), 'already-reported')
  await live.expectHeard('changed reports')
  assert.equal((await operate(ana, 'getReportNews')).open, 1)
  assert.equal((await operate(beto, 'getReportNews')).open, 0)
  const { reports } = await operate(ana, 'listReports')
  assert.deepEqual([reports[0].by.username, reports[0].messages[0].text], ['caro', 'insulto'])
  assert.deepEqual((await operate(beto, 'listReports')).reports, [])
  await operate(ana, 'closeReport', { at: { report: reports[0].id }, body: { note: 'hablado' } })
  await told.expectHeard('changed reports')
  assert.equal((await operate(caro, 'getReportNews')).reviewed[0].seq, 1)
  await operate(caro, 'readReportNews')
  assert.equal((await operate(ana, 'listReports', { ask: '?closed=true' })).reports[0].closed.note, 'hablado')
})

test('settings of the server: told to everybody at once, changed by admins', async () => {
  await using server = await openServer()
  const [ana, beto] = await two(server)
  using live = await beto.connect()
  assert.equal(live.greetings[0]?.settings.privateMessages, 'everyone')
  const before = await operate(beto, 'getServerSettings')
  assert.equal(before.privateMessages, 'everyone')
  const body = { privateMessages: 'staff' }
  assert.equal(await beto.refused('PATCH', '/server/settings', body), 'forbidden')
  assert.equal(await ana.refused('PATCH', '/server/settings', { privateMessages: 'quizás' }), 'bad-request')
  const after = { ...before, ...body }
  assert.deepEqual(await operate(ana, 'changeServerSettings', { body }), after)
  await live.expectHeard(`settings ${JSON.stringify(after)}`)
})

test('threads, who follows them, and who has reacted', async () => {
  await using server = await openServer()
  const [ana, beto] = await two(server)
  const at = { room: 1, seq: 1, emoji: '🎉' }
  await operate(ana, 'post', { at, body: { text: '¿cuándo?' } })
  const { seq } = await operate(beto, 'post', { at, body: { text: 'hoy', reply: 1, threadOnly: true } })
  await operate(beto, 'post', { at, body: { text: 'a las 10', reply: seq } })
  const thread = await operate(ana, 'getThread', { at: { room: 1, seq } })
  assert.deepEqual(
    thread.messages.map((each: { text: string; threadOnly?: true }) => [each.text, each.threadOnly]),
    [
      ['¿cuándo?', undefined],
      ['hoy', true],
      ['a las 10', true],
    ],
  )
  assert.deepEqual([thread.root, thread.following, thread.unread, thread.more], [1, true, 2, false])
  assert.equal((await operate(ana, 'getThread', { at, ask: '?limit=1' })).more, true)
  const { messages } = await operate(ana, 'listMessages', { at, ask: '?threads=apart' })
  assert.equal(messages.length, 1)
  assert.equal(messages[0].thread.answers, 2)
  const [listed] = (await operate(ana, 'listThreads')).threads
  assert.deepEqual([listed.message.text, listed.last.text, listed.unread], ['¿cuándo?', 'a las 10', 2])
  assert.equal((await operate(ana, 'readThread', { at, body: { seq } })).changed, true)
  assert.equal((await operate(ana, 'getThreadStanding', { at })).unread, 1)
  assert.equal((await operate(ana, 'unfollowThread', { at })).changed, true)
  assert.deepEqual((await operate(ana, 'listThreads')).threads, [])
  assert.equal((await operate(ana, 'followThread', { at })).changed, true)
  assert.equal((await operate(ana, 'followThread', { at })).changed, false)
  assert.equal(await ana.refused('GET', '/rooms/1/messages/99/thread'), 'no-such-message')
  for (const who of [ana, beto]) await operate(who, 'react', { at })
  const first = await operate(ana, 'listReactors', { at, ask: '?limit=1' })
  assert.deepEqual(first, { reactions: [{ emoji: '🎉', person: { id: 1, username: 'ana' } }], more: true })
  const next = `?after=ana&emoji=${encodeURIComponent('🎉')}`
  assert.equal((await operate(ana, 'listReactors', { at, ask: next })).reactions[0].person.username, 'beto')
  assert.equal(await ana.refused('GET', '/rooms/1/messages/1/reactions?after=ana'), 'bad-request')
})

test('teams: made by admins, mentioned, brought into a room', async () => {
  await using server = await openServer()
  const [ana, beto] = await two(server)
  const at = { team: 'equipo3', room: 'club', seq: 1 }
  assert.equal(await beto.refused('POST', '/teams', { name: 'equipo3' }), 'forbidden')
  await operate(ana, 'createTeam', { body: { name: 'equipo3', people: ['beto'] } })
  assert.equal(await ana.refused('POST', '/teams', { name: 'Equipo3' }), 'name-taken')
  assert.equal(await ana.refused('POST', '/teams', { name: 'todos' }), 'reserved-username')
  const { changed } = await operate(ana, 'changeTeam', { at, body: { add: ['ana'] } })
  assert.equal(changed, true)
  assert.equal(await ana.refused('PATCH', '/teams/equipo3/members', { add: ['nadie'] }), 'no-such-person')
  assert.deepEqual((await operate(beto, 'listTeams')).teams, [{ name: 'equipo3', people: 2, mine: true }])
  const { people } = await operate(beto, 'listTeamMembers', { at })
  assert.deepEqual(
    people.map(({ username }: { username: string }) => username),
    ['ana', 'beto'],
  )
  await operate(ana, 'createRoom', { body: { name: 'club', kind: 'closed' } })
  assert.deepEqual(await operate(ana, 'bringTeam', { at }), { come: 1 })
  assert.deepEqual(await operate(ana, 'bringTeam', { at }), { come: 0 })
  await operate(ana, 'post', { at, body: { text: '@equipo3, empezamos' } })
  assert.equal((await operate(beto, 'getRoom', { at })).mentions, 1)
  await operate(ana, 'removeTeam', { at })
  assert.equal(await beto.refused('GET', '/teams/equipo3/members'), 'no-such-team')
})

test('what people keep for themselves: saved messages, sections, hidden conversations', async () => {
  await using server = await openServer()
  const [ana, beto] = await two(server)
  const at = { room: 1, seq: 1, section: 0 }
  await operate(ana, 'post', { at, body: { text: 'la tarea' } })
  await operate(beto, 'save', { at })
  assert.deepEqual(await operate(beto, 'isSaved', { at }), { saved: true })
  assert.deepEqual(await operate(ana, 'isSaved', { at }), { saved: false }, "a list is its person's alone")
  const { saved, more } = await operate(beto, 'listSaved')
  assert.deepEqual([saved.length, saved[0].found.message.text, more], [1, 'la tarea', false])
  await operate(beto, 'unsave', { at })
  assert.deepEqual((await operate(beto, 'listSaved')).saved, [])
  assert.equal(await beto.refused('PUT', '/rooms/1/saved/99'), 'no-such-message')
  const first = await operate(beto, 'addSection', { body: { name: 'Clases' } })
  const second = await operate(beto, 'addSection', { body: { name: 'Club' } })
  at.section = second.id
  await operate(beto, 'changeSection', { at, body: { name: 'Clubes', folded: true, before: first.id } })
  await operate(beto, 'place', { at, body: { favourite: true, section: second.id } })
  assert.deepEqual(await operate(beto, 'getSidebar'), {
    sections: [
      { id: second.id, name: 'Clubes', folded: true },
      { id: first.id, name: 'Clases', folded: false },
    ],
    rooms: [{ room: 1, favourite: true, section: second.id }],
  })
  assert.deepEqual((await operate(ana, 'getSidebar')).sections, [])
  await operate(beto, 'removeSection', { at })
  const { sections, rooms } = await operate(beto, 'getSidebar')
  assert.deepEqual([sections, rooms], [[first], [{ room: 1, favourite: true }]])
  assert.equal(await beto.refused('DELETE', `/me/sections/${second.id}`), 'no-such-section')
  const caro = await server.web.register('caro')
  const group = await operate(ana, 'openDirectRoom', { body: { people: ['beto', 'caro'] } })
  const inGroup = { room: group.id }
  const named = await operate(beto, 'nameGroup', { at: inGroup, body: { title: 'Los tres' } })
  assert.deepEqual([named.kind, named.what, named.value], ['alteration', 'title', 'Los tres'])
  assert.equal((await operate(caro, 'getRoom', { at: inGroup })).name, 'Los tres')
  const isListed = async (who: Web) =>
    (await operate(who, 'listRooms')).mine.some(({ id }: { id: number }) => id === group.id)
  await operate(beto, 'hideConversation', { at: inGroup })
  assert.deepEqual([await isListed(beto), await isListed(caro)], [false, true])
  await operate(beto, 'showConversation', { at: inGroup })
  assert.equal(await isListed(beto), true)
})

test('what is put off: scheduled messages and reminders', async () => {
  await using server = await openServer()
  const [ana, beto] = await two(server)
  const hour = 3_600_000
  const due = Date.now() + hour
  const at = { room: 1, seq: 1, id: 0 }
  const planned = await operate(ana, 'schedule', { at, body: { text: 'mañana, examen', at: due } })
  assert.deepEqual([planned.room, planned.at], [1, due])
  at.id = planned.id
  const change = { text: 'hoy, examen', at: due + hour }
  const amended = await operate(ana, 'amendScheduled', { at, body: change })
  assert.deepEqual(amended, { ...planned, ...change })
  assert.deepEqual((await operate(ana, 'listScheduled')).scheduled, [amended])
  assert.deepEqual((await operate(beto, 'listScheduled')).scheduled, [], 'nobody else learns of it')
  assert.equal(await beto.refused('POST', `/me/scheduled/${at.id}/send`), 'no-such-scheduled')
  assert.equal((await operate(ana, 'sendScheduled', { at })).seq, 1)
  assert.equal((await operate(beto, 'listMessages', { at })).messages[0].text, 'hoy, examen')
  at.id = (await operate(ana, 'schedule', { at, body: { text: 'nada', at: due } })).id
  await operate(ana, 'cancelScheduled', { at })
  assert.deepEqual((await operate(ana, 'listScheduled')).scheduled, [])
  const past = { text: 'tarde', at: 1 }
  assert.equal(await ana.refused('POST', '/rooms/1/scheduled', past), 'bad-time')
  const reminder = await operate(beto, 'remind', { at, body: { at: due, note: 'estudiar' } })
  assert.deepEqual([reminder.seq, reminder.note, reminder.message.text], [1, 'estudiar', 'hoy, examen'])
  at.id = reminder.id
  assert.equal((await operate(beto, 'moveReminder', { at, body: { at: due + hour } })).at, due + hour)
  const { reminders } = await operate(beto, 'listReminders')
  assert.deepEqual(reminders, [{ ...reminder, at: due + hour }])
  assert.deepEqual((await operate(ana, 'listReminders')).reminders, [])
  await operate(beto, 'forgetReminder', { at })
  assert.deepEqual((await operate(beto, 'listReminders')).reminders, [])
})

test('polls: asked, voted in, closed, and who has chosen what', async () => {
  await using server = await openServer()
  const [ana, beto] = await two(server)
  const body = { question: '¿Cuándo?', options: ['lunes', 'martes'], named: true }
  const at = { room: 1, seq: (await operate(ana, 'ask', { at: { room: 1 }, body })).seq }
  const voted = await operate(beto, 'vote', { at, body: { options: [2] } })
  assert.deepEqual(voted.poll, {
    question: '¿Cuándo?',
    options: [
      { text: 'lunes', votes: 0 },
      { text: 'martes', votes: 1 },
    ],
    voters: 1,
    named: true,
    mine: [2],
  })
  const { ballots } = await operate(ana, 'listBallots', { at })
  const chosen = ballots.map(({ option, people }: { option: number; people: { username: string }[] }) => [
    option,
    ...people.map(({ username }) => username),
  ])
  assert.deepEqual(chosen, [[1], [2, 'beto']])
  assert.equal(await beto.refused('PUT', `/rooms/1/polls/${at.seq}/closed`), 'forbidden')
  assert.equal((await operate(ana, 'closePoll', { at })).how, 'closed')
  assert.equal(await beto.refused('PUT', `/rooms/1/polls/${at.seq}/vote`, { options: [1] }), 'poll-closed')
})

test('what happened between the messages, former texts, and what keeps a room in order', async () => {
  await using server = await openServer()
  const [ana, beto] = await two(server)
  await ana.do('PATCH', '/server/settings', { editHistory: 'on' })
  await ana.do('POST', '/rooms', { name: 'club' })
  await beto.do('POST', '/rooms/club/members', { key: '' })
  const at = { room: 'club', seq: 0, username: 'beto' }
  at.seq = (await operate(beto, 'post', { at, body: { text: 'uno' } })).seq
  await operate(beto, 'edit', { at, body: { text: 'dos' } })
  const { versions } = await operate(ana, 'listVersions', { at })
  assert.deepEqual(
    versions.map(({ text }: { text: string }) => text),
    ['uno', 'dos'],
  )
  const { entries, hasOlder, hasNewer } = await operate(beto, 'listHistory', { at })
  const kinds = (events: { kind: string }[]) => events.map(({ kind }) => kind)
  assert.deepEqual(kinds(entries), ['arrival', 'arrival', 'message'])
  assert.deepEqual([entries[2].text, hasOlder, hasNewer], ['dos', false, false])
  const run = await operate(beto, 'listQuiet', { at, ask: `?after=0&upto=${at.seq}` })
  assert.deepEqual([kinds(run.events), run.upto], [['arrival', 'arrival'], at.seq])
  assert.equal((await operate(beto, 'getStanding', { at })).why, undefined)
  await operate(ana, 'mute', { at, body: { for: 60_000, reason: 'ruido' } })
  const { why, until, at: judged } = await operate(beto, 'getStanding', { at })
  assert.equal(why, 'muted')
  assert.ok(until > judged && until <= judged + 60_000)
  await operate(ana, 'ban', { at, body: { for: null, reason: 'más ruido' } })
  assert.equal(await beto.refused('GET', '/rooms/club/bans'), 'not-a-member')
  const [banned] = (await operate(ana, 'listBans', { at })).bans
  assert.deepEqual([banned.person.username, banned.by, banned.reason], ['beto', 'ana', 'más ruido'])
  const lifted = await operate(ana, 'unban', { at })
  assert.deepEqual([lifted.kind, lifted.list, lifted.mask, lifted.on], ['mask', 'ban', 'beto', false])
  assert.deepEqual((await operate(ana, 'listBans', { at })).bans, [])
  const actsIn = async (ask: string) =>
    (await operate(ana, 'listRoomActs', { at, ask })).acts.map(
      (each: { event: { kind: string } }) => each.event,
    )
  assert.deepEqual(kinds(await actsIn('?limit=3')), ['mask', 'removal', 'muting'])
  assert.deepEqual(kinds(await actsIn('?person=beto')), ['removal', 'muting'])
  await operate(ana, 'setRole', { at, body: { role: 'bot' } })
  const [last] = (await operate(ana, 'listActs')).acts
  assert.deepEqual([last.by.username, last.person.username, last.act.kind], ['ana', 'beto', 'role'])
  assert.equal(last.act.value, 'bot')
  assert.equal(await beto.refused('GET', '/acts'), 'forbidden')
})

test('every operation was called', () => {
  assert.deepEqual([...called].sort(), operations.map(({ id }) => id).sort())
})
