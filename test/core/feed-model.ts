// A small world around the feed in which everything that can go wrong does, and what every seat must have been
// shown in the end.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Appender } from '../../src/core/log/appender.ts'
import type { RoomFeed } from '../../src/core/log/feed.ts'
import type { History } from '../../src/core/log/history.ts'
import type { Pacer } from '../../src/core/log/pacer.ts'
import type { Seat } from '../../src/core/log/seat.ts'
import type { Subscriber } from '../../src/core/log/subscriber.ts'
import { Visibility } from '../../src/core/log/visibility.ts'
import type {
  Author,
  Instant,
  LogEvent,
  Person,
  RoomEvent,
  RoomId,
  Seq,
  UserId,
} from '../../src/core/model/model.ts'
import type { Bus } from '../../src/core/ports/bus.ts'
import type { Clock } from '../../src/core/ports/clock.ts'
import type { Cohort } from '../../src/core/ports/delivery.ts'
import type { Draft, Head, Log, Posted } from '../../src/core/ports/log.ts'
import { Cohort as NetCohort } from '../../src/doors/shared/cohort.ts'

/** The classes under test: the project's own, or a broken build's. */
export interface Parts {
  readonly Appender: typeof Appender
  readonly RoomFeed: typeof RoomFeed
  readonly History: typeof History
  readonly Pacer: typeof Pacer
  readonly Seat: typeof Seat
  readonly Subscriber: typeof Subscriber
}

const ROOMS = [1, 2] as RoomId[]
const PEOPLE: Person[] = [1, 2].map(id => ({
  id: id as UserId,
  username: `u${id}`,
  name: `U${id}`,
  role: 'member',
}))
/** Writing takes time, so that the pacer rests between deliveries and happenings gather. */
const WRITE_MS = 10
const TICK_MS = 4
/** More connections than people: the first has two. */
const OWNERS = [0, 0, 1]

type Step =
  | {
      readonly do: 'post' | 'join' | 'leave'
      readonly connection: number
      readonly room: number
      readonly count: number
    }
  | {
      readonly do: 'elsewhere' | 'kick'
      readonly person: number
      readonly room: number
      readonly count: number
    }
  | { readonly do: 'hint' | 'drop' | 'double' | 'cut' | 'read'; readonly which: number }
  | { readonly do: 'fill' | 'drain'; readonly connection: number }
  | { readonly do: 'answer' | 'tick' | 'sweep' }

const connection = fc.nat(OWNERS.length - 1)
const person = fc.nat(PEOPLE.length - 1)
const room = fc.nat(ROOMS.length - 1)
const count = fc.integer({ min: 1, max: 4 })
const which = fc.nat(5)

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('post' as const), connection, room, count }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('join' as const), connection, room, count }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), connection, room, count }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('elsewhere' as const), person, room, count }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('kick' as const), person, room, count }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('hint' as const), which }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), which }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('double' as const), which }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('cut' as const), which }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('read' as const), which }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('fill' as const), connection }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('drain' as const), connection }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('answer' as const) }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('tick' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('sweep' as const) }) },
  ),
  { maxLength: 120, size: 'max' },
)

/** One subscription as the test sees it. */
interface Subscription {
  readonly seat: Seat
  readonly connection: Connection
  readonly room: RoomId
  readonly after: number
  readonly shown: number[]
  left: boolean
}

interface Connection {
  readonly person: Person
  readonly subscriber: Subscriber
  /** The next write fills it. */
  filling: boolean
  full: boolean
}

export class World {
  readonly #parts: Parts
  readonly #roomy: boolean
  readonly #logs = new Map<RoomId, LogEvent[]>(ROOMS.map(each => [each, []]))
  readonly #kicks: { person: Author; room: RoomId; seq: number }[] = []
  readonly #listeners = new Map<RoomId, (happenings: readonly RoomEvent[]) => void>()
  readonly #feeds = new Map<RoomId, RoomFeed>()
  readonly #connections: Connection[] = []
  readonly #subscriptions: Subscription[] = []
  readonly #appender: Appender
  readonly #around: ConstructorParameters<typeof RoomFeed>[1]
  /** The writer's queue: answers come in this order. */
  readonly #answers: (() => void)[] = []
  /** Answers of the readers, in any order. */
  readonly #reads: (() => void)[] = []
  #timers: (() => void)[] = []
  #hints: { room: RoomId; events: readonly RoomEvent[] }[] = []
  readonly #accepted = new Map<RoomId, number>(ROOMS.map(each => [each, 0]))
  /** Texts are numbers; whose they are, and which seat wrote what stands at a place. */
  readonly #authors = new Map<string, Seat>()
  readonly #writers = new Map<string, Seat>()
  #elapsed = 0
  /** Rooms whose feed knows where they stand; nobody takes a seat before. */
  readonly #started = new Set<RoomId>()
  /** What was found inside a call of the code under test, where nobody would hear an assertion. */
  readonly #violations: string[] = []

