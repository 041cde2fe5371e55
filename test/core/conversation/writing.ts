// What people say, and what becomes of it.

import assert from 'node:assert/strict'
import type { Seq } from '../../../src/core/model/model.ts'
import type { Receipt } from '../../../src/core/ports/log.ts'
import type { ModelRoom } from './model-room.ts'
import { type Doing, inRoom, NAMES, type Step, targetIn, WORDS } from './steps.ts'
import type { World } from './world.ts'

const EMOJI = ['👍', '❤️'] as const

function textOf(doing: string, { n, whom }: Step): string {
  const [first, second] = [WORDS[n % 4], WORDS[(n >> 2) % 4]]
  if (doing !== 'mention') return `${first} ${second} ${n}`
  return n % 3 === 0 ? `@todos ${first}` : `${first} @${NAMES[whom]}, ${second}`
}

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

export const writing: Record<string, Doing> = {
  post: inRoom(4, (world, room, step) => post(world, room, step)),
  mention: inRoom(2, (world, room, step) => {
    // Half of it is said by who may call everybody.
    const who = step.n % 2 === 0 ? (room.one('owner') ?? step.who) : step.who
    return post(world, room, { ...step, who })
  }),
  reply: inRoom(1, (world, room, step) => post(world, room, step, targetIn(room, step.n))),
  edit: inRoom(1, async (world, room, step) => {
    const { who, n } = step
    const target = targetIn(room, n)
    const said = room.said.get(target)
    const text = textOf('post', { ...step, n: n + 1 })
    const notYours = said?.author === who ? undefined : 'not-yours'
    await world.expect(
      () => world.chat.messages.edit(world.person(who), room.id, target, { text }),
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
    await world.expect(
      () => world.chat.messages.erase(world.person(who), room.id, target),
      (room.has(who) ? room.missing(said) : 'not-a-member') ?? room.mayErase(who, said?.author ?? who),
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
