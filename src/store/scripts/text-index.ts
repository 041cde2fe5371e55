// The index behind search: under which terms each message is listed (core/search/index-terms.ts), with its room and
// author for two terms more. The two databases keep it each in its own way: SQLite in FTS5, PostgreSQL as hashes under
// a GIN index.

import type { Instant, RoomId, UserId } from '../../core/model/model.ts'
import { listedTerms, RULE } from '../../core/search/index-terms.ts'
import { idOf } from './open-room.ts'
import { dialect, instant, lock, number, type Row, row, rows, run, type Script, sql, text } from './sql.ts'

/** A message that may hold what is sought. */
export interface Candidate {
  readonly id: number
  readonly at: Instant
  readonly text: string
}

/** Where in the index is looked, by ids of messages. */
export interface IndexRange {
  readonly reader: UserId
  readonly room: RoomId
  /** Of those whom the reader has blocked nothing is found where this is 1. */
  readonly hiding: number
  readonly after: number
  readonly before: number
}

/** What is looked up in every room. */
export interface IndexLookup {
  readonly terms: readonly string[]
  /** Whose messages alone, if not everybody's. */
  readonly author: UserId | undefined
}

/** A message as it is indexed. */
export interface IndexedText {
  readonly id: number
  readonly author: UserId
  readonly text: string
}

/** Signs with digits: no term of a text is one. */
const roomTerm = (room: RoomId) => `#${room}`
const authorTerm = (author: UserId) => `@${author}`

function termsOf(room: RoomId, { author, text }: IndexedText): string[] {
  return [roomTerm(room), authorTerm(author), ...listedTerms(text)]
}

/** Takes in a room's messages in (after, upto], by seqs. */
export function* indexMessages(room: RoomId, after: number, upto: number): Script<void> {
  // From the last one on: FTS5 writes a part of its own whenever a place is lower than the one before.
  const texts = yield* rows(
    found => ({
      id: number(found, 'id'),
      author: number(found, 'user_id') as UserId,
      text: text(found, 'message'),
    }),
    sql`SELECT id, user_id, message FROM messages
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

/** @param removed with the text as it was indexed: FTS5 must be told it */
export function* unindexText(room: RoomId, removed: IndexedText): Script<void> {
  if ((yield* dialect()) === 'postgres') {
    yield* run(sql`DELETE FROM terms WHERE message_id = ${removed.id}`)
    yield* run(sql`DELETE FROM texts WHERE message_id = ${removed.id}`) // what nodes of the version before go by
  } else {
    yield* run(
      sql`INSERT INTO terms (terms, rowid, term)
          VALUES ('delete', ${-removed.id}, ${documentOf(termsOf(room, removed))})`,
    )
  }
}

/** The newest in the stretch that are listed under all terms: more than hold what is sought. */
export function* searchIndex(stretch: IndexRange, sought: IndexLookup, limit: number): Script<Candidate[]> {
  return (yield* dialect()) === 'postgres'
    ? yield* searchHashes(stretch, sought, limit)
    : yield* searchFts(stretch, sought, limit)
}

/** From a row of messages. */
export function candidateFrom(found: Row): Candidate {
  return {
    id: number(found, 'id'),
    at: instant(found, 'created_at'),
    text: text(found, 'message'),
  }
}

/**
 * FTS5's index is made of parts, each of which a search has to look into: this many of their pages are merged, where two
 * of one size are there. @returns whether there was something to do
 */
export function* tidyIndex(pages: number): Script<boolean> {
  if ((yield* dialect()) === 'postgres') return false
  const before = yield* changesSoFar()
  yield* run(sql`INSERT INTO terms (terms, rank) VALUES ('merge', ${pages})`)
  return (yield* changesSoFar()) - before > 1 // sqlite.org/fts5.html, section 6.8: less than two is nothing
}

function* changesSoFar(): Script<number> {
  return (yield* row(found => number(found, 'changes'), sql`SELECT total_changes() AS changes`)) ?? 0
}

/** Empties the index, to be made anew, where it was made by another rule. */
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
// FTS5 splits at ASCII's spaces and signs, and makes ASCII's capitals small; of all else it takes every byte as it is
// (sqlite.org/fts5.html, section 4.3.2). So terms with their signs in the wide form that no folded text has are its
// tokens, and nothing that is typed can be taken for its grammar.

function* searchFts(
  { reader, room, hiding, after, before }: IndexRange,
  { terms, author }: IndexLookup,
  limit: number,
): Script<Candidate[]> {
  const all = [roomTerm(room), ...(author === undefined ? [] : [authorTerm(author)]), ...terms]
  const expression = all.map(term => `"${widened(term)}"`).join(' AND ')
  return yield* rows(
    candidateFrom,
    sql`SELECT messages.id, created_at, message FROM terms JOIN messages ON messages.id = -terms.rowid
        WHERE terms MATCH ${expression} AND terms.rowid > ${-before} AND terms.rowid < ${-after}
          AND deleted_at IS NULL
          AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
        ORDER BY terms.rowid LIMIT ${limit}`,
  )
}

function documentOf(terms: readonly string[]): string {
  return widened(terms.join(' '))
}

/** With the fullwidth form of each of ASCII's signs. */
function widened(terms: string): string {
  return terms.replace(/[!-/:-@[-`{-~]/g, sign => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))
}

// --- PostgreSQL ------------------------------------------------------------------------------------------
// Texts as long as terms would make rows of many times what was said; which terms have the same hash shows when the
// message is looked at.

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
  // One that is there already was changed by somebody who knows nothing of it (migrations.ts).
  yield* run(
    sql`INSERT INTO terms (message_id, hashes)
        SELECT message_id, hashes
        FROM json_to_recordset(CAST(${JSON.stringify(added)} AS JSON)) AS added (message_id BIGINT, hashes INTEGER[])
        ON CONFLICT (message_id) DO UPDATE SET hashes = EXCLUDED.hashes`,
  )
}

function* searchHashes(
  { reader, room, hiding, after, before }: IndexRange,
  { terms, author }: IndexLookup,
  limit: number,
): Script<Candidate[]> {
  const all = [roomTerm(room), ...(author === undefined ? [] : [authorTerm(author)]), ...terms]
  return yield* rows(
    candidateFrom,
    sql`SELECT messages.id, created_at, message FROM terms JOIN messages ON messages.id = message_id
        WHERE hashes @> CAST(${`{${hashesOf(all).join()}}`} AS INTEGER[])
          AND message_id > ${after} AND message_id < ${before}
          AND deleted_at IS NULL
          AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
        ORDER BY message_id DESC LIMIT ${limit}`,
  )
}