  /** @param roomy whether the feed keeps all that it hears, as it does but for a flood */
  constructor(parts: Parts, { roomy = true }: { roomy?: boolean } = {}) {
    this.#roomy = roomy
    this.#parts = parts
    const clock: Clock = {
      now: () => 0 as Instant,
      elapsed: () => this.#elapsed,
      after: (_, call) => {
        this.#timers.push(call)
        return () => {}
      },
    }
    const log = this.#log()
    const bus: Pick<Bus, 'publish' | 'subscribe'> = {
      publish: (room, events) => this.#hints.push({ room, events }),
      subscribe: (room, listener) => {
        this.#listeners.set(room, happenings => listener.receive(happenings))
        return () => this.#listeners.delete(room)
      },
    }
    const onError = (error: unknown) => this.#violations.push(String(error))
    const [pacer, history] = [new parts.Pacer(clock), new parts.History(log)]
    this.#around = { log, bus, clock, pacer, history, onError }
    this.#appender = new parts.Appender({ log, bus, clock, roomSpace: 0, onError })
    for (const each of ROOMS) {
      const feed = new parts.RoomFeed(each, this.#around)
      this.#feeds.set(each, feed)
      const head = this.#inTurn(() => this.#head(each) as Seq)
      void head.then(found => {
        this.#accepted.set(each, found)
        feed.start(found)
        this.#started.add(each)
      })
    }
    for (const owner of OWNERS) this.#connect(at(PEOPLE, owner))
  }

  async run(history: readonly Step[]): Promise<void> {
    for (const step of history) {
      this.#take(step)
      await settled()
      this.#checkAlways()
    }
    await this.#quiesce()
    this.#checkInTheEnd()
  }

  #take(step: Step): void {
    switch (step.do) {
      case 'post':
        return this.#post(at(this.#connections, step.connection), at(ROOMS, step.room), step.count)
      case 'join':
        return this.#join(at(this.#connections, step.connection), at(ROOMS, step.room), step.count)
      case 'leave':
        return this.#leave(at(this.#connections, step.connection), at(ROOMS, step.room))
      case 'elsewhere':
        return this.#elsewhere(at(PEOPLE, step.person), at(ROOMS, step.room), step.count)
      case 'kick':
        return this.#kick(at(PEOPLE, step.person), at(ROOMS, step.room))
      case 'hint':
        return this.#hint(step.which, { keep: false })
      case 'double':
        return this.#hint(step.which, { keep: true })
      case 'cut':
        return this.#cut(step.which)
      case 'drop':
        this.#hints.splice(step.which, 1)
        return
      case 'read':
        for (const answer of this.#reads.splice(step.which, 1)) answer()
        return
      case 'fill':
        at(this.#connections, step.connection).filling = true
        return
      case 'drain':
        return this.#drain(at(this.#connections, step.connection))
      case 'answer':
        return this.#answers.shift()?.()
      case 'tick':
        return this.#tick()
      case 'sweep':
        return this.#sweep()
    }
  }

  // --- what happens --------------------------------------------------------------------------------------

  #connect(person: Person): void {
    const connection: Connection = {
      person,
      filling: false,
      full: false,
      subscriber: new this.#parts.Subscriber({ write: bytes => this.#written(connection, bytes) }),
    }
    this.#connections.push(connection)
  }

  /** A line names its room and seq: it belongs to the connection's only seat there. */
  #written(connection: Connection, bytes: Uint8Array): boolean {
    if (connection.full) this.#violations.push('something was written to a full connection')
    for (const line of Buffer.from(bytes).toString().split('\n').slice(0, -1)) {
      const [room, seq] = line.split(' ').map(Number)
      const reader = this.#subscriptions.find(
        each => each.connection === connection && each.room === room && each.seat.state !== 'gone',
      )
      if (reader) reader.shown.push(seq ?? 0)
      else this.#violations.push(`${line} was shown to a connection that has no seat there`)
    }
    this.#elapsed += WRITE_MS
    connection.full = connection.filling
    connection.filling = false
    return !connection.full
  }

  #seatOf(connection: Connection, room: RoomId): Subscription | undefined {
    return this.#subscriptions.find(
      each => each.connection === connection && each.room === room && each.seat.state !== 'gone',
    )
  }

  #join(connection: Connection, room: RoomId, back: number): void {
    if (!this.#started.has(room) || this.#seatOf(connection, room)) return
    const kick = this.#kicks.findLast(each => each.person.id === connection.person.id && each.room === room)
    const after = Math.max(kick?.seq ?? 0, this.#head(room) - back + 1) as Seq
    const seat = new this.#parts.Seat(this.#feed(room), connection.subscriber, {
      person: connection.person,
      cohort,
      visibility: new Visibility(
        connection.person,
        { blocked: new Set(), direct: false, level: 'everything', isInTeam: () => false },
        true,
      ),
      after,
      echoes: false,
      watcher: { progressed() {}, removed() {}, failed: error => this.#violations.push(String(error)) },
    })
    this.#subscriptions.push({ seat, connection, room, after, shown: [], left: false })
    this.#feed(room).join(seat)
    seat.begin()
  }

  #leave(connection: Connection, room: RoomId): void {
    const subscription = this.#seatOf(connection, room)
    if (!subscription) return
    subscription.left = true
    this.#feed(room).leave(subscription.seat)
  }

  #post(connection: Connection, room: RoomId, count: number): void {
    const subscription = this.#seatOf(connection, room)
    if (!subscription || this.#kickedSince(subscription)) return
    for (let i = 0; i < count; i++) {
      const text = `${this.#authors.size}`
      this.#authors.set(text, subscription.seat)
      this.#appender.post(subscription.seat, { text }, () => {})
    }
  }

  #elsewhere(person: Person, room: RoomId, count: number): void {
    const events = Array.from({ length: count }, () => this.#commit(room, seq => message(room, seq, person)))
    this.#hints.push({ room, events })
  }

  #kick(person: Person, room: RoomId): void {
    const event = this.#commit(room, seq => ({
      kind: 'removal',
      room,
      seq,
      author: person,
      person,
      how: 'kicked',
      reason: '',
      at: 0 as Instant,
    }))
    this.#kicks.push({ person, room, seq: event.seq })
    this.#hints.push({ room, events: [event] })
  }

  #hint(which: number, { keep }: { keep: boolean }): void {
    const hint = this.#hints[which % Math.max(1, this.#hints.length)]
    if (!hint) return
    if (!keep) this.#hints = this.#hints.filter(each => each !== hint)
    this.#hear(hint.room, hint.events)
  }

  /** Only a part of the hint arrives: its end, or its beginning. */
  #cut(which: number): void {
    this.#hints = this.#hints.map((hint, i) => {
      if (i !== which) return hint
      const middle = Math.ceil(hint.events.length / 2)
      return { ...hint, events: which % 2 ? hint.events.slice(middle) : hint.events.slice(0, middle) }
    })
  }

  /** The test's own idea of what a feed has taken in: the next seq, and nothing else. */
  #hear(room: RoomId, events: readonly RoomEvent[]): void {
    for (const event of events) {
      if (!('seq' in event) || !this.#started.has(room)) continue
      if (event.seq === this.#acceptedOf(room) + 1) this.#accepted.set(room, event.seq)
    }
    this.#listeners.get(room)?.(events)
  }

  #drain(connection: Connection): void {
    connection.filling = false
    if (!connection.full) return
    connection.full = false
    connection.subscriber.drained()
  }

  #tick(): void {
    this.#elapsed += TICK_MS
    const timers = this.#timers
    this.#timers = []
    for (const timer of timers) timer()
  }

  #sweep(): void {
    for (const room of ROOMS) this.#answers.push(() => this.#feed(room).noteHead(this.#head(room) as Seq))
  }

  // --- the store -----------------------------------------------------------------------------------------

  readonly #inTurn = <T>(answer: () => T): Promise<T> =>
    new Promise(resolve => {
      const value = answer()
      this.#answers.push(() => resolve(value))
    })

  #log(): Log {
    const inTurn = this.#inTurn
    const between = (room: RoomId, after: number, upto: number, limit: number) =>
      this.#logOf(room)
        .filter(event => event.seq > after && event.seq <= upto)
        .slice(0, limit)
    return {
      append: drafts => inTurn(() => drafts.map(draft => this.#append(draft))),
      read: (room, after, upto, limit) => {
        const found = between(room, after, upto, limit)
        return new Promise(resolve => this.#reads.push(() => resolve(found)))
      },
      readInTurn: async (room, after, limit) => {
        const found = await inTurn(() => between(room, after, Number.POSITIVE_INFINITY, limit))
        for (const event of found)
          if (event.seq === this.#acceptedOf(room) + 1) this.#accepted.set(room, event.seq)
        return found
      },
      heads: rooms => inTurn((): Head[] => rooms.map(room => ({ room, head: this.#head(room) as Seq }))),
      deleted: () => assert.fail('no feed asks for what other programs have deleted'),
      strayed: () => assert.fail('no feed looks at other rooms'),
      mend: () => assert.fail('no other program writes here'),
      mayPost: () => assert.fail('no feed asks who may post'),
      backlog: () => assert.fail('no feed opens a room'),
      markRead: () => assert.fail('no feed marks what was read'),
      markUnread: () => assert.fail('no feed marks what was read'),
    }
  }

  #append({ room, author, texts }: Draft): Posted {
    const writer = PEOPLE.find(each => each.id === author)
    assert.ok(writer)
    const seq = (this.#head(room) + 1) as Seq
    for (const text of texts) {
      const committed = this.#commit(room, next => message(room, next, writer))
      this.#writers.set(`${room} ${committed.seq}`, this.#authors.get(text) ?? assert.fail())
    }
    return { seq, at: 0 as Instant }
  }

  #commit(room: RoomId, event: (seq: Seq) => LogEvent): LogEvent {
    const committed = event((this.#head(room) + 1) as Seq)
    this.#logOf(room).push(committed)
    return committed
  }

  // --- what must be so -----------------------------------------------------------------------------------

  #checkAlways(): void {
    assert.deepEqual(this.#violations, [])
    for (const connection of this.#connections) {
      const reading = this.#subscriptions.filter(
        each => each.connection === connection && each.seat.state === 'reading',
      )
      assert.ok(reading.length <= 1, 'rooms come back one at a time')
    }
    for (const { seat, room, after } of this.#subscriptions) {
      const removal = this.#kicks.find(
        kick => kick.person.id === seat.person.id && kick.room === room && kick.seq > after,
      )
      if (!this.#roomy || !removal || ['live', 'late', 'gone'].includes(seat.state)) continue
      assert.ok(removal.seq > this.#acceptedOf(room), 'a removed seat that is behind goes at once')
    }
  }

  /** Whatever was lost: answers come, sockets drain, and the sweep finds the rest. */
  async #quiesce(): Promise<void> {
    this.#hints = []
    for (let round = 0; round < (this.#roomy ? 40 : 400); round++) {
      for (const connection of this.#connections) this.#drain(connection)
      this.#sweep()
      for (const answer of [...this.#reads.splice(0), ...this.#answers.splice(0)]) answer()
      await settled()
      this.#tick()
      await settled()
      this.#checkAlways()
      this.#hints = []
    }
  }

  #checkInTheEnd(): void {
    for (const subscription of this.#subscriptions) {
      const { seat, room, after, shown, left } = subscription
      const removal = this.#kickedSince(subscription)
      const end = removal ?? this.#head(room)
      const wanted = range(after + 1, end).filter(seq => this.#writers.get(`${room} ${seq}`) !== seat)
      if (left || removal)
        assert.deepEqual(shown, wanted.slice(0, shown.length), 'what was shown has no hole and no double')
      else assert.deepEqual(shown, wanted, 'everything was shown, once, in order, less its own')
      if (!left) assert.equal(seat.state, removal ? 'gone' : 'live')
    }
  }

  /** The seq of the first removal that concerns the subscription. */
  #kickedSince({ seat, room, after }: Subscription): number | undefined {
    return this.#kicks.find(
      kick => kick.person.id === seat.person.id && kick.room === room && kick.seq > after,
    )?.seq
  }

  #feed(room: RoomId): RoomFeed {
    return this.#feeds.get(room) ?? assert.fail()
  }

  #logOf(room: RoomId): LogEvent[] {
    return this.#logs.get(room) ?? assert.fail()
  }

  #head(room: RoomId): number {
    return this.#logOf(room).length
  }

  #acceptedOf(room: RoomId): number {
    return this.#accepted.get(room) ?? 0
  }
}

const cohort: Cohort = new NetCohort<RoomEvent>(happening =>
  !('seq' in happening) ? '' : `${happening.room} ${happening.seq}\n`,
)

function message(room: RoomId, seq: Seq, author: Author): LogEvent {
  return { kind: 'message', room, seq, author, text: `${seq}`, format: 'plain', at: 0 as Instant }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
}

function at<T>(list: readonly T[], index: number): T {
  return list[index] ?? assert.fail()
}

/** Everything that was promised has been told. */
function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
