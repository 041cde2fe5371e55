// What one turn of the event loop renders, whatever the texts are and however many kinds of connections there are.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LocalBus } from '../../src/bus/local.ts'
import { RoomFeed } from '../../src/core/log/feed.ts'
import { History } from '../../src/core/log/history.ts'
import { Pacer } from '../../src/core/log/pacer.ts'
import { Seat } from '../../src/core/log/seat.ts'
import { Subscriber } from '../../src/core/log/subscriber.ts'
import { Visibility } from '../../src/core/log/visibility.ts'
import type { Author, RoomEvent, RoomId, Seq, UserId } from '../../src/core/model/model.ts'
import type { Log } from '../../src/core/ports/log.ts'
import { Cohort } from '../../src/doors/shared/cohort.ts'
import { message } from '../contracts/bus.ts'
import { HandClock } from './hand-clock.ts'

const ROOM = 7 as RoomId
const SEATS = 100
const HEAD = 'a head and tags, '.repeat(6)
/** The bound of core/log/feed.ts; the text that reaches it is shown whole. */
const TURN = 1 << 20
/** What IRC makes of 2,000 lines. */
const LINES = `${HEAD}\n`.repeat(2000).length

/** Notes the most bytes that were rendered in one turn. */
class TurnClock extends HandClock {
  rendered = 0
  most = 0

  override after(milliseconds: number, call: () => void): () => void {
    return super.after(milliseconds, () => {
      this.rendered = 0
      call()
      this.most = Math.max(this.most, this.rendered)
    })
  }
}

/** Connections of one person, each of another kind, which show a text line by line. */
function roomOfKinds(texts: readonly string[]) {
  const clock = new TurnClock()
  const bus = new LocalBus()
  const events = texts.map((text, i) => ({ ...message(ROOM, i + 1), text }))
  const log: Log = {
    ...({} as Log),
    read: async (_, after, upto, limit) => events.slice(after, Math.min(upto, after + limit)),
    readInTurn: async (_, after, limit) => events.slice(after, after + limit),
  }
  const onError = (error: unknown) => assert.fail(String(error))
  const show = (event: RoomEvent) => {
    const text = 'text' in event ? event.text.replaceAll(/^/gm, HEAD) : ''
    clock.rendered += text.length
    return `${text}\n`
  }
  const feed = new RoomFeed(ROOM, {
    ...{ log, bus, clock, onError },
    pacer: new Pacer(clock),
    history: new History(log),
  })
  feed.start(0 as Seq)
  const person = { id: 1 as UserId, username: 'beto' } satisfies Author
  const taken = Array.from({ length: SEATS }, () => 0)
  for (const i of taken.keys()) {
    const write = (bytes: Uint8Array) => (taken[i] = (taken[i] ?? 0) + bytes.length) > 0
    const seat = new Seat(feed, new Subscriber({ write }), {
      person,
      cohort: new Cohort<RoomEvent>(show),
      visibility: new Visibility(
        person,
        { blocked: new Set(), direct: false, level: 'everything', isInTeam: () => false },
        true,
      ),
      after: 0 as Seq,
      echoes: true,
      watcher: { progressed() {}, failed: onError, removed() {} },
    })
    feed.join(seat)
    seat.begin()
  }
  return { bus, clock, events, taken }
}

test('a turn renders a bounded amount, however many kinds of connections and lines of a text there are', () => {
  const { bus, clock, events, taken } = roomOfKinds(
    Array.from({ length: 20 }, () => `${'a\n'.repeat(1999)}b`),
  )
  bus.publish(ROOM, events)
  clock.pass(10_000)
  assert.ok(clock.most < TURN + LINES + 10_000, `${clock.most} bytes in one turn`)
  assert.ok(
    taken.every(bytes => bytes > 20 * LINES && bytes === taken[0]),
    'all of them are shown everything',
  )
})
