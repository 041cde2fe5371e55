// What a round of appends knows of a room, and how it judges drafts by it: pure, whatever way the facts were read and
// the rows will be written.

import type { Format, Instant, Seq, UserId } from '../../core/model/model.ts'
import { mayWrite, slowModeDelay } from '../../core/model/permissions.ts'
import { type RefusalCode, refusedBy } from '../../core/model/refusals.ts'
import type { Draft, Receipt } from '../../core/ports/log.ts'
import { formatOf } from './format.ts'
import { type OpenRoom, type StoredParticipant, seqOf } from './open-room.ts'
import { type Row, text } from './sql.ts'

/** Written back at the end of the round. */
export interface RoomState {
  /** undefined where there is no such room. */
  readonly room: OpenRoom | undefined
  readonly writers: Map<UserId, WriterState>
  last: number
}

export interface WriterState {
  readonly participant: StoredParticipant
  /** Why they may not write, if so; what they have written under a key before is found all the same. */
  readonly refused: RefusalCode | undefined
  mark: number
  spokeAt: Instant
  hasPosted: boolean
}

/** @param participants those in the room who write there in this round */
export function roomStateOf(room: OpenRoom, participants: readonly StoredParticipant[]): RoomState {
  const state: RoomState = { room, writers: new Map(), last: room.last }
  for (const participant of participants) {
    const { mark, spokeAt } = participant
    const refused = refusedBy(() => mayWrite(participant, room, room.at))
    state.writers.set(participant.id, { participant, refused, mark, spokeAt, hasPosted: false })
  }
  return state
}

export function missingRoom(): RoomState {
  return { room: undefined, writers: new Map(), last: 0 }
}

/** A draft that may be written; of several texts in slow mode only the first. */
export interface Admitted {
  readonly room: OpenRoom
  readonly writer: WriterState
  readonly texts: readonly string[]
}

export function admission(state: RoomState, draft: Draft): Admitted | { readonly refused: RefusalCode } {
  const { room } = state
  const writer = state.writers.get(draft.author)
  if (!room || !writer) return { refused: 'not-a-member' }
  if (writer.refused) return { refused: writer.refused }
  const rest = slowModeDelay(writer.participant, room)
  if (rest > 0 && writer.spokeAt + rest > room.at) return { refused: 'slow-mode' }
  return { room, writer, texts: rest > 0 ? draft.texts.slice(0, 1) : draft.texts }
}

/** Gives its texts the room's next seqs. @returns the first of them */
export function assignSeqs(state: RoomState, { room, writer, texts }: Admitted, draft: Draft): Seq {
  const seq = (state.last + 1) as Seq
  state.last += texts.length
  // Who writes has read what they had been shown, and their own words when nothing stands between.
  const seen = Math.max(writer.mark, draft.seen)
  writer.mark = seen === seq - 1 ? state.last : seen
  writer.hasPosted = true
  writer.spokeAt = room.at
  return seq
}

/** What a draft answers to. */
export interface ReplyTarget {
  readonly seq: Seq
  readonly username: string
  readonly thread: Seq
}

/** @param everyone which of the texts mention everyone */
export function receiptOf(
  draft: Draft,
  { room, texts }: Admitted,
  { seq, target, everyone }: { seq: Seq; target: ReplyTarget | undefined; everyone: readonly number[] },
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
export interface PriorPost {
  readonly id: number
  /** undefined for what was corrected or deleted since: the key alone tells that it is the same. */
  readonly posted: PostedText | undefined
  readonly reply: number | undefined
  readonly at: Instant
}

interface PostedText {
  readonly text: string
  readonly format: Format
  readonly isAction: boolean
}

export function postedTextOf(found: Row): PostedText {
  return { text: text(found, 'message'), format: formatOf(found), isAction: found.action === 1 }
}

/** What a draft of one text says. */
export function textOf({ texts: [text = ''], format = 'plain', action }: Draft): PostedText {
  return { text, format, isAction: action === true }
}

export function receiptOfRepeat(draft: Draft, { id, posted, reply, at }: PriorPost): Receipt {
  const same = (posted === undefined || isSame(posted, textOf(draft))) && reply === draft.reply
  return same ? { seq: seqOf(id), at, repeated: true } : { refused: 'key-reused' }
}

function isSame(one: PostedText, other: PostedText): boolean {
  return one.text === other.text && one.format === other.format && one.isAction === other.isAction
}
