// The core's half of group commit. The store's half writes everything that is waiting for it in one transaction.

import type { AttachedUpload, Author, Format, Message, RoomId, Seq, Styled, Tag } from '../model/model.ts'
import { newPoll, type PollRules } from '../model/polls.ts'
import { asRefused, Refusal } from '../model/refusals.ts'
import type { Bus } from '../ports/bus.ts'
import type { Clock } from '../ports/clock.ts'
import type { Draft, Log, Posted, Receipt } from '../ports/log.ts'

/**
 * Called once for each run of texts, when they are on disk or refused.
 * @param texts how many texts the receipt is for
 */
export type OnReceipt = (receipt: Receipt, texts: number) => void

/** A text for a room. */
export interface Post {
  readonly text: string
  /** Plain by default. */
  readonly format?: Format
  /** The message that it replies to. */
  readonly reply?: Seq
  /** The answer stands in its thread alone, where a door has threads. */
  readonly threadOnly?: true
  /**
   * Chosen by the client: posting again with the same key gives the receipt of the first attempt and stores nothing.
   */
  readonly key?: string
  /** Programs must not answer it (IRC's NOTICE). */
  readonly notice?: true
  /** Styles of parts of a plain text. */
  readonly styles?: readonly Styled[]
  /** The text says what its author does (/me). */
  readonly action?: true
  /** What programs are told with it. */
  readonly tags?: readonly Tag[]
  /** The text is a poll (Polls.postFor). */
  readonly poll?: PollRules
  /** Finished uploads of the author's. */
  readonly attachments?: readonly AttachedUpload[]
}

/** Where a text is posted, and by whom: a seat, or somebody who has none. */
export interface Poster {
  readonly room: RoomId
  readonly person: Author
  /** The last seq that they had been shown when posting. */
  readonly seen: Seq
  /** Called with the seqs of their texts before anybody else learns of them. */
  posted(first: Seq, count: number): void
}

interface Entry {
  readonly poster: Poster
  readonly draft: Draft & { readonly texts: string[] }
  readonly answered: OnReceipt
}

/**
 * Texts in one append. A full one does not wait for the end of the event loop's turn, so the store begins while we
 * still read.
 */
const LONGEST_APPEND = 128

/**
 * Gathers what all sockets bring in one turn of the event loop into one append, so that a crowd costs the store few
 * calls. Texts get their seqs in the order of the calls to `post`. Once they are on disk each poster learns its own
 * seqs, the bus the messages, and each poster its receipt, in this order; so nobody is shown a text that a crash
 * could undo. Nothing is tried again: an append that fails refuses all its texts.
 */
export class Appender {
  readonly #log: Log
  readonly #bus: Pick<Bus, 'publish'>
  readonly #clock: Clock
  readonly #roomSpace: number
  readonly #onError: (error: unknown) => void
  readonly #onTold: (messages: readonly Message[]) => void
  #gathered: Entry[] = []
  /** Texts gathered so far. */
  #count = 0
  /** Texts that have been sent to the store, whatever became of them. */
  sent = 0
  #cancel: () => void = () => {}

  constructor(parts: {
    log: Log
    bus: Pick<Bus, 'publish'>
    clock: Clock
    /** Space for the files of a room, in bytes. */
    roomSpace: number
    onError: (error: unknown) => void
    /** Called with messages of one room that are stored, and of which everybody has been told. */
    onTold?: (messages: readonly Message[]) => void
  }) {
    this.#log = parts.log
    this.#bus = parts.bus
    this.#clock = parts.clock
    this.#roomSpace = parts.roomSpace
    this.#onError = parts.onError
    this.#onTold = parts.onTold ?? (() => {})
  }

