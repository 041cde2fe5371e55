// The whole conversation, several people at once, against a small model of it: what each step must answer, what every
// session must be shown of it, and what those who look back must find. The chat and the store's scripts are the
// project's own, or a broken build's; the database is in memory.

import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as allThatIsPending } from 'node:timers/promises'
import type { Chat } from '../../../src/core/chat.ts'
import type { SessionTransfer } from '../../../src/core/cluster/cluster-messages.ts'
import type { Instant, LogEvent, Profile, RoomEvent, RoomId } from '../../../src/core/model/model.ts'
import type { Refusal } from '../../../src/core/model/refusals.ts'
import type { Bus } from '../../../src/core/ports/bus.ts'
import type { Clock } from '../../../src/core/ports/clock.ts'
import type { Store } from '../../../src/core/ports/store.ts'
import type { Session, View } from '../../../src/core/sessions/sessions.ts'
import { Cohort } from '../../../src/doors/shared/cohort.ts'
import { memoryFiles } from '../../tools/memory-files.ts'
import { ownSkeletons } from '../../tools/skeletons.ts'
import { JoinedBus } from '../joined-bus.ts'
import { memoryStore, type StoreParts } from '../memory-store.ts'
import { checkList } from './checks.ts'
import { doings } from './doings.ts'
import { ModelPeople } from './model-people.ts'
import { ModelRoom, type Refused } from './model-room.ts'
import { NAMES, type Step } from './steps.ts'

/** The modules under test. */
export interface Parts extends Omit<StoreParts, 'migrations'> {
  /** A database with nothing in it: to make one anew takes as long as to play a history. */
  readonly schema: Uint8Array
  readonly Chat: typeof Chat
  readonly Subscriber: typeof import('../../../src/core/log/subscriber.ts').Subscriber
  /** A build has refusals of its own. */
  readonly Refusal: typeof Refusal
}

/** A session, and what it must be shown. */
export interface Watched {
  readonly who: number
  readonly session: Session
  /** Of the node that it is on. */
  readonly chat: Chat
  /** What it has been shown since it was looked at last. */
  readonly shown: RoomEvent[]
  /** The next seq that it must be shown, by room. */
  readonly next: Map<RoomId, number>
  /** The mark beyond which nothing was shown of a room that this session began further on. */
  readonly unshown: Map<RoomId, number>
  readonly own: Set<string>
}

type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly code: string }

export class World {
  readonly people = new ModelPeople(NAMES)
  readonly rooms: ModelRoom[] = []
  readonly sessions: Watched[] = []
  /** One of each node, which are asked in turn. */
  readonly #chats: readonly Chat[]
  #turn = 0
  now = 1_700_000_000_000
  readonly #parts: Parts
  readonly #database = new DatabaseSync(':memory:')
  readonly #profiles: Profile[] = []
  readonly #timers: { at: number; call: () => void }[] = []
  readonly #troubles: unknown[] = []
  #codes = 0

