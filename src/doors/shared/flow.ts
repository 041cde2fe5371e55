// How fast one connection may be read: the rate limit of its person, and a bound on the posts that await their receipts.

import type { Chat } from '../../core/chat.ts'
import type { Person } from '../../core/model/model.ts'

/** Posts without a receipt: beyond this many, nothing more is read until some are answered. */
const MOST_POSTS = 4096
/** The same bound on the length of their texts, in UTF-16 units. */
const MOST_LENGTH = 256 << 10

/** What an input costs: nothing, as little as a ping, or one turn of its person's rate limit. */
export type Cost = 'nothing' | 'little' | 'turn'

export class Flow {
  readonly #chat: Chat
  /** Whose rate limit applies; a connection that belongs to nobody yet has one of its own. */
  readonly #person: () => Person | undefined
  readonly #goOn: () => void
  readonly #ofStranger: () => number
  readonly #ofConnection: () => number
  /** Lengths of the posts without a receipt, from `#first` on. */
  readonly #lengths: number[] = []
  #first = 0
  #length = 0
  #rest: NodeJS.Timeout | undefined

  /** @param goOn called when a rest is over */
  constructor(chat: Chat, { person, goOn }: { person: () => Person | undefined; goOn: () => void }) {
    this.#chat = chat
    this.#person = person
    this.#goOn = goOn
    this.#ofStranger = chat.strangerRateLimit()
    this.#ofConnection = chat.connectionRateLimit()
  }

  /** Charges the rate limit. @returns false when a rest is due first: `goOn` is called after it */
  pay(cost: Cost): boolean {
    const wait = this.#waitFor(cost)
    if (wait === 0) return true
    this.#rest ??= setTimeout(() => {
      this.#rest = undefined
      this.#goOn()
    }, wait)
    return false
  }

  #waitFor(cost: Cost): number {
    if (cost === 'nothing') return 0
    if (cost === 'little') return this.#ofConnection()
    const person = this.#person()
    return person ? this.#chat.throttle(person) : this.#ofStranger()
  }

  get isResting(): boolean {
    return this.#rest !== undefined
  }

  // --- posts -----------------------------------------------------------------------------------------------

  /** The number of posts without a receipt. */
  get posts(): number {
    return this.#lengths.length - this.#first
  }

  get isFull(): boolean {
    return this.posts >= MOST_POSTS || this.#length >= MOST_LENGTH
  }

  /** Counts a post that was sent to the log. @param length of its text, in UTF-16 units */
  posted(length: number): void {
    this.#lengths.push(length)
    this.#length += length
  }

  /** Counts receipts: the oldest `posts` posts have theirs. */
  answered(posts: number): void {
    for (let i = 0; i < posts; i++) this.#length -= this.#lengths[this.#first++] ?? 0
    if (this.#first < this.#lengths.length && this.#first < MOST_POSTS) return
    this.#lengths.splice(0, this.#first)
    this.#first = 0
  }

  /** Ends a rest early, without a call of `goOn`. */
  stopResting(): void {
    clearTimeout(this.#rest)
    this.#rest = undefined
  }
}
