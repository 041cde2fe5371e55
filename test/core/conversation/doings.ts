// Everything that people can do, as steps of a history: the chat does it, and the model says what must come of it.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Level, Role, Room, RoomRole, Seq } from '../../../src/core/model.ts'
import type { Receipt } from '../../../src/core/ports.ts'
import { checkCatchUp, checkHistory, checkList, checkSearch, checkSessions, checkThread } from './checks.ts'
import type { ModelRoom, Refused } from './model-room.ts'
import { NAMES, type World } from './world.ts'

export const WORDS = ['sol', 'mar', 'río', 'luz'] as const
const EMOJI = ['👍', '❤️'] as const
const ROLES: readonly RoomRole[] = ['owner', 'moderator', 'member']
const SERVER_ROLES: readonly Role[] = ['admin', 'member', 'admin', 'guest', 'bot']
const KINDS = ['open', 'closed', 'announcement'] as const
const LEVELS: readonly Level[] = ['everything', 'mentions', 'nothing', 'invisible']
const HOUR = 3_600_000
const MOST_ROOMS = 9
const MOST_SESSIONS = 8

export interface Step {
  readonly do: string
  readonly who: number
  readonly whom: number
  readonly room: number
  readonly n: number
}

interface Doing {
  /** How often it comes, beside the others. */
  readonly weight: number
  run(world: World, step: Step): Promise<void> | void
}

/** One that is about a room. */
function inRoom(weight: number, run: (world: World, room: ModelRoom, step: Step) => Promise<void>): Doing {
  return { weight, run: (world, step) => run(world, roomOf(world, step), step) }
}

function roomOf({ rooms }: World, { room }: Step): ModelRoom {
  return rooms[room % rooms.length] ?? assert.fail()
}

/** Some message that was said, or a seq that is none. */
export function targetIn(room: ModelRoom, n: number): Seq {
  const seqs = [...room.said.keys()]
  if (n % 13 === 0) return (2 ** 32 + 1 + (n % 4)) as Seq // the next room's, if nobody looks
  return (n % 7 === 0 ? room.head + n : (seqs[n % Math.max(1, seqs.length)] ?? 99)) as Seq
}

function textOf(doing: string, { n, whom }: Step): string {
  const [first, second] = [WORDS[n % 4], WORDS[(n >> 2) % 4]]
  if (doing !== 'mention') return `${first} ${second} ${n}`
  return n % 3 === 0 ? `@todos ${first}` : `${first} @${NAMES[whom]}, ${second}`
}

/** Who is disabled is not found by name any more. */
function unknown({ people }: World, whom: number): Refused {
  return people.disabled.has(whom) ? 'no-such-person' : undefined
}

// --- writing ---------------------------------------------------------------------------------------------

async function post(world: World, room: ModelRoom, step: Step, reply?: Seq): Promise<void> {
  const { who } = step
  const [watched] = world.sessionsOf(who)
  const seat = watched?.session.seat(room.id)
  if (!watched || !seat) return
  const text = textOf(step.do, step)
  const { promise, resolve } = Promise.withResolvers<Receipt>()
  world.chat.post(seat, { text, ...(reply !== undefined && { reply }) }, resolve)
  const seen = room.head
  await world.settle()
  const receipt = await promise
  const original = reply === undefined ? undefined : room.said.get(reply)
  const refused =
    room.mayWrite(who, world.now) ??
    room.mustRest(who, world.now) ??
    (reply === undefined ? undefined : room.missing(original))
  assert.equal('refused' in receipt ? receipt.refused : undefined, refused)
  if ('refused' in receipt) return
  room.happened(who)
  assert.equal(receipt.seq, room.head)
  if (room.slow > 0) room.spoke.set(who, world.now)
  watched.own.add(`${room.id} ${room.head}`)
  room.said.set(room.head, {
    seq: room.head,
    author: who,
    text,
    deleted: false,
    root: original?.root ?? room.head,
    reactions: new Set(),
    pinned: false,
    mentions: room.mentioned(who, text),
  })
  const read = Math.max(room.marks.get(who) ?? 0, watched.unshown.get(room.id) ?? seen)
  room.mark(who, read === seen ? room.head : read)
}

