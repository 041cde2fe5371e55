// The part of a room's log that the message list shows, with all changes applied. It moves along the log as one scrolls
// and holds little more than MOST_HELD entries; at its newer end it grows with each event, without a gap.

import type { Fold, HistoryPage } from '../../../wire/history.ts'
import type { LogEvent, Message } from '../../../wire/schemas.ts'
import { Refused } from '../../client/client.ts'
import { isAnswer, rootOf } from './answers.ts'
import type { Api, PageQuery } from './api.ts'
import { applyChange, type ChangeOf, isChange, withAnswer } from './changes.ts'
import { foldRun, isQuiet, lastSeqOf, type Quiet } from './fold.ts'
import { Observable } from './observable.ts'
import { renamedIn } from './renaming.ts'
import { queryFor, type Target } from './target.ts'

/** Events with a line of their own. Changes to a message are applied to it instead. */
export type QuietEvent = Exclude<LogEvent, { kind: 'message' | ChangeOf['kind'] }>
export type TimelineEntry = Message | QuietEvent | Fold

/** Messages of one page. */
const PAGE = 80
/** Of the newest page of a room, when it is opened: smaller, so that it shows sooner. */
const FIRST_PAGE = 50
const MOST_HELD = 400
/** While the list is scrolled back, new events are added up to this length. */
const MOST_SCROLLED_BACK = 800
/** Quiet events between two messages: of more that come, all are held as one fold. */
const MOST_QUIET = 200

export class Timeline extends Observable {
  entries: readonly TimelineEntry[] = []
  /** There may be more before the first entry, after the last one. */
  hasOlder = false
  hasNewer = false
  isLoaded = false
  /** Why nothing could be loaded: the code of a refusal, or 'offline'. */
  error: string | undefined
  target: Target = { to: 'newest' }
  /** Goes up with each `go`: the list scrolls to `target` once for each number. */
  navigation = 0
  /** The number of the last request: answers to earlier ones are ignored. */
  #request = 0
  #isResting = false
  loading: 'all' | 'older' | 'newer' | undefined
  readonly #api: Api
  readonly #room: number
  readonly #me: () => number
  /** Events that came while a page was being loaded. */
  #meanwhile: LogEvent[] = []

  constructor(room: number, { api, me }: { api: Api; me: () => number }) {
    super()
    this.#room = room
    this.#api = api
    this.#me = me
  }

