// The log: every room's events under consecutive seqs.

import type { Instant, RoomId, Seq, UserId } from '../../core/model/model.ts'
import { Refusal, type RefusalCode, refuse } from '../../core/model/refusals.ts'
import type { Backlog, Draft, Head, Receipt, RowPlace } from '../../core/ports/log.ts'
import {
  admission,
  assignSeqs,
  maySee,
  missingRoom,
  type PostedAs,
  type PriorPost,
  postedTextOf,
  type ReplyTarget,
  type RoomState,
  receiptOf,
  receiptOfRepeat,
  roomStateOf,
  standsApart,
} from './append-rules.ts'
import { type Attachable, attach, attachable, attachedTo } from './attaching.ts'
import { followStatements } from './following.ts'
import { stylesStored, tagsStored } from './format.ts'
import { moveHead } from './head.ts'
import { withSilencing } from './masks.ts'
import { noteMentions } from './mentions.ts'
import {
  currentEpoch,
  endOf,
  headOf,
  idOf,
  isSeq,
  mustBeMember,
  type OpenRoom,
  openRoom,
  participantsIn,
  reachOf,
  readRoom,
  roomOf,
  type StoredParticipant,
  seqIn,
  seqOf,
} from './open-room.ts'
import { insertPoll } from './poll-changes.ts'
import { instant, number, row, rows, run, type Script, sql, username } from './sql.ts'

export function* append(drafts: readonly Draft[], at: Instant): Script<Receipt[]> {
  const epoch = yield* currentEpoch()
  const states = new Map<RoomId, RoomState>()
  const receipts: Receipt[] = []
  for (const draft of drafts) {
    let state = states.get(draft.room)
    if (!state) states.set(draft.room, (state = yield* openRoomState(draft.room, drafts, at)))
    receipts.push(yield* appendOne(state, draft, epoch))
  }
  for (const state of states.values()) yield* saveRoomState(state)
  return receipts
}

/** Locks a room, and reads it with everyone who writes in it in this round. */
function* openRoomState(room: RoomId, drafts: readonly Draft[], at: Instant): Script<RoomState> {
  const found = yield* openRoom(room, at)
  if (!found) return missingRoom()
  const writing = new Set(drafts.filter(draft => draft.room === room).map(({ author }) => author))
  return roomStateOf(found, yield* withSilencing(found, yield* participantsIn(room, [...writing])))
}

function* appendOne(state: RoomState, draft: Draft, epoch: number): Script<Receipt> {
  if (draft.key !== undefined) {
    const prior = yield* postedUnder(draft, draft.key)
    if (prior)
      return (yield* hasOthers(prior, draft)) ? { refused: 'key-reused' } : receiptOfRepeat(draft, prior)
  }
  const admitted = admission(state, draft)
  if ('refused' in admitted) return admitted
  const { room, writer, texts } = admitted
  const target =
    draft.reply === undefined || !maySee(admitted, draft.reply)
      ? undefined
      : yield* replyTarget(room.room, draft.reply)
  if (draft.reply !== undefined && !target) return { refused: 'no-such-message' }
  const attached = draft.attach ? yield* attachableBy(draft, draft.attach) : NOTHING_ATTACHED
  if ('refused' in attached) return attached
  const seq = assignSeqs(state, admitted, draft)
  yield* insert(draft, {
    texts,
    id: idOf(room.room, seq),
    at: room.at,
    epoch,
    thread: target?.thread ?? null,
    threadOnly: standsApart(draft, target),
  })
  if (draft.poll) yield* insertPoll(idOf(room.room, seq), draft.poll)
  const attachments = draft.attach && (yield* attach(idOf(room.room, seq), attached.files))
  const posted = { room, author: writer.participant, seq }
  const mentioned = texts.some(text => text.includes('@'))
    ? yield* mentionsAmong(draft, texts, posted)
    : NOBODY_MENTIONED
  if (target) for (const each of followStatements([idOf(room.room, seq)])) yield* run(each)
  return receiptOf(draft, admitted, { seq, target, ...mentioned, attachments })
}

const NOTHING_ATTACHED = { files: [] }
const NOBODY_MENTIONED = { everyone: [], teams: new Map<number, readonly string[]>() }

/** What the draft attaches, or why it is refused. */
function* attachableBy(
  draft: Draft,
  attach: NonNullable<Draft['attach']>,
): Script<{ readonly files: Attachable } | { readonly refused: RefusalCode }> {
  try {
    return { files: yield* attachable(draft, attach) }
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.code }
    throw error
  }
}

