// The search index lists each message under its terms (core/search/index-terms.ts), its room and its author. SQLite keeps
// it in FTS5, PostgreSQL as hashes under a GIN index.

import type { Instant, RoomId, UserId } from '../../core/model/model.ts'
import { listedTerms, RULE } from '../../core/search/index-terms.ts'
import { idOf } from './open-room.ts'
import { dialect, instant, lock, number, type Row, row, rows, run, type Script, sql, text } from './sql.ts'

/** A message that may match. */
export interface Candidate {
  readonly id: number
  readonly at: Instant
  readonly text: string
}

/** The part of the index to search, between two message ids, both exclusive. */
export interface IndexRange {
  readonly reader: UserId
  readonly room: RoomId
  /** 1 where messages of people whom the reader has blocked are hidden, otherwise 0. */
  readonly hiding: number
  readonly after: number
  readonly before: number
}

/** What to look up in each room. */
export interface IndexLookup {
  readonly terms: readonly string[]
  /** Only this author's messages; undefined for everybody's. */
  readonly author: UserId | undefined
  /** Only messages with files, or with pictures; undefined for all. */
  readonly has: 'file' | 'picture' | undefined
}

/** A message to index. */
export interface IndexedText {
  readonly id: number
  readonly author: UserId
  /** With the names of its files. */
  readonly text: string
  readonly hasFile: boolean
  readonly hasPicture: boolean
}

/** A sign and digits: no term of a text looks like these. There is no room 0 and no person 0. */
const roomTerm = (room: RoomId) => `#${room}`
const authorTerm = (author: UserId) => `@${author}`
const HAS_TERM = { file: '#0', picture: '@0' }

function termsOf(room: RoomId, { author, text, hasFile, hasPicture }: IndexedText): string[] {
  const has = [...(hasFile ? [HAS_TERM.file] : []), ...(hasPicture ? [HAS_TERM.picture] : [])]
  return [roomTerm(room), authorTerm(author), ...has, ...listedTerms(text)]
}

function lookupTerms(room: RoomId, { terms, author, has }: IndexLookup): string[] {
  const ofAuthor = author === undefined ? [] : [authorTerm(author)]
  return [roomTerm(room), ...ofAuthor, ...(has === undefined ? [] : [HAS_TERM[has]]), ...terms]
}

/** A message as it is to be indexed; undefined for an unknown one. */
export function* indexedText(message: number): Script<IndexedText | undefined> {
  return yield* row(indexedFrom, sql`SELECT * FROM searched WHERE id = ${message}`)
}

/** Decodes a row of the view `searched`. */
function indexedFrom(found: Row): IndexedText {
  return {
    id: number(found, 'id'),
    author: number(found, 'user_id') as UserId,
    text: text(found, 'message'),
    hasFile: found.filed === 1,
    hasPicture: found.pictured === 1,
  }
}

/** Indexes a room's messages in (after, upto], by seqs. */
export function* indexMessages(room: RoomId, after: number, upto: number): Script<void> {
  // Starting with the last: FTS5 writes a new segment whenever a rowid is lower than the one before, and rowids are negative.
  const texts = yield* rows(
    indexedFrom,
    sql`SELECT * FROM searched
        WHERE id > ${idOf(room, after)} AND id <= ${idOf(room, upto)} AND deleted_at IS NULL ORDER BY id DESC`,
  )
  yield* add(room, texts)
}

export function* indexText(room: RoomId, added: IndexedText): Script<void> {
  yield* add(room, [added])
}

function* add(room: RoomId, texts: readonly IndexedText[]): Script<void> {
  if ((yield* dialect()) === 'postgres') return yield* addHashes(room, texts)
  for (const each of texts)
    yield* run(sql`INSERT INTO terms (rowid, term) VALUES (${-each.id}, ${documentOf(termsOf(room, each))})`)
}

/** @param removed with the text as it was indexed, which FTS5 needs to remove it */
export function* unindexText(room: RoomId, removed: IndexedText): Script<void> {
  if ((yield* dialect()) === 'postgres') {
    yield* run(sql`DELETE FROM terms WHERE message_id = ${removed.id}`)
    yield* run(sql`DELETE FROM texts WHERE message_id = ${removed.id}`) // for nodes of the version before
  } else {
    yield* run(
      sql`INSERT INTO terms (terms, rowid, term)
          VALUES ('delete', ${-removed.id}, ${documentOf(termsOf(room, removed))})`,
    )
  }
}

/** The newest messages in the range that are listed under all terms: a superset of the matches. */
export function* searchIndex(range: IndexRange, lookup: IndexLookup, limit: number): Script<Candidate[]> {
  return (yield* dialect()) === 'postgres'
    ? yield* searchHashes(range, lookup, limit)
    : yield* searchFts(range, lookup, limit)
}

