// Reports of messages. A report keeps texts that may be erased meanwhile, until it is closed.

import type { Author, Instant, RoomId, Seq, UserId } from '../../core/model/model.ts'
import { isAdmin } from '../../core/model/permissions.ts'
import { refuse } from '../../core/model/refusals.ts'
import {
  MOST_REPORTS,
  REPORTS_MS,
  type Report,
  type ReportedMessage,
  type ReportNews,
  STANDING_AROUND,
} from '../../core/model/reports.ts'
import type { ClosedReports, FoundReports, NewReport, ReportsPage } from '../../core/ports/reports.ts'
import { message } from './event-rows.ts'
import { idOf, kindOf, lockPerson, messageId, mustBeMember, roomOf, seqOf } from './open-room.ts'
import { authority } from './person.ts'
import {
  instant,
  line,
  number,
  type Row,
  roomName,
  row,
  rows,
  run,
  type Script,
  sql,
  text,
  username,
} from './sql.ts'

/** Counting stops here. */
const MOST_COUNTED = 100

export function* fileReport(
  by: UserId,
  room: RoomId,
  { seq, reason, at }: NewReport,
): Script<readonly UserId[]> {
  yield* lockPerson(by)
  yield* mustBeMember(room, by)
  const id = messageId(room, seq)
  const [reported] = yield* rows(message, sql`SELECT * FROM said WHERE id = ${id} AND deleted_at IS NULL`)
  if (!reported) refuse('no-such-message')
  if (reported.author.id === by) refuse('oneself')
  yield* mustHaveReportsLeft(by, at)
  const context = yield* aroundOf(room, seq)
  const filed = yield* row(
    found => number(found, 'id'),
    sql`INSERT INTO reports (message_id, author_id, user_id, reason, context, created_at)
        VALUES (${id}, ${reported.author.id}, ${by}, ${reason}, ${JSON.stringify(context)}, ${at})
        ON CONFLICT (message_id, user_id) DO NOTHING RETURNING id`,
  )
  if (filed === undefined) refuse('already-reported')
  return yield* audienceOf(room, reported.author.id)
}

/** Refuses 'too-many-reports'. */
function* mustHaveReportsLeft(by: UserId, at: Instant): Script<void> {
  const count = yield* row(
    found => number(found, 'count'),
    sql`SELECT count(*) AS count FROM reports WHERE user_id = ${by} AND created_at > ${at - REPORTS_MS}`,
  )
  if ((count ?? 0) >= MOST_REPORTS) refuse('too-many-reports')
}

/** The message, and what stands around it now. */
function* aroundOf(room: RoomId, seq: Seq): Script<ReportedMessage[]> {
  const id = idOf(room, seq)
  const before = yield* rows(
    message,
    sql`SELECT * FROM said WHERE id > ${idOf(room, 0)} AND id <= ${id} ORDER BY id DESC LIMIT ${STANDING_AROUND + 1}`,
  )
  const after = yield* rows(
    message,
    sql`SELECT * FROM said WHERE id > ${id} AND id < ${idOf(room, 0) + 2 ** 32} ORDER BY id LIMIT ${STANDING_AROUND}`,
  )
  return [...before.reverse(), ...after].map(({ seq, author, at, text, attachments = [] }) => {
    return { seq, author, at, text, files: attachments.map(({ name }) => name) }
  })
}

/** Who may see reports of a message by that author there. */
function* audienceOf(room: RoomId, author: UserId): Script<UserId[]> {
  return yield* rows(
    found => number(found, 'id') as UserId,
    sql`SELECT id FROM users WHERE disabled = 0 AND id <> ${author} AND (role IN ('owner', 'admin') OR id IN (
          SELECT user_id FROM memberships JOIN rooms ON rooms.id = room_id
          WHERE room_id = ${room} AND kind <> 'direct' AND memberships.role IN ('owner', 'moderator')))
        ORDER BY id`,
  )
}

/** Whether the reader is an admin of the server, who sees the reports of all rooms: 1 or 0. */
function* seesAll(reader: UserId): Script<number> {
  const role = yield* authority(reader)
  return role !== undefined && isAdmin(role) ? 1 : 0
}

export function* listReports(reader: UserId, { open, before, limit }: ReportsPage): Script<FoundReports> {
  const all = yield* seesAll(reader)
  const found = yield* rows(
    report,
    sql`SELECT reports.*, kind, rooms.name AS title, reporter.username AS reporter, author.username AS author,
               closer.username AS closer, messages.deleted_at
        FROM reports JOIN rooms ON rooms.id = message_id >> 32
        JOIN users AS reporter ON reporter.id = reports.user_id
        LEFT JOIN users AS author ON author.id = author_id
        LEFT JOIN users AS closer ON closer.id = closed_by
        LEFT JOIN messages ON messages.id = message_id
        WHERE (closed_at IS NULL) = (${open ? 1 : 0} = 1) AND (${before ?? 0} = 0 OR reports.id < ${before ?? 0})
          AND author_id <> ${reader} AND (${all} = 1 OR (kind <> 'direct' AND EXISTS (
            SELECT 1 FROM memberships WHERE room_id = rooms.id AND memberships.user_id = ${reader}
              AND memberships.role IN ('owner', 'moderator'))))
        ORDER BY reports.id DESC LIMIT ${limit + 1}`,
  )
  const reports = found.slice(0, limit)
  return { reports, next: found.length > limit ? reports.at(-1)?.id : undefined }
}