/** Whether the same key was used for other attachments. */
function* hasOthers({ id, posted }: PriorPost, { attach }: Draft): Script<boolean> {
  if (posted === undefined || !attach) return false
  const there = yield* attachedTo(id)
  return attach.uploads.some(({ upload }, i) => upload !== there[i])
}

interface Texts {
  readonly texts: readonly string[]
  /** Of the first text; the others follow. */
  readonly id: number
  readonly at: Instant
  readonly epoch: number
  readonly thread: Seq | null
  readonly threadOnly: boolean
}

/** Inserts all texts in one statement; a single one, as in most drafts, without the detour through JSON. */
function* insert(draft: Draft, { texts, id, at, epoch, thread, threadOnly }: Texts): Script<void> {
  const { author, format = 'plain' } = draft
  const [key, reply] = [draft.key ?? null, draft.reply ?? null]
  const [first] = texts
  if (texts.length === 1 && first !== undefined) {
    yield* run(
      sql`INSERT INTO messages (id, user_id, message, created_at, epoch_id, key, reply_seq, thread_seq, format, styles,
                                action, notice, tags, thread_only)
          VALUES (${id}, ${author}, ${first}, ${at}, ${epoch}, ${key}, ${reply}, ${thread}, ${format},
                  ${stylesStored(draft.styles)}, ${draft.action ? 1 : 0}, ${draft.notice ? 1 : 0},
                  ${tagsStored(draft.tags)}, ${threadOnly ? 1 : 0})`,
    )
  } else {
    yield* run(
      sql`INSERT INTO messages (id, user_id, message, created_at, epoch_id, key, reply_seq, thread_seq, format)
          SELECT ${id} + key, ${author}, value, ${at}, ${epoch}, ${key}, ${reply}, ${thread}, ${format}
          FROM json_each(${JSON.stringify(texts)})`,
    )
  }
}

export function* mayPost(author: UserId, room: RoomId, at: Instant): Script<void> {
  const found = yield* readRoom(room, at)
  if (!found) refuse('not-a-member')
  const state = roomStateOf(found, yield* withSilencing(found, yield* participantsIn(room, [author])))
  const admitted = admission(state, { room, author, texts: [], seen: found.last })
  if ('refused' in admitted) refuse(admitted.refused, admitted.opens)
}

/** Stores the texts' mentions. @returns the indexes of those that mention everyone, and the teams that they mention */
function* mentionsAmong(
  { format = 'plain' }: Draft,
  texts: readonly string[],
  { room, author, seq }: { room: OpenRoom; author: StoredParticipant; seq: Seq },
): Script<Pick<PostedAs, 'everyone' | 'teams'>> {
  const everyone: number[] = []
  const teams = new Map<number, readonly string[]>()
  for (const [i, text] of texts.entries()) {
    const mentioned = yield* noteMentions(room, author, { id: idOf(room.room, seq + i), text, format })
    if (mentioned.everyone) everyone.push(i)
    if (mentioned.teams.length > 0) teams.set(i, mentioned.teams)
  }
  return { everyone, teams }
}

function* replyTarget(room: RoomId, seq: Seq): Script<ReplyTarget | undefined> {
  if (!isSeq(seq)) return undefined
  return yield* row(
    found => ({
      seq,
      username: username(found),
      thread: seqIn(found, 'thread') || seq,
      threadOnly: found.thread_only === 1,
    }),
    sql`SELECT username, COALESCE(thread_seq, seq) AS thread, thread_only FROM messages JOIN users ON users.id = user_id
        WHERE messages.id = ${idOf(room, seq)} AND deleted_at IS NULL`,
  )
}

function* saveRoomState({ room, writers, last }: RoomState): Script<void> {
  if (!room || last === room.last) return
  yield* mustBeStored(room.room, room.last, last)
  yield* moveHead(room.room, last, room.at)
  for (const [user, { hasPosted, mark, spokeAt }] of writers) {
    if (!hasPosted) continue
    yield* moveMark(room.room, user, mark)
    if (room.slow > 0) yield* noteTime(room.room, user, spokeAt)
  }
}

/** Refuses 'store-refused' when another program's trigger has dropped or deleted what was written. */
function* mustBeStored(room: RoomId, after: number, upto: number): Script<void> {
  const there = yield* row(
    found => number(found, 'there'),
    sql`SELECT count(*) AS there FROM messages WHERE id > ${idOf(room, after)} AND id <= ${idOf(room, upto)}`,
  )
  if (there !== upto - after) refuse('store-refused')
}

function* moveMark(room: RoomId, user: UserId, mark: number): Script<void> {
  yield* run(
    sql`UPDATE memberships SET last_read_seq = ${mark}
        WHERE room_id = ${room} AND user_id = ${user} AND last_read_seq < ${mark}`,
  )
}

