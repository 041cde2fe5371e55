// Keeping a room in order: who may stay and speak, who has which role, and the room's settings.

import { checkCall, checkHours } from '../model/hours-and-call.ts'
import { checkMask } from '../model/masks.ts'
import type {
  Instant,
  LogEvent,
  MaskList,
  Person,
  RoomFlag,
  RoomId,
  RoomRole,
  UserId,
} from '../model/model.ts'
import { checkKey, checkTopic, foldRoomName, foldUsername, SLOWEST } from '../model/rules.ts'
import type { Parts } from '../parts.ts'
import { findAnybody, findPerson } from '../people/find.ts'
import type { FoundActs } from '../ports/acts.ts'
import type { Clock } from '../ports/clock.ts'
import type { Change } from '../ports/log.ts'
import type { NewRoom } from '../ports/rooms.ts'
import type { Store } from '../ports/store.ts'
import type { Actor, Changes } from './changes.ts'
import { checkedName } from './room-name.ts'

/** The highest limit of people in one room. */
const HIGHEST_LIMIT = 1_000_000
/** Acts in one answer, if nothing else is said, and at most. */
const [ACTS, MOST_ACTS] = [50, 200]
/** The end of a ban or a mute that has none. */
const FOR_EVER = Number.MAX_SAFE_INTEGER as Instant

/** Whom it concerns, for how long (for ever by default), and what they are told. */
export interface Discipline {
  readonly person: string
  readonly milliseconds?: number
  readonly reason: string
}

/** What of the moderation log somebody wants to see. */
export interface WantedActs {
  /** undefined: everything on the server. */
  readonly room?: RoomId | undefined
  /** Only what this person did, or what was done about them. */
  readonly username?: string | undefined
  readonly before?: number | undefined
  readonly limit?: number | undefined
}

export interface ModerationDeps extends Pick<Parts, 'store' | 'clock' | 'skeletonsOf'> {
  readonly changes: Changes
}

/** The event that was stored; undefined when it was so already. */
type Outcome = LogEvent | undefined

export class Moderation {
  readonly #store: Store
  readonly #clock: Clock
  readonly #changes: Changes
  readonly #skeletonsOf: Parts['skeletonsOf']

  constructor(deps: ModerationDeps) {
    this.#store = deps.store
    this.#clock = deps.clock
    this.#changes = deps.changes
    this.#skeletonsOf = deps.skeletonsOf
  }

  /** Refuses 'not-a-member', 'forbidden', 'no-such-person', 'not-there', 'everyones', 'long-topic'. */
  async kick(
    person: Actor,
    room: RoomId,
    { person: username, reason }: Omit<Discipline, 'milliseconds'>,
  ): Promise<Outcome> {
    const whom = await findPerson(this.#store, username)
    return this.#changes.make(person, room, { ...removal(whom.id, 'kicked'), reason: checkTopic(reason) })
  }

  /** Refuses as `kick` does. */
  async ban(
    person: Actor,
    room: RoomId,
    { person: username, milliseconds, reason }: Discipline,
  ): Promise<Outcome> {
    const whom = await findPerson(this.#store, username)
    const until = this.#until(milliseconds)
    return this.#changes.make(person, room, {
      ...removal(whom.id, 'banned'),
      reason: checkTopic(reason),
      until,
    })
  }

  /** Lets a banned person in again. @returns undefined when they were not banned. Refuses 'forbidden', 'no-such-person'. */
  async unban(person: Actor, room: RoomId, username: string): Promise<Outcome> {
    const whom = await findAnybody(this.#store, username)
    const mask = foldUsername(whom.username)
    return this.#changes.make(person, room, { kind: 'mask', list: 'ban', mask, on: false })
  }

  /** 0 milliseconds end a mute. Refuses 'forbidden', 'no-such-person', 'not-there', 'long-topic'. */
  async mute(
    person: Actor,
    room: RoomId,
    { person: username, milliseconds, reason }: Discipline,
  ): Promise<Outcome> {
    const whom = await findPerson(this.#store, username)
    const until = milliseconds === 0 ? (0 as Instant) : this.#until(milliseconds)
    return this.#changes.make(person, room, {
      kind: 'muting',
      person: whom.id,
      until,
      reason: checkTopic(reason),
    })
  }

  /** Refuses 'forbidden', 'no-such-person', 'not-there'. */
  async appoint(person: Actor, room: RoomId, username: string, role: RoomRole): Promise<Outcome> {
    const whom = await findPerson(this.#store, username)
    return this.#changes.make(person, room, { kind: 'appointment', person: whom.id, role })
  }

  /** Refuses 'long-topic', 'forbidden'. */
  async setTopic(person: Actor, room: RoomId, topic: string): Promise<Outcome> {
    return this.#changes.make(person, room, { kind: 'topic', text: checkTopic(topic) })
  }

  /**
   * @param reason told to everybody in the room. Refuses 'bad-room-name', 'room-taken', 'forbidden', 'everyones',
   * 'long-topic'.
   */
  async rename(person: Actor, room: RoomId, typed: string, reason = ''): Promise<Outcome> {
    const why = checkTopic(reason)
    return this.#changes.make(person, room, {
      kind: 'name',
      ...checkedName(typed, this.#skeletonsOf),
      reason: why,
    })
  }

