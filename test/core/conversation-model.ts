// The whole conversation, several people at once, against a small model of it: what each step must answer, what every
// session must be shown of it, and what those who look back must find. The chat and the store's scripts are the
// project's own, or a broken build's; the database is in memory.

import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import type { Chat } from '../../src/core/chat.ts'
import type {
  Happening,
  Instant,
  LogEvent,
  Profile,
  Room,
  RoomId,
  RoomRole,
  Seq,
} from '../../src/core/model.ts'
import type { Clock, Receipt } from '../../src/core/ports.ts'
import type { Refusal } from '../../src/core/refusals.ts'
import type { Session, View } from '../../src/core/sessions.ts'
import { Cohort } from '../../src/net/cohort.ts'
import { memoryStore, type StoreParts } from './memory-store.ts'

/** The modules under test. */
export interface Parts extends StoreParts {
  readonly Chat: typeof Chat
  readonly Subscriber: typeof import('../../src/core/seat.ts').Subscriber
  readonly LocalBus: typeof import('../../src/bus/local.ts').LocalBus
  /** A build has refusals of its own. */
  readonly Refusal: typeof Refusal
}

const NAMES = ['ana', 'beto', 'caro', 'dora'] as const
const WORDS = ['sol', 'mar', 'río', 'luz'] as const
const EMOJI = ['👍', '❤️'] as const
const ROLES: readonly RoomRole[] = ['owner', 'moderator', 'member']
const KINDS = ['open', 'closed', 'announcement'] as const
const HOUR = 3_600_000

const DOINGS = [
  'post', 'post', 'post', 'post', 'mention', 'reply', 'edit', 'erase', 'react', 'pin', 'create', 'direct', 'join', 'join',
  'bring', 'leave', 'kick', 'ban', 'mute', 'appoint', 'topic', 'rename', 'archive', 'connect', 'disconnect', 'read',
  'history', 'thread', 'search', 'list', 'wait',
] as const // biome-ignore format: a list of weights

export interface Step {
  readonly do: (typeof DOINGS)[number]
  readonly who: number
  readonly whom: number
  readonly room: number
  readonly n: number
}

const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom(...DOINGS),
  who: fc.nat(NAMES.length - 1),
  whom: fc.nat(NAMES.length - 1),
  room: fc.nat(9),
  n: fc.nat(30),
})

/** @param length steps in one history */
export function histories(length: number): fc.Arbitrary<Step[]> {
  return fc.array(step, { minLength: length, maxLength: length, size: 'max' })
}

// --- the model -------------------------------------------------------------------------------------------

interface Said {
  readonly seq: number
  readonly author: number
  text: string
  deleted: boolean
  readonly root: number
  readonly reactions: Set<string>
  pinned: boolean
  /** The people mentioned when it was said. */
  mentions: Set<number>
}

interface ModelRoom {
  readonly id: RoomId
  readonly kind: Room['kind']
  name: string
  topic: string
  archived: boolean
  head: number
  readonly said: Map<number, Said>
  readonly roles: Map<number, RoomRole>
  readonly mutes: Map<number, number>
  readonly bans: Map<number, number>
  readonly marks: Map<number, number>
}

interface Watched {
  readonly who: number
  readonly session: Session
  /** What it has been shown since it was looked at last. */
  shown: Happening[]
  /** The next seq that it must be shown, by room. */
  readonly next: Map<RoomId, number>
  /** The mark beyond which nothing was shown of a room that this session began further on. */
  readonly unshown: Map<RoomId, number>
  readonly own: Set<string>
}

type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly code: string }

export class World {
  readonly #parts: Parts
  readonly #database = new DatabaseSync(':memory:')
  readonly #chat: Chat
  readonly #people: Profile[] = []
  readonly #rooms: ModelRoom[] = []
  readonly #sessions: Watched[] = []
  readonly #timers: { at: number; call: () => void }[] = []
  #now = 1_700_000_000_000
  readonly #troubles: unknown[] = []
  #codes = 0
  #made = 0