function report(found: Row): Report {
  const [id, kind] = [number(found, 'message_id'), kindOf(found)]
  const person = (column: string, name: string): Author => ({
    id: number(found, column) as UserId,
    username: found[name] === null ? '?' : username(found, name),
  })
  return {
    id: number(found, 'id'),
    room: { id: roomOf(id), kind, name: kind === 'direct' ? '' : roomName(found, 'title') },
    seq: seqOf(id),
    author: person('author_id', 'author'),
    by: person('user_id', 'reporter'),
    at: instant(found, 'created_at'),
    reason: line(found, 'reason'),
    messages: contextIn(text(found, 'context')),
    ...(found.deleted_at !== null && { deleted: true }),
    ...(found.closed_at !== null && {
      closed: {
        at: instant(found, 'closed_at'),
        by: person('closed_by', 'closer'),
        note: line(found, 'note'),
      },
    }),
  }
}

/** Empty for what this program has not written. */
function contextIn(stored: string): readonly ReportedMessage[] {
  if (stored === '') return []
  try {
    const parsed: unknown = JSON.parse(stored)
    return Array.isArray(parsed) ? parsed.filter(isReported) : []
  } catch {
    return []
  }
}

function isReported(value: unknown): value is ReportedMessage {
  if (typeof value !== 'object' || value === null) return false
  const { seq, author, at, text, files } = value as Partial<Record<keyof ReportedMessage, unknown>>
  const isBy = typeof author === 'object' && author !== null && 'id' in author && 'username' in author
  if (!isBy || !Number.isSafeInteger(author.id) || typeof author.username !== 'string') return false
  const isWhen = Number.isSafeInteger(seq) && Number.isSafeInteger(at) && typeof text === 'string'
  return isWhen && Array.isArray(files) && files.every(name => typeof name === 'string')
}

export function* closeReport(
  by: UserId,
  id: number,
  { note, at }: { note: string; at: Instant },
): Script<ClosedReports> {
  const found = yield* row(
    each => ({ message: number(each, 'message_id'), author: number(each, 'author_id') as UserId }),
    sql`SELECT message_id, author_id FROM reports WHERE id = ${id} AND closed_at IS NULL`,
  )
  const room = found && roomOf(found.message)
  const audience = found && room !== undefined ? yield* audienceOf(room, found.author) : []
  if (!found || !audience.includes(by)) refuse('no-such-report')
  const reporters = yield* rows(
    each => number(each, 'user_id') as UserId,
    sql`UPDATE reports SET closed_at = ${at}, closed_by = ${by}, note = ${note}, context = ''
        WHERE message_id = ${found.message} AND closed_at IS NULL RETURNING user_id`,
  )
  return { reporters, audience }
}

export function* reportNews(person: UserId): Script<ReportNews> {
  const reports = yield* openFor(person)
  const reviewed = yield* rows(
    found => {
      const id = number(found, 'message_id')
      return { room: roomOf(id), seq: seqOf(id), at: instant(found, 'closed_at') }
    },
    sql`SELECT message_id, closed_at FROM reports
        WHERE user_id = ${person} AND closed_at IS NOT NULL AND told = 0 ORDER BY id LIMIT ${MOST_COUNTED}`,
  )
  return { open: reports.length, latest: reports[0] ?? 0, reviewed }
}

/** The ids of the open reports that the person may see, latest first. */
function* openFor(person: UserId): Script<readonly number[]> {
  const all = yield* seesAll(person)
  return yield* rows(
    found => number(found, 'id'),
    sql`SELECT reports.id FROM reports JOIN rooms ON rooms.id = message_id >> 32
        WHERE closed_at IS NULL AND author_id <> ${person} AND (${all} = 1 OR (kind <> 'direct' AND EXISTS (
            SELECT 1 FROM memberships WHERE room_id = rooms.id AND memberships.user_id = ${person}
              AND memberships.role IN ('owner', 'moderator'))))
        ORDER BY reports.id DESC LIMIT ${MOST_COUNTED}`,
  )
}

export function* reportsTold(person: UserId): Script<void> {
  yield* run(
    sql`UPDATE reports SET told = 1 WHERE user_id = ${person} AND closed_at IS NOT NULL AND told = 0`,
  )
}
