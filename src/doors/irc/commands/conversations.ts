// Where a message goes: the seat of a channel or of a conversation, which may have to be opened first.

import type { Seat } from '../../../core/log/seat.ts'
import type { Person, Room } from '../../../core/model/model.ts'
import { Refusal } from '../../../core/model/refusals.ts'
import type { Rooms } from '../../../core/rooms/rooms.ts'
import type { Client } from '../client.ts'
import type { CommandContext } from './commands.ts'
import type { OutgoingText } from './messages.ts'

/** The seat of a channel, or of a conversation that exists already. */
export function seatNamed(client: Client, target: string): Seat | undefined {
  const room = client.rooms.named(target)
  return room && client.session?.seat(room.id)
}

/**
 * The seat of a target that was used before, or of a channel. The first message to a nick asks the core whose it is:
 * guests' nicks pass from one person to another.
 */
export function seatFor(client: Client, target: string): Seat | undefined {
  const known = client.rooms.target(target)
  const seat = known && client.session?.seat(known)
  if (seat) return seat
  const room = client.rooms.channelNamed(target)
  if (!room) return undefined
  client.rooms.rememberTarget(target, room.id)
  return client.session?.seat(room.id)
}

export function conversationWith(
  context: CommandContext,
  destination: Destination,
): Promise<Seat | undefined> {
  return openConversation(context, destination, async (rooms, person) => {
    const room = await rooms.direct(person, [destination.target])
    context.client.rooms.rememberTarget(destination.target, room.id)
    return room
  })
}

type Destination = Pick<OutgoingText, 'target' | 'quiet'>

/** Opens a conversation. @returns undefined if that is refused, which the client has been told */
export async function openConversation(
  { client, reply }: CommandContext,
  { target, quiet }: Destination,
  open: (rooms: Rooms, person: Person) => Promise<Room>,
): Promise<Seat | undefined> {
  const { session } = client
  if (!session) return undefined
  try {
    const room = await open(client.deps.chat.rooms, session.person)
    const seat = session.seat(room.id)
    if (!seat) reply.numeric('ERR_NOSUCHNICK', target)
    return seat
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (!quiet) reply.refused(error, [target])
    return undefined
  }
}