  constructor(parts: Parts) {
    this.#parts = parts
    const clock: Clock = {
      now: () => this.#now as Instant,
      elapsed: () => this.#now,
      after: (milliseconds, call) => {
        const timer = { at: this.#now + milliseconds, call }
        this.#timers.push(timer)
        return () => {
          const index = this.#timers.indexOf(timer)
          if (index >= 0) this.#timers.splice(index, 1)
        }
      },
    }
    this.#chat = new parts.Chat({
      store: memoryStore(parts, this.#database),
      bus: new parts.LocalBus(),
      clock,
      passwords: { hash: async () => 'x', verify: async () => true },
      skeleton: folded => folded,
      code: () => `code${++this.#codes}`,
      zone: 'UTC',
      policy: { shortestPassword: 1, registration: 'open', languages: ['es', 'en'], limits: false },
      console: { presence: () => {}, trouble: error => this.#troubles.push(error) },
    })
  }

  async run(history: readonly Step[]): Promise<void> {
    try {
      await this.#open()
      for (const each of history) {
        await this.#take(each)
        await this.#settle()
        this.#look(JSON.stringify(each))
      }
      for (const each of NAMES.keys()) await this.#checkList(each)
    } finally {
      this.#chat.close()
      this.#database.close()
    }
  }

  async #open(): Promise<void> {
    for (const name of NAMES) {
      const registration = { name, username: name, password: 'x', code: '' }
      this.#people.push(await this.#chat.accounts.register(registration, 'here'))
    }
    const general = this.#model(1 as RoomId, 'open', 'general')
    for (const each of NAMES.keys()) general.roles.set(each, 'member')
    for (const each of NAMES.keys()) await this.#connect(each)
    await this.#settle()
    this.#look('opening')
  }

