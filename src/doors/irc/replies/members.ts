// The members of a channel, as a client may see them.

import type { RoomId } from '../../../core/model/model.ts'
import type { Member } from '../../../core/ports/rooms.ts'
import type { Client } from '../client.ts'

/** Everybody in the room, a page at a time. */
export async function membersOf(client: Client, room: RoomId): Promise<readonly Member[]> {
  const { session, parts } = client
  if (!session) return []
  const all: Member[] = []
  for (;;) {
    const page = await parts.chat.rooms.members(session.person, room, all.at(-1)?.person.username ?? '')
    all.push(...page.filter(({ disabled }) => !disabled))
    for (const { person } of page) parts.channels.meet(person)
    if (page.length < 200) return all
  }
}

/** Those who are there now. */
export async function online(client: Client, room: RoomId): Promise<readonly Member[]> {
  const { session, parts } = client
  const seat = session?.seat(room)
  if (!session || !seat) return []
  const here = await parts.roster.here(session.person, seat)
  for (const { person } of here) parts.channels.meet(person)
  return here
}
