// Messages that are sent later. Each is posted by `append`, in the transaction that deletes its row.

import type { AttachedUpload, FileId, Instant, Message, RoomId, UserId } from '../../core/model/model.ts'
import { type RefusalCode, refuse } from '../../core/model/refusals.ts'
import { LATE_MS, MOST_SCHEDULED, type Scheduled, type ScheduledId } from '../../core/model/scheduled.ts'
import type { Draft, Receipt } from '../../core/ports/log.ts'
import type { NewScheduled, ScheduledChange, Sent } from '../../core/ports/scheduled.ts'
import { uploadsOf } from './attaching.ts'
import { read } from './events.ts'
import { cancelUploads, upload } from './files.ts'
import { formatOf } from './format.ts'
import { append } from './log.ts'
import { isSeq, lockPerson, lockRooms, lockUploads, mustBeMember, seqIn } from './open-room.ts'
import { instant, lock, number, type Row, row, rows, run, type Script, sql, text } from './sql.ts'

/** A row, with what its author is not shown. */
interface Stored {
  readonly author: UserId
  readonly key: string
  /** When it is to be tried, which slow mode puts off. */
  readonly due: Instant
  readonly kept: Scheduled
}

function storedFrom(found: Row): Stored {
  const attachments = uploadsIn(found)
  const reply = seqIn(found, 'reply_seq')
  const refused = text(found, 'refused')
  return {
    author: number(found, 'user_id') as UserId,
    key: text(found, 'key'),
    due: instant(found, 'due_at'),
    kept: {
      id: number(found, 'id') as ScheduledId,
      room: number(found, 'room_id') as RoomId,
      text: text(found, 'text'),
      format: formatOf(found),
      ...(found.action === 1 && { action: true }),
      ...(isSeq(reply) && { reply }),
      ...(attachments.length > 0 && { attachments }),
      at: instant(found, 'at'),
      ...(refused !== '' && { refused: refused as RefusalCode }),
    },
  }
}

/** Without what another program has made unreadable. */
function uploadsIn(found: Row): readonly AttachedUpload[] {
  try {
    const stored: unknown = JSON.parse(text(found, 'uploads') || '[]')
    return Array.isArray(stored) ? stored.filter(isUpload) : []
  } catch {
    return []
  }
}

function isUpload(stored: unknown): stored is AttachedUpload {
  return (
    typeof stored === 'object' && stored !== null && 'upload' in stored && typeof stored.upload === 'string'
  )
}

export function* schedule(wanted: NewScheduled): Script<Scheduled> {
  const { author, room, text: said, format, action, reply, attachments = [], at, key } = wanted
  yield* lockPerson(author)
  yield* mustBeMember(room, author)
  const before = yield* row(
    storedFrom,
    sql`SELECT * FROM scheduled WHERE user_id = ${author} AND key = ${key}`,
  )
  if (before) return before.kept.text === said ? before.kept : refuse('key-reused')
  if ((yield* countOf(author)) >= MOST_SCHEDULED) refuse('too-many-scheduled')
  const named = yield* heldBack(author, attachments)
  const stored = yield* row(
    storedFrom,
    sql`INSERT INTO scheduled (user_id, room_id, text, format, action, reply_seq, uploads, at, due_at, key)
        VALUES (${author}, ${room}, ${said}, ${format}, ${action ? 1 : 0}, ${reply ?? 0},
                ${JSON.stringify(named)}, ${at}, ${at}, ${key})
        RETURNING *`,
  )
  if (!stored) throw new Error('what was inserted is not there')
  for (const each of uploadsOf(named))
    yield* run(
      sql`INSERT INTO scheduled_uploads (upload_id, scheduled_id) VALUES (${each}, ${stored.kept.id})`,
    )
  return stored.kept
}

function* countOf(author: UserId): Script<number> {
  const count = yield* row(
    found => number(found, 'count'),
    sql`SELECT count(*) AS count FROM scheduled WHERE user_id = ${author}`,
  )
  return count ?? 0
}

/** The uploads with their names. Refuses 'no-such-upload', 'unfinished-upload'. */
function* heldBack(author: UserId, attachments: readonly AttachedUpload[]): Script<AttachedUpload[]> {
  const ids = uploadsOf(attachments)
  yield* lockUploads(ids)
  if (new Set(ids).size < ids.length) refuse('no-such-upload')
  const names = new Map<FileId, string>()
  for (const id of ids) {
    const { file, name } = yield* upload(author, id)
    if (!file) refuse('unfinished-upload')
    if (yield* isHeldBack(id)) refuse('no-such-upload')
    names.set(id, name)
  }
  return attachments.map(each => ({ ...each, name: each.name ?? names.get(each.upload) ?? '' }))
}

function* isHeldBack(id: FileId): Script<boolean> {
  const held = yield* row(
    found => number(found, 'scheduled_id'),
    sql`SELECT scheduled_id FROM scheduled_uploads WHERE upload_id = ${id}`,
  )
  return held !== undefined
}

export function* list(author: UserId): Script<Scheduled[]> {
  return yield* rows(
    found => storedFrom(found).kept,
    sql`SELECT * FROM scheduled WHERE user_id = ${author} ORDER BY at, id`,
  )
}

