// Who is online in each channel, with their roles. The store is asked for each of them once, and again when their
// membership has changed or a while has passed.

import type { Chat } from '../../../core/chat.ts'
import type { Seat } from '../../../core/log/seat.ts'
import type { LogEvent, Profile, RoomId, UserId } from '../../../core/model/model.ts'
import type { Member } from '../../../core/ports/rooms.ts'

/** How long members are kept: changes that this door was not told of show after that. */
const MAX_AGE_MS = 10_000

interface Known {
  /** Undefined for people who are not members. */
  readonly members: Map<UserId, Member | undefined>
  readonly since: number
  readonly profileChanges: number
  /** The query under way: the next one waits for it, since it may hold what it asks for. */
  asking: Promise<void>
}

export class Roster {
  readonly #chat: Chat
  readonly #rooms = new Map<RoomId, Known>()

  constructor(chat: Chat) {
    this.#chat = chat
  }

  /** The members of the seat's room who are online. Refuses 'not-a-member'. */
  async online(viewer: Profile, { feed }: Seat): Promise<readonly Member[]> {
    // This node does not know which rooms people on other nodes are in.
    const people = () => new Set([...feed.people.keys(), ...this.#chat.presentElsewhere])
    const { members } = await this.#knowing(viewer, feed.room, people)
    return [...people()].flatMap(id => members.get(id) ?? [])
  }

  /** Forgets what is known of the person in the event. */
  forget(event: LogEvent): void {
    if ('person' in event) this.#rooms.get(event.room)?.members.delete(event.person.id)
  }

  async #knowing(viewer: Profile, room: RoomId, people: () => Iterable<UserId>): Promise<Known> {
    const known = this.#of(room)
    const reading = known.asking.then(async () => {
      const missing = [...people()].filter(id => !known.members.has(id))
      for (const id of missing) known.members.set(id, undefined)
      for (const member of await this.#chat.rooms.membersAmong(viewer, room, missing))
        known.members.set(member.person.id, member)
    })
    known.asking = reading.catch(() => {}) // its own caller is told
    await reading
    return known
  }

  #of(room: RoomId): Known {
    const present = this.#rooms.get(room)
    const [now, { profileChanges }] = [performance.now(), this.#chat.profiles]
    if (present && present.profileChanges === profileChanges && now - present.since < MAX_AGE_MS)
      return present
    const members = new Map<UserId, Member | undefined>()
    const known = { members, since: now, profileChanges, asking: Promise.resolve() }
    this.#rooms.set(room, known)
    return known
  }
}
