// Full-text search in the reader's rooms. The index is built in the background; messages that it lacks are scanned.

import type { Instant, RoomId, Seq, UserId } from '../../core/model/model.ts'
import type { FoundMessage, Query, SearchCost, SearchResults } from '../../core/ports/search.ts'
import { lookedUpTerms } from '../../core/search/index-terms.ts'
import { type Effort, effort, hitsIn, matches } from '../../core/search/matching.ts'
import { firstRead } from './conversations.ts'
import { message } from './event-rows.ts'
import { mend } from './log.ts'
import { END, idOf, LAST_ROOM, lockRooms, seqIn } from './open-room.ts'
import { lastBefore } from './pages.ts'
import { room } from './room.ts'
import { instant, number, row, rows, run, type Script, sql } from './sql.ts'
import {
  type Candidate,
  candidateFrom,
  type IndexLookup,
  indexMessages,
  renewIndex,
  searchIndex,
  tidyIndex,
} from './text-index.ts'

/** Bound on unindexed messages that are scanned in one room. */
const MOST_UNINDEXED = 500
/** Bound on the text that one search examines, in UTF-16 units; that of matches counts a quarter. */
const MOST_LOOKED_THROUGH = 2_000_000
/** Candidates that are first read from each room; later portions of a room grow up to the largest. */
const FIRST_PORTION = 2
const LARGEST_PORTION = 128
/** Bound on a portion's text in UTF-16 units: on PostgreSQL it is examined on the event loop. */
const LARGEST_TEXTS = 100_000

/** The query, and how much may still be examined for it. */
interface SearchState extends IndexLookup {
  readonly query: Query
  readonly effort: Effort
  left: number
  /** Examined so far. */
  units: number
}

interface SearchedRoom {
  /** The seq of the reader's arrival. */
  readonly joined: Seq
  readonly room: FoundMessage['room']
  readonly indexed: Seq
  readonly head: Seq
  /** The time of the last event. */
  readonly lastAt: Instant
}

/** The part of a room to search, by message ids: (after, upto], of which (after, indexed] is in the index. */
interface SearchRange {
  readonly room: FoundMessage['room']
  readonly reader: UserId
  /** 1 where messages of people whom the reader has blocked are hidden, otherwise 0. */
  readonly hiding: number
  readonly after: number
  readonly indexed: number
  readonly upto: number
}

/** The matches in one room so far, newest first, and whether there may be more. */
interface RoomSearch extends SearchRange {
  hits: Candidate[]
  /** Unindexed messages still to scan before the index is used. */
  unindexed: number
  /** The id of the last message that was examined; the others come before it. */
  lastSeen: number
  more: boolean
}

export function* find(
  reader: UserId,
  query: Query,
  skip: number,
  limit: number,
): Script<SearchResults & { work: SearchCost }> {
  const author = query.from === undefined ? undefined : yield* idOfPerson(query.from)
  if (query.from !== undefined && author === undefined)
    return { found: [], complete: true, more: false, work: { rooms: 0, units: 0 } }
  const terms = lookedUpTerms(query)
  const bounds = { effort: effort(), left: MOST_LOOKED_THROUGH, units: 0 }
  const search: SearchState = { query, author, terms, has: query.has, ...bounds }
  const searches: RoomSearch[] = []
  for (const searched of yield* roomsOf(reader, query.in))
    searches.push(yield* startIn(yield* rangeOf(reader, searched, query), search))
  const hits = yield* mergeNewest(searches, search, skip + limit + 1)
  const found: FoundMessage[] = []
  const marking = effort()
  for (const { id, room } of hits.slice(skip, skip + limit)) {
    const said = yield* row(message, sql`SELECT * FROM said WHERE id = ${id}`)
    if (said) found.push({ message: said, room, hits: hitsIn(query, said.text, marking) })
  }
  const complete = search.left > 0 && searches.every(({ upto, indexed }) => upto - indexed <= MOST_UNINDEXED)
  const units = search.units + compared(search.effort) + compared(marking)
  const work = { rooms: searches.length, units }
  return { found, complete, more: hits.length > skip + limit, work }
}

