// A row of the table of scripts says everything that a driver must know of a method; one that leaves something out does not
// compile. The compiler itself reports an @ts-expect-error above a line that compiles.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instant, RoomId, Seq, UserId } from '../../src/core/model/model.ts'
import type { Draft } from '../../src/core/ports/log.ts'
import { type MethodsOf, read, readInTurn, write } from '../../src/store/scripts/method.ts'
import {
  begin,
  bulkOf,
  type Call,
  hasErased,
  isReading,
  locksOf,
  retimed,
  runsAlone,
} from '../../src/store/scripts/scripts.ts'
import { run, type Script, sql } from '../../src/store/scripts/sql.ts'

interface Port {
  touch(room: RoomId): Promise<void>
  touchAt(room: RoomId, at: Instant): Promise<void>
  touchAll(touched: readonly { room: RoomId; until?: Instant }[]): Promise<void>
}

function* touch(room: RoomId): Script<void> {
  yield* run(sql`UPDATE rooms SET topic = '' WHERE id = ${room}`)
}
function* touchAt(room: RoomId, at: Instant): Script<void> {
  yield* run(sql`UPDATE rooms SET last_at = ${at} WHERE id = ${room}`)
}
function* touchAll(touched: readonly { room: RoomId; until?: Instant }[]): Script<void> {
  for (const { room } of touched) yield* touch(room)
}

/** Never called: these rows only have to compile, or not. */
export function rows() {
  const locks = ([room]: [RoomId, ...unknown[]]) => ({ rooms: [room] })
  return [
    write(touch, { locks }),
    write(touch, { locks: 'alone' }),
    write(touch, { locks: 'nothing' }),
    write(touchAt, { locks, retime: ([room], now) => [room, now] }),
    write(touchAt, { locks, retime: 'as-given' }),
    // @ts-expect-error: it does not say what it locks
    write(touch, {}),
    // @ts-expect-error: there is no such property
    write(touch, { lock: 'alone' }),
    // @ts-expect-error: there is no such way to lock
    write(touch, { locks: 'allone' }),
    // @ts-expect-error: it has no such argument
    write(touch, { locks: ([, person]) => ({ people: [person] }) }),
    // @ts-expect-error: a room is no person
    write(touch, { locks: ([room]) => ({ people: [room] }) }),
    // @ts-expect-error: it does not say what becomes of the instant
    write(touchAt, { locks }),
    // @ts-expect-error: nor of one inside a list
    write(touchAll, { locks: 'alone' }),
    // @ts-expect-error: it has no instant
    write(touch, { locks, retime: 'as-given' }),
    // @ts-expect-error: the arguments are in another order
    write(touchAt, { locks, retime: ([room], now) => [now, room] }),
  ]
}

/** The same for rows that are written without the helpers. */
export const tables = {
  whole: {
    touch: { queue: 'write', script: touch, locks: 'alone' },
    touchAt: { queue: 'read', script: touchAt, retime: ([room], now) => [room, now] },
    touchAll: { ...readInTurn(touchAll), retime: 'as-given' },
  } satisfies MethodsOf<Port>,
  lacking: {
    // @ts-expect-error: it writes, and does not say what it locks
    touch: { queue: 'write', script: touch },
    // @ts-expect-error: it reads, and does not say what becomes of the instant
    touchAt: read(touchAt),
    // @ts-expect-error: nor does this one, in turn
    touchAll: readInTurn(touchAll),
  } satisfies MethodsOf<Port>,
  // @ts-expect-error: a method has no row
  short: { touch: write(touch, { locks: 'alone' }) } satisfies MethodsOf<Port>,
}

const [ana, club, at, now] = [7 as UserId, 3 as RoomId, 1_000 as Instant, 5_000 as Instant]
const draft = { room: club, author: ana, texts: ['hola'], seen: 0 as Seq } satisfies Draft
const append: Call = { port: 'log', method: 'append', args: [[draft], at] }
const mute: Call = {
  port: 'rooms',
  method: 'change',
  args: [ana, club, { kind: 'muting', person: ana, until: 1_500 }, at],
}
const invite: Call = {
  port: 'rooms',
  method: 'change',
  args: [ana, club, { kind: 'arrival', person: 9 }, at],
}

test('a call tells what it will lock', () => {
  assert.deepEqual(locksOf(append), { rooms: [club], uploads: [] })
  const attaching = {
    ...draft,
    attach: { uploads: [{ upload: 'video', poster: 'cartel' }, { upload: 'foto' }] },
  }
  assert.deepEqual(locksOf({ ...append, args: [[draft, attaching], at] }), {
    rooms: [club, club],
    uploads: ['video', 'cartel', 'foto'],
  })
  assert.deepEqual(locksOf(mute), { rooms: [club], people: [], uploads: [] })
  assert.deepEqual(locksOf(invite), { rooms: [club], people: [9], uploads: [] })
  const shown = { kind: 'preview', target: 1, found: [{ upload: 'foto' }, {}] }
  assert.deepEqual(locksOf({ ...mute, args: [ana, club, shown, at] }).uploads, ['foto'])
  assert.deepEqual(locksOf({ port: 'files', method: 'begin', args: [{ person: ana }, {}] }), {
    people: [ana],
    space: true,
  })
  for (const [method, args] of [
    ['finish', ['foto']],
    ['cancel', [ana, 'foto']],
  ] as const)
    assert.deepEqual(locksOf({ port: 'files', method, args }), { uploads: ['foto'] })
  assert.deepEqual(locksOf({ port: 'invitations', method: 'create', args: [undefined, {}] }), {})
  assert.equal(runsAlone({ port: 'people', method: 'setRole', args: [] }), true)
  assert.equal(runsAlone(append), false)
  assert.equal(isReading(append), false)
  assert.equal(isReading({ port: 'log', method: 'heads', args: [] }), true)
})

test('a call is moved to another time with what was reckoned from its own', () => {
  assert.deepEqual(retimed(append, now).args, [[draft], now])
  assert.deepEqual(retimed(mute, now).args, [ana, club, { kind: 'muting', person: ana, until: 5_500 }, now])
  assert.deepEqual(retimed(invite, now).args, [ana, club, { kind: 'arrival', person: 9 }, now])
  const plain: Call = { port: 'people', method: 'find', args: ['ana'] }
  assert.equal(retimed(plain, now), plain)
})

test('a call tells whether it runs together with its neighbours, and whether it has erased a text', () => {
  assert.deepEqual(bulkOf(append), { kind: 'append', drafts: [draft], at })
  assert.equal(bulkOf(mute), undefined)
  assert.equal(hasErased(mute, { kind: 'deletion' }), true)
  assert.equal(hasErased(mute, { kind: 'muting' }), false)
  assert.equal(hasErased(mute, undefined), false)
  // A read never erases anything, whatever its result looks like.
  assert.equal(hasErased({ port: 'pages', method: 'page', args: [] }, { kind: 'deletion' }), false)
})

test('an unknown method throws', () => {
  assert.throws(() => begin({ port: 'log', method: 'apend', args: [] }), /the store has no log.apend/)
})
