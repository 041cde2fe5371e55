// The members of a channel.

import type { RoomId } from '../../../core/model/model.ts'
import type { Member } from '../../../core/ports/rooms.ts'
import { LONGEST_LIST } from '../../../core/rooms/rooms.ts'
import type { Client } from '../client.ts'

/** All members whose accounts are not disabled, read a page at a time. */
export async function allMembers(client: Client, room: RoomId): Promise<readonly Member[]> {
  const { session, deps } = client
  if (!session) return []
  const all: Member[] = []
  for (;;) {
    const page = await deps.chat.rooms.members(session.person, room, all.at(-1)?.person.username ?? '')
    all.push(...page.filter(({ disabled }) => !disabled))
    for (const { person } of page) deps.channels.meet(person)
    if (page.length < LONGEST_LIST) return all
  }
}

/** The members who are online; empty if the client is not in the room. */
export async function onlineMembers(client: Client, room: RoomId): Promise<readonly Member[]> {
  const { session, deps } = client
  const seat = session?.seat(room)
  if (!session || !seat) return []
  const members = await deps.roster.online(session.person, seat)
  for (const { person } of members) deps.channels.meet(person)
  return members
}
