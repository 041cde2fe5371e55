// A room that one is in: its listing with unread counts, its timeline, and who is typing.

import { linksIn } from '../../../wire/marks.ts'
import type { Listing, LogEvent, Message } from '../../../wire/schemas.ts'
import type { Api } from './api.ts'
import { applyChange } from './changes.ts'
import { type Gallery, type GalleryKind, openGallery } from './gallery.ts'
import { Observable } from './observable.ts'
import { Reading } from './reading.ts'
import { RoomStanding } from './standing.ts'
import type { Thread } from './thread.ts'
import { Timeline } from './timeline.ts'

export type Level = Listing['level']

/** As in src/core/model/permissions.ts. */
const RANKS = { member: 1, speaker: 2, helper: 3, moderator: 4, owner: 5 } as const
/** How long somebody counts as typing after the last sign of it. */
const TYPING_SHOWN_MS = 6000
/** Unread counts stop here, as the server's do (store/scripts/rooms.ts). */
export const MOST_COUNTED = 100

/** The counts of a room that one has just entered, until the server says them. */
export const UNKNOWN_COUNTS = { head: 0, read: 0, level: 'everything', unread: 0, mentions: 0 } as const

interface RoomDeps {
  readonly api: Api
  readonly me: () => number
  /** Admins of the server are owners of its rooms. */
  readonly isAdmin: () => boolean
}

export class Room extends Observable {
  listing: Listing
  /** A direct room whose other members one has blocked. */
  hidden: boolean
  readonly timeline: Timeline
  readonly standing: RoomStanding
  /** The seq of the last event that has come. */
  lastSeq: number
  /** The event by which one was removed. */
  removal: Extract<LogEvent, { kind: 'removal' }> | undefined
  /** The time of the last event that has come; 0 before the first. */
  lastEventAt = 0
  /** The thread that is open beside the room. */
  openThread: Thread | undefined
  /** When one came to it last, in this page; 0 for never. */
  visitedAt = 0
  /** The list is scrolled to the newest message. */
  atEnd = false
  readonly reading: Reading
  /** Goes up when something is pinned or unpinned. */
  pins = 0
  /** Goes up with each event that the moderation log may have. */
  acts = 0
  /** Messages outside the timeline that others reply to, by seq; undefined for those that no longer exist. */
  readonly quotes = new Map<number, Promise<Message | undefined>>()
  readonly #listeners = new Set<(event: LogEvent) => void>()
  readonly #api: Api
  readonly #galleries = new Map<GalleryKind, Gallery>()
  readonly #isAdmin: () => boolean
  readonly #me: () => number
  readonly #typing = new Map<number, { username: string; timer: ReturnType<typeof setTimeout> }>()

  constructor(listing: Listing, hidden: boolean, deps: RoomDeps) {
    super()
    this.listing = listing
    this.hidden = hidden
    this.lastSeq = listing.head
    this.#api = deps.api
    this.#isAdmin = deps.isAdmin
    this.#me = deps.me
    this.timeline = new Timeline(listing.id, deps)
    this.reading = new Reading(this, deps.me)
    this.standing = new RoomStanding(listing.id, deps, () => this.notify())
  }

  get id(): number {
    return this.listing.id
  }

  get isDirect(): boolean {
    return this.listing.kind === 'direct'
  }

  /** A conversation that people leave, name and are added to. */
  get isGroup(): boolean {
    return this.listing.group === true
  }

  /** Whether a group may be called otherwise after the event. */
  mayBeRenamedBy({ kind }: LogEvent): boolean {
    return this.isGroup && (kind === 'arrival' || kind === 'removal' || kind === 'alteration')
  }

  /** The path's name for the room. Direct rooms have a number: their names change with their members. */
  get slug(): string {
    const { kind, name, id } = this.listing
    return kind === 'direct' || /^\d+$/.test(name) ? String(id) : name
  }

