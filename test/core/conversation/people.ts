// People: their connections, whom they block, their roles, and what they want to be shown.

import assert from 'node:assert/strict'
import type { Level, Role } from '../../../src/core/model/model.ts'
import { type Doing, HOUR, inRoom, NAMES, roomOf } from './steps.ts'

const SERVER_ROLES: readonly Role[] = ['admin', 'member', 'guest', 'guest', 'bot']
const LEVELS: readonly Level[] = ['everything', 'mentions', 'nothing', 'invisible']
const MOST_SESSIONS = 8

export const people: Record<string, Doing> = {
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
      const code = from.chat.connections.offerTransfer(
        from.session,
        roomOf(world, { who, n, do: '', whom: 0, room: n }).id,
      )
      if (n % 5 === 0) await world.wait(HOUR)
      await world.expect(
        async () =>
          world.connect(who, { from, offer: await world.chat.connections.redeemTransfer(code, 'there') }),
        n % 5 === 0 ? 'wrong-code' : undefined,
        () => assert.ok(!world.sessions.includes(from), 'it goes on in one place only'),
      )
      await world.expect(() => world.chat.connections.redeemTransfer(code, 'there'), 'wrong-code')
    },
  },
  revoke: {
    weight: 1,
    async run(world, { who, whom, n }) {
      const [from] = world.sessionsOf(whom)
      const id = from?.session.id
      if (n % 3 !== 0 || !from || id === undefined) return
      await world.expect(
        () => world.chat.authentication.revoke(world.person(who), id),
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
        () => world.chat.profiles.block(world.person(who), NAMES[whom] ?? '', on),
        who === whom ? 'oneself' : undefined,
        () => world.people.block(who, whom, on),
      )
    },
  },
  role: {
    weight: 2,
    async run(world, { whom, n, ...step }) {
      // Half of it is the owner's doing, so that there are guests and bots.
      const who = n % 2 === 0 ? 0 : step.who
      const role = SERVER_ROLES[n % 5] ?? 'member'
      await world.expect(
        () => world.chat.administration.setRole(world.person(who).id, NAMES[whom] ?? '', role),
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
        () => world.chat.administration.disable(world.person(who).id, NAMES[whom] ?? '', on),
        world.people.mayRule(who, whom) ?? (on ? world.people.mustStay(whom) : undefined),
        () => {
          if (on) world.people.disabled.add(whom)
          else world.people.disabled.delete(whom)
          if (on) assert.deepEqual(world.sessionsOf(whom), [], 'all its sessions ended')
        },
      )
    },
  },
  level: inRoom(2, async (world, room, { who, n }) => {
    const level = LEVELS[n % 4] ?? 'everything'
    await world.expect(
      () => world.chat.rooms.setLevel(world.person(who), room.id, level),
      room.has(who) ? undefined : 'not-a-member',
      () => room.levels.set(who, level),
    )
  }),
}
