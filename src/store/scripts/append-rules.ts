// What a round of appends knows of a room, and how it judges drafts by it: pure, whatever way the facts were read and
// the rows will be written.

import type { Format, Instant, Seq, UserId } from '../../core/model/model.ts'
import { mayWrite, slowModeDelay } from '../../core/model/permissions.ts'
import { type RefusalCode, refusedBy } from '../../core/model/refusals.ts'
import type { Draft, Receipt } from '../../core/ports/log.ts'
import { formatOf } from './format.ts'
import { type OpenRoom, type Reader, seqOf } from './open-room.ts'
import { type Row, text } from './sql.ts'

/** Written back at the end of the round. */
export interface Desk {
  /** undefined where there is no such room. */
  readonly room: OpenRoom | undefined
  readonly authors: Map<UserId, Author>
  last: number
}

export interface Author {
  readonly reader: Reader
  /** Why they may not write, if so; what they have written under a key before is found all the same. */
  readonly refused: RefusalCode | undefined
  mark: number
  spokeAt: Instant
  moved: boolean
}

/** @param readers those in the room who write there in this round */
export function deskOf(room: OpenRoom, readers: readonly Reader[]): Desk {
  const desk: Desk = { room, authors: new Map(), last: room.last }
  for (const reader of readers) {
    const { mark, spokeAt } = reader
    const refused = refusedBy(() => mayWrite(reader, room, room.at))
    desk.authors.set(reader.id, { reader, refused, mark, spokeAt, moved: false })
  }
  return desk
}

export function deskOfNothing(): Desk {
  return { room: undefined, authors: new Map(), last: 0 }
}

/** A draft that may be written; of several texts in slow mode only the first. */
export interface Admitted {
  readonly room: OpenRoom
  readonly author: Author
  readonly texts: readonly string[]
}

export function admission(desk: Desk, draft: Draft): Admitted | { readonly refused: RefusalCode } {
  const { room } = desk
  const author = desk.authors.get(draft.author)
  if (!room || !author) return { refused: 'not-a-member' }
  if (author.refused) return { refused: author.refused }
  const rest = slowModeDelay(author.reader, room)
  if (rest > 0 && author.spokeAt + rest > room.at) return { refused: 'slow-mode' }
  return { room, author, texts: rest > 0 ? draft.texts.slice(0, 1) : draft.texts }
}

/** Gives its texts the room's next seqs. @returns the first of them */
export function seat(desk: Desk, { room, author, texts }: Admitted, draft: Draft): Seq {
  const seq = (desk.last + 1) as Seq
  desk.last += texts.length
  // Who writes has read what they had been shown, and their own words when nothing stands between.
  const seen = Math.max(author.mark, draft.seen)
  author.mark = seen === seq - 1 ? desk.last : seen
  author.moved = true
  author.spokeAt = room.at
  return seq
}

/** What a draft answers to. */
export interface Target {
  readonly seq: Seq
  readonly username: string
  readonly thread: Seq
}

/** @param everyone which of the texts mention everyone */
export function receiptOf(
  draft: Draft,
  { room, texts }: Admitted,
  { seq, target, everyone }: { seq: Seq; target: Target | undefined; everyone: readonly number[] },
): Receipt {
  if (!target && everyone.length === 0 && texts === draft.texts) return { seq, at: room.at } // as most
  return {
    seq,
    at: room.at,
    ...(texts.length < draft.texts.length && { rest: 'slow-mode' }),
    ...(everyone.length > 0 && { everyone }),
    ...(target && { reply: { seq: target.seq, username: target.username } }),
  }
}

/** What was written under a key before. */
export interface Earlier {
  readonly id: number
  /** undefined for what was corrected or deleted since: the key alone tells that it is the same. */
  readonly said: SaidBefore | undefined
  readonly reply: number | undefined
  readonly at: Instant
}

interface SaidBefore {
  readonly text: string
  readonly format: Format
  readonly isAction: boolean
}

export function saidIn(found: Row): SaidBefore {
  return { text: text(found, 'message'), format: formatOf(found), isAction: found.action === 1 }
}

/** What a draft of one text says. */
export function saidBy({ texts: [text = ''], format = 'plain', action }: Draft): SaidBefore {
  return { text, format, isAction: action === true }
}

export function repetition(draft: Draft, { id, said, reply, at }: Earlier): Receipt {
  const same = (said === undefined || isSame(said, saidBy(draft))) && reply === draft.reply
  return same ? { seq: seqOf(id), at, repeated: true } : { refused: 'key-reused' }
}

function isSame(one: SaidBefore, other: SaidBefore): boolean {
  return one.text === other.text && one.format === other.format && one.isAction === other.isAction
}