  get typing(): readonly string[] {
    return [...this.#typing.values()].map(({ username }) => username)
  }

  /** A guess, for what to offer: the server decides. */
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

  /** May kick, mute, and delete the messages of members of lower rank. */
  get mayDiscipline(): boolean {
    return this.rank >= RANKS.helper
  }

  /** May post in announcement rooms. */
  get maySpeak(): boolean {
    return this.rank >= RANKS.speaker
  }

  /** Why one may not write in it, as the server says; until it has, what the listing shows. undefined where one may. */
  get whyClosed(): string | undefined {
    const { current } = this.standing
    if (current) return current.why
    if (this.listing.archived) return 'archived'
    return this.listing.kind === 'announcement' && !this.maySpeak ? 'read-only' : undefined
  }

  get mayPin(): boolean {
    return this.mayModerate || this.isDirect
  }

  /** Nobody leaves `general` (room 1), nor a direct room of two. */
  get mayLeave(): boolean {
    return this.isDirect ? this.isGroup : this.id !== 1
  }

  /** Sends no notifications. */
  get isQuiet(): boolean {
    const { level, archived } = this.listing
    return this.hidden || archived || level === 'nothing' || level === 'invisible'
  }

  /** A message that is on the page: in the list, or in the open thread. */
  message(seq: number): Message | undefined {
    return this.timeline.message(seq) ?? this.openThread?.message(seq)
  }

  /** Tells each event as it comes. @returns what ends that */
  listen(listener: (event: LogEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** What it has of this kind, as far as that was read. */
  gallery(kind: GalleryKind): Gallery {
    let gallery = this.#galleries.get(kind)
    if (!gallery) this.#galleries.set(kind, (gallery = openGallery(this.#api, this.listing, kind)))
    return gallery
  }

  update(change: Partial<Listing>): void {
    this.listing = { ...this.listing, ...change }
    this.notify()
  }

  /** Replaces the listing by the server's, whose counts include the missed events that still follow. */
  refresh(listing: Listing, hidden: boolean): void {
    this.hidden = hidden
    this.standing.renew()
    this.update(listing)
  }

  /** The missed events do not follow: reads the timeline anew. */
  reset(): void {
    this.lastSeq = this.listing.head
    this.#galleries.clear()
    if (this.timeline.isLoaded) void this.timeline.reload()
  }

  /** One comes to the room: it shows what is unread, else its end. */
  enter(): void {
    const { read, unread, head } = this.listing
    this.reading.enter()
    if (unread > 0 && read < head) this.goToUnread()
    else void this.timeline.go({ to: 'newest' })
  }

  goToUnread(): void {
    const { read, unread } = this.listing
    void this.timeline.go({ to: 'unread', seq: read, unread })
  }

  /** @returns false when that was read already */
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

  /** @param unread how the event counts, unless the listing counts it already */
  hear(event: LogEvent, unread: 'mention' | 'message' | 'not'): void {
    this.lastSeq = Math.max(this.lastSeq, event.seq)
    this.lastEventAt = event.at
    if (event.seq > this.listing.head) this.#count(event.seq, unread)
    if (event.kind === 'alteration') this.update(listingChange(event))
    if (event.kind === 'pin') this.pins++
    if (MODERATING.has(event.kind)) this.acts++
    if (event.kind === 'removal' && event.person.id === this.#me()) this.removal = event
    if (event.kind === 'message') {
      this.hideTyping(event.author.id)
      this.hidden = false // a conversation that one has hidden is back
    }
    if (event.kind === 'edit' || event.kind === 'deletion') this.quotes.delete(event.target)
    this.timeline.hear(event, this.atEnd)
    this.standing.hear(event)
    this.#updateGalleries(event)
    for (const listener of this.#listeners) listener(event)
    this.notify()
  }

  #updateGalleries(event: LogEvent): void {
    if (event.kind === 'deletion')
      for (const gallery of this.#galleries.values()) gallery.remove(event.target)
    if (event.kind === 'edit') this.#updateLinks(event)
    if (event.kind !== 'message') return
    if (event.attachments)
      for (const kind of ['visual', 'other'] as const) this.#galleries.get(kind)?.add(event)
    if (linksIn(event).length > 0) this.#galleries.get('link')?.add(event)
  }

  /** An edited message may have links only now, or no more. */
  #updateLinks(edit: Extract<LogEvent, { kind: 'edit' }>): void {
    const gallery = this.#galleries.get('link')
    const before = this.timeline.message(edit.target) ?? gallery?.message(edit.target)
    if (!gallery || !before) return
    const message = applyChange(edit, before, this.#me())
    if (linksIn(message).length > 0) gallery.replace(message)
    else gallery.remove(message.seq)
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

  /** Somebody may have another username. @returns whether they had one here that is no longer theirs */
  rename(person: { readonly id: number; readonly username: string }): boolean {
    if (!this.timeline.rename(person)) return false
    this.quotes.clear()
    this.notify()
    return true
  }

  showTyping({ id, username }: { id: number; username: string }): void {
    clearTimeout(this.#typing.get(id)?.timer)
    this.#typing.set(id, { username, timer: setTimeout(() => this.hideTyping(id), TYPING_SHOWN_MS) })
    this.notify()
  }

  hideTyping(id: number): void {
    const known = this.#typing.get(id)
    if (!known) return
    clearTimeout(known.timer)
    this.#typing.delete(id)
    this.notify()
  }
}

const MODERATING: ReadonlySet<LogEvent['kind']> = new Set([
  'removal',
  'appointment',
  'muting',
  'mask',
  'alteration',
  'deletion',
])

function listingChange({ what, value }: Extract<LogEvent, { kind: 'alteration' }>): Partial<Listing> {
  if (what === 'name') return { name: value }
  if (what === 'topic') return { topic: value }
  if (what === 'hours' || what === 'call') return { [what]: value }
  if (what === 'archived') return { archived: value === 'yes' }
  if (what === 'kind') return { kind: value === 'closed' || value === 'announcement' ? value : 'open' }
  return {}
}
