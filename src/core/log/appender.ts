// The core's half of group commit: what the sockets brought in one turn of the event loop becomes one append. The
// store writes what waits for it in one go.

import type { Author, Format, LogEvent, Message, RoomId, Seq, Styled, Tag } from '../model/model.ts'
import { Refusal } from '../model/refusals.ts'
import type { Bus } from '../ports/bus.ts'
import type { Clock } from '../ports/clock.ts'
import type { Draft, Log, Posted, Receipt } from '../ports/log.ts'

/** Told once for each run of texts, when they are on disk or refused. */
export type OnReceipt = (receipt: Receipt, texts: number) => void

/** A text for a room. */
export interface Post {
  readonly text: string
  /** Plain where none is said. */
  readonly format?: Format
  /** What it answers to. */
  readonly reply?: Seq
  /** Chosen by the client: posting again with the same key gives what the first try gave. */
  readonly key?: string
  /** No program is to answer it. */
  readonly notice?: true
  /** How parts of a plain text look. */
  readonly styles?: readonly Styled[]
  /** What the author does. */
  readonly action?: true
  /** What programs are told with it. */
  readonly tags?: readonly Tag[]
}

/** Who posts where: a seat, or somebody who has none. */
export interface Poster {
  readonly room: RoomId
  readonly person: Author
  /** What they had been shown when posting. */
  readonly seen: Seq
  /** Told where their texts stand, before anybody else. */
  posted(first: Seq, count: number): void
}

interface Entry {
  readonly poster: Poster
  readonly draft: Draft & { readonly texts: string[] }
  readonly answered: OnReceipt
}

/** Texts in one append: these don't wait for the end of the turn, so that the store begins while we still read. */
const LONGEST_APPEND = 128

export class Appender {
  readonly #log: Log
  readonly #bus: Pick<Bus, 'publish'>
  readonly #clock: Clock
  readonly #onError: (error: unknown) => void
  #gathered: Entry[] = []
  /** Texts in it. */
  #count = 0
  /** Texts that have gone to the store, whatever became of them. */
  sent = 0
  #cancel: () => void = () => {}

  constructor(parts: {
    log: Log
    bus: Pick<Bus, 'publish'>
    clock: Clock
    onError: (error: unknown) => void
  }) {
    this.#log = parts.log
    this.#bus = parts.bus
    this.#clock = parts.clock
    this.#onError = parts.onError
  }

  /** Call order is the order in the log. Consecutive texts of one poster travel as one run. */
  post(poster: Poster, post: Post, answered: OnReceipt): void {
    if (this.#count === 0) this.#cancel = this.#clock.after(0, () => this.#send())
    const last = this.#gathered.at(-1)
    if (last && joins(last, post, poster, answered)) last.draft.texts.push(post.text)
    else this.#gathered.push({ poster, draft: draftOf(poster, post), answered })
    this.#count++
    if (this.#count < LONGEST_APPEND) return
    this.#cancel()
    this.#send()
  }

  #send(): void {
    const entries = this.#gathered
    this.#gathered = []
    this.sent += this.#count
    this.#count = 0
    this.#log
      .append(
        entries.map(entry => entry.draft),
        this.#clock.now(),
      )
      .then(
        receipts => this.#answer(entries, receipts),
        error => this.#refuseAll(entries, error),
      )
  }

  #refuseAll(entries: readonly Entry[], error: unknown): void {
    if (!(error instanceof Refusal)) this.#onError(error)
    const refused = error instanceof Refusal ? error.code : 'store-failed'
    for (const { draft, answered } of entries) answered({ refused }, draft.texts.length)
  }

  /** Its own seqs first, then the room, then the answer: who leaves when answered leaves behind what they said. */
  #answer(entries: readonly Entry[], receipts: readonly Receipt[]): void {
    const byRoom = new Map<RoomId, LogEvent[]>()
    entries.forEach((entry, i) => {
      const receipt = receipts[i]
      if (!receipt || 'refused' in receipt || receipt.repeated) return
      entry.poster.posted(receipt.seq, receipt.rest ? 1 : entry.draft.texts.length)
      const events = byRoom.get(entry.draft.room) ?? []
      byRoom.set(entry.draft.room, events)
      for (const message of messages(entry, receipt)) events.push(message)
    })
    // point: before-publish
    for (const [room, events] of byRoom) this.#bus.publish(room, events)
    entries.forEach((entry, i) => {
      tell(entry, receipts[i] ?? { refused: 'store-failed' })
    })
  }
}

function tell({ draft, answered }: Entry, receipt: Receipt): void {
  if ('refused' in receipt || !receipt.rest) return answered(receipt, draft.texts.length)
  answered(receipt, 1)
  answered({ refused: receipt.rest }, draft.texts.length - 1)
}

/** Mere texts of one format make runs; an answer, an action, or a text with a key stands alone. */
function joins({ poster, answered, draft }: Entry, post: Post, another: Poster, told: OnReceipt): boolean {
  if (poster !== another || answered !== told || draft.format !== post.format) return false
  return isMere(draft) && isMere(post)
}

function isMere({ reply, key, notice, styles, action, tags }: Omit<Post, 'text'>): boolean {
  return !(reply ?? key ?? notice ?? styles ?? action ?? tags)
}

function draftOf({ room, person, seen }: Poster, { text, ...rest }: Post) {
  return { room, author: person.id, texts: [text], seen, ...rest }
}

function messages({ poster, draft }: Entry, posted: Posted): Message[] {
  const { room } = draft
  const author = { id: poster.person.id, username: poster.person.username }
  const { seq, at, reply, everyone, rest } = posted
  const { format = 'plain', notice, styles, action, tags } = draft
  const texts = rest ? draft.texts.slice(0, 1) : draft.texts
  const messages = texts.map((text, i): Message => {
    return { kind: 'message', room, seq: (seq + i) as Seq, author, at, text, format } // in the order in which the store gives it
  })
  if (!reply && !everyone && !notice && !styles && !action && !tags) return messages // as most are
  return messages.map((message, i) => ({
    ...message,
    ...(styles && { styles }),
    ...(action && { action }),
    ...(reply && { reply }),
    ...(notice && { notice }),
    ...(tags && { tags }),
    ...(everyone?.includes(i) && { everyone: true }),
  }))
}

/** Who posts there without a seat, or with marks of their own: what was delivered to them is not yet read. */
export function posterOf({ id, username }: Author, room: RoomId): Poster {
  return { room, person: { id, username }, seen: 0 as Seq, posted: () => {} }
}