/** Locks the row until the transaction ends. Refuses 'no-such-scheduled'. */
function* mine(author: UserId, id: ScheduledId): Script<Stored> {
  const found = yield* locked(id)
  return found?.author === author ? found : refuse('no-such-scheduled')
}

function* locked(id: ScheduledId): Script<Stored | undefined> {
  yield* lock(sql`SELECT id FROM scheduled WHERE id = ${id} FOR UPDATE`)
  return yield* row(storedFrom, sql`SELECT * FROM scheduled WHERE id = ${id}`)
}

export function* amend(author: UserId, id: ScheduledId, change: ScheduledChange): Script<Scheduled> {
  const { kept, due } = yield* mine(author, id)
  const { text: said = kept.text, format = kept.format, at = kept.at } = change
  const [dueAt, refused] = change.at === undefined ? [due, kept.refused ?? ''] : [at, '']
  yield* run(
    sql`UPDATE scheduled SET text = ${said}, format = ${format}, at = ${at}, due_at = ${dueAt}, refused = ${refused}
        WHERE id = ${id}`,
  )
  return (yield* mine(author, id)).kept
}

export function* cancel(author: UserId, id: ScheduledId): Script<void> {
  const { kept } = yield* mine(author, id)
  yield* forget(id)
  yield* cancelUploads(author, uploadsOf(kept.attachments ?? []))
}

function* forget(id: ScheduledId): Script<void> {
  yield* run(sql`DELETE FROM scheduled_uploads WHERE scheduled_id = ${id}`)
  yield* run(sql`DELETE FROM scheduled WHERE id = ${id}`)
}

export function* next(): Script<Instant | undefined> {
  return yield* row(
    found => instant(found, 'due_at'),
    sql`SELECT due_at FROM scheduled WHERE refused = '' ORDER BY due_at LIMIT 1`,
  )
}

export function* due(at: Instant, limit: number): Script<ScheduledId[]> {
  return yield* rows(
    found => number(found, 'id') as ScheduledId,
    sql`SELECT id FROM scheduled WHERE refused = '' AND due_at <= ${at} ORDER BY due_at, id LIMIT ${limit}`,
  )
}

export function* send(id: ScheduledId, space: number, at: Instant): Script<Sent | undefined> {
  const stored = yield* withItsRoom(id)
  if (!stored || stored.kept.refused !== undefined || stored.due > at) return undefined
  const receipt = yield* post(stored, space, at)
  if (!('refused' in receipt)) return { message: yield* sent(stored, receipt) }
  const { author, kept } = stored
  if (receipt.refused === 'slow-mode') {
    yield* run(sql`UPDATE scheduled SET due_at = ${yield* endOfSlowMode(stored, at)} WHERE id = ${id}`)
    return undefined
  }
  yield* run(sql`UPDATE scheduled SET refused = ${receipt.refused} WHERE id = ${id}`)
  return { refused: receipt.refused, author, kept: { ...kept, refused: receipt.refused } }
}

export function* sendNow(author: UserId, id: ScheduledId, space: number, at: Instant): Script<Message> {
  const stored = yield* withItsRoom(id)
  if (stored?.author !== author) refuse('no-such-scheduled')
  // Nobody has to be told that it comes before its time.
  const receipt = yield* post({ ...stored, kept: { ...stored.kept, at } }, space, at)
  return 'refused' in receipt ? refuse(receipt.refused) : yield* sent(stored, receipt)
}

/** The row, locked after its room, as all that posts locks rooms first. */
function* withItsRoom(id: ScheduledId): Script<Stored | undefined> {
  const found = yield* row(storedFrom, sql`SELECT * FROM scheduled WHERE id = ${id}`)
  if (!found) return undefined
  yield* lockRooms([found.kept.room])
  return yield* locked(id)
}

function* post({ author, key, kept }: Stored, space: number, at: Instant): Script<Receipt> {
  const { room, text: said, format, action, reply, attachments } = kept
  const isLate = at - kept.at > LATE_MS
  const draft: Draft = {
    ...{ room, author, texts: [said], format, seen: 0 as Draft['seen'], key },
    ...(action && { action }),
    ...(reply !== undefined && { reply }),
    ...(attachments && { attach: { uploads: attachments, space } }),
    ...(isLate && { tags: [['scheduled', new Date(kept.at).toISOString()] as const] }),
  }
  const [receipt] = yield* append([draft], at)
  return receipt ?? refuse('store-refused')
}

function* sent({ kept }: Stored, { seq }: Extract<Receipt, { seq: unknown }>): Script<Message> {
  yield* forget(kept.id)
  const [event] = yield* read(kept.room, (seq - 1) as typeof seq, seq, 1)
  return event?.kind === 'message' ? event : refuse('store-refused')
}

function* endOfSlowMode({ author, kept }: Stored, at: Instant): Script<number> {
  const end = yield* row(
    found => number(found, 'ends'),
    sql`SELECT spoke_at + 1000 * CAST(slow_seconds AS BIGINT) AS ends FROM sanctions JOIN rooms ON rooms.id = room_id
        WHERE room_id = ${kept.room} AND user_id = ${author}`,
  )
  return Math.max(end ?? at, at + 1)
}
