// The person and their rooms, as a hello lists them.

import type { Profile } from '../../../core/model/model.ts'
import type { Listing } from '../../../core/ports/rooms.ts'
import type { Connected } from '../../../core/sessions/connections.ts'
import type { RoomSeat } from '../../../core/sessions/seating.ts'
import type { Session } from '../../../core/sessions/sessions.ts'
import type { RoomState } from '../../../wire/websocket.ts'

/** The rooms of a hello, with the cursor of each. */
export function* statesOf(
  session: Session,
  listings: readonly Listing[],
  { seats, epoch }: Pick<Connected, 'seats' | 'epoch'>,
): Generator<RoomState> {
  const byRoom = new Map(seats.map(each => [each.room.id, each]))
  for (const listing of listings) {
    const seat = session.seat(listing.id)
    if (!seat) continue
    const seated = byRoom.get(listing.id) ?? { epoch, head: seat.since } // the person joined it meanwhile
    yield stateOf(listing, seated)
  }
  // Lists leave out direct rooms with only people whom the person has blocked.
  const listed = new Set(listings.map(({ id }) => id))
  for (const seated of seats) {
    const { room, head, read, level } = seated
    if (listed.has(room.id) || !session.seat(room.id)) continue
    const nothing = { role: 'member', unread: 0, mentions: 0 } as const
    yield { ...stateOf({ ...room, head, read, level, ...nothing }, seated), hidden: true }
  }
}

function stateOf(
  { role, ...listing }: Listing,
  { head, epoch = '', resumed = false }: Pick<RoomSeat, 'head' | 'epoch' | 'resumed'>,
): RoomState {
  return { ...listing, ...(role && { role }), cursor: { room: listing.id, epoch, seq: head }, resumed }
}

export function profileOf({ id, username, name, role, status, language, zone }: Profile): Profile {
  return { id, username, name, role, status, language, zone }
}
