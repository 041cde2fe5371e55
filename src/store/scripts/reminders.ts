// Reminders of messages. What is shown of a message is read when it is shown, by what its reader may read then.

import type { Instant, UserId } from '../../core/model/model.ts'
import { refuse } from '../../core/model/refusals.ts'
import { MOST_REMINDERS, type Reminder, type ReminderId } from '../../core/model/scheduled.ts'
import type { NewReminder } from '../../core/ports/reminders.ts'
import { formatOf } from './format.ts'
import { lockPerson, mustBeMember, roomOf, seqOf } from './open-room.ts'
import { original } from './original.ts'
import { instant, line, number, type Row, row, rows, run, type Script, sql, text, username } from './sql.ts'

/** Code points of a message that a reminder shows. */
const LONGEST_EXCERPT = 300

function reminderFrom(found: Row): Reminder {
  const isReadable = found.readable === 1
  return {
    id: number(found, 'id') as ReminderId,
    room: roomOf(number(found, 'message_id')),
    seq: seqOf(number(found, 'message_id')),
    note: line(found, 'note'),
    at: instant(found, 'due_at'),
    ...(found.rung === 1 && { rung: true }),
    ...(isReadable && {
      message: {
        author: { id: number(found, 'author_id') as UserId, username: username(found) },
        text: text(found, 'excerpt'),
        format: formatOf(found),
      },
    }),
  }
}

/** The text is given only where its person is in the room and the message is there. */
function* shown(person: UserId, { first, last }: { first: number; last: number }): Script<Reminder[]> {
  return yield* rows(
    reminderFrom,
    sql`SELECT reminders.id, message_id, note, due_at, rung, author.id AS author_id, username, format,
               substr(message, 1, ${LONGEST_EXCERPT}) AS excerpt,
               CASE WHEN deleted_at IS NULL AND author.id IS NOT NULL AND memberships.user_id IS NOT NULL
                    THEN 1 ELSE 0 END AS readable
        FROM reminders
        LEFT JOIN messages ON messages.id = message_id
        LEFT JOIN users AS author ON author.id = messages.user_id
        LEFT JOIN memberships ON memberships.room_id = message_id >> 32
                             AND memberships.user_id = reminders.user_id
        WHERE reminders.user_id = ${person} AND reminders.id BETWEEN ${first} AND ${last}
        ORDER BY due_at, reminders.id`,
  )
}

export function* remind({ person, room, seq, note, at }: NewReminder): Script<Reminder> {
  yield* lockPerson(person)
  yield* mustBeMember(room, person)
  const { id: message } = yield* original(room, seq)
  const waiting = yield* row(
    found => number(found, 'count'),
    sql`SELECT count(*) AS count FROM reminders WHERE user_id = ${person} AND rung = 0`,
  )
  if ((waiting ?? 0) >= MOST_REMINDERS) refuse('too-many-reminders')
  const id = yield* row(
    found => number(found, 'id') as ReminderId,
    sql`INSERT INTO reminders (user_id, message_id, note, due_at)
        VALUES (${person}, ${message}, ${note}, ${at}) RETURNING id`,
  )
  return yield* mine(person, id ?? refuse('store-refused'))
}

function* mine(person: UserId, id: ReminderId): Script<Reminder> {
  const [found] = yield* shown(person, { first: id, last: id })
  return found ?? refuse('no-such-reminder')
}

export function* list(person: UserId): Script<Reminder[]> {
  return yield* shown(person, { first: 0, last: Number.MAX_SAFE_INTEGER })
}

export function* rung(person: UserId): Script<number> {
  const count = yield* row(
    found => number(found, 'count'),
    sql`SELECT count(*) AS count FROM reminders WHERE user_id = ${person} AND rung = 1`,
  )
  return count ?? 0
}

export function* move(person: UserId, id: ReminderId, at: Instant): Script<Reminder> {
  yield* run(sql`UPDATE reminders SET due_at = ${at}, rung = 0 WHERE id = ${id} AND user_id = ${person}`)
  return yield* mine(person, id)
}

export function* forget(person: UserId, id: ReminderId): Script<void> {
  const gone = yield* row(
    found => number(found, 'id'),
    sql`DELETE FROM reminders WHERE id = ${id} AND user_id = ${person} RETURNING id`,
  )
  if (gone === undefined) refuse('no-such-reminder')
}

export function* next(): Script<Instant | undefined> {
  return yield* row(
    found => instant(found, 'due_at'),
    sql`SELECT due_at FROM reminders WHERE rung = 0 ORDER BY due_at LIMIT 1`,
  )
}

export function* due(at: Instant, limit: number): Script<ReminderId[]> {
  return yield* rows(
    found => number(found, 'id') as ReminderId,
    sql`SELECT id FROM reminders WHERE rung = 0 AND due_at <= ${at} ORDER BY due_at, id LIMIT ${limit}`,
  )
}

export function* ring(
  id: ReminderId,
  at: Instant,
): Script<{ person: UserId; reminder: Reminder } | undefined> {
  const person = yield* row(
    found => number(found, 'user_id') as UserId,
    sql`UPDATE reminders SET rung = 1 WHERE id = ${id} AND rung = 0 AND due_at <= ${at} RETURNING user_id`,
  )
  if (person === undefined) return undefined
  // Those that have come and that nobody has deleted make room for newer ones.
  yield* run(
    sql`DELETE FROM reminders WHERE user_id = ${person} AND rung = 1 AND id NOT IN (
          SELECT id FROM reminders WHERE user_id = ${person} AND rung = 1 ORDER BY due_at DESC, id DESC LIMIT ${MOST_REMINDERS})`,
  )
  return { person, reminder: yield* mine(person, id) }
}