const writing: Record<string, Doing> = {
  post: inRoom(4, (world, room, step) => post(world, room, step)),
  mention: inRoom(1, (world, room, step) => post(world, room, step)),
  reply: inRoom(1, (world, room, step) => post(world, room, step, targetIn(room, step.n))),
  edit: inRoom(1, async (world, room, step) => {
    const { who, n } = step
    const target = targetIn(room, n)
    const said = room.said.get(target)
    const text = textOf('post', { ...step, n: n + 1 })
    const notYours = said?.author === who ? undefined : 'not-yours'
    await world.expect(
      () => world.chat.messages.edit(world.person(who), room.id, target, text),
      room.mayWrite(who, world.now) ?? room.missing(said) ?? notYours,
      () => {
        if (!said || said.text === text) return
        said.text = text
        said.mentions = room.mentioned(who, text)
        room.happened(who)
      },
    )
  }),
  erase: inRoom(1, async (world, room, { who, n }) => {
    const target = targetIn(room, n)
    const said = room.said.get(target)
    const forbidden = said?.author === who || room.rank(who) > 1 ? undefined : 'forbidden'
    await world.expect(
      () => world.chat.messages.erase(world.person(who), room.id, target),
      (room.has(who) ? room.missing(said) : 'not-a-member') ?? forbidden,
      () => {
        if (!said) return
        Object.assign(said, { deleted: true, text: '', pinned: false, mentions: new Set() })
        room.happened(who)
      },
    )
  }),
  react: inRoom(1, async (world, room, { who, n }) => {
    const [emoji, on, target] = [EMOJI[n % 2] ?? '', n % 3 !== 0, targetIn(room, n)]
    const said = room.said.get(target)
    await world.expect(
      () => world.chat.messages.react(world.person(who), room.id, target, { emoji, on }),
      room.mayTakePart(who, world.now) ?? room.missing(said),
      () => {
        const key = `${who} ${emoji}`
        if (!said || said.reactions.has(key) === on) return
        if (on) said.reactions.add(key)
        else said.reactions.delete(key)
        room.happened(who)
      },
    )
  }),
  pin: inRoom(1, async (world, room, { who, n }) => {
    const [on, target] = [n % 3 !== 0, targetIn(room, n)]
    const said = room.said.get(target)
    await world.expect(
      () => world.chat.messages.pin(world.person(who), room.id, target, on),
      room.mayModerate(who) ?? room.missing(said),
      () => {
        if (!said || said.pinned === on) return
        said.pinned = on
        room.happened(who)
      },
    )
  }),
}

// --- rooms -----------------------------------------------------------------------------------------------

/** Who opens a room, or brings somebody: guests don't. */
function mayOpen({ people }: World, who: number): Refused {
  return people.disabled.has(who) || people.roles[who] === 'guest' ? 'forbidden' : undefined
}

