// Statements that write all rows of a round of appends, one for each table: the rows are sent as JSON.

import type { Format, Instant, RoomId, Seq, UserId } from '../../core/model/model.ts'
import { type Statement, sql } from '../scripts/sql.ts'

export interface MessageRow {
  readonly id: number
  readonly user_id: UserId
  readonly message: string
  readonly created_at: Instant
  readonly key: string | null
  readonly reply_seq: Seq | null
  readonly thread_seq: Seq | null
  readonly format: Format
  /** As format.ts stores them. */
  readonly styles: string | null
  readonly action: 0 | 1
  readonly notice: 0 | 1
  readonly thread_only: 0 | 1
  /** As format.ts stores them; most have none. */
  readonly tags?: string | null
}

export interface MentionRow {
  readonly id: number
  readonly room: RoomId
  /** The folded username; EVERYONE for all in the room. */
  readonly name: string
}

/** All or none: when another program's trigger silently drops a row, the cast of a text to BIGINT fails (22P02). */
export function insertMessages(messages: readonly MessageRow[], epoch: number): Statement {
  return sql`
    WITH stored AS (
    INSERT INTO messages (id, user_id, message, created_at, epoch_id, key, reply_seq, thread_seq, format, styles, action,
                          notice, tags, thread_only)
    SELECT id, user_id, message, created_at, ${epoch}, key, reply_seq, thread_seq, format, styles, action, notice, tags,
           thread_only
    FROM json_to_recordset(CAST(${JSON.stringify(messages)} AS JSON)) AS said
      (id BIGINT, user_id BIGINT, message TEXT, created_at BIGINT, key TEXT, reply_seq BIGINT, thread_seq BIGINT,
       format TEXT, styles TEXT, action INTEGER, notice INTEGER, tags TEXT, thread_only BIGINT)
    RETURNING 1)
    SELECT CASE WHEN count(*) = ${messages.length} THEN 0 ELSE CAST(count(*) || ' were stored' AS BIGINT) END AS lacking
    FROM stored`
}

export function moveHeads(heads: readonly { room: RoomId; last: number; at: Instant }[]): Statement {
  return sql`
    UPDATE rooms SET last_seq = moved.last, last_at = moved.at
    FROM json_to_recordset(CAST(${JSON.stringify(heads)} AS JSON)) AS moved (room BIGINT, last BIGINT, at BIGINT)
    WHERE rooms.id = moved.room`
}

/** Moves marks forward, never back. */
export function moveMarks(marks: readonly { room: RoomId; person: UserId; mark: number }[]): Statement {
  return sql`
    UPDATE memberships SET last_read_seq = moved.mark
    FROM json_to_recordset(CAST(${JSON.stringify(marks)} AS JSON)) AS moved (room BIGINT, person BIGINT, mark BIGINT)
    WHERE room_id = moved.room AND user_id = moved.person AND last_read_seq < moved.mark`
}

export function noteTimes(times: readonly { room: RoomId; person: UserId; at: Instant }[]): Statement {
  return sql`
    INSERT INTO sanctions (room_id, user_id, spoke_at)
    SELECT room, person, at
    FROM json_to_recordset(CAST(${JSON.stringify(times)} AS JSON)) AS spoke (room BIGINT, person BIGINT, at BIGINT)
    ON CONFLICT (room_id, user_id) DO UPDATE SET spoke_at = EXCLUDED.spoke_at`
}

export function mentionAll(mentions: readonly MentionRow[]): Statement {
  const ids = JSON.stringify(mentions.map(({ id }) => id))
  return sql`
    INSERT INTO mentions (user_id, message_id) SELECT 0, CAST(value AS BIGINT) FROM json_each(${ids})`
}

export function mentionNamed(mentions: readonly MentionRow[]): Statement {
  return sql`
    INSERT INTO mentions (user_id, message_id)
    SELECT users.id, named.id
    FROM json_to_recordset(CAST(${JSON.stringify(mentions)} AS JSON)) AS named (id BIGINT, room BIGINT, name TEXT)
    JOIN users ON users.folded = named.name
    JOIN memberships ON memberships.user_id = users.id AND memberships.room_id = named.room`
}