  message(seq: number): Message | undefined {
    const there = this.entries[this.#indexOf(seq)]
    return there?.seq === seq && there.kind === 'message' ? there : undefined
  }

  get newest(): TimelineEntry | undefined {
    return this.entries.at(-1)
  }

  /** Goes to the target, and loads a page if it is not in the timeline. */
  async go(target: Target): Promise<void> {
    this.target = target
    this.navigation++
    this.#isResting = false
    if (this.isLoaded && this.#reaches(target)) {
      this.#request++
      this.loading = undefined
      return this.notify()
    }
    await this.#load('all', queryFor(target))
  }

  /** The entries have a gap: loads them again. */
  async reload(): Promise<void> {
    const middle = this.entries[Math.floor(this.entries.length / 2)]
    const stay = this.hasNewer && middle !== undefined
    this.entries = []
    this.isLoaded = false
    this.loading = undefined
    await this.go(stay ? { to: 'message', seq: middle.seq } : { to: 'newest' })
  }

  /** Nobody looks at it: it holds the newest page alone, as many rooms do. */
  rest(): void {
    this.#isResting = true
    if (this.hasNewer || this.loading === 'all') void this.#load('all', { newest: true })
    else this.#dropOldest(FIRST_PAGE)
  }

  /** Holds nothing any more. */
  forget(): void {
    this.#request++
    this.loading = undefined
    this.entries = []
    this.isLoaded = false
  }

  /** @param turn resolves when the page may be put into the list */
  async older(turn: () => Promise<void>): Promise<void> {
    const [first] = this.entries
    if (first && this.hasOlder) await this.#load('older', { before: first.seq }, turn)
  }

  /** @param turn as for older */
  async newer(turn: () => Promise<void>): Promise<void> {
    const last = this.newest
    if (last && this.hasNewer) await this.#load('newer', { after: lastSeqOf(last) }, turn)
  }

  /** Takes the room's next event. @param atEnd the list is scrolled to its newer end */
  hear(event: LogEvent, atEnd: boolean): void {
    if (this.loading) this.#meanwhile.push(event)
    if (!this.isLoaded) return
    this.#apply(event)
    this.#renewThread(event)
    // A page at a time: removing the first row lays the whole list out anew.
    if (this.#isResting && this.entries.length > 2 * FIRST_PAGE) this.#dropOldest(FIRST_PAGE)
    else if (atEnd && this.entries.length > MOST_HELD + PAGE) this.#dropOldest()
    else if (this.entries.length > MOST_SCROLLED_BACK) this.#dropNewest()
    this.notify()
  }

  /** Reads again what stands below a message, when one of its answers is gone. */
  #renewThread(event: LogEvent): void {
    const { thread } = event.kind === 'deletion' ? event : {}
    if (thread !== undefined && this.message(thread)) void this.#refresh(thread)
  }

  /** The message as the server has just answered it. */
  put(message: Message): void {
    this.#change(message.seq, () => message)
    this.notify()
  }

  /** One has chosen these options of a poll, and no others. */
  voted(seq: number, options: readonly number[]): void {
    this.#change(seq, message =>
      message.poll ? { ...message, poll: { ...message.poll, mine: [...options] } } : message,
    )
    this.notify()
  }

  /** @param connections how many times one has connected: what may have been missed is read again */
  reconnected(connections: number): void {
    if (this.error !== undefined) void this.go(this.target)
    else if (connections > 1) this.renewPolls()
  }

  /** Reads the polls again that may take votes: one may have voted elsewhere while one was not connected. */
  renewPolls(): void {
    for (const each of this.entries)
      if (each.kind === 'message' && each.poll && !each.poll.closed) void this.#refresh(each.seq)
  }

  /** Shows the person under this username. @returns whether another one was shown */
  rename(person: { readonly id: number; readonly username: string }): boolean {
    const entries = renamedIn(this.entries, person)
    if (entries === this.entries) return false
    this.entries = entries
    this.notify()
    return true
  }

  // --- reading -------------------------------------------------------------------------------------------

  async #load(what: 'all' | 'older' | 'newer', query: PageQuery, turn = atOnce): Promise<void> {
    if (this.loading !== undefined && what !== 'all') return
    const request = ++this.#request
    this.loading = what
    this.#meanwhile = []
    this.error = undefined
    if (what === 'all') this.isLoaded = false
    this.notify()
    try {
      const page = await this.#api.history(this.#room, query, 'newest' in query ? FIRST_PAGE : PAGE)
      await turn()
      if (request !== this.#request) return
      this.#put(what, page)
    } catch (error) {
      if (request !== this.#request) return
      this.error = error instanceof Refused ? error.code : 'offline'
    }
    this.loading = undefined
    this.notifyNow() // within the turn
    this.#readAgain()
  }

  #put(what: 'all' | 'older' | 'newer', page: HistoryPage): void {
    const entries = page.entries.filter(isEntry)
    if (what === 'older') {
      this.hasOlder = page.hasOlder
      this.entries = [...entries, ...this.entries]
      if (this.entries.length > MOST_HELD) this.#dropNewest()
    } else if (what === 'newer') {
      this.hasNewer = page.hasNewer
      this.entries = [...this.entries, ...entries]
      if (this.entries.length > MOST_HELD) this.#dropOldest()
    } else {
      this.entries = entries
      this.hasOlder = page.hasOlder
      this.hasNewer = page.hasNewer
      this.isLoaded = true
    }
    // The page may include a reaction or not: messages that were reacted to are read again.
    for (const event of this.#meanwhile) if (event.kind !== 'reaction') this.#apply(event)
  }

  #readAgain(): void {
    const applyReaction = this.#meanwhile
      .filter(event => event.kind === 'reaction')
      .map(({ target }) => target)
    this.#meanwhile = []
    for (const seq of new Set(applyReaction)) if (this.message(seq)) void this.#refresh(seq)
  }

