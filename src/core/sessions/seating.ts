// Taking seats: one in each of a person's rooms, when they connect.

import type { SessionTransfer } from '../cluster/cluster-messages.ts'
import type { RoomFeed } from '../log/feed.ts'
import type { Feeds } from '../log/feeds.ts'
import type { Seat } from '../log/seat.ts'
import { GENERAL, type Level, type Room, type RoomId, type Seq, type UserId } from '../model/model.ts'
import { isDamage, refuse } from '../model/refusals.ts'
import type { Cursor, Membership, ResumedMembership } from '../ports/rooms.ts'
import type { Store } from '../ports/store.ts'
import type { Session } from './sessions.ts'

/** Bounds on the unread messages of `general` that a new connection is shown, in messages. */
const FEWEST_SHOWN = 20
const MOST_SHOWN = 200
/** Bounds on one reconnection: cursors looked at, and events shown over all rooms. */
const MOST_CURSORS = 1000
const MOST_RESUMED = 10_000

/** A room with its seat, as it was when the connection was made. */
export interface RoomSeat {
  readonly seat: Seat
  readonly room: Room
  readonly level: Level
  /** The last seq that this person has read. */
  readonly read: Seq
  /** The room's last seq then: messages up to it are the past. */
  readonly head: Seq
  /** For people who reconnect with cursors: the epoch of the head, and whether the seat resumes from their cursor. */
  readonly epoch?: string
  readonly resumed?: boolean
}

export interface SeatingDeps {
  readonly store: Store
  readonly feeds: Feeds
  /** For people who reconnect: their cursor in each room. */
  readonly cursors: readonly Cursor[] | undefined
  /** The session that is transferred here, if one is. */
  readonly transfer: SessionTransfer | undefined
}

/** Opens the feeds, then reads the memberships, then takes all seats at once: nobody can be removed in between. */
export async function takeAllSeats(session: Session, deps: SeatingDeps): Promise<RoomSeat[]> {
  const { id } = session.person
  const after = await backlogStart(id, deps)
  const feeds = new Map<RoomId, RoomFeed>()
  for (;;) {
    const all = await membershipsOf(id, deps)
    const memberships = all.filter(({ room }) => session.reaches(room.id))
    const missing = memberships.filter(({ room }) => !feeds.get(room.id) || feeds.get(room.id)?.isClosed)
    if (session.endReason) refuse('no-such-session')
    if (missing.length === 0)
      return takeSeats(session, { memberships, feeds, after, transfer: deps.transfer })
    const opened = await Promise.all(missing.map(({ room }) => deps.feeds.of(room.id)))
    for (const feed of opened) feeds.set(feed.room, feed)
  }
}

/** Where `general` begins for a connection without cursors. */
async function backlogStart(person: UserId, { store, cursors }: SeatingDeps): Promise<Seq> {
  if (cursors) return 0 as Seq
  try {
    return (await store.log.backlog(person, GENERAL, FEWEST_SHOWN, MOST_SHOWN)).after
  } catch (error) {
    if (!isDamage(error)) throw error
    const [general] = await store.rooms.memberships(person, GENERAL) // without counting messages
    return Math.max(0, (general?.head ?? 0) - FEWEST_SHOWN) as Seq
  }
}

async function membershipsOf(
  person: UserId,
  { store, cursors }: SeatingDeps,
): Promise<readonly (Membership | ResumedMembership)[]> {
  const { rooms } = store
  if (!cursors) return rooms.memberships(person)
  try {
    return await rooms.resume(person, cursors.slice(0, MOST_CURSORS), MOST_RESUMED)
  } catch (error) {
    if (!isDamage(error)) throw error
    return rooms.resume(person, [], MOST_RESUMED) // an event at one of the cursors is damaged: all rooms are read anew
  }
}

function takeSeats(session: Session, { memberships, feeds, after, transfer }: Seating): RoomSeat[] {
  const seats: RoomSeat[] = []
  const positions = new Map(transfer?.places.map(each => [each.room, each]))
  for (const membership of memberships) {
    const { room, head, read, level } = membership
    const feed = feeds.get(room.id)
    if (!feed || session.seat(room.id)) continue // an arrival was quicker
    const before = positions.get(room.id)
    if ('epoch' in membership) {
      const seat = session.takeSeat(feed, membership, membership.after ?? head, read)
      seat.marked = read
      const resumed = membership.after !== undefined
      seats.push({ seat, room, level, read, head, epoch: membership.epoch, resumed })
      continue
    }
    const seat = before
      ? session.takeSeat(feed, membership, before.place, before.seen)
      : room.id === GENERAL
        ? session.takeSeat(feed, membership, after, read)
        : session.takeSeat(feed, membership, head, read)
    seat.marked = read
    seats.push({ seat, room, level, read, head })
  }
  session.isSeated = true
  return seats
}

interface Seating {
  readonly memberships: readonly (Membership | ResumedMembership)[]
  readonly feeds: ReadonlyMap<RoomId, RoomFeed>
  /** Where `general` begins. */
  readonly after: Seq
  readonly transfer: SessionTransfer | undefined
}
