// Messages that exist: reading, searching, editing, deleting and reacting to them.

import type { Format, LogEvent, Message, Person, Profile, RoomId, Seq, UserId } from '../model/model.ts'
import { isDamage, refuse } from '../model/refusals.ts'
import { checkEmoji, checkText, checkTopic, checkZone, foldUsername } from '../model/rules.ts'
import type {
  CatchUp,
  FilesPage,
  HistoryPage,
  LastMessageTimes,
  Page,
  PageState,
  QuietRun,
  Reactor,
  ReactorsPage,
  Span,
  Version,
} from '../ports/pages.ts'
import type { Cursor } from '../ports/rooms.ts'
import type { SearchResults } from '../ports/search.ts'
import type { Store } from '../ports/store.ts'
import type { Previews } from '../previews/previews.ts'
import { parseQuery } from '../search/query.ts'
import type { Actor, Changes } from './changes.ts'

/** Messages of one page, at most. */
const LONGEST_PAGE = 200
/** Results that may be skipped, at most. */
const FARTHEST = 10_000
/** Bounds on one answer: cursors looked at, and events over all rooms. */
const MOST_CURSORS = 1000
const MOST_EVENTS = 2000
/** This many rooms searched, and UTF-16 units read, cost one token of the rate limit. */
const [ROOMS_PER_TOKEN, UNITS_PER_TOKEN] = [32, 64 << 10]

export interface MessagesDeps {
  readonly store: Store
  readonly changes: Changes
  readonly previews: Pick<Previews, 'consider'>
  /** The server's time zone. */
  readonly zone: string
  /** Charges the person's rate limit. @param cost in tokens */
  readonly charge: (person: Person, cost: number) => void
  /** Called when a message was deleted: nothing refers to its files any more. */
  readonly erased: () => void
}

export class Messages {
  readonly #store: Store
  readonly #changes: Changes
  readonly #previews: MessagesDeps['previews']
  /** The server's time zone. */
  readonly #zone: string
  readonly #charge: MessagesDeps['charge']
  readonly #erased: () => void
  /** The last search of each person who is searching. */
  readonly #searching = new Map<UserId, Promise<SearchResults>>()

  constructor({ store, changes, previews, zone, charge, erased }: MessagesDeps) {
    this.#erased = erased
    this.#store = store
    this.#changes = changes
    this.#previews = previews
    this.#zone = zone
    this.#charge = charge
  }

  /** Refuses 'not-a-member'. */
  async page({ id }: Person, room: RoomId, page: Page): Promise<readonly Message[]> {
    return this.#store.pages.page(id, room, { ...page, limit: within(page.limit) })
  }

  /** A page with what happened between its messages (ports/pages.ts). Refuses 'not-a-member'. */
  async history({ id }: Person, room: RoomId, page: Page): Promise<HistoryPage> {
    return this.#store.pages.history(id, room, { ...page, limit: within(page.limit) })
  }

  /** What a fold holds: the quiet events and deleted messages in (after, upto]. Refuses 'not-a-member'. */
  async quiet({ id }: Person, room: RoomId, span: Span): Promise<QuietRun> {
    return this.#store.pages.quiet(id, room, { ...span, limit: within(span.limit) })
  }

  /** A message as it is now. Refuses 'not-a-member', 'no-such-message'. */
  async one({ id }: Person, room: RoomId, seq: Seq): Promise<Message> {
    const [message] = await this.#store.pages.page(id, room, { side: 'around', seq, limit: 1 })
    return message?.seq === seq ? message : refuse('no-such-message')
  }

  /** The events in (after, upto], oldest first. Refuses 'not-a-member'. */
  async events({ id }: Person, room: RoomId, span: Span): Promise<readonly LogEvent[]> {
    return this.#store.pages.events(id, room, { ...span, limit: Math.min(span.limit, MOST_EVENTS) })
  }

  /** The number of messages by others in (after, upto] that the person is shown, up to `limit`. Refuses 'not-a-member'. */
  async count({ id }: Person, room: RoomId, span: Span): Promise<number> {
    return this.#store.pages.count(id, room, span)
  }

