// The rooms that somebody is in, with their unread counts.

import type { RoomId, UserId } from '../model/model.ts'
import { isDamage } from '../model/refusals.ts'
import type { Listing } from '../ports/rooms.ts'
import type { Store } from '../ports/store.ts'

/**
 * A damaged message keeps nobody out: a room whose messages can't be counted has the least number. The store has reported
 * the damage then.
 * @param only of this room
 */
export async function listingsOf(store: Store, person: UserId, only?: RoomId): Promise<readonly Listing[]> {
  const { rooms } = store
  try {
    return await rooms.mine(person, only)
  } catch (error) {
    if (!isDamage(error)) throw error
  }
  const uncounted = await rooms.mine(person, only, 'uncounted')
  if (only !== undefined) return uncounted
  return Promise.all(uncounted.map(async each => (await listingsOf(store, person, each.id))[0] ?? each))
}
