// What people do with messages that are there: read, seek, answer, mend, take back, mark.

import type { Changes } from './changes.ts'
import type { LogEvent, Message, Person, RoomId, Seq } from './model.ts'
import type { Page, Results, Store } from './ports.ts'
import { parseQuery } from './query.ts'
import { checkEmoji, checkText } from './rules.ts'

/** Of one page, whatever is asked for. */
const LONGEST_PAGE = 200

export class Messages {
  readonly #store: Store
  readonly #changes: Changes

  constructor({ store, changes }: { store: Store; changes: Changes }) {
    this.#store = store
    this.#changes = changes
  }

  /** Refuses 'not-a-member'. */
  async page({ id }: Person, room: RoomId, page: Page): Promise<readonly Message[]> {
    return this.#store.pages.page(id, room, { ...page, limit: within(page.limit) })
  }

  /** Refuses 'not-a-member', 'no-such-message'. */
  async thread({ id }: Person, room: RoomId, seq: Seq): Promise<readonly Message[]> {
    return this.#store.pages.thread(id, room, seq, LONGEST_PAGE)
  }

  /** Refuses 'not-a-member'. */
  async pins({ id }: Person, room: RoomId): Promise<readonly Message[]> {
    return this.#store.pages.pins(id, room, LONGEST_PAGE)
  }

  /** In all rooms of the person, newest first. Refuses 'bad-query', 'bad-date'. */
  async search(
    { id }: Person,
    typed: string,
    { skip, limit }: { skip: number; limit: number },
  ): Promise<Results> {
    return this.#store.search.find(id, parseQuery(typed), Math.max(0, skip), within(limit))
  }

  /** Refuses 'empty-text', 'long-text', 'no-such-message', 'not-yours', 'muted', 'read-only', 'archived'. */
  async edit(person: Person, room: RoomId, target: Seq, text: string): Promise<LogEvent | undefined> {
    return this.#changes.make(person, room, { kind: 'edit', target, text: checkText(text) })
  }

  /** Refuses 'no-such-message', 'forbidden'. */
  async erase(person: Person, room: RoomId, target: Seq): Promise<LogEvent | undefined> {
    return this.#changes.make(person, room, { kind: 'deletion', target })
  }

  /** Refuses 'bad-emoji', 'no-such-message', 'muted', 'archived'. */
  async react(
    person: Person,
    room: RoomId,
    target: Seq,
    { emoji, on }: { emoji: string; on: boolean },
  ): Promise<LogEvent | undefined> {
    return this.#changes.make(person, room, { kind: 'reaction', target, emoji: checkEmoji(emoji), on })
  }

  /** Refuses 'no-such-message', 'forbidden'. */
  async pin(person: Person, room: RoomId, target: Seq, on: boolean): Promise<LogEvent | undefined> {
    return this.#changes.make(person, room, { kind: 'pin', target, on })
  }
}

function within(limit: number): number {
  return Math.min(Math.max(1, Math.trunc(limit)), LONGEST_PAGE)
}
