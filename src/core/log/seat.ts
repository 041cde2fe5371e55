// A seat is one connection's subscription to one room.

import type { Author, EphemeralEvent, LogEvent, Removal, RoomId, Seq } from '../model/model.ts'
import type { Cohort, Part, Rendering } from '../ports/delivery.ts'
import type { RoomFeed } from './feed.ts'
import type { EventRange } from './history.ts'
import { OwnSeqs } from './own-seqs.ts'
import type { Subscriber } from './subscriber.ts'
import type { Visibility } from './visibility.ts'

/**
 * live: shown each batch as it is delivered. behind: reads the log from its cursor as soon as its connection has
 * room. reading: a page is on its way. late: it was live, and a later turn shows it the batch that is being delivered,
 * after which it is again. gone: left or removed, shown nothing more.
 */
type State = 'live' | 'behind' | 'reading' | 'late' | 'gone'

/**
 * What a feed shows, it shows to seats. A seat knows how far its connection has come (`cursor`), what it has posted
 * itself (`own`) and what it was not shown (`unshown`), and writes each event at most once and in order.
 */
export class Seat {
  readonly feed: RoomFeed
  readonly subscriber: Subscriber
  readonly person: Author
  /** The feed sets the cohort, the state and the cursor; nobody else writes them. */
  cohort: Cohort
  state: State = 'behind'
  /** The last seq shown, except while live: then it is the feed's `delivered`. */
  cursor: Seq
  /** Where the subscription began: it ignores removals before that. */
  readonly since: Seq
  readonly own = new OwnSeqs()
  /** By seq, ascending: what shows the event of that seq as an answer. */
  readonly #answers = new Map<Seq, () => void>()
  readonly visibility: Visibility
  /** The person's read mark was last moved to here. */
  marked = 0 as Seq
  /** The person has marked something as unread: what is shown does not move the mark until they come back to the room. */
  isHeld = false
  /**
   * Unless undefined, something after it has not been shown: the seat began beyond the read mark, or left events out.
   */
  #unshownAfter: Seq | undefined
  /** The last seq that has not been shown. */
  #lastUnshown = 0 as Seq
  readonly #watcher: SeatWatcher
  readonly #echoes: boolean

  constructor(feed: RoomFeed, subscriber: Subscriber, options: SeatOptions) {
    this.feed = feed
    this.subscriber = subscriber
    this.person = options.person
    this.cohort = options.cohort
    this.cursor = this.since = options.after
    this.visibility = options.visibility
    this.#watcher = options.watcher
    this.#echoes = options.echoes
    const { read, after } = options
    if (read !== undefined && read < after) this.#notShown(read, after)
  }

  get room(): RoomId {
    return this.feed.room
  }

  /** The last seq up to which this connection, or one of the person's before it, has been shown everything. */
  get seen(): Seq {
    return this.#unshownAfter ?? this.lastShown
  }

  /** The last seq that it has been shown. */
  get lastShown(): Seq {
    return this.state === 'live' ? this.feed.delivered : this.cursor
  }