const goingAbout: Record<string, Doing> = {
  create: {
    weight: 1,
    async run(world, { who, n }) {
      if (world.rooms.length >= MOST_ROOMS) return
      const [kind, name] = [KINDS[n % 3] ?? 'open', `sala${n}`]
      const taken = world.rooms.some(each => each.name === name) ? 'room-taken' : undefined
      await world.expect(
        () => world.chat.lobby.create(world.person(who), name, kind),
        mayOpen(world, who) ?? taken,
        value => {
          const room = world.roomMade({ id: (value as Room).id, kind, name })
          room.roles.set(who, 'owner')
          room.happened(who)
          room.mark(who, 1)
          world.seated(who, room, 1)
        },
      )
    },
  },
  direct: {
    weight: 1,
    async run(world, { who, whom }) {
      const between = world.rooms.find(
        ({ kind, roles }) => kind === 'direct' && roles.has(who) && roles.has(whom),
      )
      const alone = who === whom ? 'no-such-person' : undefined
      await world.expect(
        () => world.chat.lobby.direct(world.person(who), [NAMES[whom] ?? '']),
        unknown(world, whom) ?? alone ?? (between ? undefined : mayOpen(world, who)),
        value => {
          const { id } = value as Room
          if (between) return assert.equal(id, between.id)
          const room = world.roomMade({ id, kind: 'direct', name: `@${id}` })
          for (const each of [who, whom]) {
            room.roles.set(each, 'member')
            world.seated(each, room, 0)
          }
        },
      )
    },
  },
  join: inRoom(2, async (world, room, { who }) => {
    await world.expect(
      () => world.chat.lobby.join(world.person(who), room.id),
      room.mayArrive(who, who, world.now),
      () => arrived(world, room, { whom: who, by: who }),
    )
  }),
  bring: inRoom(1, async (world, room, { who, whom }) => {
    await world.expect(
      () => world.chat.lobby.bring(world.person(who), room.id, NAMES[whom] ?? ''),
      unknown(world, whom) ?? room.mayArrive(who, whom, world.now),
      () => arrived(world, room, { whom, by: who }),
    )
  }),
  leave: inRoom(1, async (world, room, { who }) => {
    const stays = room.id === 1 ? 'everyones' : room.kind === 'direct' ? 'forbidden' : room.mustStay(who)
    await world.expect(
      () => world.chat.lobby.leave(world.person(who), room.id),
      room.has(who) ? stays : 'not-a-member',
      () => room.left(who, who),
    )
  }),
  kick: inRoom(1, (world, room, step) => sendOut(world, room, step, 'kick')),
  ban: inRoom(1, (world, room, step) => sendOut(world, room, step, 'ban')),
}

function arrived(world: World, room: ModelRoom, { whom, by }: { whom: number; by: number }): void {
  room.arrived(whom, by)
  world.seated(whom, room, room.head)
}

async function sendOut(
  world: World,
  room: ModelRoom,
  { who, whom }: Step,
  how: 'kick' | 'ban',
): Promise<void> {
  const absent = how === 'kick' && !room.roles.has(whom) ? 'no-such-person' : undefined
  const judged = absent ?? (room.id === 1 ? 'everyones' : undefined) ?? room.mayDiscipline(who, whom)
  const discipline = { person: NAMES[whom] ?? '', reason: 'porque sí', milliseconds: HOUR }
  await world.expect(
    () => world.chat.lobby[how](world.person(who), room.id, discipline),
    unknown(world, whom) ?? (room.has(who) ? judged : 'not-a-member'),
    () => {
      room.left(whom, who)
      if (how === 'ban') room.bans.set(whom, world.now + HOUR)
    },
  )
}