  /**
   * Appends a text after all that were posted before. Consecutive texts of one poster join one run, with one receipt.
   */
  post(poster: Poster, post: Post, answered: OnReceipt): void {
    if (this.#count === 0) this.#cancel = this.#clock.after(0, () => this.#send())
    const last = this.#gathered.at(-1)
    if (last && joins(last, post, poster, answered)) last.draft.texts.push(post.text)
    else this.#gathered.push({ poster, draft: this.#draftOf(poster, post), answered })
    this.#count++
    if (this.#count < LONGEST_APPEND) return
    this.#cancel()
    this.#send()
  }

  #draftOf({ room, person, seen }: Poster, { text, attachments, ...rest }: Post): Entry['draft'] {
    const draft = { room, author: person.id, texts: [text], seen, ...rest }
    return attachments ? { ...draft, attach: { uploads: attachments, space: this.#roomSpace } } : draft
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
    const refused = error instanceof Refusal ? asRefused(error) : ({ refused: 'store-failed' } as const)
    for (const { draft, answered } of entries) answered(refused, draft.texts.length)
  }

  /**
   * First each poster learns its own seqs, then the room its messages, then the poster its receipt: anyone who leaves
   * on the receipt leaves after what they said.
   */
  #answer(entries: readonly Entry[], receipts: readonly Receipt[]): void {
    const byRoom = new Map<RoomId, Message[]>()
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
    for (const messages of byRoom.values()) this.#onTold(messages)
  }
}

function tell({ draft, answered }: Entry, receipt: Receipt): void {
  if ('refused' in receipt || !receipt.rest) return answered(receipt, draft.texts.length)
  answered(receipt, 1)
  answered({ refused: receipt.rest }, draft.texts.length - 1)
}

/**
 * Texts of the same format without anything else join a run; a reply, an action, or a text with a key stands alone.
 */
function joins(
  { poster, answered, draft }: Entry,
  post: Post,
  another: Poster,
  otherAnswered: OnReceipt,
): boolean {
  if (poster !== another || answered !== otherAnswered || draft.format !== post.format) return false
  return isMere(draft) && isMere(post)
}

function isMere(text: Omit<Post, 'text'> & Pick<Draft, 'attach'>): boolean {
  const { reply, key, notice, styles, action, tags, poll, attachments, attach } = text
  return !(reply ?? key ?? notice ?? styles ?? action ?? tags ?? poll ?? attachments ?? attach)
}

function messages({ poster, draft }: Entry, posted: Posted): Message[] {
  const { room } = draft
  const author = { id: poster.person.id, username: poster.person.username }
  const { seq, at, reply, threadOnly, attachments, everyone, teams, rest } = posted
  const { format = 'plain', notice, styles, action, tags, poll: rules } = draft
  const poll = rules && newPoll(draft.texts[0] ?? '', rules)
  const texts = rest ? draft.texts.slice(0, 1) : draft.texts
  const messages = texts.map((text, i): Message => {
    return { kind: 'message', room, seq: (seq + i) as Seq, author, at, text, format } // properties in the order in which the store gives them
  })
  const isMarked = reply || everyone || teams || notice || styles || action || tags || attachments || poll
  if (!isMarked) return messages // true of most
  return messages.map((message, i) => ({
    ...message,
    ...(styles && { styles }),
    ...(action && { action }),
    ...(reply && { reply }),
    ...(threadOnly && { threadOnly }),
    ...(notice && { notice }),
    ...(tags && { tags }),
    ...(attachments && { attachments }),
    ...(everyone?.includes(i) && { everyone: true }),
    ...(poll && { poll }),
    ...teamsAt(teams, i),
  }))
}

function teamsAt(teams: Posted['teams'], index: number): Pick<Message, 'teams'> {
  const mentioned = teams?.get(index)
  return mentioned ? { teams: mentioned } : {}
}

/**
 * A poster without a seat, or one that keeps its own read marks: what was delivered to them does not count as read.
 */
export function posterOf({ id, username }: Author, room: RoomId): Poster {
  return { room, person: { id, username }, seen: 0 as Seq, posted: () => {} }
}