/** Decodes a row of the view `searched`. */
export function candidateFrom(found: Row): Candidate {
  return {
    id: number(found, 'id'),
    at: instant(found, 'created_at'),
    text: text(found, 'message'),
  }
}

/**
 * Merges up to this many pages of FTS5's segments, each of which a search has to look into.
 * @returns whether there was something to merge
 */
export function* tidyIndex(pages: number): Script<boolean> {
  if ((yield* dialect()) === 'postgres') return false
  const before = yield* changesSoFar()
  yield* run(sql`INSERT INTO terms (terms, rank) VALUES ('merge', ${pages})`)
  return (yield* changesSoFar()) - before > 1 // sqlite.org/fts5.html, section 6.8: under two, nothing was merged
}

function* changesSoFar(): Script<number> {
  return (yield* row(found => number(found, 'changes'), sql`SELECT total_changes() AS changes`)) ?? 0
}

/** Empties an index that was built by another rule, so that it is rebuilt. */
export function* renewIndex(): Script<void> {
  // Another program may have emptied the table.
  yield* run(sql`INSERT INTO index_rule (rule) SELECT '' WHERE NOT EXISTS (SELECT 1 FROM index_rule)`)
  yield* lock(sql`SELECT rule FROM index_rule FOR UPDATE`)
  const rule = yield* row(found => text(found, 'rule'), sql`SELECT rule FROM index_rule`)
  if (rule === RULE) return
  if ((yield* dialect()) === 'postgres') yield* run(sql`TRUNCATE terms`)
  else yield* run(sql`INSERT INTO terms (terms) VALUES ('delete-all')`)
  yield* run(sql`UPDATE rooms SET searchable_seq = 0 WHERE searchable_seq > 0`)
  yield* run(sql`UPDATE index_rule SET rule = ${RULE}`)
}

// --- SQLite ----------------------------------------------------------------------------------------------
// FTS5's ascii tokenizer splits at ASCII spaces and punctuation, folds ASCII capitals, and takes every other byte as it is
// (sqlite.org/fts5.html, section 4.3.2). So our terms, with punctuation in the fullwidth form that no folded text has, are
// its tokens, and nothing that a user types can be taken for its query syntax.

function* searchFts(
  { reader, room, hiding, after, before }: IndexRange,
  lookup: IndexLookup,
  limit: number,
): Script<Candidate[]> {
  const expression = lookupTerms(room, lookup)
    .map(term => `"${widened(term)}"`)
    .join(' AND ')
  return yield* rows(
    candidateFrom,
    sql`SELECT id, created_at, message FROM terms JOIN searched ON id = -terms.rowid
        WHERE terms MATCH ${expression} AND terms.rowid > ${-before} AND terms.rowid < ${-after}
          AND deleted_at IS NULL
          AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
        ORDER BY terms.rowid LIMIT ${limit}`,
  )
}

function documentOf(terms: readonly string[]): string {
  return widened(terms.join(' '))
}

/** With ASCII punctuation in its fullwidth form. */
function widened(terms: string): string {
  return terms.replace(/[!-/:-@[-`{-~]/g, sign => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))
}

// --- PostgreSQL ------------------------------------------------------------------------------------------
// The terms themselves would make rows many times as long as the texts, so their hashes are stored; a collision shows when
// the message itself is examined.

/** FNV-1a, 32 bits, over UTF-16 units. */
function hashOf(term: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < term.length; i++) hash = Math.imul(hash ^ term.charCodeAt(i), 0x01000193)
  return hash | 0
}

function hashesOf(terms: readonly string[]): number[] {
  return [...new Set(terms.map(hashOf))].sort((a, b) => a - b)
}

function* addHashes(room: RoomId, texts: readonly IndexedText[]): Script<void> {
  const added = texts.map(each => ({ message_id: each.id, hashes: hashesOf(termsOf(room, each)) }))
  // A row that is there already is replaced: a node of an older version has changed the message (migrations.ts).
  yield* run(
    sql`INSERT INTO terms (message_id, hashes)
        SELECT message_id, hashes
        FROM json_to_recordset(CAST(${JSON.stringify(added)} AS JSON)) AS added (message_id BIGINT, hashes INTEGER[])
        ON CONFLICT (message_id) DO UPDATE SET hashes = EXCLUDED.hashes`,
  )
}

function* searchHashes(
  { reader, room, hiding, after, before }: IndexRange,
  lookup: IndexLookup,
  limit: number,
): Script<Candidate[]> {
  return yield* rows(
    candidateFrom,
    sql`SELECT id, created_at, message FROM terms JOIN searched ON id = message_id
        WHERE hashes @> CAST(${`{${hashesOf(lookupTerms(room, lookup)).join()}}`} AS INTEGER[])
          AND message_id > ${after} AND message_id < ${before}
          AND deleted_at IS NULL
          AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
        ORDER BY message_id DESC LIMIT ${limit}`,
  )
}