  /** Closes the room for writing, or opens it again. Refuses 'forbidden', 'everyones'. */
  async archive(person: Actor, room: RoomId, on: boolean): Promise<Outcome> {
    return this.#changes.make(person, room, { kind: 'archived', on })
  }

  /** Refuses 'forbidden', 'everyones'. */
  async setKind(person: Actor, room: RoomId, to: NewRoom['kind']): Promise<Outcome> {
    return this.#changes.make(person, room, { kind: 'kind', to })
  }

  /** Sets what people who join must know; empty for none. Refuses 'bad-key', 'forbidden', 'everyones'. */
  async setKey(person: Actor, room: RoomId, typed: string): Promise<Outcome> {
    return this.#changes.make(person, room, { kind: 'key', key: checkKey(typed) })
  }

  /** Sets how many people may be in the room; 0 for any number. Refuses 'forbidden', 'everyones'. */
  async limit(person: Actor, room: RoomId, people: number): Promise<Outcome> {
    const within = Math.min(Math.max(0, Math.trunc(people)), HIGHEST_LIMIT)
    return this.#changes.make(person, room, { kind: 'limit', people: within })
  }

  /** Refuses 'forbidden'. */
  async setFlag(person: Actor, room: RoomId, flag: RoomFlag, on: boolean): Promise<Outcome> {
    return this.#changes.make(person, room, { kind: 'flag', flag, on })
  }

  /** Refuses 'bad-mask', 'forbidden', 'list-full'. */
  async mask(
    person: Actor,
    room: RoomId,
    { list, mask, on }: { list: MaskList; mask: string; on: boolean },
  ): Promise<Outcome> {
    return this.#changes.make(person, room, { kind: 'mask', list, mask: checkMask(mask), on })
  }

  /**
   * Lets only speakers and higher ranks write for that long: for ever if undefined, 0 ends it. Refuses 'forbidden'.
   */
  async silence(person: Actor, room: RoomId, milliseconds: number | undefined): Promise<Outcome> {
    const until = milliseconds === 0 ? (0 as Instant) : this.#until(milliseconds)
    return this.#changes.make(person, room, { kind: 'silenced', until })
  }

  /** Sets the seconds between two texts of one person; 0 for none. Refuses 'forbidden'. */
  async slow(person: Actor, room: RoomId, seconds: number): Promise<Outcome> {
    const within = Math.min(Math.max(0, Math.ceil(seconds)), SLOWEST)
    return this.#changes.make(person, room, { kind: 'slow', seconds: within })
  }

  /** Sets when others than moderators may write; empty for always. Refuses 'bad-hours', 'bad-zone', 'forbidden'. */
  async setHours(person: Actor, room: RoomId, typed: string): Promise<Outcome> {
    return this.#changes.make(person, room, { kind: 'hours', hours: checkHours(typed) })
  }

  /** Sets the https address of the room's call; empty for none. Refuses 'bad-call', 'forbidden'. */
  async setCall(person: Actor, room: RoomId, typed: string): Promise<Outcome> {
    return this.#changes.make(person, room, { kind: 'call', address: checkCall(typed) })
  }

  // --- looking back ----------------------------------------------------------------------------------------

  /**
   * The moderation log, newest first: a room's for its moderators, all of it for admins, who may read both. Refuses
   * 'forbidden', 'not-a-member', 'no-such-person'.
   */
  async acts({ id }: Person, { username, limit = ACTS, ...page }: WantedActs): Promise<FoundActs> {
    const person = username === undefined ? undefined : (await findAnybody(this.#store, username)).id
    const { room, before } = page
    return this.#store.acts.list(id, { room, before, person, limit: Math.min(limit, MOST_ACTS) })
  }

  // --- for whoever runs the server, in the name of its owner -----------------------------------------------

  /** Refuses 'no-such-room', 'no-such-person', 'last-owner'. */
  async appointIn(room: string, username: string, role: RoomRole): Promise<Outcome> {
    const whom = await findPerson(this.#store, username)
    return this.#govern(room, { kind: 'appointment', person: whom.id, role })
  }

  /** Refuses 'no-such-room', 'everyones'. */
  async archiveRoom(room: string, on: boolean): Promise<Outcome> {
    return this.#govern(room, { kind: 'archived', on })
  }

  async #govern(room: string, change: Change): Promise<Outcome> {
    const event = await this.#store.rooms.govern(foldRoomName(room.trim()), change, this.#clock.now())
    if (event) await this.#changes.publish(event)
    return event
  }

  #until(milliseconds: number | undefined): Instant {
    if (milliseconds === undefined) return FOR_EVER
    return Math.min(this.#clock.now() + milliseconds, FOR_EVER) as Instant
  }
}

function removal(person: UserId, how: 'kicked' | 'banned') {
  return { kind: 'removal', person, how, reason: '', until: 0 as Instant } as const
}
