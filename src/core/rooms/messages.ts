// What people do with messages that are there: read, search, answer, mend, take back, mark.

import type { Format, LogEvent, Message, Person, Profile, RoomId, Seq, UserId } from '../model/model.ts'
import { refuse } from '../model/refusals.ts'
import { checkEmoji, checkText, checkTopic, checkZone } from '../model/rules.ts'
import type { CatchUp, LastMessageTimes, Page, PageState, Span } from '../ports/pages.ts'
import type { Cursor } from '../ports/rooms.ts'
import type { SearchResults } from '../ports/search.ts'
import type { Store } from '../ports/store.ts'
import { parseQuery } from '../search/query.ts'
import type { Actor, Changes } from './changes.ts'

/** Of one page, whatever is asked for. */
const LONGEST_PAGE = 200
/** Results that one may leaf past. */
const FARTHEST = 10_000
/** Of one coming back: cursors looked at, and events over all rooms. */
const MOST_CURSORS = 1000
const MOST_MISSED = 2000
/** What one search looks into and through that takes about as long as something else that is asked for. */
const [ROOMS_PER_TOKEN, UNITS_PER_TOKEN] = [32, 64 << 10]

export interface MessagesDeps {
  readonly store: Store
  readonly changes: Changes
  /** The server's. */
  readonly zone: string
  /** What somebody asked for cost so many turns more. */
  readonly charge: (person: Person, turns: number) => void
}

export class Messages {
  readonly #store: Store
  readonly #changes: Changes
  /** The server's. */
  readonly #zone: string
  readonly #spent: MessagesDeps['charge']
  /** The last search of each who seeks. */
  readonly #searching = new Map<UserId, Promise<SearchResults>>()

  constructor({ store, changes, zone, charge }: MessagesDeps) {
    this.#store = store
    this.#changes = changes
    this.#zone = zone
    this.#spent = charge
  }

  /** Refuses 'not-a-member'. */
  async page({ id }: Person, room: RoomId, page: Page): Promise<readonly Message[]> {
    return this.#store.pages.page(id, room, { ...page, limit: within(page.limit) })
  }

  /** As it is now, for who looks at it alone. Refuses 'not-a-member', 'no-such-message'. */
  async one({ id }: Person, room: RoomId, seq: Seq): Promise<Message> {
    const [message] = await this.#store.pages.page(id, room, { side: 'around', seq, limit: 1 })
    return message?.seq === seq ? message : refuse('no-such-message')
  }

  /** What happened in (after, upto], messages among it, oldest first. Refuses 'not-a-member'. */
  async events({ id }: Person, room: RoomId, span: Span): Promise<readonly LogEvent[]> {
    return this.#store.pages.events(id, room, { ...span, limit: Math.min(span.limit, MOST_MISSED) })
  }

  /** How many messages of others lie in (after, upto], at most `limit`. Refuses 'not-a-member'. */
  async count({ id }: Person, room: RoomId, span: Span): Promise<number> {
    return this.#store.pages.count(id, room, span)
  }

  /** When something was said last in all rooms of the person, or in one, and when what they have read (ports.ts, LastSaid). */
  async lastMessageTimes({ id }: Person, room?: RoomId): Promise<readonly LastMessageTimes[]> {
    return this.#store.pages.lastMessageTimes(id, room)
  }

  /** How the room stands (ports.ts, PageState). Refuses 'not-a-member'. */
  async state({ id }: Person, room: RoomId): Promise<PageState> {
    return this.#store.pages.state(id, room)
  }

  /** Refuses 'not-a-member', 'no-such-message'. */
  async thread({ id }: Person, room: RoomId, seq: Seq): Promise<readonly Message[]> {
    return this.#store.pages.thread(id, room, seq, LONGEST_PAGE)
  }

  /** Refuses 'not-a-member'. */
  async pins({ id }: Person, room: RoomId): Promise<readonly Message[]> {
    return this.#store.pages.pins(id, room, LONGEST_PAGE)
  }

  /** Everything behind the cursors in all rooms of the person, complete or with a reset (ports.ts, CaughtUp). */
  async catchUp({ id }: Person, cursors: readonly Cursor[]): Promise<CatchUp> {
    return this.#store.pages.catchUp(id, cursors.slice(0, MOST_CURSORS), MOST_MISSED)
  }

  /**
   * In all rooms of the person, newest first. Refuses 'bad-query', 'bad-date', 'bad-zone'.
   * @param asked zone: in which the person is shown days where that is asked; else it is their own, or the server's
   */
  async search(
    person: Profile,
    typed: string,
    { skip, limit, zone = '' }: { skip: number; limit: number; zone?: string },
  ): Promise<SearchResults> {
    const { id } = person
    const query = parseQuery(typed, checkZone(zone) || person.zone || this.#zone)
    const from = Math.min(Math.max(0, skip), FARTHEST)
    return this.#inTurn(id, async () => {
      const { work, ...results } = await this.#store.search.find(id, query, from, within(limit))
      this.#spent(person, Math.floor(work.rooms / ROOMS_PER_TOKEN + work.units / UNITS_PER_TOKEN))
      return results
    })
  }

  /** One search of a person's after the other: nobody's waits for all of somebody else's. */
  async #inTurn(person: UserId, search: () => Promise<SearchResults>): Promise<SearchResults> {
    const before = this.#searching.get(person)
    const searching = before ? before.then(search, search) : search()
    this.#searching.set(person, searching)
    try {
      return await searching
    } finally {
      if (this.#searching.get(person) === searching) this.#searching.delete(person)
    }
  }

  /**
   * @param edited without a format it keeps the one that it has
   * Refuses 'empty-text', 'long-text', 'not-a-member', 'no-such-message', 'not-yours', 'muted', 'silenced', 'read-only',
   * 'archived'.
   */
  async edit(
    person: Actor,
    room: RoomId,
    target: Seq,
    { text, format }: { readonly text: string; readonly format?: Format | undefined },
  ): Promise<LogEvent | undefined> {
    const edited = { kind: 'edit', target, text: checkText(text), ...(format && { format }) } as const
    return this.#changes.make(person, room, edited)
  }

  /** @param reason everybody in the room is told. Refuses 'no-such-message', 'forbidden', 'long-topic'. */
  async erase(person: Actor, room: RoomId, target: Seq, reason = ''): Promise<LogEvent | undefined> {
    return this.#changes.make(person, room, { kind: 'deletion', target, reason: checkTopic(reason) })
  }

  /** Refuses 'bad-emoji', 'too-many-reactions', 'no-such-message', 'muted', 'archived'. */
  async react(
    person: Actor,
    room: RoomId,
    target: Seq,
    { emoji, on }: { emoji: string; on: boolean },
  ): Promise<LogEvent | undefined> {
    return this.#changes.make(person, room, { kind: 'reaction', target, emoji: checkEmoji(emoji), on })
  }

  /** Refuses 'no-such-message', 'forbidden'. */
  async pin(person: Actor, room: RoomId, target: Seq, on: boolean): Promise<LogEvent | undefined> {
    return this.#changes.make(person, room, { kind: 'pin', target, on })
  }
}

function within(limit: number): number {
  return Math.min(Math.max(1, Math.trunc(limit)), LONGEST_PAGE)
}
