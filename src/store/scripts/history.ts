// Pages of a room's history: messages, and what happened between them. However much that was, a page stays small.

import {
  type Fold,
  type FoldCounts,
  type HistoryEntry,
  QUIET_KINDS,
  type QuietEvent,
} from '../../core/model/history.ts'
import type { Message, RoomId, Seq, UserId } from '../../core/model/model.ts'
import { type HistoryPage, LONGEST_RUN, type Page, type QuietRun, type Span } from '../../core/ports/pages.ts'
import { message } from './event-rows.ts'
import { validChange } from './events.ts'
import { headOf, idOf, seqOf } from './open-room.ts'
import { after, around, before, clamped, lastBefore, withDetails } from './pages.ts'
import { isAbout, type RoomView, viewOf } from './room-view.ts'
import { instant, number, row, rows, type Script, sql, text } from './sql.ts'
import { withThreads } from './thread-summaries.ts'

/** Rows of the log that one answer looks through, at most: what is beyond is not counted. */
const MOST_SCANNED = 50_000
/** Quiet events of an opened run, at most. */
const LONGEST_QUIET = 200

/** The seqs in (after, upto]. */
interface Stretch {
  readonly after: number
  readonly upto: number
}

export function* history(reader: UserId, room: RoomId, page: Page): Script<HistoryPage> {
  const view = yield* viewOf(reader, room, page)
  const head = (yield* headOf(room)) ?? 0
  const { messages, stretch: whole, hasOlder } = yield* messagesIn(view, page, head)
  const after = Math.max(whole.after, view.since)
  const stretch = { after, upto: Math.max(whole.upto, after) }
  const quiet = yield* between(view, messages, stretch)
  const entries = [...(yield* withDetails(view, messages)), ...quiet].sort((a, b) => a.seq - b.seq)
  return { entries, hasOlder: hasOlder && whole.after > view.since, hasNewer: stretch.upto < head }
}

/** The messages of a page, and the part of the log that it shows whole. */
interface Shown {
  readonly messages: Message[]
  readonly stretch: Stretch
  readonly hasOlder: boolean
}

function* messagesIn(view: RoomView, page: Page, head: number): Script<Shown> {
  const { limit } = page
  switch (page.side) {
    case 'before': {
      const messages = (yield* before(view, page.seq, limit)).reverse()
      return shown(messages, { begins: messages.length < limit, upto: Math.min(clamped(page.seq) - 1, head) })
    }
    case 'after': {
      const messages = yield* after(view, page.seq, limit)
      const last = messages.length < limit ? head : (messages.at(-1)?.seq ?? head)
      const stretch = { after: clamped(page.seq), upto: Math.max(last, clamped(page.seq)) }
      return { messages, stretch, hasOlder: page.seq > 0 }
    }
    case 'around':
      return yield* shownAround(view, page.seq, { ahead: Math.ceil(limit / 2), limit, head })
    case 'at': {
      const earlier = yield* lastBefore(view.room, page.at)
      return yield* shownAround(view, earlier, { ahead: Math.floor(limit / 2), limit, head })
    }
  }
}

function* shownAround(
  view: RoomView,
  seq: Seq,
  { ahead, limit, head }: { ahead: number; limit: number; head: number },
): Script<Shown> {
  const messages = yield* around(view, seq, { ahead, limit })
  const earlier = messages.filter(each => each.seq <= seq).length
  const ends = messages.length < limit
  const last = messages.at(-1)?.seq ?? head
  return shown(messages, { begins: earlier < ahead, upto: ends ? Math.max(head, last) : last })
}

/** @param ends begins: there are no messages before these */
function shown(messages: Message[], { begins, upto }: { begins: boolean; upto: number }): Shown {
  const [first] = messages
  const after = begins || !first ? 0 : first.seq - 1
  return {
    messages,
    stretch: { after, upto: Math.max(upto, messages.at(-1)?.seq ?? after) },
    hasOlder: after > 0,
  }
}

/** What happened in the stretch besides the messages: all of it where that is little, folded where it is much. */
function* between(view: RoomView, messages: readonly Message[], whole: Stretch): Script<HistoryEntry[]> {
  const gaps = gapsOf(messages, whole)
  const long = gaps.filter(gap => gap.upto - gap.after > LONGEST_RUN)
  const found: HistoryEntry[] = []
  let from = whole.after
  for (const gap of long) {
    found.push(...(yield* quietIn(view, { after: from, upto: gap.after }, END_OF_LIMIT)))
    found.push(...(yield* folded(view, gap, Math.floor(MOST_SCANNED / long.length))))
    from = gap.upto
  }
  return [...found, ...(yield* quietIn(view, { after: from, upto: whole.upto }, END_OF_LIMIT))]
}

/** In stretches whose runs are short, everything is read. */
const END_OF_LIMIT = Number.MAX_SAFE_INTEGER

/** What lies between the messages, before the first and after the last one. */
function gapsOf(messages: readonly Message[], { after, upto }: Stretch): Stretch[] {
  const ends = [after, ...messages.map(({ seq }) => seq), upto + 1]
  return ends.slice(1).map((end, i) => ({ after: ends[i] ?? after, upto: end - 1 }))
}

