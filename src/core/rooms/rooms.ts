// Rooms: opening, finding, entering and leaving them, and keeping them in order.

import type { ClusterMessages } from '../cluster/messages.ts'
import type { Throttles } from '../limits/throttles.ts'
import { checkMask } from '../model/masks.ts'
import type {
  Instant,
  Level,
  LogEvent,
  MaskList,
  Person,
  Room,
  RoomFlag,
  RoomId,
  RoomRole,
  Seq,
  UserId,
} from '../model/model.ts'
import { hasRank } from '../model/permissions.ts'
import { Refusal, refuse } from '../model/refusals.ts'
import {
  addressee,
  checkKey,
  checkRoomName,
  checkTopic,
  foldKey,
  foldRoomName,
  foldUsername,
  SLOWEST,
} from '../model/rules.ts'
import type { Parts } from '../parts.ts'
import type { Clock } from '../ports/clock.ts'
import type { Change } from '../ports/log.ts'
import type { Skeletons } from '../ports/people.ts'
import type { Listing, Member, NewRoom, RoomInvitation, RoomSettings, SizedListing } from '../ports/rooms.ts'
import type { Store } from '../ports/store.ts'
import type { Actor, Changes } from './changes.ts'

/** In a direct room, oneself included. */
const MOST_DIRECT = 12
/** Of one page of people. */
export const LONGEST_LIST = 200
/** Of those who rank above members, or are muted, in one room. */
const MOST_NOTABLE = 1000
/** People in one room. */
const HIGHEST_LIMIT = 1_000_000
/** Where who makes a room arrives in it, and where those of a direct room, who are there from the start. */
const [FIRST, NOBODY] = [1 as Seq, 0 as Seq]
/** Longer than anybody waits: a ban or a mute without an end. */
const FOR_EVER = Number.MAX_SAFE_INTEGER as Instant

/** Whom it hits, for how long (undefined is for ever), and what they are told. */
export interface Discipline {
  readonly person: string
  readonly milliseconds?: number
  readonly reason: string
}

export interface RoomsDeps extends Pick<Parts, 'store' | 'clock' | 'skeletonsOf' | 'policy'> {
  readonly changes: Changes
  readonly cluster: ClusterMessages
  readonly throttles: Throttles
}

/** What was done; undefined when it was so already. */
type Outcome = LogEvent | undefined

export class Rooms {
  readonly #store: Store
  readonly #cluster: ClusterMessages
  readonly #clock: Clock
  readonly #changes: Changes
  readonly #skeletonsOf: (name: string) => Skeletons
  readonly #throttles: Throttles
  readonly #limits: boolean

  constructor(parts: RoomsDeps) {
    this.#store = parts.store
    this.#cluster = parts.cluster
    this.#clock = parts.clock
    this.#changes = parts.changes
    this.#skeletonsOf = parts.skeletonsOf
    this.#throttles = parts.throttles
    this.#limits = parts.policy.limits
  }

  /** The rooms that the person is in, with what is not read. */
  async mine({ id }: Pick<Person, 'id'>): Promise<readonly Listing[]> {
    return this.#store.rooms.mine(id)
  }

  /** Refuses 'not-a-member'. */
  async listing(person: Person, room: RoomId): Promise<Listing> {
    const [found] = await this.#store.rooms.mine(person.id, room)
    return found ?? refuse('not-a-member')
  }

  /** Those, and the ones that they may join, with how many people are in each. */
  async list({ id }: Person): Promise<{ mine: readonly SizedListing[]; others: readonly SizedListing[] }> {
    const { rooms } = this.#store
    const [mine, sizes, others] = await Promise.all([rooms.mine(id), rooms.sizes(id), rooms.others(id)])
    const people = new Map(sizes.map(each => [each.room, each.people]))
    return { mine: mine.map(each => ({ ...each, people: people.get(each.id) ?? 0 })), others }
  }

  /** Refuses 'bad-room-name', 'room-taken', 'account-needed', 'too-many-rooms'. */
  async create(person: Person, name: string, kind: NewRoom['kind']): Promise<Room> {
    const { id } = person
    const room = await this.#store.rooms.create(id, { kind, ...this.#named(name) }, this.#clock.now())
    await this.#changes.announceArrival(id, room.id, { at: FIRST, author: person })
    return room
  }

