// A room that one is in: how it stands for oneself, and who is writing in it.

import type { Listing, LogEvent, Message } from '../../../wire/schemas.ts'
import type { Api } from './api.ts'
import { Observable } from './observable.ts'
import { Timeline } from './timeline.ts'

export type Level = Listing['level']

/** As the server's core has them. */
const RANKS = { member: 1, speaker: 2, helper: 3, moderator: 4, owner: 5 } as const
/** Who was heard typing is typing for so long. */
const TYPING_MS = 6000
/** Counting of what is not read stops there, as the server's does. */
export const MOST_COUNTED = 100

interface RoomDeps {
  readonly api: Api
  readonly me: () => number
  /** Whoever runs the server runs its rooms. */
  readonly isAdmin: () => boolean
}

export class Room extends Observable {
  listing: Listing
  /** A direct room with nobody but whom one has blocked. */
  hidden: boolean
  readonly timeline: Timeline
  /** The last seq that was heard. */
  lastSeq: number
  /** By whom one was sent out, and why. */
  removal: Extract<LogEvent, { kind: 'removal' }> | undefined
  /** When something happened here last, as far as that was heard. */
  lastEventAt = 0
  /** The list stands at its newest end. */
  atEnd = false
  /** Since one looked at the room: what comes behind was not read before. */
  unreadFrom: number | undefined
  /** Goes up with each pin. */
  pins = 0
  /** By seq, what was asked for because it lies outside of the list; undefined for what is gone. */
  readonly quotes = new Map<number, Promise<Message | undefined>>()
  readonly #listeners = new Set<(event: LogEvent) => void>()
  readonly #isAdmin: () => boolean
  readonly #me: () => number
  readonly #typing = new Map<number, { username: string; timer: ReturnType<typeof setTimeout> }>()

  constructor(listing: Listing, hidden: boolean, deps: RoomDeps) {
    super()
    this.listing = listing
    this.hidden = hidden
    this.lastSeq = listing.head
    this.#isAdmin = deps.isAdmin
    this.#me = deps.me
    this.timeline = new Timeline(listing.id, deps)
  }

  get id(): number {
    return this.listing.id
  }

  get isDirect(): boolean {
    return this.listing.kind === 'direct'
  }

  /** What the path calls it: direct rooms have names that change with who is in them. */
  get slug(): string {
    const { kind, name, id } = this.listing
    return kind === 'direct' || /^\d+$/.test(name) ? String(id) : name
  }

  get typing(): readonly string[] {
    return [...this.#typing.values()].map(({ username }) => username)
  }

  /** From a member to an owner; the server has the last word. */
  get rank(): number {
    const { role = 'member', kind } = this.listing
    if (kind === 'direct') return RANKS.member
    return this.#isAdmin() ? RANKS.owner : RANKS[role]
  }

  get mayGovern(): boolean {
    return this.rank >= RANKS.owner
  }

  get mayModerate(): boolean {
    return this.rank >= RANKS.moderator
  }

  /** Sends out, mutes, and deletes what others have said, as far as they rank below. */
  get mayDiscipline(): boolean {
    return this.rank >= RANKS.helper
  }

  /** Writes where only some may. */
  get maySpeak(): boolean {
    return this.rank >= RANKS.speaker
  }

  get mayPin(): boolean {
    return this.mayModerate || this.isDirect
  }

  /** `general` is everybody's, and a conversation of two is theirs; of more, anybody goes. */
  get mayLeave(): boolean {
    return this.isDirect ? this.listing.name.includes(', ') : this.id !== 1
  }

  /** It is not to call anybody. */
  get isQuiet(): boolean {
    const { level, archived } = this.listing
    return this.hidden || archived || level === 'nothing' || level === 'invisible'
  }

  /** Told of what happens, as it does. @returns what ends it */
  listen(listener: (event: LogEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  update(change: Partial<Listing>): void {
    this.listing = { ...this.listing, ...change }
    this.notify()
  }

  /** How it stands at a hello; what was missed follows, and is counted in it. */
  refresh(listing: Listing, hidden: boolean): void {
    this.hidden = hidden
    this.update(listing)
  }

  /** What was missed does not follow. */
  reset(): void {
    this.lastSeq = this.listing.head
    if (this.timeline.isLoaded) void this.timeline.reload()
  }

  /** One looked at it down to there. @returns whether that is further than before */
  markRead(seq: number): boolean {
    if (seq <= this.listing.read) return false
    this.update({ read: seq, ...this.#unreadAfter(seq) })
    return true
  }

  #unreadAfter(seq: number): Partial<Listing> {
    const { entries, hasNewer } = this.timeline
    if (seq >= this.lastSeq) return { unread: 0, mentions: 0 }
    if (hasNewer) return {}
    const me = this.#me()
    const unread = entries.filter(
      each => each.kind === 'message' && each.seq > seq && each.author.id !== me && !each.deleted,
    ).length
    return { unread: Math.min(unread, this.listing.unread), ...(unread === 0 && { mentions: 0 }) }
  }

  /** @param unread how it counts for oneself, where it was not counted yet */
  hear(event: LogEvent, unread: 'mention' | 'message' | 'not'): void {
    this.lastSeq = Math.max(this.lastSeq, event.seq)
    this.lastEventAt = event.at
    if (event.seq > this.listing.head) this.#count(event.seq, unread)
    if (event.kind === 'alteration') this.update(listingChange(event))
    if (event.kind === 'pin') this.pins++
    if (event.kind === 'removal' && event.person.id === this.#me()) this.removal = event
    if (event.kind === 'message') this.hideTyping(event.author.id)
    if (event.kind === 'edit' || event.kind === 'deletion') this.quotes.delete(event.target)
    this.timeline.hear(event, this.atEnd)
    for (const listener of this.#listeners) listener(event)
    this.notify()
  }

  #count(seq: number, as: 'mention' | 'message' | 'not'): void {
    const { unread, mentions } = this.listing
    this.listing = {
      ...this.listing,
      head: seq,
      unread: Math.min(MOST_COUNTED, as === 'not' ? unread : unread + 1),
      mentions: Math.min(MOST_COUNTED, as === 'mention' ? mentions + 1 : mentions),
    }
  }

  showTyping({ id, username }: { id: number; username: string }): void {
    clearTimeout(this.#typing.get(id)?.timer)
    this.#typing.set(id, { username, timer: setTimeout(() => this.hideTyping(id), TYPING_MS) })
    this.notify()
  }

  hideTyping(id: number): void {
    const there = this.#typing.get(id)
    if (!there) return
    clearTimeout(there.timer)
    this.#typing.delete(id)
    this.notify()
  }
}

/** What a list shows of it. */
function listingChange({ what, value }: Extract<LogEvent, { kind: 'alteration' }>): Partial<Listing> {
  if (what === 'name') return { name: value }
  if (what === 'topic') return { topic: value }
  if (what === 'archived') return { archived: value === 'yes' }
  if (what === 'kind') return { kind: value === 'closed' || value === 'announcement' ? value : 'open' }
  return {}
}
