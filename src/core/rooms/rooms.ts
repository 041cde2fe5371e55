// Rooms: making, finding, joining and leaving them, and who is in them.

import type { ClusterMessages } from '../cluster/cluster-messages.ts'
import type { Throttles } from '../limits/throttles.ts'
import type { Instant, Level, LogEvent, Person, Room, RoomId, RoomRole, Seq, UserId } from '../model/model.ts'
import { hasRank } from '../model/permissions.ts'
import { Refusal, refuse } from '../model/refusals.ts'
import { checkTitle, checkTopic, foldKey, foldRoomName, foldUsername, MOST_DIRECT } from '../model/rules.ts'
import type { Standing } from '../model/standing.ts'
import type { Parts } from '../parts.ts'
import { findPerson } from '../people/find.ts'
import type { Clock } from '../ports/clock.ts'
import type { Skeletons } from '../ports/people.ts'
import type {
  Ban,
  Listing,
  Member,
  NewRoom,
  RoomInvitation,
  RoomSettings,
  SizedListing,
} from '../ports/rooms.ts'
import type { Store } from '../ports/store.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Actor, Changes } from './changes.ts'
import { listingsOf } from './listings.ts'
import { checkedName } from './room-name.ts'

/** People in one page of a list, at most. */
export const LONGEST_LIST = 200
/** Members given by `notableMembers`, at most. */
const MOST_NOTABLE = 1000
/** The seq of the arrival of a room's maker: its first event. */
const FIRST = 1 as Seq
/** Given for the people of a new direct room: they are in it from the start, so no event says that they came. */
const FROM_THE_START = 0 as Seq