  /**
   * When the last message was sent, and the last that the person has read (ports/pages.ts), in one room or all of
   * theirs.
   */
  async lastMessageTimes({ id }: Person, room?: RoomId): Promise<readonly LastMessageTimes[]> {
    return this.#store.pages.lastMessageTimes(id, room)
  }

  /** The room's state (ports/pages.ts, PageState). Refuses 'not-a-member'. */
  async state({ id }: Person, room: RoomId): Promise<PageState> {
    return this.#store.pages.state(id, room)
  }

  /** Who has reacted to a message, by emoji and name. Refuses 'not-a-member', 'no-such-message', 'bad-emoji'. */
  async reactors(
    { id }: Person,
    room: RoomId,
    seq: Seq,
    { emoji, after, limit }: ReactorsPage,
  ): Promise<readonly Reactor[]> {
    const page = {
      emoji: emoji === undefined ? undefined : checkEmoji(emoji),
      after: after && { emoji: after.emoji, username: foldUsername(after.username) },
      limit: within(limit),
    }
    return this.#store.pages.reactors(id, room, seq, page)
  }

  /** The texts that a message has had, as far as they were kept, the present one last. Refuses 'not-a-member', 'no-such-message'. */
  async versions({ id }: Person, room: RoomId, seq: Seq): Promise<readonly Version[]> {
    return this.#store.pages.versions(id, room, seq)
  }

  /** Refuses 'not-a-member'. */
  async pins({ id }: Person, room: RoomId): Promise<readonly Message[]> {
    return this.#store.pages.pins(id, room, LONGEST_PAGE)
  }

  /** Messages with attachments, the latest first. Refuses 'not-a-member'. */
  async withFiles({ id }: Person, room: RoomId, page: FilesPage): Promise<readonly Message[]> {
    return this.#store.pages.withFiles(id, room, { ...page, limit: within(page.limit) })
  }

  /** What has happened since the cursors in all rooms of the person (ports/rooms.ts, RoomUpdates). */
  async catchUp({ id }: Person, cursors: readonly Cursor[]): Promise<CatchUp> {
    const { pages } = this.#store
    try {
      return await pages.catchUp(id, cursors.slice(0, MOST_CURSORS), MOST_EVENTS)
    } catch (error) {
      if (!isDamage(error)) throw error
      return pages.catchUp(id, [], MOST_EVENTS) // something after one of the cursors is damaged: all rooms are read anew
    }
  }

  /**
   * Searches all rooms of the person, newest messages first. Refuses 'bad-query', 'bad-date', 'bad-zone'.
   * @param zone in which days begin; the person's own by default, or the server's
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
      this.#charge(person, Math.floor(work.rooms / ROOMS_PER_TOKEN + work.units / UNITS_PER_TOKEN))
      return results
    })
  }

  /** Runs one person's searches one after another, so that others wait for at most one of them. */
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
   * Keeps the format unless another one is given. Refuses 'empty-text', 'long-text', 'not-a-member',
   * 'no-such-message', 'not-yours', 'muted', 'silenced', 'read-only', 'archived'.
   */
  async edit(
    person: Actor,
    room: RoomId,
    target: Seq,
    { text, format }: { readonly text: string; readonly format?: Format | undefined },
  ): Promise<LogEvent | undefined> {
    // Only the store knows whether the message has files, with which its text may be empty.
    const stored = text.trim() === '' ? '' : checkText(text)
    const edited = { kind: 'edit', target, text: stored, ...(format && { format }) } as const
    const event = await this.#changes.make(person, room, edited)
    if (event?.kind === 'edit') this.#previews.consider([event])
    return event
  }

  /** @param reason told to everybody in the room. Refuses 'no-such-message', 'forbidden', 'long-topic'. */
  async erase(person: Actor, room: RoomId, target: Seq, reason = ''): Promise<LogEvent | undefined> {
    const deletion = { kind: 'deletion', target, reason: checkTopic(reason) } as const
    const event = await this.#changes.make(person, room, deletion)
    if (event) this.#erased()
    return event
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
