import type { Chat } from './chat.ts'

/**
 * Unread messages and mentions in all rooms that are not quiet; in direct rooms every message is a mention, and so is a
 * thread with unread answers.
 */
export function unreadTotals({ rooms, threads }: Chat): { unread: number; mentions: number } {
  let [unread, mentioned] = [0, threads.countUnread(rooms)]
  for (const room of rooms.values()) {
    if (room.isQuiet) continue
    unread += room.listing.unread
    mentioned += room.isDirect ? room.listing.unread : room.listing.mentions
  }
  return { unread, mentions: mentioned }
}
