// How rooms are kept: keys, limits, flags, kinds, and lists of masks.

import assert from 'node:assert/strict'
import type { MaskList, RoomFlag } from '../../../src/core/model/model.ts'
import type { RoomSettings } from '../../../src/core/ports/rooms.ts'
import type { ModelRoom } from './model-room.ts'
import { type Doing, inRoom, NAMES, type Step } from './steps.ts'
import type { World } from './world.ts'

export const KEYS = ['', 'sésamo'] as const
const FLAGS: readonly RoomFlag[] = ['open-topic', 'no-ctcp', 'no-guests', 'quiet-guests']
const EVERYBODY: readonly string[] = NAMES
const LISTS: readonly MaskList[] = ['ban', 'mute', 'exception', 'invitation']
/** Of the four people: two, all, one, two. */
const MASKS = ['?a*', '*', 'beto', '*o'] as const

/** What is taken off is there, if anything is. */
function maskIn({ masks }: ModelRoom, { n, whom }: Step): { list: MaskList; mask: string; on: boolean } {
  const on = n % 3 !== 0
  const named = `${LISTS[n % 4]} ${MASKS[whom]}`
  const [list, mask = ''] = ((on ? undefined : [...masks][n % Math.max(1, masks.size)]) ?? named).split(' ')
  return { list: LISTS.find(each => each === list) ?? 'ban', mask, on }
}

async function setMask(
  world: World,
  room: ModelRoom,
  { who }: Step,
  { list, mask, on }: ReturnType<typeof maskIn>,
): Promise<void> {
  await world.expect(
    () => world.chat.moderation.mask(world.person(who), room.id, { list, mask, on }),
    room.mayQuieten(who),
    () => {
      const named = EVERYBODY.indexOf(mask)
      const isPardon = !on && list === 'ban' && (room.bans.get(named) ?? 0) > world.now
      if (room.masks.has(`${list} ${mask}`) !== on || isPardon) room.happened(who)
      if (on) room.masks.add(`${list} ${mask}`)
      else room.masks.delete(`${list} ${mask}`)
      if (isPardon) room.bans.delete(named)
    },
  )
}

/** Only who is in it learns how it is kept; of who is banned, too. */
async function checkRules(world: World, room: ModelRoom, { who }: Step): Promise<void> {
  await world.expect(
    () => world.chat.rooms.settings(world.person(who), room.id),
    room.has(who) ? undefined : 'not-a-member',
    value => {
      const { kind, silencedUntil, slow, key, limit, flags, masks } = value as RoomSettings
      const { silencedUntil: silenced, slow: rest } = room
      assert.deepEqual(
        { kind, silencedUntil, slow: slow * 1000, key, limit },
        { kind: room.kind, silencedUntil: silenced, slow: rest, key: room.key, limit: room.limit },
      )
      assert.deepEqual(flags.toSorted(), [...room.flags].toSorted())
      const banned = [...room.bans].filter(([, until]) => until > world.now)
      const named = banned.map(([each]) => `ban ${NAMES[each]}`)
      assert.deepEqual(
        masks.map(({ list, mask }) => `${list} ${mask}`).toSorted(),
        [...new Set([...room.masks, ...named])].toSorted(),
      )
    },
  )
}

type Keeping = (world: World, room: ModelRoom, step: Step) => Promise<void>

async function setKind(world: World, room: ModelRoom, { who, whom }: Step): Promise<void> {
  const kind = (['open', 'open', 'closed', 'announcement'] as const)[whom] ?? 'open'
  await world.expect(
    () => world.chat.moderation.setKind(world.person(who), room.id, kind),
    room.mayGovern(who) ?? (room.id === 1 ? 'everyones' : undefined),
    () => {
      if (room.kind !== kind) room.happened(who)
      room.kind = kind
    },
  )
}

async function setKey(world: World, room: ModelRoom, { who, whom }: Step): Promise<void> {
  const key = whom === 0 ? 'sésamo' : ''
  await world.expect(
    () => world.chat.moderation.setKey(world.person(who), room.id, key),
    room.mayQuieten(who) ?? (room.id === 1 ? 'everyones' : undefined),
    () => {
      if (room.key !== key) room.happened(who)
      room.key = key
    },
  )
}

async function setLimit(world: World, room: ModelRoom, { who, whom }: Step): Promise<void> {
  const people = [0, 0, 3, 2][whom] ?? 0
  await world.expect(
    () => world.chat.moderation.limit(world.person(who), room.id, people),
    room.mayQuieten(who) ?? (room.id === 1 ? 'everyones' : undefined),
    () => {
      if (room.limit !== people) room.happened(who)
      room.limit = people
    },
  )
}

async function setFlag(world: World, room: ModelRoom, step: Step): Promise<void> {
  const { whom, n } = step
  // Half of it is an owner's doing, so that there are flags.
  const who = n % 2 === 0 ? step.who : (room.one('owner') ?? step.who)
  // Two of them, so that one may touch the other.
  for (const flag of [FLAGS[whom], FLAGS[(whom + 1) % 4]]) {
    if (flag === undefined) continue
    const on = n % 3 !== 0
    const everyones = room.id === 1 && flag === 'no-guests' ? 'everyones' : undefined
    await world.expect(
      () => world.chat.moderation.setFlag(world.person(who), room.id, flag, on),
      room.mayQuieten(who) ?? everyones,
      () => {
        if (room.flags.has(flag) !== on) room.happened(who)
        if (on) room.flags.add(flag)
        else room.flags.delete(flag)
      },
    )
  }
  await checkRules(world, room, step)
}

const MODES: readonly Keeping[] = [setKind, setKey, setLimit, setFlag]

export const ruling: Record<string, Doing> = {
  mode: inRoom(3, (world, room, step) => MODES[(step.n >> 1) % 4]?.(world, room, step) ?? assert.fail()),
  mask: inRoom(2, (world, room, step) => setMask(world, room, step, maskIn(room, step))),
  pardon: inRoom(1, async (world, room, { n, ...rest }) => {
    // Half of it is an owner's doing, for who is banned, so that somebody is pardoned.
    const [who, whom] = n % 2 === 0 ? [room.one('owner'), [...room.bans.keys()].at(-1)] : []
    const step = { ...rest, n, who: who ?? rest.who, whom: whom ?? rest.whom }
    await setMask(world, room, step, { list: 'ban', mask: NAMES[step.whom] ?? '', on: false })
    await checkRules(world, room, step)
  }),
  rules: inRoom(1, checkRules),
}