function* noteTime(room: RoomId, user: UserId, at: Instant): Script<void> {
  yield* run(sql`INSERT INTO sanctions (room_id, user_id, spoke_at) VALUES (${room}, ${user}, ${at})
        ON CONFLICT (room_id, user_id) DO UPDATE SET spoke_at = ${at}`)
}

function* postedUnder(draft: Draft, key: string): Script<PriorPost | undefined> {
  return yield* row(
    found => ({
      id: number(found, 'id'),
      posted: found.altered === 1 ? undefined : postedTextOf(found),
      reply: found.reply_seq === null ? undefined : number(found, 'reply_seq'),
      at: instant(found, 'created_at'),
    }),
    sql`SELECT id, message, format, action, created_at, reply_seq, attached,
               edited_at IS NOT NULL OR deleted_at IS NOT NULL AS altered
        FROM messages
        WHERE room_id = ${draft.room} AND key = ${key} AND user_id = ${draft.author}`,
  )
}

export function* heads(rooms: readonly RoomId[]): Script<Head[]> {
  const found: Head[] = []
  for (const room of rooms) {
    const end = yield* endOf(room)
    if (end) found.push(end)
  }
  return found
}

export function* deleted(limit: number): Script<RowPlace[]> {
  const places = yield* rows(
    found => ({ room: roomOf(number(found, 'id')), seq: seqOf(number(found, 'id')) }),
    sql`DELETE FROM deleted_rows WHERE id IN (SELECT id FROM deleted_rows ORDER BY id LIMIT ${limit}) RETURNING id`,
  )
  return places.sort((a, b) => a.room - b.room || a.seq - b.seq)
}

export function* strayed(): Script<RoomId[]> {
  return yield* rows(
    found => number(found, 'id') as RoomId,
    sql`SELECT id FROM rooms
        WHERE EXISTS (SELECT 1 FROM messages
                      WHERE messages.id > rooms.id * 4294967296 + (last_seq & 4294967295)
                        AND messages.id < (rooms.id + 1) * 4294967296)
           OR EXISTS (SELECT 1 FROM changes
                      WHERE changes.id > rooms.id * 4294967296 + (last_seq & 4294967295)
                        AND changes.id < (rooms.id + 1) * 4294967296)
        ORDER BY id`,
  )
}

export function* mend(room: RoomId): Script<void> {
  const found = yield* openRoom(room, 0 as Instant)
  if (found) yield* moveHead(room, found.last, found.at)
}

export function* backlog(reader: UserId, room: RoomId, least: number, most: number): Script<Backlog> {
  const head = yield* headOf(room)
  const { mark } = yield* mustBeMember(room, reader)
  if (head === undefined) refuse('not-a-member')
  const nearest = yield* seqBefore(room, head, least)
  const farthest = yield* seqBefore(room, head, most)
  return { head, after: Math.max(farthest, Math.min(nearest, mark)) as Seq }
}

/** The seq after which the room's last `count` messages lie. */
function* seqBefore(room: RoomId, head: Seq, count: number): Script<number> {
  const before = yield* row(
    found => seqOf(number(found, 'id')),
    sql`SELECT id FROM messages WHERE id > ${idOf(room, 0)} AND id <= ${idOf(room, reachOf(head))}
        ORDER BY id DESC LIMIT 1 OFFSET ${count}`,
  )
  return before ?? 0
}

export function* markRead(reader: UserId, room: RoomId, seq: Seq): Script<Seq> {
  const head = yield* headOf(room)
  const read = yield* mustBeMember(room, reader)
  if (head === undefined) refuse('not-a-member')
  const mark = Math.max(read.mark, Math.min(seq, head))
  yield* moveMark(room, reader, mark)
  return mark as Seq
}

export function* markUnread(reader: UserId, room: RoomId, seq: Seq): Script<Seq> {
  const head = yield* headOf(room)
  yield* mustBeMember(room, reader)
  if (head === undefined) refuse('not-a-member')
  if (!isSeq(seq) || seq > head || !(yield* hasMessage(room, seq))) refuse('no-such-message')
  const mark = seq - 1
  yield* run(
    sql`UPDATE memberships SET last_read_seq = ${mark} WHERE room_id = ${room} AND user_id = ${reader}`,
  )
  return mark as Seq
}

function* hasMessage(room: RoomId, seq: Seq): Script<boolean> {
  const found = yield* row(
    each => number(each, 'id'),
    sql`SELECT id FROM messages WHERE id = ${idOf(room, seq)}`,
  )
  return found !== undefined
}
