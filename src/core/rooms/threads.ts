// Threads, and following them. Whoever follows one is told of its answers as of mentions, by their level in the room.

import type { ClusterMessages } from '../cluster/cluster-messages.ts'
import type { Message, Person, RoomId, Seq, UserId } from '../model/model.ts'
import type { Store } from '../ports/store.ts'
import type { FollowedThread, ThreadPage, ThreadStanding } from '../ports/threads.ts'

/** Answers, or threads, of one page. */
const LONGEST_PAGE = 200
/** Threads that may be skipped. */
const FARTHEST = 10_000

export interface ThreadsDeps {
  readonly store: Store
  readonly cluster: ClusterMessages
}

export class Threads {
  readonly #store: Store
  readonly #cluster: ClusterMessages

  constructor({ store, cluster }: ThreadsDeps) {
    this.#store = store
    this.#cluster = cluster
  }

  /**
   * The first message of a message's thread, and its latest answers or those before one, oldest first. Refuses
   * 'not-a-member', 'no-such-message'.
   */
  async page(
    { id }: Person,
    room: RoomId,
    seq: Seq,
    page: Partial<ThreadPage> = {},
  ): Promise<readonly Message[]> {
    const limit = within(page.limit ?? LONGEST_PAGE)
    return this.#store.threads.page(id, room, seq, { ...page, limit })
  }

  /** Refuses 'not-a-member', 'no-such-message'. */
  async standing({ id }: Person, room: RoomId, seq: Seq): Promise<ThreadStanding> {
    return this.#store.threads.standing(id, room, seq)
  }

  /** @returns false when it was so already. Refuses 'not-a-member', 'no-such-message'. */
  async follow({ id }: Person, room: RoomId, seq: Seq, on: boolean): Promise<boolean> {
    const done = await this.#store.threads.follow(id, room, seq, on)
    if (done) await this.#tell(id)
    return done
  }

  /**
   * Moves the person's mark in a thread forward, never back, and tells their connections.
   * @returns false when they had read that far, or do not follow it. Refuses 'not-a-member', 'no-such-message'.
   */
  async markRead({ id }: Person, room: RoomId, seq: Seq, upto: Seq): Promise<boolean> {
    const done = await this.#store.threads.markRead(id, room, seq, upto)
    if (done) await this.#tell(id)
    return done
  }

  /** The threads that the person follows: those with unread answers first, then by their latest answer. */
  async followed(
    { id }: Person,
    { skip, limit }: { skip: number; limit: number },
  ): Promise<readonly FollowedThread[]> {
    return this.#store.threads.followed(id, Math.min(Math.max(0, skip), FARTHEST), within(limit))
  }

  #tell(person: UserId): Promise<void> {
    return this.#cluster.broadcast({ kind: 'changed', person, what: 'threads' })
  }
}

function within(limit: number): number {
  return Math.min(Math.max(1, Math.trunc(limit)), LONGEST_PAGE)
}
