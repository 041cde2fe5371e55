// Full-text search over what the reader may read. The index is made behind the writer; what it lacks is looked through.

import type { Instant, RoomId, Seq, UserId } from '../core/model.ts'
import type { Found, Query, Results } from '../core/ports.ts'
import { matches } from '../core/query.ts'
import { idOf, lockRooms } from './place.ts'
import { message } from './reading.ts'
import { room } from './rooms.ts'
import { number, row, rows, run, type Script, sql, text } from './sql.ts'
import { type Hit, indexMessages, inIndex, tidyIndex } from './text-index.ts'

/** Messages of a room that are not in the index yet are looked through, but no more than these. */
const MOST_UNINDEXED = 500

interface Searched {
  readonly room: Found['room']
  readonly indexed: Seq
  readonly head: Seq
}

/** Of those whom the reader has blocked nothing is found where `hiding` is 1. */
type Visible = Searched & { readonly reader: UserId; readonly hiding: number }

/** What was found in one room so far, newest first, and whether there may be more. */
interface Source extends Visible {
  hits: Hit[]
  /** Of the last one from the index; places rise from the newest on. */
  place: number
  more: boolean
}

/** Hits asked of each room at first; those of rooms that give many come in growing portions. */
const FIRST_PORTION = 2

export function* find(reader: UserId, query: Query, skip: number, limit: number): Script<Results> {
  const sources: Source[] = []
  for (const searched of yield* roomsOf(reader, query.in)) {
    const hiding = searched.room.kind === 'direct' ? 1 : 0
    sources.push(yield* begun({ ...searched, reader, hiding }, query))
  }
  const hits = yield* merged(sources, query, skip + limit + 1)
  const found: Found[] = []
  for (const { id, room } of hits.slice(skip, skip + limit)) {
    const said = yield* row(message, sql`SELECT * FROM said WHERE id = ${id}`)
    if (said) found.push({ message: said, room })
  }
  const complete = sources.every(({ head, indexed }) => head - indexed <= MOST_UNINDEXED)
  return { found, complete, more: hits.length > skip + limit }
}

function* begun(room: Visible, query: Query): Script<Source> {
  const source: Source = {
    ...room,
    hits: yield* inTail(room, query),
    place: -idOf(room.room.id, room.indexed) - 1,
    more: true,
  }
  if (source.hits.length === 0) yield* refill(source, query, FIRST_PORTION)
  return source
}

function* refill(source: Source, query: Query, portion: number): Script<void> {
  const found = yield* inIndex({ ...source, room: source.room.id }, query, portion)
  source.hits.push(...found)
  source.more = found.length === portion
  const last = found.at(-1)
  if (last) source.place = -last.id
}

/** The newest of all, so many of them: each room gives only as many as are wanted of it. */
function* merged(
  sources: readonly Source[],
  query: Query,
  wanted: number,
): Script<(Hit & { readonly room: Found['room'] })[]> {
  const hits: (Hit & { readonly room: Found['room'] })[] = []
  while (hits.length < wanted) {
    const next = newest(sources)
    const hit = next?.hits.shift()
    if (!next || !hit) break
    hits.push({ ...hit, room: next.room })
    if (next.hits.length === 0 && next.more) yield* refill(next, query, FIRST_PORTION + hits.length)
  }
  return hits
}

function newest(sources: readonly Source[]): Source | undefined {
  let best: Source | undefined
  for (const source of sources) {
    const [hit] = source.hits
    const [least] = best?.hits ?? []
    if (hit && (!least || hit.at > least.at || (hit.at === least.at && hit.id > least.id))) best = source
  }
  return best
}

function* roomsOf(reader: UserId, name: string | undefined): Script<Searched[]> {
  return yield* rows(
    found => ({
      room: room(found),
      indexed: number(found, 'indexed_seq') as Seq,
      head: number(found, 'last_seq') as Seq,
    }),
    sql`SELECT id, kind, title, topic, archived, indexed_seq, last_seq FROM titled
        WHERE viewer = ${reader} AND (CAST(${name ?? null} AS TEXT) IS NULL OR folded = ${name ?? null})`,
  )
}

function* inTail({ reader, room, indexed, head, hiding }: Visible, query: Query): Script<Hit[]> {
  if (head === indexed) return []
  const { before = Number.MAX_SAFE_INTEGER, after = 0, from, hasLink } = query
  const unindexed = yield* rows(
    found => ({
      id: number(found, 'id'),
      at: number(found, 'created_at') as Instant,
      text: text(found, 'message'),
      author: text(found, 'folded'),
    }),
    sql`SELECT messages.id, messages.created_at, message, folded FROM messages JOIN users ON users.id = user_id
        WHERE messages.id > ${idOf(room.id, indexed)} AND messages.id <= ${idOf(room.id, head)}
          AND deleted_at IS NULL
          AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
        ORDER BY messages.id DESC LIMIT ${MOST_UNINDEXED}`,
  )
  return unindexed.filter(
    ({ at, text, author }) =>
      at >= after &&
      at < before &&
      (from === undefined || author === from) &&
      (!hasLink || /https?:\/\//i.test(text)) &&
      matches(query, text),
  )
}

export function* index(after: RoomId, limit: number): Script<RoomId | undefined> {
  const room = yield* row(
    found => number(found, 'id') as RoomId,
    sql`SELECT id FROM rooms WHERE indexed_seq < last_seq AND id > ${after} ORDER BY id LIMIT 1`,
  )
  if (room === undefined) return undefined
  yield* lockRooms([room])
  const found = yield* row(
    found => ({ indexed: number(found, 'indexed_seq'), head: number(found, 'last_seq') }),
    sql`SELECT indexed_seq, last_seq FROM rooms WHERE id = ${room}`,
  )
  if (!found) throw new Error('a room that is not there any more')
  const upto = Math.min(found.indexed + limit, found.head)
  yield* indexMessages(room, found.indexed, upto)
  yield* run(sql`UPDATE rooms SET indexed_seq = ${upto} WHERE id = ${room}`)
  return room
}

/** The index is made of parts, where it is SQLite's: they are merged, a little at a time. */
export function* tidy(pages: number): Script<boolean> {
  return yield* tidyIndex(pages)
}
