// The rules by which drafts are accepted: pure functions over the state of a room in a round of appends, however that was
// read and the rows will be written.

import type { Format, Instant, Message, Seq, UserId } from '../../core/model/model.ts'
import { mayWrite, slowModeDelay } from '../../core/model/permissions.ts'
import { type Refused, refusedBy } from '../../core/model/refusals.ts'
import type { Draft, Receipt } from '../../core/ports/log.ts'
import { firstRead } from './conversations.ts'
import { formatOf } from './format.ts'
import { type OpenRoom, type StoredParticipant, seqOf } from './open-room.ts'
import { number, type Row, text } from './sql.ts'

/** A room during a round of appends; what has changed is written back at its end. */
export interface RoomState {
  /** undefined if there is no such room. */
  readonly room: OpenRoom | undefined
  readonly writers: Map<UserId, WriterState>
  last: number
}

export interface WriterState {
  readonly participant: StoredParticipant
  /** Why they may not write. What they have posted under a key before is found nevertheless. */
  readonly refused: Refused | undefined
  mark: number
  spokeAt: Instant
  hasPosted: boolean
}

/** @param participants members of the room who write in it in this round */
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

/** A draft that may be stored; in slow mode only the first of its texts. */
export interface Admitted {
  readonly room: OpenRoom
  readonly writer: WriterState
  readonly texts: readonly string[]
}

export function admission(state: RoomState, draft: Draft): Admitted | Refused {
  const { room } = state
  const writer = state.writers.get(draft.author)
  if (!room || !writer) return { refused: 'not-a-member' }
  if (writer.refused) return writer.refused
  const rest = slowModeDelay(writer.participant, room)
  if (rest > 0 && writer.spokeAt + rest > room.at) return { refused: 'slow-mode' }
  return { room, writer, texts: rest > 0 ? draft.texts.slice(0, 1) : draft.texts }
}

/** Whether the writer may read that message, and so answer it. */
export function maySee({ room, writer }: Admitted, seq: Seq | undefined): boolean {
  return seq === undefined || seq > firstRead(room, writer.participant)
}

/** Assigns the room's next seqs to the draft's texts, and moves the writer's mark. @returns the first seq */
export function assignSeqs(state: RoomState, { room, writer, texts }: Admitted, draft: Draft): Seq {
  const seq = (state.last + 1) as Seq
  state.last += texts.length
  // Somebody who posts has read what they were shown, and their own texts if those follow immediately.
  const seen = Math.max(writer.mark, draft.seen)
  writer.mark = seen === seq - 1 ? state.last : seen
  writer.hasPosted = true
  writer.spokeAt = room.at
  return seq
}

/** The message that a draft replies to. */
export interface ReplyTarget {
  readonly seq: Seq
  readonly username: string
  readonly thread: Seq
  readonly threadOnly: boolean
}

export interface PostedAs {
  readonly seq: Seq
  readonly target: ReplyTarget | undefined
  /** The indexes of the texts that mention everyone. */
  readonly everyone: readonly number[]
  /** The teams that the texts mention, by the indexes of these. */
  readonly teams: ReadonlyMap<number, readonly string[]>
  readonly attachments?: Message['attachments']
}

export function receiptOf(
  draft: Draft,
  { room, texts }: Admitted,
  { seq, target, everyone, teams, attachments }: PostedAs,
): Receipt {
  const isPlain = !target && !attachments && everyone.length === 0 && teams.size === 0
  if (isPlain && texts === draft.texts) return { seq, at: room.at } // most drafts
  return {
    seq,
    at: room.at,
    ...(texts.length < draft.texts.length && { rest: 'slow-mode' }),
    ...(everyone.length > 0 && { everyone }),
    ...(teams.size > 0 && { teams }),
    ...(target && { reply: replyTo(target) }),
    ...(target && standsApart(draft, target) && { threadOnly: true }),
    ...(attachments && { attachments }),
  }
}

function replyTo({ seq, username, thread }: ReplyTarget): Message['reply'] {
  return { seq, username, ...(thread !== seq && { thread }) }
}

/** An answer stays where what it answers stands: doors without threads need not know of them. */
export function standsApart({ threadOnly }: Draft, target: ReplyTarget | undefined): boolean {
  return target !== undefined && (threadOnly === true || target.threadOnly)
}

/** The message that was posted under the same key before. */
export interface PriorPost {
  readonly id: number
  /** undefined after an edit or a deletion: then the key alone decides that it is the same. */
  readonly posted: PostedText | undefined
  readonly reply: number | undefined
  readonly at: Instant
}

interface PostedText {
  readonly text: string
  readonly format: Format
  readonly isAction: boolean
  /** The number of its attachments. */
  readonly attached: number
}

export function postedTextOf(found: Row): PostedText {
  return {
    text: text(found, 'message'),
    format: formatOf(found),
    isAction: found.action === 1,
    attached: number(found, 'attached'),
  }
}

/** The content of a draft with one text. */
export function textOf({ texts: [text = ''], format = 'plain', action, attach }: Draft): PostedText {
  return { text, format, isAction: action === true, attached: attach?.uploads.length ?? 0 }
}

export function receiptOfRepeat(draft: Draft, { id, posted, reply, at }: PriorPost): Receipt {
  const same = (posted === undefined || isSame(posted, textOf(draft))) && reply === draft.reply
  return same ? { seq: seqOf(id), at, repeated: true } : { refused: 'key-reused' }
}

function isSame(one: PostedText, other: PostedText): boolean {
  const isSameText = one.text === other.text && one.format === other.format
  return isSameText && one.isAction === other.isAction && one.attached === other.attached
}