  constructor(parts: Parts, nodes = 1) {
    this.#parts = parts
    this.#database.deserialize(parts.schema)
    const store = memoryStore({ ...parts, migrations: [] }, this.#database)
    const clock = this.#clock()
    this.#chats = JoinedBus.of(nodes).map(bus => this.#node({ store, bus, clock }))
  }

  #node(shared: { store: Store; bus: Bus; clock: Clock }): Chat {
    return new this.#parts.Chat({
      ...shared,
      files: memoryFiles(),
      passwords: { hash: async () => 'x', verify: async () => true, verifier: async () => '' },
      skeletonsOf: ownSkeletons,
      secret: () => 'secret',
      code: () => `code${++this.#codes}`,
      zone: 'UTC',
      policy: {
        shortestPassword: 1,
        registration: 'open',
        languages: ['es', 'en'],
        limits: false,
        guests: true,
      },
      console: { presence: () => {}, onError: error => this.#troubles.push(error), tampered: () => {} },
    })
  }

  /** Of the node whose turn it is. */
  get chat(): Chat {
    return this.#chats[this.#turn % this.#chats.length] ?? assert.fail()
  }

  async run(history: Iterable<Step>): Promise<void> {
    try {
      await this.#open()
      for (const each of history) {
        this.#turn++
        await (doings[each.do] ?? assert.fail()).run(this, each)
        await this.settle()
        this.#look(JSON.stringify(each))
      }
      for (const each of NAMES.keys()) await checkList(this, each)
    } finally {
      for (const chat of this.#chats) chat.close()
      this.#database.close()
    }
  }

  async #open(): Promise<void> {
    for (const name of NAMES) {
      const registration = { name, username: name, password: 'x', code: '' }
      const { person } = await this.chat.registration.register(registration, 'here')
      this.#profiles.push(person)
    }
    const general = this.roomMade({ id: 1 as RoomId, kind: 'open', name: 'general' })
    for (const each of NAMES.keys()) general.roles.set(each, 'member')
    for (const each of NAMES.keys()) {
      this.#turn++
      await this.connect(each)
    }
    await this.settle()
    this.#look('opening')
  }

  person(who: number): Profile {
    return this.#profiles[who] ?? assert.fail()
  }

  room(id: RoomId): ModelRoom {
    return this.rooms.find(room => room.id === id) ?? assert.fail(`there is no room ${id}`)
  }

  roomMade(made: Pick<ModelRoom, 'id' | 'kind' | 'name'>): ModelRoom {
    const room = new ModelRoom(this.people, made)
    this.rooms.push(room)
    return room
  }

  /** The act must be refused so, or else is done, which the model follows. */
  async expect(
    act: () => Promise<unknown>,
    refused: Refused,
    done: (value: unknown) => void = () => {},
  ): Promise<void> {
    const outcome: Outcome = await act().then(
      value => ({ ok: true, value }),
      error => {
        if (!(error instanceof this.#parts.Refusal)) throw error
        return { ok: false, code: error.code }
      },
    )
    assert.equal(outcome.ok ? undefined : outcome.code, refused)
    if (outcome.ok) done(outcome.value)
  }

  // --- time ----------------------------------------------------------------------------------------------

  #clock(): Clock {
    return {
      now: () => this.now as Instant,
      elapsed: () => this.now,
      after: (milliseconds, call) => {
        const timer = { at: this.now + milliseconds, call }
        this.#timers.push(timer)
        return () => {
          const index = this.#timers.indexOf(timer)
          if (index >= 0) this.#timers.splice(index, 1)
        }
      },
    }
  }

  /** Until nothing more is due; the sweep and the index come only when time passes. */
  async settle(): Promise<void> {
    for (;;) {
      await allThatIsPending()
      const due = this.#timers.findIndex(({ at }) => at <= this.now + 100)
      if (due < 0) return
      const [timer] = this.#timers.splice(due, 1)
      timer?.call()
    }
  }

  async wait(milliseconds: number): Promise<void> {
    this.now += milliseconds
    for (const timer of this.#timers.splice(0)) timer.call()
    await this.settle()
  }

  // --- sessions ------------------------------------------------------------------------------------------

  /** @param moving the session that goes on here, and what it must be shown */
  async connect(who: number, moving?: { from: Watched; offer: SessionTransfer }): Promise<void> {
    const shown: RoomEvent[] = []
    const next = new Map<RoomId, number>()
    const view = this.#view(shown, next)
    const origin = { door: 'line', address: 'here', credential: moving?.offer ?? 'x' } as const
    const { chat } = this
    const { session, seats } = await chat.connections.connect(this.person(who), view, origin)
    const watched: Watched = { who, session, chat, shown, next, unshown: new Map(), own: new Set() }
    this.sessions.push(watched)
    for (const { seat } of seats) {
      const room = this.room(seat.feed.room)
      const mark = moving ? moving.from.unshown.get(room.id) : room.marks.get(who)
      const begins = moving ? (moving.from.next.get(room.id) ?? assert.fail()) : seat.cursor + 1
      if (room.id !== 1 && mark !== undefined && mark < room.head) watched.unshown.set(room.id, mark)
      if (room.id !== 1 && !moving && mark === undefined && room.head > 0) watched.unshown.set(room.id, 0)
      assert.ok(seat.cursor + 1 <= begins, 'nothing is left out')
      next.set(room.id, seat.cursor + 1)
      seat.begin()
    }
  }

  #view(shown: RoomEvent[], next: Map<RoomId, number>): View {
    const cohort = new Cohort<RoomEvent>(happening => `${JSON.stringify(happening)}\n`)
    const write = (bytes: Uint8Array) => {
      for (const line of Buffer.from(bytes).toString().split('\n').slice(0, -1)) shown.push(JSON.parse(line))
      return true
    }
    return {
      subscriber: new this.#parts.Subscriber({ write }),
      echoes: false,
      lasts: false,
      readMarkMoved: () => {},
      changed: () => {},
      displayOf: room => ({ cohort, isCurrent: room.id === 1 }),
      progressed: () => {},
      failed: error => this.#troubles.push(error),
      joined: () => {},
      invited: () => {},
      left: room => void next.delete(room),
      ended: () => this.#gone(shown),
    }
  }

  #gone(shown: RoomEvent[]): void {
    const watched = this.sessions.find(each => each.shown === shown) ?? assert.fail('nobody ended')
    this.disconnect(watched)
  }

  disconnect(watched: Watched): void {
    this.sessions.splice(this.sessions.indexOf(watched), 1)
    watched.chat.connections.disconnect(watched.session)
  }

  sessionsOf(who: number): Watched[] {
    return this.sessions.filter(each => each.who === who)
  }

  /** Somebody is in a room from now on, and is shown what comes behind `seq`. */
  seated(who: number, room: ModelRoom, seq: number): void {
    for (const { next, unshown } of this.sessionsOf(who)) {
      next.set(room.id, seq + 1)
      unshown.delete(room.id)
    }
  }

  // --- what must be true ---------------------------------------------------------------------------------

  /** Each session was shown every event of its rooms, once, in order, as it is now; and nothing else. */
  #look(after: string): void {
    assert.deepEqual(this.#troubles, [], after)
    for (const watched of this.sessions) {
      for (const event of watched.shown.splice(0)) if ('seq' in event) this.#shown(watched, event, after)
      const rooms = this.rooms.filter(room => room.has(watched.who))
      assert.deepEqual(
        [...watched.next.keys()].toSorted(),
        rooms.map(({ id }) => id).toSorted(),
        `${NAMES[watched.who]} sits in all their rooms after ${after}`,
      )
      for (const room of rooms) {
        const next = this.#skip(watched, room, watched.next.get(room.id) ?? 0)
        assert.equal(next, room.head + 1, `all of ${room.name} was shown after ${after}`)
        watched.next.set(room.id, next)
      }
    }
  }

  /** Past what is not shown: their own, what somebody says whom they have blocked, and what their level leaves out. */
  #skip(watched: Watched, room: ModelRoom, from: number): number {
    const { who, own, unshown } = watched
    for (let next = from; ; next++) {
      if (next > room.head) return next
      if (own.has(`${room.id} ${next}`)) continue
      const verdict = room.verdictFor(who, next)
      if (verdict === 'shown') return next
      if (verdict === 'left-out' && !unshown.has(room.id)) unshown.set(room.id, next - 1)
    }
  }

  #shown(watched: Watched, event: LogEvent, after: string): void {
    const next = watched.next.get(event.room)
    if (next === undefined) return this.#wasRemoved(watched, event)
    const room = this.room(event.room)
    assert.equal(event.seq, this.#skip(watched, room, next), `the next event after ${after}`)
    watched.next.set(event.room, event.seq + 1)
    assert.equal(event.author.id, this.person(room.authorOf(event.seq)).id, `who did it, after ${after}`)
    if (event.kind !== 'message' && event.kind !== 'edit') return
    const said = room.said.get(event.kind === 'edit' ? event.target : event.seq)
    assert.equal(event.text, said?.text, `the text as it is, after ${after}`)
  }

  /** The removal that ended its seat came last. */
  #wasRemoved({ who }: Watched, event: LogEvent): void {
    const own = event.kind === 'removal' && event.person.id === this.person(who).id
    assert.ok(own, `${NAMES[who]} was shown ${event.kind} of a room they are not in`)
  }
}