  #model(id: RoomId, kind: Room['kind'], name: string): ModelRoom {
    const room: ModelRoom = {
      id,
      kind,
      name,
      topic: '',
      archived: false,
      head: 0,
      said: new Map(),
      roles: new Map(),
      mutes: new Map(),
      bans: new Map(),
      marks: new Map(),
    }
    this.#rooms.push(room)
    return room
  }

  // --- time ----------------------------------------------------------------------------------------------

  /** Until nothing more is due; the sweep and the index come only when time passes. */
  async #settle(): Promise<void> {
    for (;;) {
      for (let i = 0; i < 30; i++) await Promise.resolve()
      const due = this.#timers.findIndex(({ at }) => at <= this.#now + 100)
      if (due < 0) return
      const [timer] = this.#timers.splice(due, 1)
      timer?.call()
    }
  }

  async #wait(milliseconds: number): Promise<void> {
    this.#now += milliseconds
    for (const timer of this.#timers.splice(0)) timer.call()
    await this.#settle()
  }

  // --- sessions ------------------------------------------------------------------------------------------

  async #connect(who: number): Promise<void> {
    const subscriber = new this.#parts.Subscriber({ write: bytes => this.#heard(watched, bytes) })
    const cohort = new Cohort<Happening>(happening => `${JSON.stringify(happening)}\n`)
    const view: View = {
      subscriber,
      showing: () => ({ cohort }),
      moved: () => {},
      failed: error => this.#troubles.push(error),
      entered: () => {},
      left: room => void watched.next.delete(room),
      levelled: () => {},
      ended: () => {},
    }
    const early: Happening[] = []
    const watched = { who, shown: early, next: new Map(), unshown: new Map(), own: new Set() } as unknown as {
      session: Session
    } & Watched
    const { session, seated } = await this.#chat.enter(this.#person(who), view, {
      door: 'line',
      address: 'here',
    })
    watched.session = session
    for (const { seat } of seated) {
      const room = this.#rooms.find(({ id }) => id === seat.feed.room) ?? assert.fail()
      const mark = room.marks.get(who) ?? 0
      if (room.id !== 1 && mark < room.head) watched.unshown.set(room.id, mark)
      watched.next.set(room.id, seat.cursor + 1)
      seat.begin()
    }
    this.#sessions.push(watched)
  }

  #heard(watched: Watched, bytes: Uint8Array): boolean {
    for (const line of Buffer.from(bytes).toString().split('\n').slice(0, -1))
      watched.shown.push(JSON.parse(line))
    return true
  }

  #disconnect(who: number, n: number): void {
    const mine = this.#sessions.filter(each => each.who === who)
    const gone = mine[n % Math.max(1, mine.length)]
    if (!gone) return
    this.#sessions.splice(this.#sessions.indexOf(gone), 1)
    this.#chat.depart(gone.session)
  }

  #person(who: number): Profile {
    return this.#people[who] ?? assert.fail()
  }

  // --- a step --------------------------------------------------------------------------------------------

  async #take({ do: doing, who, whom, room: r, n }: Step): Promise<void> {
    const room = this.#rooms[r % this.#rooms.length] ?? assert.fail()
    const person = this.#person(who)
    const other = NAMES[whom] ?? ''
    const { lobby, messages } = this.#chat
    const target = this.#target(room, n)
    switch (doing) {
      case 'post':
      case 'mention':
      case 'reply':
        return this.#post({
          who,
          room,
          text: this.#text(doing, n, other),
          reply: doing === 'reply' ? target : undefined,
        })
      case 'edit': {
        const text = this.#text('post', n + 1, other)
        const said = room.said.get(target)
        const refused =
          this.#mayWrite(who, room) ?? this.#missing(said) ?? (said?.author === who ? undefined : 'not-yours')
        const same = said?.text === text
        await this.#expect(
          () => messages.edit(person, room.id, target as Seq, text),
          refused,
          () => {
            if (!said || same) return
            said.text = text
            said.mentions = this.#mentioned(who, room, text)
            room.head++
          },
        )
        return
      }
      case 'erase': {
        const said = room.said.get(target)
        const rank = this.#rank(who, room)
        const refused =
          (rank === 0 ? 'not-a-member' : undefined) ??
          this.#missing(said) ??
          (said?.author === who || rank > 1 ? undefined : 'forbidden')
        await this.#expect(
          () => messages.erase(person, room.id, target as Seq),
          refused,
          () => {
            if (!said) return
            said.deleted = true
            said.text = ''
            said.pinned = false
            said.mentions.clear()
            room.head++
          },
        )
        return
      }
      case 'react': {
        const [emoji, on] = [EMOJI[n % 2] ?? '', n % 3 !== 0]
        const said = room.said.get(target)
        const refused = this.#mayTakePart(who, room) ?? this.#missing(said)
        await this.#expect(
          () => messages.react(person, room.id, target as Seq, { emoji, on }),
          refused,
          () => {
            const key = `${who} ${emoji}`
            if (!said || said.reactions.has(key) === on) return
            if (on) said.reactions.add(key)
            else said.reactions.delete(key)
            room.head++
          },
        )
        return
      }
      case 'pin': {
        const said = room.said.get(target)
        const on = n % 3 !== 0
        const refused = this.#mayModerate(who, room) ?? this.#missing(said)
        await this.#expect(
          () => messages.pin(person, room.id, target as Seq, on),
          refused,
          () => {
            if (!said || said.pinned === on) return
            said.pinned = on
            room.head++
          },
        )
        return
      }
      case 'create':
        return this.#create(who, n)
      case 'direct':
        return this.#direct(who, whom)
      case 'join':
        return this.#join(who, room)
      case 'bring':
        await this.#expect(
          () => lobby.bring(person, room.id, other),
          this.#mayArrive(who, whom, room),
          () => this.#arrived(whom, room),
        )
        return
      case 'leave': {
        const refused = !room.roles.has(who)
          ? 'not-a-member'
          : room.id === 1
            ? 'everyones'
            : room.kind === 'direct'
              ? 'forbidden'
              : this.#mustStay(who, room)
        await this.#expect(
          () => lobby.leave(person, room.id),
          refused,
          () => this.#left(who, room),
        )
        return
      }
      case 'kick':
      case 'ban': {
        const rank = this.#rank(who, room)
        const refused =
          (rank === 0 ? 'not-a-member' : undefined) ??
          (doing === 'kick' && !room.roles.has(whom) ? 'no-such-person' : undefined) ??
          (room.id === 1 ? 'everyones' : undefined) ??
          this.#mayDiscipline(who, whom, room)
        const discipline = { person: other, reason: 'porque sí', milliseconds: HOUR }
        await this.#expect(
          () => lobby[doing](person, room.id, discipline),
          refused,
          () => {
            this.#left(whom, room)
            room.bans.delete(whom)
            if (doing === 'ban') room.bans.set(whom, this.#now + HOUR)
          },
        )
        return
      }
      case 'mute': {
        const milliseconds = n % 2 === 0 ? 0 : HOUR
        const until = milliseconds === 0 ? 0 : this.#now + HOUR
        const refused =
          (!room.roles.has(who) ? 'not-a-member' : undefined) ??
          (!room.roles.has(whom) ? 'no-such-person' : undefined) ??
          this.#mayDiscipline(who, whom, room)
        await this.#expect(
          () => lobby.mute(person, room.id, { person: other, milliseconds }),
          refused,
          () => {
            if ((room.mutes.get(whom) ?? 0) === until) return
            room.mutes.set(whom, until)
            room.head++
          },
        )
        return
      }
      case 'appoint': {
        const role = ROLES[n % 3] ?? 'member'
        const refused =
          this.#mayGovern(who, room) ??
          (!room.roles.has(whom) ? 'no-such-person' : undefined) ??
          (room.roles.get(whom) !== role ? this.#mustStay(whom, room) : undefined)
        await this.#expect(
          () => lobby.appoint(person, room.id, other, role),
          refused,
          () => {
            if (room.roles.get(whom) === role) return
            room.roles.set(whom, role)
            room.head++
          },
        )
        return
      }
      case 'topic':
        await this.#expect(
          () => lobby.setTopic(person, room.id, `tema ${n}`),
          this.#mayModerate(who, room),
          () => {
            if (room.topic === `tema ${n}`) return
            room.topic = `tema ${n}`
            room.head++
          },
        )
        return
      case 'rename': {
        const name = `sala${n}`
        const taken = this.#rooms.some(each => each !== room && each.name === name)
        const refused =
          this.#mayGovern(who, room) ??
          (room.id === 1 ? 'everyones' : undefined) ??
          (taken ? 'room-taken' : undefined)
        await this.#expect(
          () => lobby.rename(person, room.id, name),
          refused,
          () => {
            if (room.name === name) return
            room.name = name
            room.head++
          },
        )
        return
      }
      case 'archive': {
        const on = n % 2 === 0
        const refused = this.#mayGovern(who, room) ?? (room.id === 1 ? 'everyones' : undefined)
        await this.#expect(
          () => lobby.archive(person, room.id, on),
          refused,
          () => {
            if (room.archived === on) return
            room.archived = on
            room.head++
          },
        )
        return
      }
      case 'connect':
        if (this.#sessions.length < 8) await this.#connect(who)
        return
      case 'disconnect':
        return this.#disconnect(who, n)
      case 'read': {
        const watched = this.#sessions.find(each => each.who === who)
        if (!watched) return
        await this.#chat.markRead(watched.session)
        for (const id of watched.next.keys()) {
          const room = this.#rooms.find(each => each.id === id) ?? assert.fail()
          this.#mark(who, room, watched.unshown.get(id) ?? room.head)
        }
        return
      }
      case 'history':
        return this.#checkHistory(who, room, n)
      case 'thread':
        return this.#checkThread(who, room, target)
      case 'search':
        return this.#checkSearch(who, n)
      case 'list':
        return this.#checkList(who)
      case 'wait':
        return this.#wait(n % 4 === 0 ? HOUR : 1100)
    }
  }

  /** Some message that was said, or a seq that is none. */
  #target(room: ModelRoom, n: number): number {
    const seqs = [...room.said.keys()]
    if (n % 13 === 0) return 2 ** 32 + 1 + (n % 4) // the next room's, if nobody looks
    return n % 7 === 0 ? room.head + n : (seqs[n % Math.max(1, seqs.length)] ?? 99)
  }

  #text(doing: string, n: number, other: string): string {
    const [first, second] = [WORDS[n % 4], WORDS[(n >> 2) % 4]]
    if (doing !== 'mention') return `${first} ${second} ${n}`
    return n % 3 === 0 ? `@todos ${first}` : `${first} @${other}, ${second}`
  }

  async #expect(
    act: () => Promise<unknown>,
    refused: string | undefined,
    done: (value: unknown) => void,
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

  async #post({
    who,
    room,
    text,
    reply,
  }: {
    who: number
    room: ModelRoom
    text: string
    reply: number | undefined
  }) {
    const watched = this.#sessions.find(each => each.who === who)
    const seat = watched?.session.seat(room.id)
    if (!watched || !seat) return
    const answered = Promise.withResolvers<Receipt>()
    if (reply === undefined) this.#chat.post(seat, text, receipt => answered.resolve(receipt))
    else this.#chat.reply(seat, reply as Seq, text, receipt => answered.resolve(receipt))
    const seen = room.head
    await this.#settle()
    const receipt = await answered.promise
    const original = reply === undefined ? undefined : room.said.get(reply)
    const refused = this.#mayWrite(who, room) ?? (reply === undefined ? undefined : this.#missing(original))
    assert.equal('refused' in receipt ? receipt.refused : undefined, refused)
    if ('refused' in receipt) return
    room.head++
    assert.equal(receipt.seq, room.head)
    watched.own.add(`${room.id} ${room.head}`)
    const said: Said = {
      seq: room.head,
      author: who,
      text,
      deleted: false,
      root: original?.root ?? room.head,
      reactions: new Set(),
      pinned: false,
      mentions: this.#mentioned(who, room, text),
    }
    room.said.set(room.head, said)
    const read = Math.max(room.marks.get(who) ?? 0, watched.unshown.get(room.id) ?? seen)
    this.#mark(who, room, read === seen ? room.head : read)
  }

  #mentioned(who: number, room: ModelRoom, text: string): Set<number> {
    const everyone = text.includes('@todos') && (this.#rank(who, room) > 1 || room.kind === 'direct')
    const named = [...room.roles.keys()].filter(each => text.includes(`@${NAMES[each]}`))
    return new Set(everyone ? [-1, ...named] : named)
  }

  #mark(who: number, room: ModelRoom, seq: number): void {
    room.marks.set(who, Math.max(room.marks.get(who) ?? 0, seq))
  }

  async #create(who: number, n: number): Promise<void> {
    if (this.#rooms.length > 8) return
    const [kind, name] = [KINDS[n % 3] ?? 'open', `sala${n}`]
    const taken = this.#rooms.some(each => each.name === name)
    await this.#expect(
      () => this.#chat.lobby.create(this.#person(who), name, kind),
      taken ? 'room-taken' : undefined,
      value => {
        const room = this.#model((value as Room).id, kind, name)
        room.roles.set(who, 'owner')
        room.head = 1
        this.#mark(who, room, 1)
        for (const each of this.#sessions) if (each.who === who) each.next.set(room.id, 2)
      },
    )
  }

  async #direct(who: number, whom: number): Promise<void> {
    const refused = who === whom ? 'no-such-person' : undefined
    await this.#expect(
      () => this.#chat.lobby.direct(this.#person(who), [NAMES[whom] ?? '']),
      refused,
      value => {
        const { id } = value as Room
        if (this.#rooms.some(each => each.id === id)) return
        const room = this.#model(id, 'direct', `@${id} ${++this.#made}`)
        for (const each of [who, whom]) {
          room.roles.set(each, 'member')
          for (const watched of this.#sessions) if (watched.who === each) watched.next.set(id, 1)
        }
      },
    )
  }

  async #join(who: number, room: ModelRoom): Promise<void> {
    await this.#expect(
      () => this.#chat.lobby.join(this.#person(who), room.id),
      this.#mayArrive(who, who, room),
      () => this.#arrived(who, room),
    )
  }

  #arrived(who: number, room: ModelRoom): void {
    room.head++
    room.roles.set(who, 'member')
    room.bans.delete(who)
    room.marks.set(who, room.head)
    for (const each of this.#sessions) {
      if (each.who !== who) continue
      each.next.set(room.id, room.head + 1)
      each.unshown.delete(room.id)
    }
  }

  #left(who: number, room: ModelRoom): void {
    room.head++
    room.roles.delete(who)
  }

  // --- who may what, in other words ----------------------------------------------------------------------

  #rank(who: number, room: ModelRoom): number {
    const role = room.roles.get(who)
    if (!role) return 0
    if (room.kind === 'direct') return 1
    if (role === 'owner' || who === 0) return 3
    return role === 'moderator' ? 2 : 1
  }

  #missing(said: Said | undefined): string | undefined {
    return !said || said.deleted ? 'no-such-message' : undefined
  }

  #mayTakePart(who: number, room: ModelRoom): string | undefined {
    if (!room.roles.has(who)) return 'not-a-member'
    if (room.archived) return 'archived'
    return (room.mutes.get(who) ?? 0) > this.#now ? 'muted' : undefined
  }

  #mayWrite(who: number, room: ModelRoom): string | undefined {
    const unspoken = room.kind === 'announcement' && this.#rank(who, room) < 2
    return this.#mayTakePart(who, room) ?? (unspoken ? 'read-only' : undefined)
  }

  #mayModerate(who: number, room: ModelRoom): string | undefined {
    const rank = this.#rank(who, room)
    if (rank === 0) return 'not-a-member'
    return rank > 1 || room.kind === 'direct' ? undefined : 'forbidden'
  }

  #mayGovern(who: number, room: ModelRoom): string | undefined {
    const rank = this.#rank(who, room)
    if (rank === 0) return 'not-a-member'
    return rank === 3 ? undefined : 'forbidden'
  }

  #mayDiscipline(who: number, whom: number, room: ModelRoom): string | undefined {
    const rank = this.#rank(who, room)
    if (rank === 0) return 'not-a-member'
    const theirs = whom === 0 ? 3 : this.#rank(whom, room)
    return room.kind !== 'direct' && rank > 1 && rank > theirs ? undefined : 'forbidden'
  }

  /** The last owner among others. */
  #mustStay(who: number, room: ModelRoom): string | undefined {
    if (room.id === 1 || room.kind === 'direct' || room.roles.get(who) !== 'owner') return undefined
    const others = [...room.roles].filter(([each]) => each !== who)
    return others.length > 0 && !others.some(([, role]) => role === 'owner') ? 'last-owner' : undefined
  }

  #mayArrive(who: number, whom: number, room: ModelRoom): string | undefined {
    const [self, there] = [who === whom, room.roles.has(whom)]
    if (self && !there && (room.kind === 'closed' || room.kind === 'direct')) return 'no-such-room'
    if (!self && !room.roles.has(who)) return 'not-a-member'
    if (room.kind === 'direct') return 'forbidden'
    if (!self && room.kind !== 'open' && this.#rank(who, room) < 2) return 'forbidden'
    if (there) return 'already-there'
    const banned = (room.bans.get(whom) ?? 0) > this.#now
    if (banned && (self || this.#rank(who, room) < 2)) return 'banned'
    return room.archived ? 'archived' : undefined
  }

  // --- what must be true ---------------------------------------------------------------------------------

  /** Each session was shown every event of its rooms, once, in order, as it is now; and nothing else. */
  #look(after: string): void {
    assert.deepEqual(this.#troubles, [], after)
    for (const watched of this.#sessions) {
      for (const event of watched.shown.splice(0)) if ('seq' in event) this.#shown(watched, event, after)
      for (const [id, next] of watched.next) {
        const room = this.#rooms.find(each => each.id === id) ?? assert.fail()
        assert.ok(
          room.roles.has(watched.who),
          `${NAMES[watched.who]} still sits in ${room.name} after ${after}`,
        )
        assert.equal(
          this.#skipOwn(watched, id, next),
          room.head + 1,
          `all of ${room.name} was shown after ${after}`,
        )
      }
      const rooms = this.#rooms.filter(each => each.roles.has(watched.who))
      assert.deepEqual(
        [...watched.next.keys()].toSorted(),
        rooms.map(each => each.id).toSorted(),
        `${NAMES[watched.who]} sits in all their rooms after ${after}`,
      )
    }
  }

  #skipOwn({ own }: Watched, room: RoomId, from: number): number {
    let next = from
    while (own.has(`${room} ${next}`)) next++
    return next
  }

  #shown(watched: Watched, event: LogEvent, after: string): void {
    const wanted = this.#nextOf(watched, event)
    if (wanted === undefined) return // the removal that ended its seat came last
    assert.equal(event.seq, this.#skipOwn(watched, event.room, wanted), `the next event after ${after}`)
    watched.next.set(event.room, event.seq + 1)
    if (event.kind === 'message' || event.kind === 'edit') {
      const room = this.#rooms.find(each => each.id === event.room)
      const said = room?.said.get(event.kind === 'edit' ? event.target : event.seq)
      assert.equal(event.text, said?.text, `the text as it is, after ${after}`)
    }
  }

  #nextOf(watched: Watched, event: LogEvent): number | undefined {
    const next = watched.next.get(event.room)
    if (next !== undefined) return next
    assert.ok(
      event.kind === 'removal' && event.person.id === this.#person(watched.who).id,
      `${NAMES[watched.who]} was shown ${event.kind} of a room they are not in`,
    )
    return undefined
  }

  async #checkHistory(who: number, room: ModelRoom, n: number): Promise<void> {
    const limit = 1 + (n % 5)
    const seq = n % 2 === 0 ? room.head + 1 : this.#target(room, n)
    const side = n % 3 === 0 ? 'after' : 'before'
    const refused = room.roles.has(who) ? undefined : 'not-a-member'
    const page = { side, seq: seq as Seq, limit } as const
    await this.#expect(
      () => this.#chat.messages.page(this.#person(who), room.id, page),
      refused,
      value => {
        const there = this.#living(room)
        const wanted =
          side === 'after'
            ? there.filter(each => each.seq > seq).slice(0, limit)
            : there.filter(each => each.seq < seq).slice(-limit)
        this.#same(value, wanted)
      },
    )
  }

  #living(room: ModelRoom): Said[] {
    return [...room.said.values()].filter(({ deleted }) => !deleted)
  }

  #same(found: unknown, wanted: readonly Said[]): void {
    assert.deepEqual(
      (found as LogEvent[]).map(each => each.kind === 'message' && [each.seq, each.text]),
      wanted.map(({ seq, text }) => [seq, text]),
    )
  }

  async #checkThread(who: number, room: ModelRoom, target: number): Promise<void> {
    const said = room.said.get(target)
    const refused =
      (room.roles.has(who) ? undefined : 'not-a-member') ?? (said ? undefined : 'no-such-message')
    await this.#expect(
      () => this.#chat.messages.thread(this.#person(who), room.id, target as Seq),
      refused,
      value => {
        this.#same(
          value,
          this.#living(room).filter(({ root }) => root === said?.root),
        )
      },
    )
  }

  async #checkSearch(who: number, n: number): Promise<void> {
    const word = WORDS[n % 4] ?? ''
    const from = n % 3 === 0 ? NAMES[n % 4] : undefined
    const typed = `${word.toUpperCase()} -${WORDS[(n + 1) % 4]}${from ? ` de:${from}` : ''}`
    const results = await this.#chat.messages.search(this.#person(who), typed, { skip: 0, limit: 200 })
    assert.equal(results.complete, true)
    const found = results.found.map(({ message }) => `${message.room} ${message.seq} ${message.text}`)
    const wanted = this.#rooms
      .filter(room => room.roles.has(who))
      .flatMap(room => this.#living(room).map(said => ({ room, said })))
      .filter(({ said }) => said.text.includes(word) && !said.text.includes(WORDS[(n + 1) % 4] ?? ''))
      .filter(({ said }) => from === undefined || NAMES[said.author] === from)
      .map(({ room, said }) => `${room.id} ${said.seq} ${said.text}`)
    assert.deepEqual(found.toSorted(), wanted.toSorted(), `searching ${typed}`)
  }

  /** The counts are those that one gets by counting. */
  async #checkList(who: number): Promise<void> {
    const { mine, others } = await this.#chat.lobby.list(this.#person(who))
    const model = this.#rooms.filter(room => room.roles.has(who))
    assert.deepEqual(mine.map(({ id }) => id).toSorted(), model.map(({ id }) => id).toSorted())
    for (const listing of mine) {
      const room = model.find(({ id }) => id === listing.id) ?? assert.fail()
      const mark = room.marks.get(who) ?? 0
      const unread = this.#living(room).filter(({ seq, author }) => seq > mark && author !== who)
      const mentions = unread.filter(({ mentions }) => mentions.has(who) || mentions.has(-1))
      const counted = {
        head: listing.head,
        people: listing.people,
        unread: listing.unread,
        mentions: listing.mentions,
      }
      assert.deepEqual(
        counted,
        { head: room.head, people: room.roles.size, unread: unread.length, mentions: mentions.length },
        `${NAMES[who]} in ${room.name}, read to ${mark}`,
      )
    }
    const joinable = this.#rooms.filter(
      ({ kind, archived, roles }) =>
        !roles.has(who) && !archived && (kind === 'open' || kind === 'announcement'),
    )
    assert.deepEqual(others.map(({ id }) => id).toSorted(), joinable.map(({ id }) => id).toSorted())
  }
}
