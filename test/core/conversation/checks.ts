// What those who look back must find, by the model.

import assert from 'node:assert/strict'
import type { Message, Reacted, Seq } from '../../../src/core/model/model.ts'
import type { ModelRoom, Said } from './model-room.ts'
import { NAMES, type Step, targetIn, WORDS } from './steps.ts'
import type { World } from './world.ts'

function same(found: unknown, wanted: readonly Said[], who: number): void {
  assert.deepEqual(
    (found as Message[]).map(({ seq, text, everyone, reactions = [] }) => [
      seq,
      text,
      everyone === true,
      reactions,
    ]),
    wanted.map(said => [said.seq, said.text, said.mentions.has(-1), reactionsTo(said, who)]),
  )
}

function reactionsTo({ reactions }: Said, who: number): Reacted[] {
  const signs = [...new Set([...reactions].map(each => each.split(' ')[1] ?? ''))].toSorted()
  return signs.map(emoji => {
    const by = [...reactions].filter(each => each.endsWith(emoji))
    return { emoji, count: by.length, mine: by.includes(`${who} ${emoji}`) }
  })
}

const SIDES = ['before', 'after', 'around'] as const

export async function checkHistory(world: World, room: ModelRoom, { who, n }: Step): Promise<void> {
  const limit = 1 + (n % 5)
  const seq = n % 2 === 0 ? ((room.head + 1) as Seq) : targetIn(room, n)
  const side = SIDES[n % 3] ?? 'before'
  await world.expect(
    () => world.chat.messages.page(world.person(who), room.id, { side, seq, limit }),
    room.has(who) ? undefined : 'not-a-member',
    value => {
      const there = room.visibleTo(who)
      const ahead = there.filter(each => each.seq <= seq).slice(-Math.ceil(limit / 2))
      const behind = there.filter(each => each.seq > seq)
      if (side === 'after') same(value, behind.slice(0, limit), who)
      else if (side === 'before') same(value, there.filter(each => each.seq < seq).slice(-limit), who)
      else same(value, [...ahead, ...behind.slice(0, limit - ahead.length)], who)
    },
  )
}

export async function checkThread(world: World, room: ModelRoom, { who, n }: Step): Promise<void> {
  const target = targetIn(room, n)
  const said = room.said.get(target)
  await world.expect(
    async () =>
      (await world.chat.threads.page(world.person(who), room.id, target)).filter(each => !each.deleted),
    room.has(who) ? (said ? undefined : 'no-such-message') : 'not-a-member',
    value =>
      same(
        value,
        room.visibleTo(who).filter(({ root }) => root === said?.root),
        who,
      ),
  )
}

/** Cursors that are valid, of another epoch, beyond the head, or missing. */
export async function checkCatchUp(world: World, who: number, n: number): Promise<void> {
  if (world.people.disabled.has(who)) return
  const cursorOf = (room: ModelRoom) => {
    const seq = ((n * room.id) % (room.head + 2)) as Seq
    return { room: room.id, seq, epoch: n % 4 === 0 ? 'another' : 'memory' }
  }
  const sent = world.rooms.filter(({ id }) => (id + n) % 5 !== 0)
  const { rooms: found } = await world.chat.messages.catchUp(world.person(who), sent.map(cursorOf))
  const mine = world.rooms.filter(room => room.has(who))
  assert.deepEqual(found.map(({ room }) => room.id).toSorted(), mine.map(({ id }) => id).toSorted())
  for (const {
    room: { id },
    cursor,
    events,
  } of found) {
    const room = world.room(id)
    const { seq, epoch } = cursorOf(room)
    const valid = sent.includes(room) && seq <= room.head && (seq === 0 || epoch === 'memory')
    const seqs = Array.from({ length: room.head - seq }, (_, i) => seq + i + 1)
    const wanted = valid ? seqs.filter(each => !room.hides(room.authorOf(each), who)) : 'reset'
    assert.deepEqual(events === 'reset' ? events : events.map(event => event.seq), wanted)
    assert.deepEqual(cursor, { room: id, seq: room.head, epoch: room.head === 0 ? '' : 'memory' })
  }
}

export async function checkSearch(world: World, who: number, n: number): Promise<void> {
  if (world.people.disabled.has(who)) return
  const [word, without] = [WORDS[n % 4] ?? '', WORDS[(n + 1) % 4] ?? '']
  const from = n % 3 === 0 ? NAMES[n % 4] : undefined
  const typed = `${word.toUpperCase()} -${without}${from ? ` de:${from}` : ''}`
  const results = await world.chat.messages.search(world.person(who), typed, { skip: 0, limit: 200 })
  assert.equal(results.complete, true)
  const found = results.found.map(({ message }) => `${message.room} ${message.seq} ${message.text}`)
  const wanted = world.rooms
    .filter(room => room.has(who))
    .flatMap(room => room.visibleTo(who).map(said => ({ room, said })))
    .filter(({ said }) => said.text.includes(word) && !said.text.includes(without))
    .filter(({ said }) => from === undefined || NAMES[said.author] === from)
    .map(({ room, said }) => `${room.id} ${said.seq} ${said.text}`)
  assert.deepEqual(found.toSorted(), wanted.toSorted(), `searching ${typed}`)
  for (const { message, hits } of results.found)
    for (const { from, to } of hits) assert.equal(message.text.slice(from, to), word)
}

/** The counts are those that one gets by counting. */
export async function checkList(world: World, who: number): Promise<void> {
  if (world.people.disabled.has(who)) return
  const { mine, others } = await world.chat.rooms.list(world.person(who))
  const model = world.rooms.filter(room => room.has(who) && !isHidden(world, room, who))
  assert.deepEqual(mine.map(({ id }) => id).toSorted(), model.map(({ id }) => id).toSorted())
  for (const { id, head, people, unread, mentions, level } of mine) {
    const room = world.room(id)
    assert.deepEqual(
      { head, people, level, unread, mentions },
      { head: room.head, people: room.roles.size, ...countedIn(world, room, who) },
      `${NAMES[who]} in ${room.name}, read to ${room.marks.get(who) ?? 0}`,
    )
  }
  const joinable = world.rooms.filter(
    ({ kind, archived, roles }) =>
      !roles.has(who) && !archived && (kind === 'open' || kind === 'announcement'),
  )
  assert.deepEqual(others.map(({ id }) => id).toSorted(), joinable.map(({ id }) => id).toSorted())
}

/** A direct room in which everybody else is blocked. */
function isHidden({ people }: World, { kind, roles }: ModelRoom, who: number): boolean {
  return kind === 'direct' && [...roles.keys()].every(each => each === who || people.blocks(who, each))
}

function countedIn({ people }: World, room: ModelRoom, who: number) {
  const level = room.levels.get(who) ?? 'everything'
  const mark = room.marks.get(who) ?? 0
  const unread = room
    .visibleTo(who)
    .filter(({ seq, author }) => level !== 'invisible' && seq > mark && author !== who)
  const mentions = unread.filter(
    ({ author, mentions }) => !people.blocks(who, author) && (mentions.has(who) || mentions.has(-1)),
  )
  return { level, unread: unread.length, mentions: mentions.length }
}

/** The stored sessions are those that there are. */
export async function checkSessions(world: World, who: number): Promise<void> {
  const stored = await world.chat.authentication.list(world.person(who))
  const there = world.sessionsOf(who).map(({ session }) => session.id)
  assert.deepEqual(stored.map(({ id }) => id).toSorted(), there.toSorted())
}
