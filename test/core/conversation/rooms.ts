// Rooms: how people come into them and leave, and how they are kept.

import assert from 'node:assert/strict'
import type { Room, RoomRole } from '../../../src/core/model/model.ts'
import type { ModelRoom, Refused } from './model-room.ts'
import { KEYS } from './modes.ts'
import { type Doing, HOUR, inRoom, NAMES, type Step, unknown } from './steps.ts'
import type { World } from './world.ts'

const ROLES: readonly RoomRole[] = [
  'owner',
  'moderator',
  'helper',
  'speaker',
  'moderator',
  'helper',
  'member',
]
const KINDS = ['open', 'closed', 'announcement'] as const
const MOST_ROOMS = 9

/** Who opens a room, or brings somebody: guests don't. */
function mayOpen({ people }: World, who: number): Refused {
  if (people.disabled.has(who)) return 'forbidden'
  return people.roles[who] === 'guest' ? 'account-needed' : undefined
}

export const goingAbout: Record<string, Doing> = {
  create: {
    weight: 1,
    async run(world, { who, n }) {
      if (world.rooms.length >= MOST_ROOMS) return
      const [kind, name] = [KINDS[n % 3] ?? 'open', `sala${n}`]
      const taken = world.rooms.some(each => each.name === name) ? 'room-taken' : undefined
      await world.expect(
        () => world.chat.rooms.create(world.person(who), name, kind),
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
        () => world.chat.rooms.direct(world.person(who), [NAMES[whom] ?? '']),
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
  join: inRoom(2, async (world, room, { n, ...step }) => {
    // A third of it is tried by a guest, if there is one outside.
    const who = n % 3 === 0 ? (guestOutside(world, room) ?? step.who) : step.who
    const key = KEYS[n % 2] ?? ''
    await world.expect(
      () => world.chat.rooms.join(world.person(who), room.id, key),
      room.mayArrive(who, who, { now: world.now, key }),
      () => arrived(world, room, { whom: who, by: who }),
    )
  }),
  bring: inRoom(1, async (world, room, { who, whom }) => {
    await world.expect(
      () => world.chat.rooms.bring(world.person(who), room.id, NAMES[whom] ?? ''),
      unknown(world, whom) ?? room.mayArrive(who, whom, world) ?? world.people.mayBring(who, whom),
      () => arrived(world, room, { whom, by: who }),
    )
  }),
  leave: inRoom(1, async (world, room, { who }) => {
    const stays = room.id === 1 ? 'everyones' : room.kind === 'direct' ? 'forbidden' : room.mustStay(who)
    await world.expect(
      () => world.chat.rooms.leave(world.person(who), room.id),
      room.has(who) ? stays : 'not-a-member',
      () => room.left(who, who),
    )
  }),
  kick: inRoom(1, (world, room, step) => sendOut(world, room, step, 'kick')),
  ban: inRoom(1, (world, room, step) => sendOut(world, room, step, 'ban')),
}

function guestOutside({ people }: World, room: ModelRoom): number | undefined {
  return [...NAMES.keys()].find(each => people.roles[each] === 'guest' && !room.has(each))
}

function arrived(world: World, room: ModelRoom, { whom, by }: { whom: number; by: number }): void {
  room.arrived(whom, by)
  world.seated(whom, room, room.head)
}

async function sendOut(
  world: World,
  room: ModelRoom,
  { whom, n, ...step }: Step,
  how: 'kick' | 'ban',
): Promise<void> {
  // Half of it is tried by who may do the one and not the other.
  const who = n % 2 === 0 ? (room.one('helper') ?? step.who) : step.who
  const absent = how === 'kick' && !room.roles.has(whom) ? 'not-there' : undefined
  const mayBan = how === 'ban' && room.rank(who) < 4 ? 'forbidden' : undefined
  const judged =
    absent ?? (room.id === 1 ? 'everyones' : undefined) ?? mayBan ?? room.mayDiscipline(who, whom)
  const discipline = { person: NAMES[whom] ?? '', reason: 'porque sí', milliseconds: HOUR }
  await world.expect(
    () => world.chat.moderation[how](world.person(who), room.id, discipline),
    unknown(world, whom) ?? (room.has(who) ? judged : 'not-a-member'),
    () => {
      room.left(whom, who)
      if (how === 'ban') room.bans.set(whom, world.now + HOUR)
    },
  )
}

export const keeping: Record<string, Doing> = {
  mute: inRoom(1, async (world, room, { who, whom, n }) => {
    const milliseconds = n % 2 === 0 ? 0 : HOUR
    const until = milliseconds === 0 ? 0 : world.now + HOUR
    const absent = room.roles.has(whom) ? undefined : 'not-there'
    await world.expect(
      () =>
        world.chat.moderation.mute(world.person(who), room.id, {
          person: NAMES[whom] ?? '',
          milliseconds,
          reason: '',
        }),
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
      () => world.chat.moderation.silence(world.person(who), room.id, milliseconds),
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
      () => world.chat.moderation.slow(world.person(who), room.id, seconds),
      room.mayQuieten(who),
      () => {
        if (room.slow !== seconds * 1000) room.happened(who)
        room.slow = seconds * 1000
      },
    )
  }),
  appoint: inRoom(2, async (world, room, { whom, n, ...step }) => {
    // A third of it is an owner's doing, so that there are moderators and helpers.
    const who = n % 3 === 0 ? (room.one('owner') ?? step.who) : step.who
    const role = ROLES[n % ROLES.length] ?? 'member'
    const absent = room.roles.has(whom) ? undefined : 'not-there'
    const stays = room.roles.get(whom) === role ? undefined : room.mustStay(whom)
    await world.expect(
      () => world.chat.moderation.appoint(world.person(who), room.id, NAMES[whom] ?? '', role),
      unknown(world, whom) ??
        (room.has(who) ? (absent ?? room.mayAppoint(who, whom, role)) : 'not-a-member') ??
        stays,
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
      () => world.chat.moderation.setTopic(world.person(who), room.id, topic),
      room.mayTitle(who, world.now),
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
      () => world.chat.moderation.rename(world.person(who), room.id, name),
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
      () => world.chat.moderation.archive(world.person(who), room.id, on),
      room.mayGovern(who) ?? (room.id === 1 ? 'everyones' : undefined),
      () => {
        if (room.archived !== on) room.happened(who)
        room.archived = on
      },
    )
  }),
}
