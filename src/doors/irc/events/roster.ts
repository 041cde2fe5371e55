// Who is there in each channel, and what stands before their names. The store is reading for each of them once, and again
// when their place in the room has changed, or a while has passed.

import type { Chat } from '../../../core/chat.ts'
import type { Seat } from '../../../core/log/seat.ts'
import type { LogEvent, Profile, RoomId, UserId } from '../../../core/model/model.ts'
import type { Member } from '../../../core/ports/rooms.ts'

/** What changed while nobody of this door was there shows after so long. */
const MAX_AGE_MS = 10_000

interface Known {
  /** undefined for who is not in it. */
  readonly members: Map<UserId, Member | undefined>
  readonly since: number
  readonly profileChanges: number
  /** Whoever asks next waits for this answer, which may be theirs too. */
  asking: Promise<void>
}

export class Roster {
  readonly #chat: Chat
  readonly #rooms = new Map<RoomId, Known>()

  constructor(chat: Chat) {
    this.#chat = chat
  }

  /** Those of the seat's room who are online. Refuses 'not-a-member'. */
  async online(viewer: Profile, { feed }: Seat): Promise<readonly Member[]> {
    // Of those who are on other nodes this one does not know in which rooms they are.
    const people = () => new Set([...feed.people.keys(), ...this.#chat.presentElsewhere])
    const { members } = await this.#knowing(viewer, feed.room, people)
    return [...people()].flatMap(id => members.get(id) ?? [])
  }

  /** What is known of somebody in a room is not so any more. */
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
    known.asking = reading.catch(() => {}) // whoever asked hears of it
    await reading
    return known
  }

  #of(room: RoomId): Known {
    const there = this.#rooms.get(room)
    const [now, { profileChanges }] = [performance.now(), this.#chat.profiles]
    if (there && there.profileChanges === profileChanges && now - there.since < MAX_AGE_MS) return there
    const members = new Map<UserId, Member | undefined>()
    const known = { members, since: now, profileChanges, asking: Promise.resolve() }
    this.#rooms.set(room, known)
    return known
  }
}