  /** Where events lie that have not been shown, maybe among others that have: in (after, upto]. */
  get unshown(): Unshown | undefined {
    return this.#unshownAfter === undefined
      ? undefined
      : { after: this.#unshownAfter, upto: this.#lastUnshown }
  }

  /** What had not been shown up to `seq` has been shown now. */
  caughtUp(seq: Seq): void {
    if (this.#unshownAfter === undefined || seq <= this.#unshownAfter) return
    this.#unshownAfter = this.#lastUnshown > seq ? seq : undefined
  }

  /** All messages in (after, upto] have been shown by looking back, which counts as well. */
  lookedBack(after: Seq, upto: Seq): void {
    if (after <= this.seen && upto > this.seen) this.caughtUp(upto)
  }

  #notShown(after: Seq, upto: Seq): void {
    this.#unshownAfter ??= after
    this.#lastUnshown = upto
  }

  /** Joins the connection's seats: it reads the log from `cursor` once there is room, one seat at a time. */
  begin(): void {
    this.subscriber.seated(this)
  }

  /** Its own texts are in the log under `count` seqs from `first` on. Called before the feed learns of them. */
  posted(first: Seq, count: number): void {
    if (!this.#echoes) this.own.add(first, first + count - 1)
  }

  /**
   * Shows an event that was done through this connection as the door's answer to it: after everything that came
   * before in the room, and before what comes after. A seat that ends shows it at once. Called before the feed learns
   * of the event.
   */
  answerAt(seq: Seq, show: () => void): void {
    if (this.state === 'gone' || seq <= this.lastShown) show()
    else this.#answers.set(seq, show)
  }

  /** The seat ends: shows the answers that are still due. */
  ended(): void {
    for (const seq of this.#answers.keys()) this.#answer(seq)
  }

  #answer(seq: Seq): void {
    const show = this.#answers.get(seq)
    this.#answers.delete(seq)
    show?.()
  }

  /** Writes the events in (after, upto] that are not its own. */
  show(range: EventRange, after: Seq, upto: Seq): void {
    if (this.#answers.size === 0) return this.#showPart(range, after, upto)
    let from = after
    for (const seq of this.#answers.keys()) {
      if (seq > upto) break
      if (seq - 1 > from) this.#showPart(range, from, (seq - 1) as Seq)
      this.#answer(seq)
      from = seq
    }
    if (from < upto) this.#showPart(range, from, upto)
  }

  #showPart(range: EventRange, after: Seq, upto: Seq): void {
    const rendering = range.rendering(this.cohort)
    const [from, to] = [after + 1 - range.first, upto + 1 - range.first]
    if (this.own.count === 0 && this.visibility.isFull) return this.#write(rendering.part(from, to))
    this.#write(rendering.part(from, to, [...this.#shown(range, after, upto)]))
  }

  /** Writes the ephemeral events that are visible to it. */
  showEphemeral(rendering: Rendering, events: readonly EphemeralEvent[]): void {
    const visible: Part[] = []
    events.forEach((each, i) => {
      if (this.visibility.includes(each)) visible.push({ from: i, to: i + 1 })
    })
    const isAll = visible.length === events.length
    if (visible.length > 0) this.#write(rendering.part(0, events.length, isAll ? undefined : visible))
  }

  /** The parts of (after, upto] that are neither its own nor left out, as indices into `events`. */
  *#shown({ first, events }: EventRange, after: Seq, upto: Seq): Generator<Part> {
    for (const { from, to } of this.own.others(after + 1, upto)) {
      if (this.visibility.isFull) {
        yield { from: from - first, to: to + 1 - first }
        continue
      }
      for (let i = from - first; i <= to - first; i++)
        if (this.#shows(events[i])) yield { from: i, to: i + 1 }
    }
  }

  #shows(event: LogEvent | undefined): boolean {
    if (!event) return false
    const visibility = this.visibility.of(event)
    if (visibility === 'left-out') this.#notShown((event.seq - 1) as Seq, event.seq)
    return visibility === 'shown'
  }

  /** Everything up to `seq` has been shown or was its own. */
  shownUpTo(seq: Seq): void {
    if (this.own.count === 0) return
    this.own.forget(seq)
    this.#watcher.progressed()
  }

  progressed(): void {
    this.#watcher.progressed()
  }

  failed(error: unknown): void {
    this.#watcher.failed(error)
  }

  /** Whether the event has been shown, or will be when the seat ends, as the door's answer. */
  hasShown(seq: Seq): boolean {
    return seq <= this.lastShown || this.#answers.has(seq)
  }

  removed(unseen: Removal | undefined): void {
    this.#watcher.removed(unseen)
  }

  #write(bytes: Uint8Array): void {
    if (bytes.length > 0) this.subscriber.write(bytes)
  }
}

export interface Unshown {
  readonly after: Seq
  readonly upto: Seq
}

export interface SeatOptions {
  readonly person: Author
  readonly cohort: Cohort
  readonly visibility: Visibility
  readonly after: Seq
  /** Nothing between this and `after` has been shown. */
  readonly read?: Seq
  readonly watcher: SeatWatcher
  /** Shows it its own texts as well. */
  readonly echoes: boolean
}

/** What a door learns of its seat. */
export interface SeatWatcher {
  /** It was shown more of what it missed, or some of its own texts have been delivered. */
  progressed(): void
  /** The log can't be read, and the seat is gone. A new connection resumes where it was. */
  failed(error: unknown): void
  /** A removal has ended it. @param unseen the removal, if the seat has not been shown it */
  removed(unseen: Removal | undefined): void
}
