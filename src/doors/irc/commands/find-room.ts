// Looking up people and rooms by the names that clients use; undefined if there is none.

import type { Chat } from '../../../core/chat.ts'
import type { Person, Profile, Room, RoomId } from '../../../core/model/model.ts'
import { Refusal } from '../../../core/model/refusals.ts'
import type { Member } from '../../../core/ports/rooms.ts'
import type { Client } from '../client.ts'
import { isChannel } from '../wire/names.ts'

export function findPerson({ profiles }: Chat, nick: string): Promise<Profile | undefined> {
  return orUndefined(() => profiles.find(nick))
}

/** A member of a room that the person is in. */
export async function findMember(
  chat: Chat,
  { person, room, nick }: { person: Person; room: RoomId; nick: string },
): Promise<Member | undefined> {
  const found = await findPerson(chat, nick)
  const [there] = found ? await chat.rooms.membersAmong(person, room, [found.id]) : []
  return there
}

/** A room that the person is in or may join. */
export function findRoom({ rooms }: Chat, person: Person, name: string): Promise<Room | undefined> {
  return orUndefined(() => rooms.find(person, name))
}

/** The nick of somebody with whom there may be a conversation. */
export async function nickOf({ deps, session }: Client, target: string): Promise<string | undefined> {
  if (isChannel(target) || !session) return undefined
  return (await findPerson(deps.chat, target))?.username
}

async function orUndefined<T>(find: () => Promise<T>): Promise<T | undefined> {
  try {
    return await find()
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}