  async #refresh(seq: number): Promise<void> {
    const version = this.version
    const message = await this.#api.message(this.#room, seq).catch(() => undefined)
    if (!message) return
    this.#change(seq, () => message)
    // Somebody may have reacted meanwhile.
    if (this.version !== version) setTimeout(() => void this.#settle(seq), SETTLING_MS)
    this.notify()
  }

  async #settle(seq: number): Promise<void> {
    const message = await this.#api.message(this.#room, seq).catch(() => undefined)
    if (message) this.#change(seq, () => message)
    this.notify()
  }

  #reaches(target: Target): boolean {
    if (target.to === 'newest') return !this.hasNewer
    if (target.to === 'date') return false
    const [first, last] = [this.entries[0], this.newest]
    return (
      first !== undefined && last !== undefined && first.seq <= target.seq && target.seq <= lastSeqOf(last)
    )
  }

  // --- events --------------------------------------------------------------------------------------------

  #apply(event: LogEvent): void {
    switch (event.kind) {
      case 'edit':
      case 'deletion':
      case 'reaction':
      case 'preview':
      case 'poll':
        return this.#change(event.target, message => applyChange(event, message, this.#me()))
      case 'message':
        if (isAnswer(event)) this.#change(rootOf(event), root => withAnswer(root, event))
        if (!event.threadOnly && !this.hasNewer) this.#insert(event)
        return
      default:
        if (!this.hasNewer) this.#insert(event)
    }
  }

  #insert(entry: TimelineEntry): void {
    const at = this.#indexOf(entry.seq)
    if (this.entries[at]?.seq === entry.seq) return
    if (at === 0 && this.hasOlder) return // it belongs before the first entry
    const before = this.entries[at - 1]
    if (before && lastSeqOf(before) >= entry.seq) return // a fold has it
    this.entries = [...this.entries.slice(0, at), entry, ...this.entries.slice(at)]
    if (entry.kind !== 'message') this.#foldLast()
  }

  /** Many people may come and go before anybody says something. */
  #foldLast(): void {
    const from = this.entries.findLastIndex(each => !isQuiet(each)) + 1
    const [first, ...others] = this.entries.slice(from) as Quiet[]
    if (first && others.length >= MOST_QUIET)
      this.entries = [...this.entries.slice(0, from), foldRun([first, ...others])]
  }

  #change(seq: number, change: (message: Message) => Message): void {
    const there = this.message(seq)
    if (there) this.entries = this.entries.with(this.#indexOf(seq), change(there))
  }

  /** The index of the entry, or where it would be inserted. */
  #indexOf(seq: number): number {
    let [low, high] = [0, this.entries.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.entries[middle]?.seq ?? 0) < seq) low = middle + 1
      else high = middle
    }
    return low
  }

  #dropOldest(most = MOST_HELD): void {
    if (this.entries.length <= most) return
    this.entries = this.entries.slice(-most)
    this.hasOlder = true
  }

  #dropNewest(): void {
    this.entries = this.entries.slice(0, MOST_HELD)
    this.hasNewer = true
  }
}

/** The entry is none of the changes of a message, which no page has. */
export function isEntry(entry: LogEvent | Fold): entry is TimelineEntry {
  return entry.kind === 'fold' || !isChange(entry)
}

const atOnce = () => Promise.resolve()

const SETTLING_MS = 1000
