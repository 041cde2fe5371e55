// A seat is one connection in one room; a subscriber is one connection with all its seats.

import type { Author, EphemeralEvent, LogEvent, Removal, RoomId, Seq } from '../model/model.ts'
import type { Cohort, Part, Rendering } from '../ports/delivery.ts'
import type { RoomFeed } from './feed.ts'
import type { EventRange } from './history.ts'
import { OwnSeqs } from './own-seqs.ts'
import type { Subscriber } from './subscriber.ts'
import type { Visibility } from './visibility.ts'

/**
 * live: shown each batch as it is delivered. behind: reads the log from its cursor as soon as its subscriber has
 * room. reading: a page is on its way. gone: left or removed, shown nothing more.
 */
type State = 'live' | 'behind' | 'reading' | 'gone'

export class Seat {
  readonly feed: RoomFeed
  readonly subscriber: Subscriber
  readonly person: Author
  /** The feed moves the cohort, the state and the cursor; nobody else writes them. */
  cohort: Cohort
  state: State = 'behind'
  /** The last seq shown, except while live: then it is the feed's `delivered`. */
  cursor: Seq
  /** Where its subscription began: a removal before that is none of its business. */
  readonly since: Seq
  readonly own = new OwnSeqs()
  /** By seq, ascending: what is shown in the place of that event. */
  readonly #answers = new Map<Seq, () => void>()
  readonly visibility: Visibility
  /** The person's read mark was last moved to here. */
  marked = 0 as Seq
  /** While not undefined: something behind it has not been shown. It began beyond the read mark, or left it out. */
  #unshownAfter: Seq | undefined
  /** The last that has not been shown. */
  #lastUnshown = 0 as Seq
  readonly #watcher: SeatWatcher
  readonly #echoes: boolean

  constructor(feed: RoomFeed, subscriber: Subscriber, occupant: SeatOptions) {
    this.feed = feed
    this.subscriber = subscriber
    this.person = occupant.person
    this.cohort = occupant.cohort
    this.cursor = this.since = occupant.after
    this.visibility = occupant.visibility
    this.#watcher = occupant.watcher
    this.#echoes = occupant.echoes
    const { read, after } = occupant
    if (read !== undefined && read < after) this.#notShown(read, after)
  }

  get room(): RoomId {
    return this.feed.room
  }

  /** The last seq up to which this connection, or its person before, has been shown everything. */
  get seen(): Seq {
    return this.#unshownAfter ?? this.lastShown
  }

  /** The last seq that it has been shown. */
  get lastShown(): Seq {
    return this.state === 'live' ? this.feed.delivered : this.cursor
  }

  /** Where what has not been shown lies: in (after, upto], maybe among what has. */
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

  /** All messages in (after, upto] have been shown, whatever else has: what was looked back at counts, too. */
  lookedBack(after: Seq, upto: Seq): void {
    if (after <= this.seen && upto > this.seen) this.caughtUp(upto)
  }

  #notShown(after: Seq, upto: Seq): void {
    this.#unshownAfter ??= after
    this.#lastUnshown = upto
  }

  /** From now on it is shown what it has not seen, as soon as there is room. */
  begin(): void {
    this.subscriber.seated(this)
  }

  /** Its own texts are in the log under `count` seqs from `first` on. Told before the feed hears of them. */
  posted(first: Seq, count: number): void {
    if (!this.#echoes) this.own.add(first, first + count - 1)
  }

  /**
   * What was done through this connection is shown as its door answers it, in its place: behind all that came before it
   * in the room, and before what came after. A seat that ends shows it at once. Told before the feed hears of the event.
   */
  answerAt(seq: Seq, show: () => void): void {
    if (this.state === 'gone' || seq <= this.lastShown) show()
    else this.#answers.set(seq, show)
  }

  /** It ends: what has not been answered in its place is answered now. */
  ended(): void {
    for (const seq of this.#answers.keys()) this.#answer(seq)
  }

  #answer(seq: Seq): void {
    const show = this.#answers.get(seq)
    this.#answers.delete(seq)
    show?.()
  }

  /** Writes the events in (after, upto], less its own. */
  show(stretch: EventRange, after: Seq, upto: Seq): void {
    if (this.#answers.size === 0) return this.#showPart(stretch, after, upto)
    let from = after
    for (const seq of this.#answers.keys()) {
      if (seq > upto) break
      if (seq - 1 > from) this.#showPart(stretch, from, (seq - 1) as Seq)
      this.#answer(seq)
      from = seq
    }
    if (from < upto) this.#showPart(stretch, from, upto)
  }

  #showPart(stretch: EventRange, after: Seq, upto: Seq): void {
    const rendering = stretch.rendering(this.cohort)
    const [from, to] = [after + 1 - stretch.first, upto + 1 - stretch.first]
    if (this.own.count === 0 && this.visibility.isFull) return this.#write(rendering.part(from, to))
    this.#write(rendering.part(from, to, [...this.#shown(stretch, after, upto)]))
  }

  /** Writes what goes by, less what it does not hear. */
  showEphemeral(rendering: Rendering, passing: readonly EphemeralEvent[]): void {
    const heard: Part[] = []
    passing.forEach((each, i) => {
      if (this.visibility.includes(each)) heard.push({ from: i, to: i + 1 })
    })
    const isAll = heard.length === passing.length
    if (heard.length > 0) this.#write(rendering.part(0, passing.length, isAll ? undefined : heard))
  }

  /** What of it is not its own, and is not left out. */
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
    const verdict = this.visibility.of(event)
    if (verdict === 'left-out') this.#notShown((event.seq - 1) as Seq, event.seq)
    return verdict === 'shown'
  }

  /** All up to `seq` has been shown or was its own. */
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

  /** Whether it has been shown that event, or will be as it ends, as its door's answer. */
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
  /** What lies between this and `after` has not been shown. */
  readonly read?: Seq
  readonly watcher: SeatWatcher
  /** It is shown its own texts too. */
  readonly echoes: boolean
}

/** What a door wants to know of its seat. */
export interface SeatWatcher {
  /** It has been shown more of what it missed, or some of what it posted has been delivered to the room. */
  progressed(): void
  /** The log can't be read: the seat is gone, and whoever comes back continues where they were. */
  failed(error: unknown): void
  /** A removal has ended it: given where it has not been shown that. */
  removed(unseen: Removal | undefined): void
}
