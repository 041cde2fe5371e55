// Reads the log: a room's events in order.

import {
  type Instant,
  type LogEvent,
  type Message,
  NOBODY,
  type RoomId,
  type Seq,
} from '../../core/model/model.ts'
import { mayBePoll } from '../../core/model/polls.ts'
import { refuse } from '../../core/model/refusals.ts'
import { change, message } from './event-rows.ts'
import { END, headOf, idOf } from './open-room.ts'
import { pollsOf, withPolls } from './polls.ts'
import { previewsOf } from './previews.ts'
import { type Row, rows, type Script, sql } from './sql.ts'

export function* read(room: RoomId, after: Seq, upto: Seq, limit: number): Script<LogEvent[]> {
  const last = Math.min(upto, after + limit)
  if (last <= after) return []
  const found = yield* rowsIn(idOf(room, after), idOf(room, last))
  if (found.length === last - after) return found
  const head = (yield* headOf(room)) ?? 0
  return withoutHoles(found, { room, after, last: Math.max(Math.min(last, head), found.at(-1)?.seq ?? 0) })
}

function* rowsIn(after: number, upto: number): Script<LogEvent[]> {
  const messages = yield* withPolls(
    yield* rows(
      message,
      sql`SELECT * FROM said
        WHERE id > ${after} AND id <= ${upto}
        ORDER BY id`,
    ),
  )
  const changes = yield* changesIn(after, upto)
  if (changes.length === 0) return messages
  return [...messages, ...changes].sort((a, b) => a.seq - b.seq)
}

/** Other programs may have deleted rows, or their authors: a missing event is given as a deleted message. */
function withoutHoles(
  found: readonly LogEvent[],
  { room, after, last }: { room: RoomId; after: Seq; last: number },
): LogEvent[] {
  const events: LogEvent[] = []
  const bySeq = new Map(found.map(event => [event.seq, event]))
  let at = found[0]?.at ?? (0 as Instant)
  for (let seq = after + 1; seq <= last; seq++) {
    const event = bySeq.get(seq as Seq) ?? hole(room, seq as Seq, at)
    events.push(event)
    at = event.at
  }
  return events
}

function hole(room: RoomId, seq: Seq, at: Instant): Message {
  return { kind: 'message', room, seq, author: NOBODY, at, text: '', format: 'plain', deleted: true }
}

function* changesIn(after: number, upto: number): Script<LogEvent[]> {
  const found = yield* rows(
    validChange,
    sql`SELECT changes.id, changes.user_id, actor.username, kind, target_seq, person_id, person.username AS person,
               value, detail, changes.created_at,
               original.message AS now, original.format, original.thread_seq AS thread
        FROM changes JOIN users AS actor ON actor.id = changes.user_id LEFT JOIN users AS person ON person.id = person_id
        LEFT JOIN messages AS original ON original.id = changes.id - (changes.id & 4294967295)
          + CASE WHEN target_seq BETWEEN 1 AND 4294967294 THEN target_seq END
        WHERE changes.id > ${after} AND changes.id <= ${upto}
        ORDER BY changes.id`,
  )
  return yield* withPollsOf(yield* withLinks(found.filter(event => event !== undefined)))
}

/** Adds to the events of previews what their messages show now. */
function* withLinks(events: LogEvent[]): Script<LogEvent[]> {
  const targets = events.flatMap(each => (each.kind === 'preview' ? [idOf(each.room, each.target)] : []))
  if (targets.length === 0) return events
  const shown = yield* previewsOf(targets)
  return events.map(each =>
    each.kind === 'preview' ? { ...each, links: shown.get(idOf(each.room, each.target)) ?? [] } : each,
  )
}

/** Adds to edits and votes how their polls stand now. */
function* withPollsOf(events: LogEvent[]): Script<LogEvent[]> {
  const targets = events.flatMap(each =>
    each.kind === 'poll' || (each.kind === 'edit' && mayBePoll(each.text))
      ? [idOf(each.room, each.target)]
      : [],
  )
  const polls = yield* pollsOf(targets)
  if (polls.size === 0) return events
  return events.map(each => {
    const poll = 'target' in each ? polls.get(idOf(each.room, each.target)) : undefined
    return poll && (each.kind === 'poll' || each.kind === 'edit') ? { ...each, poll } : each
  })
}

/** undefined for an invalid row, which another program has changed, or whose person it has. */
export function validChange(found: Row): LogEvent | undefined {
  try {
    return change(found)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

export function* readInTurn(room: RoomId, after: Seq, limit: number): Script<LogEvent[]> {
  return yield* read(room, after, END, limit)
}

/** The event that was just written. Refuses 'store-refused' when another program's trigger has dropped it. */
export function* eventAt(room: RoomId, seq: Seq): Script<LogEvent> {
  const [event] = yield* read(room, (seq - 1) as Seq, seq, 1)
  return event && event.author.id !== NOBODY.id ? event : refuse('store-refused')
}