/** Comparisons in units of text: two take about as long as one unit. */
function compared(spent: Effort): number {
  return Math.round((effort().left - Math.max(0, spent.left)) / 2)
}

function* idOfPerson(folded: string): Script<UserId | undefined> {
  return yield* row(
    found => number(found, 'id') as UserId,
    sql`SELECT id FROM users WHERE folded = ${folded}`,
  )
}

function* roomsOf(reader: UserId, name: string | undefined): Script<SearchedRoom[]> {
  return yield* rows(
    found => ({
      room: room(found),
      indexed: seqIn(found, 'searchable_seq'),
      head: seqIn(found, 'last_seq'),
      joined: seqIn(found, 'joined_seq'),
      lastAt: instant(found, 'last_at'),
    }),
    sql`SELECT titled.id, titled.kind, titled.title, grouped, joined_seq, titled.topic, titled.archived, searchable_seq, titled.last_seq, last_at
        FROM titled JOIN rooms ON rooms.id = titled.id
        WHERE viewer = ${reader} AND titled.id <= ${LAST_ROOM} AND (CAST(${name ?? null} AS TEXT) IS NULL OR titled.folded = ${name ?? null})`,
  )
}

function* rangeOf(reader: UserId, searched: SearchedRoom, { after, before }: Query): Script<SearchRange> {
  const { room, indexed } = searched
  const hiding = room.kind === 'direct' ? 1 : 0
  const from = after === undefined ? 0 : yield* endBefore(searched, after)
  const first = Math.max(from, firstRead(room, searched))
  const last = before === undefined ? searched.head : yield* endBefore(searched, before)
  const idAt = (seq: number) => idOf(room.id, seq)
  return {
    room,
    reader,
    hiding,
    after: idAt(first),
    indexed: idAt(Math.max(first, Math.min(indexed, last))),
    upto: idAt(Math.max(first, last)),
  }
}

/** The seq after which everything is of that instant or later. */
function* endBefore({ room, head, lastAt }: SearchedRoom, at: Instant): Script<Seq> {
  return lastAt < at ? head : yield* lastBefore(room.id, at)
}

function* startIn(range: SearchRange, search: SearchState): Script<RoomSearch> {
  const { indexed, upto } = range
  const unindexed = Math.min(upto - indexed, MOST_UNINDEXED)
  const source: RoomSearch = { ...range, hits: [], unindexed, lastSeen: upto + 1, more: true }
  yield* refill(source, search, FIRST_PORTION)
  return source
}

/** Reads portions until something matches, or nothing is left. */
function* refill(source: RoomSearch, search: SearchState, first: number): Script<void> {
  let portion = Math.min(first, LARGEST_PORTION)
  while (source.more && source.hits.length === 0) {
    const candidates = yield* nextPortion(source, search, portion)
    const length = candidates.reduce((sum, { text }) => sum + text.length, 0)
    search.units += length
    source.hits.push(...matching(candidates, search))
    const fitting = Math.ceil((LARGEST_TEXTS * candidates.length) / length) || LARGEST_PORTION
    portion = Math.min(4 * portion, LARGEST_PORTION, fitting)
  }
}

/** The next candidates of the room, at most `size`. */
function* nextPortion(source: RoomSearch, search: SearchState, size: number): Script<Candidate[]> {
  const { unindexed, lastSeen } = source
  const wanted = unindexed > 0 ? Math.min(size, unindexed) : size
  const candidates =
    unindexed > 0
      ? yield* searchUnindexed(source, search, wanted)
      : yield* searchIndex({ ...source, room: source.room.id, before: lastSeen }, search, wanted)
  const wereAll = candidates.length < wanted
  source.lastSeen = candidates.at(-1)?.id ?? lastSeen
  source.more = search.left > 0
  if (unindexed > 0) source.unindexed = wereAll ? 0 : unindexed - wanted
  else source.more &&= !wereAll
  return candidates
}

