// The members of a channel, as a client may see them.

import type { RoomId } from '../../../core/model/model.ts'
import type { Member } from '../../../core/ports/rooms.ts'
import { LONGEST_LIST } from '../../../core/rooms/rooms.ts'
import type { Client } from '../client.ts'

/** Everybody in the room, a page at a time. */
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

/** Those who are there now. */
export async function onlineMembers(client: Client, room: RoomId): Promise<readonly Member[]> {
  const { session, deps } = client
  const seat = session?.seat(room)
  if (!session || !seat) return []
  const here = await deps.roster.online(session.person, seat)
  for (const { person } of here) deps.channels.meet(person)
  return here
}
