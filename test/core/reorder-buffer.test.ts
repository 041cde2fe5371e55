// Hints of several nodes in one room, in whatever order they come.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LocalBus } from '../../src/bus/local.ts'
import { RoomFeed } from '../../src/core/log/feed.ts'
import { History } from '../../src/core/log/history.ts'
import { Pacer } from '../../src/core/log/pacer.ts'
import { Seat } from '../../src/core/log/seat.ts'
import { Subscriber } from '../../src/core/log/subscriber.ts'
import { Visibility } from '../../src/core/log/visibility.ts'
import type { Author, Message, RoomEvent, RoomId, Seq, UserId } from '../../src/core/model/model.ts'
import type { Log } from '../../src/core/ports/log.ts'
import { Cohort } from '../../src/doors/shared/cohort.ts'
import { message } from '../contracts/bus.ts'
import { patiently } from '../tools/patiently.ts'
import { HandClock } from './hand-clock.ts'

const ROOM = 7 as RoomId
const NOBODY = { id: 1 as UserId, username: 'beto' } satisfies Author

/** A feed with one seat, over a log of so many messages of which nothing is known before the hints. */
function room(stored: number) {
  const clock = new HandClock()
  const bus = new LocalBus()
  const shown: string[] = []
  const reads: number[] = []
  const events = Array.from({ length: stored }, (_, i) => message(ROOM, i + 1))
  const log: Log = {
    ...({} as Log),
    async readInTurn(_, after, limit) {
      reads.push(after)
      return events.slice(after, after + limit)
    },
  }
  const onError = (error: unknown) => assert.fail(String(error))
  const around = { log, bus, clock, pacer: new Pacer(clock), history: new History(log), onError }
  const feed = new RoomFeed(ROOM, around)
  feed.start(0 as Seq)
  const write = (bytes: Uint8Array) => shown.push(...Buffer.from(bytes).toString().trim().split('\n')) > 0
  const seat = new Seat(feed, new Subscriber({ write }), {
    person: NOBODY,
    cohort: new Cohort<RoomEvent>(each => `${'seq' in each ? each.seq : each.kind}\n`),
    visibility: new Visibility(
      NOBODY,
      { blocked: new Set(), direct: false, level: 'everything', isInTeam: () => false },
      true,
    ),
    after: 0 as Seq,
    echoes: true,
    watcher: { progressed() {}, failed: onError, removed() {} },
  })
  feed.join(seat)
  seat.begin()
  return { bus, clock, shown, reads, hint: (...seqs: number[]) => bus.publish(ROOM, of(seqs)) }
}

function of(seqs: readonly number[]): Message[] {
  return seqs.map(seq => message(ROOM, seq))
}

test('what comes before the one that it follows waits for it, and the log is not read', () => {
  const { hint, clock, shown, reads } = room(5)
  hint(2, 3)
  hint(5)
  clock.pass(9)
  assert.deepEqual(shown, [])
  hint(1)
  hint(3, 4)
  clock.pass(100)
  assert.deepEqual([shown, reads], [['1', '2', '3', '4', '5'], []])
})

test('one that does not come is read after ten milliseconds, and those behind it are shown once', async () => {
  const { hint, clock, shown, reads } = room(4)
  hint(2)
  hint(4)
  clock.pass(10)
  await patiently(
    () => clock.waiting > 0,
    () => 'nothing was read',
  )
  clock.pass(100)
  assert.deepEqual([shown, reads], [['1', '2', '3', '4'], [0]])
  hint(1, 2, 3, 4)
  clock.pass(100)
  assert.deepEqual([shown.length, reads], [4, [0]])
})

test('a flood behind a gap is not kept: it is read', async () => {
  const { hint, clock, shown } = room(5000)
  hint(...Array.from({ length: 4999 }, (_, i) => i + 2))
  for (let i = 0; i < 50; i++) {
    clock.pass(20)
    await new Promise(resolve => setImmediate(resolve))
  }
  assert.deepEqual([shown.length, shown.at(-1)], [5000, '5000'])
})