/** The quiet events and deleted messages of a stretch, in order. */
function* quietIn(view: RoomView, stretch: Stretch, limit: number): Script<(QuietEvent | Message)[]> {
  const { reader, room, hiding, apart } = view
  if (stretch.upto <= stretch.after) return []
  const [first, last] = [idOf(room, stretch.after), idOf(room, stretch.upto)]
  const erased = yield* rows(
    message,
    sql`SELECT * FROM said WHERE id > ${first} AND id <= ${last} AND deleted_at IS NOT NULL AND (${apart} = 0 OR thread_only = 0)
          AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
        ORDER BY id LIMIT ${limit}`,
  )
  const changes = yield* rows(
    validChange,
    sql`SELECT changes.id, changes.user_id, actor.username, kind, target_seq, person_id, person.username AS person,
               value, detail, changes.created_at, original.message AS now, original.format
        FROM changes JOIN users AS actor ON actor.id = changes.user_id LEFT JOIN users AS person ON person.id = person_id
        LEFT JOIN messages AS original ON kind = 'pin' AND original.id = changes.id - (changes.id & 4294967295)
          + CASE WHEN target_seq BETWEEN 1 AND 4294967294 THEN target_seq END
        WHERE changes.id > ${first} AND changes.id <= ${last}
          AND kind IN ('pin', 'arrival', 'removal', 'appointment', 'muting', 'mask', 'alteration')
          AND (${hiding} = 0 OR changes.user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
        ORDER BY changes.id LIMIT ${limit}`,
  )
  const quiet = changes.filter(
    (each): each is QuietEvent => each !== undefined && isQuiet(each) && !isAbout(each, view.since),
  )
  return [...(yield* withThreads(view, erased)), ...quiet].sort((a, b) => a.seq - b.seq)
}

function isQuiet({ kind }: { readonly kind: string }): boolean {
  return QUIET_KINDS.some(each => each === kind)
}

/** A long gap: its quiet events one by one if they are few, otherwise as one fold. @param most rows that are looked at */
function* folded(view: RoomView, gap: Stretch, most: number): Script<HistoryEntry[]> {
  const found = yield* countsIn(view, gap, most)
  if (!found) return []
  const { total, ...fold } = found
  if (total > LONGEST_RUN || fold.more) return [fold]
  return yield* quietIn(view, { after: fold.seq - 1, upto: fold.upto }, END_OF_LIMIT)
}

const NO_COUNTS: FoldCounts = { joined: 0, left: 0, removed: 0, erased: 0, other: 0 }

/** undefined where nothing quiet has happened. */
function* countsIn(
  { room, reader, hiding, apart }: RoomView,
  gap: Stretch,
  most: number,
): Script<(Fold & { readonly total: number }) | undefined> {
  const [first, last] = [idOf(room, gap.after), idOf(room, gap.upto)]
  const groups = yield* rows(
    found => ({
      what: text(found, 'what'),
      count: number(found, 'count'),
      people: number(found, 'people'),
      first: seqOf(number(found, 'first')),
      last: seqOf(number(found, 'last')),
      at: instant(found, 'at'),
    }),
    sql`SELECT what, count(*) AS count, count(DISTINCT person_id) AS people, min(id) AS first, max(id) AS last,
               min(created_at) AS at
        FROM (
          SELECT id, person_id, created_at,
                 CASE WHEN kind = 'arrival' THEN 'joined' WHEN kind = 'removal' AND value = 'left' THEN 'left'
                      WHEN kind = 'removal' THEN 'removed'
                      WHEN kind IN ('pin', 'appointment', 'muting', 'mask', 'alteration') THEN 'other'
                      ELSE '' END AS what
          FROM changes
          WHERE id > ${first} AND id <= ${last}
            AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
          ORDER BY id LIMIT ${most}
        ) AS looked GROUP BY what`,
  )
  const erased = yield* row(
    found => ({
      count: number(found, 'count'),
      first: seqOf(number(found, 'first')),
      last: seqOf(number(found, 'last')),
      at: instant(found, 'at'),
    }),
    sql`SELECT count(*) AS count, COALESCE(min(id), 0) AS first, COALESCE(max(id), 0) AS last,
               COALESCE(min(created_at), 0) AS at
        FROM (
          SELECT id, created_at FROM messages
          WHERE id > ${first} AND id <= ${last} AND deleted_at IS NOT NULL AND (${apart} = 0 OR thread_only = 0)
            AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
          ORDER BY id LIMIT ${most}
        ) AS looked`,
  )
  const quiet = groups.filter(({ what }) => what !== '')
  const all = erased && erased.count > 0 ? [...quiet, erased] : quiet
  if (all.length === 0) return undefined
  const looked = groups.reduce((sum, { count }) => sum + count, 0)
  const more = looked >= most || (erased?.count ?? 0) >= most
  const counted = Object.fromEntries(
    quiet.map(({ what, count, people }) => [what, what === 'other' ? count : people]),
  )
  return {
    kind: 'fold',
    room,
    seq: Math.min(...all.map(each => each.first)) as Seq,
    upto: (more ? gap.upto : Math.max(...all.map(each => each.last))) as Seq,
    at: all.reduce((earliest, each) => (each.at < earliest.at ? each : earliest)).at,
    counts: { ...NO_COUNTS, ...counted, erased: erased?.count ?? 0 },
    ...(more && { more }),
    total: all.reduce((sum, { count }) => sum + count, 0),
  }
}

export function* quiet(reader: UserId, room: RoomId, span: Span): Script<QuietRun> {
  const view = yield* viewOf(reader, room)
  const from = Math.max(clamped(span.after), view.since)
  const upto = Math.min(clamped(span.upto), (yield* headOf(room)) ?? 0, from + MOST_SCANNED)
  const limit = Math.min(Math.max(1, span.limit), LONGEST_QUIET)
  const events = (yield* quietIn(view, { after: from, upto }, limit + 1)).slice(0, limit + 1)
  if (events.length <= limit) return { events, upto: Math.max(from, upto) as Seq }
  const shownEvents = events.slice(0, limit)
  return { events: shownEvents, upto: shownEvents.at(-1)?.seq ?? (from as Seq) }
}