export interface RoomsDeps extends Pick<Parts, 'store' | 'clock' | 'skeletonsOf' | 'policy'> {
  readonly changes: Changes
  readonly cluster: ClusterMessages
  readonly throttles: Throttles
  readonly sessions: Sessions
}

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
    parts.cluster.on('asked', ({ person, asked }) => {
      for (const session of parts.sessions.of(person))
        if (session.reaches(asked.room.id)) session.view.invited(asked)
    })
  }

  /** The rooms that the person is in, with their unread counts. */
  async mine({ id }: Pick<Person, 'id'>): Promise<readonly Listing[]> {
    return listingsOf(this.#store, id)
  }

  /** Refuses 'not-a-member'. */
  async listing(person: Person, room: RoomId): Promise<Listing> {
    const [found] = await listingsOf(this.#store, person.id, room)
    return found ?? refuse('not-a-member')
  }

  /** The rooms that the person is in, and those that they may join, with the number of people in each. */
  async list({ id }: Person): Promise<{ mine: readonly SizedListing[]; others: readonly SizedListing[] }> {
    const { rooms } = this.#store
    const [mine, sizes, others] = await Promise.all([this.mine({ id }), rooms.sizes(id), rooms.others(id)])
    const people = new Map(sizes.map(each => [each.room, each.people]))
    return { mine: mine.map(each => ({ ...each, people: people.get(each.id) ?? 0 })), others }
  }

  /** Refuses 'bad-room-name', 'room-taken', 'account-needed', 'too-many-rooms'. */
  async create(person: Person, name: string, kind: NewRoom['kind']): Promise<Room> {
    const { id } = person
    const room = await this.#store.rooms.create(
      id,
      { kind, ...checkedName(name, this.#skeletonsOf) },
      this.#clock.now(),
    )
    await this.#changes.announceArrival(id, room.id, { at: FIRST, author: person })
    return room
  }

  /**
   * The direct room of exactly these people and the person: one that nobody has left or been added to. It shows in the
   * person's lists again.
   * Refuses 'no-such-person', 'too-many', 'account-needed', 'too-many-rooms', 'too-many-unanswered'.
   */
  async direct(person: Person, usernames: readonly string[]): Promise<Room> {
    if (usernames.length > MOST_DIRECT) refuse('too-many')
    const people = new Set([person.id])
    for (const username of usernames) people.add((await findPerson(this.#store, username)).id)
    if (people.size < 2) refuse('no-such-person')
    if (people.size > MOST_DIRECT) refuse('too-many')
    const { room, isNew, isMember, isHidden } = await this.#store.rooms.direct([...people], this.#clock.now())
    if (isNew)
      for (const each of people)
        await this.#changes.announceArrival(each, room.id, { at: FROM_THE_START, author: person })
    else if (!isMember) await this.join(person, room.id).catch(unlessThere)
    else if (isHidden) await this.hide(person, room.id, false)
    return room
  }

  /**
   * The direct room of the person with everyone who has at least that rank in a room. Refuses 'not-a-member', and
   * what `direct` does: 'no-such-person' if there is nobody else, 'too-many'.
   */
  async directRoomOfRank(person: Person, room: RoomId, least: RoomRole): Promise<Room> {
    const ranked = (await this.notableMembers(person, room)).filter(member => hasRank(member, least))
    return this.direct(
      person,
      ranked.map(({ person: { username } }) => username),
    )
  }

  /** A room that the person is in, may join, or is invited into. Refuses 'no-such-room'. */
  async find({ id }: Person, name: string): Promise<Room> {
    return (await this.#store.rooms.find(id, foldRoomName(name.trim()))) ?? refuse('no-such-room')
  }

  /**
   * Refuses 'no-such-room', 'banned', 'no-guests', 'wrong-key', 'room-full', 'archived', 'already-there',
   * 'too-many-rooms'; 'too-many-attempts' after many wrong keys, since people choose them and others guess.
   */
  async join(person: Actor, room: RoomId, key = ''): Promise<LogEvent | undefined> {
    const arrival = { kind: 'arrival', person: person.id, key: foldKey(key) } as const
    const arrive = () => this.#changes.make(person, room, arrival)
    if (key === '' || !this.#limits) return arrive()
    const tallies = [['keys', `${room} ${person.id}`] as const, ['rooms', `${room}`] as const]
    return this.#throttles.guess(tallies, arrive, { from: `${person.id}` })
  }

  /**
   * Makes somebody a member. Refuses 'no-such-person', 'forbidden', 'account-needed', and what joining does;
   * 'too-many-brought' in place of 'too-many-rooms'.
   */
  async bring(person: Actor, room: RoomId, username: string): Promise<LogEvent | undefined> {
    const whom = await findPerson(this.#store, username)
    return this.#changes.make(person, room, { kind: 'arrival', person: whom.id })
  }

  /**
   * Invites somebody to join once.
   * @returns false if they are invited already, or have blocked the person. Refuses what the store's `invite` does.
   */
  async invite({ id }: Person, room: RoomId, username: string): Promise<boolean> {
    const whom = await findPerson(this.#store, username)
    const invitation = await this.#store.rooms.invite(id, room, whom.id, this.#clock.now())
    if (invitation) await this.#cluster.broadcast({ kind: 'asked', person: whom.id, asked: invitation })
    return invitation !== undefined
  }

  /** The person's open invitations, newest first. */
  async invitations({ id }: Pick<Person, 'id'>): Promise<readonly RoomInvitation[]> {
    return this.#store.rooms.invitations(id)
  }

  /** @returns false if they were not invited */
  async decline({ id }: Person, room: RoomId): Promise<boolean> {
    return this.#store.rooms.decline(id, room)
  }

  /** Refuses 'not-a-member', 'everyones', 'last-owner', 'forbidden' in a direct room of two, 'long-topic'. */
  async leave(person: Actor, room: RoomId, reason = ''): Promise<LogEvent | undefined> {
    return this.#changes.make(person, room, {
      kind: 'removal',
      person: person.id,
      how: 'left',
      reason: checkTopic(reason),
      until: 0 as Instant,
    })
  }

  /** The room's settings, and its lists. Refuses 'not-a-member'. */
  async settings({ id }: Person, room: RoomId): Promise<RoomSettings> {
    return this.#store.rooms.settings(id, room, this.#clock.now())
  }

  /** Whether the person may write in the room now. Refuses 'not-a-member'. */
  async standing({ id }: Person, room: RoomId): Promise<Standing> {
    return this.#store.rooms.standing(id, room, this.#clock.now())
  }

  /** Who is banned from the room now, the latest first, at most LONGEST_LIST. Refuses 'not-a-member', 'forbidden'. */
  async bans({ id }: Person, room: RoomId): Promise<readonly Ban[]> {
    return this.#store.rooms.bans(id, room, this.#clock.now(), LONGEST_LIST)
  }

  /** A page of the members, sorted by username: those after `after`, at most LONGEST_LIST. Refuses 'not-a-member'. */
  async members({ id }: Person, room: RoomId, after: string): Promise<readonly Member[]> {
    return this.#store.rooms.members(id, room, foldUsername(after), LONGEST_LIST)
  }

  /**
   * Members of higher rank, and those who are muted, by name, however many others there are. Refuses 'not-a-member'.
   */
  async notableMembers({ id }: Person, room: RoomId): Promise<readonly Member[]> {
    return this.#store.rooms.notable(id, room, this.#clock.now(), MOST_NOTABLE)
  }

  /** Those of these people who are in the room, by name. Refuses 'not-a-member'. */
  async membersAmong({ id }: Person, room: RoomId, people: readonly UserId[]): Promise<readonly Member[]> {
    return people.length === 0 ? [] : this.#store.rooms.among(id, room, people)
  }

  /** Names a group conversation; empty for who is in it. Refuses 'bad-title', 'forbidden' elsewhere, 'muted', 'archived'. */
  async setTitle(person: Actor, room: RoomId, title: string): Promise<LogEvent | undefined> {
    return this.#changes.make(person, room, { kind: 'title', text: checkTitle(title) })
  }

  /**
   * Hides a conversation from the person's lists until something new is said in it, or shows it again. @returns false when
   * it was so already, and for other rooms. Refuses 'not-a-member'.
   */
  async hide({ id }: Person, room: RoomId, on: boolean): Promise<boolean> {
    const done = await this.#store.rooms.hide(id, room, on)
    if (done) await this.#cluster.broadcast({ kind: 'changed', person: id, what: 'conversations' })
    return done
  }

  /** Sets the person's notification level there. @returns false when it was so already. Refuses 'not-a-member'. */
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
}

/** They may have joined meanwhile, on another connection. */
function unlessThere(error: unknown): void {
  if (!(error instanceof Refusal && error.code === 'already-there')) throw error
}
