// The store's threads: a message with its answers, and who follows them.

import type { Message, RoomId, Seq, UserId } from '../model/model.ts'

/** Where a person stands in a thread. */
export interface ThreadStanding {
  /** The thread's first message. */
  readonly root: Seq
  readonly following: boolean
  /** They have read its answers up to this seq. */
  readonly read: Seq
  /**
   * Answers by others after that, counted up to 100: those that stand in the thread alone, and those of the others that
   * are after the person's mark in the room. None without following, nor in a room whose level is invisible.
   */
  readonly unread: number
}

/** A thread that a person follows, as a list shows it. */
export interface FollowedThread extends ThreadStanding {
  readonly room: RoomId
  /** Its first message, with its summary; deleted maybe. */
  readonly message: Message
  /** The latest answer; undefined while there is none. */
  readonly last: Message | undefined
}

/** The latest answers, or those before one of them. */
export interface ThreadPage {
  readonly before?: Seq | undefined
  readonly limit: number
}

/**
 * Whoever writes in a thread follows it: the author of its first message, of an answer, and whoever is mentioned in one,
 * unless they have ceased to. Ceasing holds until they write there again.
 */
export interface Threads {
  /**
   * The first message of the message's thread, deleted maybe, and answers, oldest first. Refuses 'not-a-member',
   * 'no-such-message'.
   */
  page(reader: UserId, room: RoomId, seq: Seq, page: ThreadPage): Promise<readonly Message[]>
  /** Refuses 'not-a-member', 'no-such-message'. @param seq any message of the thread */
  standing(reader: UserId, room: RoomId, seq: Seq): Promise<ThreadStanding>
  /** @returns false when it was so already. Refuses as `standing` does. */
  follow(reader: UserId, room: RoomId, seq: Seq, on: boolean): Promise<boolean>
  /**
   * Moves the reader's mark in a thread that they follow forward, never back.
   * @returns false when they had read that far, or do not follow it. Refuses as `standing` does.
   */
  markRead(reader: UserId, room: RoomId, seq: Seq, upto: Seq): Promise<boolean>
  /** In the reader's rooms: those with unread answers first, then by their latest answer. */
  followed(reader: UserId, skip: number, limit: number): Promise<readonly FollowedThread[]>
}