const keeping: Record<string, Doing> = {
  mute: inRoom(1, async (world, room, { who, whom, n }) => {
    const milliseconds = n % 2 === 0 ? 0 : HOUR
    const until = milliseconds === 0 ? 0 : world.now + HOUR
    const absent = room.roles.has(whom) ? undefined : 'no-such-person'
    await world.expect(
      () => world.chat.lobby.mute(world.person(who), room.id, { person: NAMES[whom] ?? '', milliseconds }),
      unknown(world, whom) ?? (room.has(who) ? (absent ?? room.mayDiscipline(who, whom)) : 'not-a-member'),
      () => {
        if ((room.mutes.get(whom) ?? 0) === until) return
        room.mutes.set(whom, until)
        room.happened(who, whom)
      },
    )
  }),
  silence: inRoom(1, async (world, room, { who, n }) => {
    const milliseconds = n % 2 === 0 ? 0 : HOUR
    const until = milliseconds === 0 ? 0 : world.now + HOUR
    await world.expect(
      () => world.chat.lobby.silence(world.person(who), room.id, milliseconds),
      room.mayQuieten(who),
      () => {
        if (room.silencedUntil !== until) room.happened(who)
        room.silencedUntil = until
      },
    )
  }),
  slow: inRoom(1, async (world, room, { who, n }) => {
    const seconds = n % 3
    await world.expect(
      () => world.chat.lobby.slow(world.person(who), room.id, seconds),
      room.mayQuieten(who),
      () => {
        if (room.slow !== seconds * 1000) room.happened(who)
        room.slow = seconds * 1000
      },
    )
  }),
  appoint: inRoom(1, async (world, room, { who, whom, n }) => {
    const role = ROLES[n % 3] ?? 'member'
    const absent = room.roles.has(whom) ? undefined : 'no-such-person'
    const stays = room.roles.get(whom) === role ? undefined : room.mustStay(whom)
    await world.expect(
      () => world.chat.lobby.appoint(world.person(who), room.id, NAMES[whom] ?? '', role),
      unknown(world, whom) ?? room.mayGovern(who) ?? absent ?? stays,
      () => {
        if (room.roles.get(whom) === role) return
        room.roles.set(whom, role)
        room.happened(who, whom)
      },
    )
  }),
  topic: inRoom(1, async (world, room, { who, n }) => {
    const topic = `tema ${n}`
    await world.expect(
      () => world.chat.lobby.setTopic(world.person(who), room.id, topic),
      room.mayQuieten(who),
      () => {
        if (room.topic !== topic) room.happened(who)
        room.topic = topic
      },
    )
  }),
  rename: inRoom(1, async (world, room, { who, n }) => {
    const name = `sala${n}`
    const taken = world.rooms.some(each => each !== room && each.name === name) ? 'room-taken' : undefined
    await world.expect(
      () => world.chat.lobby.rename(world.person(who), room.id, name),
      room.mayGovern(who) ?? (room.id === 1 ? 'everyones' : taken),
      () => {
        if (room.name !== name) room.happened(who)
        room.name = name
      },
    )
  }),
  archive: inRoom(1, async (world, room, { who, n }) => {
    const on = n % 2 === 0
    await world.expect(
      () => world.chat.lobby.archive(world.person(who), room.id, on),
      room.mayGovern(who) ?? (room.id === 1 ? 'everyones' : undefined),
      () => {
        if (room.archived !== on) room.happened(who)
        room.archived = on
      },
    )
  }),
}

// --- people ----------------------------------------------------------------------------------------------