  /**
   * The room that these people and oneself have for themselves; who has left it comes back, of the others nobody is fetched.
   * Refuses 'no-such-person', 'too-many', 'account-needed', 'too-many-rooms', 'too-many-unanswered'.
   */
  async direct(person: Person, usernames: readonly string[]): Promise<Room> {
    if (usernames.length > MOST_DIRECT) refuse('too-many')
    const people = new Set([person.id])
    for (const username of usernames) people.add((await this.#person(username)).id)
    if (people.size < 2) refuse('no-such-person')
    if (people.size > MOST_DIRECT) refuse('too-many')
    const { room, isNew, isMember } = await this.#store.rooms.direct([...people], this.#clock.now())
    if (isNew)
      for (const each of people)
        await this.#changes.announceArrival(each, room.id, { at: NOBODY, author: person })
    else if (!isMember) await this.join(person, room.id).catch(unlessThere)
    return room
  }

  /**
   * The room that those have for themselves who have at least that rank in a room, and oneself with them.
   * Refuses 'not-a-member', and what `direct` does: 'no-such-person' where there is nobody else, 'too-many'.
   */
  async directRoomOfRank(person: Person, room: RoomId, least: RoomRole): Promise<Room> {
    const ranked = (await this.notableMembers(person, room)).filter(member => hasRank(member, least))
    return this.direct(
      person,
      ranked.map(({ person: { username } }) => username),
    )
  }

  /** One the person is in or may join. Refuses 'no-such-room'. */
  async find({ id }: Person, name: string): Promise<Room> {
    return (await this.#store.rooms.find(id, foldRoomName(name.trim()))) ?? refuse('no-such-room')
  }

  /**
   * Refuses 'no-such-room', 'banned', 'no-guests', 'wrong-key', 'room-full', 'archived', 'already-there',
   * 'too-many-rooms'; 'too-many-attempts' after many wrong keys, which people choose and others guess.
   */
  async join(person: Actor, room: RoomId, key = ''): Promise<Outcome> {
    const arrival = { kind: 'arrival', person: person.id, key: foldKey(key) } as const
    const arrive = () => this.#changes.make(person, room, arrival)
    if (key === '' || !this.#limits) return arrive()
    const tallies = [['keys', `${room} ${person.id}`] as const, ['rooms', `${room}`] as const]
    return this.#throttles.guess(tallies, arrive, { from: `${person.id}` })
  }

  /** Refuses 'no-such-person' and what joining does, 'forbidden', 'account-needed'; 'too-many-brought' for 'too-many-rooms'. */
  async bring(person: Actor, room: RoomId, username: string): Promise<Outcome> {
    const whom = await this.#person(username)
    return this.#changes.make(person, room, { kind: 'arrival', person: whom.id })
  }

  /**
   * Asks somebody to come into the room, who may follow once, or not. @returns false where they are asked already, or do
   * not want to hear of it. Refuses what Rooms.ask does.
   */
  async invite({ id }: Person, room: RoomId, username: string): Promise<boolean> {
    const whom = await this.#person(username)
    const asked = await this.#store.rooms.invite(id, room, whom.id, this.#clock.now())
    if (asked) await this.#cluster.broadcast({ kind: 'asked', person: whom.id, asked })
    return asked !== undefined
  }

  /** The rooms that somebody asks the person into, the newest first. */
  async invitations({ id }: Pick<Person, 'id'>): Promise<readonly RoomInvitation[]> {
    return this.#store.rooms.invitations(id)
  }

  /** @returns false where nobody had asked them */
  async decline({ id }: Person, room: RoomId): Promise<boolean> {
    return this.#store.rooms.decline(id, room)
  }

  /** Refuses 'not-a-member', 'everyones', 'last-owner', 'forbidden' in a conversation of two, 'long-topic'. */
  async leave(person: Actor, room: RoomId, reason = ''): Promise<Outcome> {
    return this.#changes.make(person, room, { ...removal(person.id, 'left'), reason: checkTopic(reason) })
  }

  /** Refuses 'not-a-member', 'forbidden', 'no-such-person', 'everyones', 'long-topic'. */
  async kick(
    person: Actor,
    room: RoomId,
    { person: username, reason }: Omit<Discipline, 'milliseconds'>,
  ): Promise<Outcome> {
    const whom = await this.#person(username)
    return this.#changes.make(person, room, { ...removal(whom.id, 'kicked'), reason: checkTopic(reason) })
  }

  /** Refuses as `kick` does. */
  async ban(
    person: Actor,
    room: RoomId,
    { person: username, milliseconds, reason }: Discipline,
  ): Promise<Outcome> {
    const whom = await this.#person(username)
    const until = this.#until(milliseconds)
    return this.#changes.make(person, room, {
      ...removal(whom.id, 'banned'),
      reason: checkTopic(reason),
      until,
    })
  }

  /** 0 milliseconds take it back. Refuses 'forbidden', 'no-such-person'. */
  async mute(
    person: Actor,
    room: RoomId,
    { person: username, milliseconds }: Omit<Discipline, 'reason'>,
  ): Promise<Outcome> {
    const whom = await this.#person(username)
    const until = milliseconds === 0 ? (0 as Instant) : this.#until(milliseconds)
    return this.#changes.make(person, room, { kind: 'muting', person: whom.id, until })
  }

  /** Refuses 'forbidden', 'no-such-person'. */
  async appoint(person: Actor, room: RoomId, username: string, role: RoomRole): Promise<Outcome> {
    const whom = await this.#person(username)
    return this.#changes.make(person, room, { kind: 'appointment', person: whom.id, role })
  }

  /** Refuses 'long-topic', 'forbidden'. */
  async setTopic(person: Actor, room: RoomId, topic: string): Promise<Outcome> {
    return this.#changes.make(person, room, { kind: 'topic', text: checkTopic(topic) })
  }

  /**
   * @param reason everybody in the room is told
   * Refuses 'bad-room-name', 'room-taken', 'forbidden', 'everyones', 'long-topic'.
   */
  async rename(person: Actor, room: RoomId, typed: string, reason = ''): Promise<Outcome> {
    const why = checkTopic(reason)
    return this.#changes.make(person, room, { kind: 'name', ...this.#named(typed), reason: why })
  }

  /** Nobody writes there any more; or they may again. Refuses 'forbidden', 'everyones'. */
  async archive(person: Actor, room: RoomId, on: boolean): Promise<Outcome> {
    return this.#changes.make(person, room, { kind: 'archived', on })
  }

  /** Refuses 'forbidden', 'everyones'. */
  async setKind(person: Actor, room: RoomId, to: NewRoom['kind']): Promise<Outcome> {
    return this.#changes.make(person, room, { kind: 'kind', to })
  }

  /** What who joins must know; empty for nothing. Refuses 'bad-key', 'forbidden', 'everyones'. */
  async setKey(person: Actor, room: RoomId, typed: string): Promise<Outcome> {
    return this.#changes.make(person, room, { kind: 'key', key: checkKey(typed) })
  }

  /** How many people may be in it; 0 for any number. Refuses 'forbidden', 'everyones'. */
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

  /** How the room is kept, and its lists. Refuses 'not-a-member'. */
  async settings({ id }: Person, room: RoomId): Promise<RoomSettings> {
    return this.#store.rooms.settings(id, room, this.#clock.now())
  }

  /** Only some write for so long: undefined is for ever, 0 the end of it. Refuses 'forbidden'. */
  async silence(person: Actor, room: RoomId, milliseconds: number | undefined): Promise<Outcome> {
    const until = milliseconds === 0 ? (0 as Instant) : this.#until(milliseconds)
    return this.#changes.make(person, room, { kind: 'silenced', until })
  }

  /** One text of a person in so many seconds; 0 is the end of it. Refuses 'forbidden'. */
  async slow(person: Actor, room: RoomId, seconds: number): Promise<Outcome> {
    const within = Math.min(Math.max(0, Math.ceil(seconds)), SLOWEST)
    return this.#changes.make(person, room, { kind: 'slow', seconds: within })
  }

  /** By name, those behind `after`. Refuses 'not-a-member'. */
  async members({ id }: Person, room: RoomId, after: string): Promise<readonly Member[]> {
    return this.#store.rooms.members(id, room, foldUsername(after), LONGEST_LIST)
  }

  /** Those in the room who rank above its members, or are muted, by name; however many others there are. Refuses 'not-a-member'. */
  async notableMembers({ id }: Person, room: RoomId): Promise<readonly Member[]> {
    return this.#store.rooms.notable(id, room, this.#clock.now(), MOST_NOTABLE)
  }

  /** Those of these people who are in the room, by name. Refuses 'not-a-member'. */
  async membersAmong({ id }: Person, room: RoomId, people: readonly UserId[]): Promise<readonly Member[]> {
    return people.length === 0 ? [] : this.#store.rooms.among(id, room, people)
  }

  /** What the person wants to be told of in that room. @returns false when it was so already. Refuses 'not-a-member'. */
  async setLevel({ id }: Person, room: RoomId, level: Level): Promise<boolean> {
    const done = await this.#store.rooms.setLevel(id, room, level)
    if (done) await this.#cluster.broadcast({ kind: 'changed', person: id, what: 'levels' })
    return done
  }

  // --- for whoever runs the server, in the name of its owner ------------------------------------------------

  /** All rooms but direct ones. */
  async all(): ReturnType<Store['rooms']['all']> {
    return this.#store.rooms.all()
  }

  /** Refuses 'no-such-room', 'no-such-person', 'last-owner'. */
  async appointIn(room: string, username: string, role: RoomRole): Promise<Outcome> {
    const whom = await this.#person(username)
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

  #named(typed: string): { name: string; folded: string } & Skeletons {
    const name = checkRoomName(typed)
    return { name, folded: foldRoomName(name), ...this.#skeletonsOf(name) }
  }

  #until(milliseconds: number | undefined): Instant {
    if (milliseconds === undefined) return FOR_EVER
    return Math.min(this.#clock.now() + milliseconds, FOR_EVER) as Instant
  }

  async #person(username: string): Promise<Person> {
    return (await this.#store.people.find(addressee(username))) ?? refuse('no-such-person')
  }
}

/** From another of one's connections, meanwhile. */
function unlessThere(error: unknown): void {
  if (!(error instanceof Refusal && error.code === 'already-there')) throw error
}

function removal(person: UserId, how: 'left' | 'kicked' | 'banned') {
  return { kind: 'removal', person, how, reason: '', until: 0 as Instant } as const
}
