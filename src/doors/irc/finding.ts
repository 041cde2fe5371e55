// Whom and what clients mean by a name; undefined where nobody and nothing is called that.

import type { Chat } from '../../core/chat.ts'
import type { Person, Profile, Room } from '../../core/model.ts'
import { Refusal } from '../../core/refusals.ts'

export function personCalled({ accounts }: Chat, nick: string): Promise<Profile | undefined> {
  return orNobody(() => accounts.profile(nick))
}

/** A room that they are in or may join. */
export function roomFor({ lobby }: Chat, person: Person, name: string): Promise<Room | undefined> {
  return orNobody(() => lobby.find(person, name))
}

async function orNobody<T>(find: () => Promise<T>): Promise<T | undefined> {
  try {
    return await find()
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}