const people: Record<string, Doing> = {
  connect: {
    weight: 1,
    async run(world, { who }) {
      if (world.sessions.length >= MOST_SESSIONS) return
      const refused = world.people.disabled.has(who) ? 'disabled' : undefined
      await world.expect(() => world.connect(who), refused)
    },
  },
  disconnect: {
    weight: 1,
    run(world, { who, n }) {
      const mine = world.sessionsOf(who)
      const gone = mine[n % Math.max(1, mine.length)]
      if (gone) world.disconnect(gone)
    },
  },
  move: {
    weight: 1,
    async run(world, { who, n }) {
      const mine = world.sessionsOf(who)
      const from = mine[n % Math.max(1, mine.length)]
      if (!from) return
      const code = world.chat.offerMove(from.session, roomOf(world, { who, n, do: '', whom: 0, room: n }).id)
      if (n % 5 === 0) await world.wait(HOUR)
      await world.expect(
        async () => world.connect(who, { from, offer: await world.chat.redeemMove(code, 'there') }),
        n % 5 === 0 ? 'wrong-code' : undefined,
        () => assert.ok(!world.sessions.includes(from), 'it goes on in one place only'),
      )
      await world.expect(() => world.chat.redeemMove(code, 'there'), 'wrong-code')
    },
  },
  revoke: {
    weight: 1,
    async run(world, { who, whom, n }) {
      const [from] = world.sessionsOf(whom)
      const id = from?.session.id
      if (n % 3 !== 0 || !from || id === undefined) return
      await world.expect(
        () => world.chat.accounts.revoke(world.person(who), id),
        who === whom ? undefined : 'no-such-session',
        () => assert.ok(!world.sessions.includes(from)),
      )
    },
  },
  block: {
    weight: 1,
    async run(world, { who, whom, n }) {
      const on = n % 3 !== 0
      await world.expect(
        () => world.chat.accounts.block(world.person(who), NAMES[whom] ?? '', on),
        who === whom ? 'oneself' : undefined,
        () => world.people.block(who, whom, on),
      )
    },
  },
  role: {
    weight: 2,
    async run(world, { who, whom, n }) {
      const role = SERVER_ROLES[n % 5] ?? 'member'
      await world.expect(
        () => world.chat.accounts.setRole(world.person(who).id, NAMES[whom] ?? '', role),
        world.people.mayRule(who, whom) ??
          (role === 'admin' && !world.people.isAdmin(who) ? 'forbidden' : world.people.mustStay(whom)),
        () => {
          world.people.roles[whom] = role
        },
      )
    },
  },
  disable: {
    weight: 1,
    async run(world, { who, whom, n }) {
      const on = n % 3 === 0
      await world.expect(
        () => world.chat.accounts.disable(world.person(who).id, NAMES[whom] ?? '', on),
        world.people.mayRule(who, whom) ?? (on ? world.people.mustStay(whom) : undefined),
        () => {
          if (on) world.people.disabled.add(whom)
          else world.people.disabled.delete(whom)
          if (on) assert.deepEqual(world.sessionsOf(whom), [], 'all its sessions ended')
        },
      )
    },
  },
  level: inRoom(1, async (world, room, { who, n }) => {
    const level = LEVELS[n % 4] ?? 'everything'
    await world.expect(
      () => world.chat.lobby.setLevel(world.person(who), room.id, level),
      room.has(who) ? undefined : 'not-a-member',
      () => room.levels.set(who, level),
    )
  }),
}

const reading: Record<string, Doing> = {
  read: {
    weight: 1,
    async run(world, { who }) {
      const [watched] = world.sessionsOf(who)
      if (!watched) return
      await world.chat.markShown(watched.session)
      for (const id of watched.next.keys()) {
        const room = world.room(id)
        room.mark(who, watched.unshown.get(id) ?? room.head)
      }
    },
  },
  history: inRoom(1, checkHistory),
  thread: inRoom(1, checkThread),
  catchUp: { weight: 1, run: (world, { who, n }) => checkCatchUp(world, who, n) },
  search: { weight: 1, run: (world, { who, n }) => checkSearch(world, who, n) },
  list: { weight: 1, run: (world, { who }) => checkList(world, who) },
  sessions: { weight: 1, run: (world, { who }) => checkSessions(world, who) },
  wait: { weight: 1, run: (world, { n }) => world.wait(n % 4 === 0 ? HOUR : 1100) },
}

export const doings: Readonly<Record<string, Doing>> = {
  ...writing,
  ...goingAbout,
  ...keeping,
  ...people,
  ...reading,
}

const step: fc.Arbitrary<Step> = fc.record({
  do: fc.oneof(
    ...Object.entries(doings).map(([name, { weight }]) => ({ weight, arbitrary: fc.constant(name) })),
  ),
  who: fc.nat(NAMES.length - 1),
  whom: fc.nat(NAMES.length - 1),
  room: fc.nat(9),
  n: fc.nat(30),
})

/** @param length steps in one history */
export function histories(length: number): fc.Arbitrary<Step[]> {
  return fc.array(step, { minLength: length, maxLength: length, size: 'max' })
}