/** Those that match. */
function matching(candidates: readonly Candidate[], search: SearchState): Candidate[] {
  const found = candidates.filter(({ text }) => {
    const passes = matches(search.query, text, search.effort)
    search.left -= passes ? text.length / 4 : text.length
    return passes
  })
  if (search.effort.left <= 0) search.left = 0 // the search ends here, and `complete` says so
  return found
}

/** The newest `wanted` matches of all rooms, reading no more of a room than is needed. */
function* mergeNewest(
  searches: readonly RoomSearch[],
  search: SearchState,
  wanted: number,
): Script<(Candidate & { readonly room: FoundMessage['room'] })[]> {
  const hits: (Candidate & { readonly room: FoundMessage['room'] })[] = []
  while (hits.length < wanted) {
    const next = newest(searches)
    const hit = next?.hits.shift()
    if (!next || !hit) break
    hits.push({ ...hit, room: next.room })
    if (next.hits.length === 0) yield* refill(next, search, FIRST_PORTION + hits.length)
  }
  return hits
}

function newest(searches: readonly RoomSearch[]): RoomSearch | undefined {
  let best: RoomSearch | undefined
  for (const source of searches) {
    const [hit] = source.hits
    const [least] = best?.hits ?? []
    if (hit && (!least || hit.at > least.at || (hit.at === least.at && hit.id > least.id))) best = source
  }
  return best
}

/** Unindexed messages, newest first. */
function* searchUnindexed(
  { reader, hiding, indexed, lastSeen }: RoomSearch,
  { author, has }: SearchState,
  limit: number,
): Script<Candidate[]> {
  const [file, picture] = [has === 'file' ? 1 : 0, has === 'picture' ? 1 : 0]
  return yield* rows(
    candidateFrom,
    sql`SELECT id, created_at, message FROM searched
        WHERE id > ${indexed} AND id < ${lastSeen} AND deleted_at IS NULL
          AND (${author ?? 0} = 0 OR user_id = ${author ?? 0})
          AND (${file} = 0 OR filed) AND (${picture} = 0 OR pictured)
          AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
        ORDER BY id DESC LIMIT ${limit}`,
  )
}

export function* renew(): Script<void> {
  yield* renewIndex()
  // If another program has set it beyond the end, nobody knows how much was indexed.
  yield* run(
    sql`UPDATE rooms SET searchable_seq = 0
        WHERE searchable_seq < 0 OR (searchable_seq > last_seq AND last_seq BETWEEN 0 AND ${END})`,
  )
}

export function* index(after: RoomId, limit: number): Script<RoomId | undefined> {
  const room = yield* row(
    found => number(found, 'id') as RoomId,
    sql`SELECT id FROM rooms WHERE searchable_seq < last_seq AND id > ${after} AND id <= ${LAST_ROOM} ORDER BY id LIMIT 1`,
  )
  if (room === undefined) return undefined
  yield* lockRooms([room])
  const found = yield* row(
    found => ({
      indexed: seqIn(found, 'searchable_seq'),
      head: seqIn(found, 'last_seq'),
      last: found.last_seq,
    }),
    sql`SELECT searchable_seq, last_seq FROM rooms WHERE id = ${room}`,
  )
  if (!found) throw new Error('a room that is not there any more')
  if (found.last !== found.head) {
    yield* mend(room) // another program has written an invalid last_seq
    return room
  }
  const upto = Math.min(found.indexed + limit, found.head)
  yield* indexMessages(room, found.indexed, upto)
  yield* run(sql`UPDATE rooms SET searchable_seq = ${upto} WHERE id = ${room}`)
  return room
}

/** Merges segments of SQLite's index, a little at a time. @returns whether there was something to merge */
export function* tidy(pages: number): Script<boolean> {
  return yield* tidyIndex(pages)
}
