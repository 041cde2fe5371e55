// The index of words behind search, which the two databases keep each in its own way: SQLite in FTS5, PostgreSQL in a
// table of folded texts under a GIN index.

import type { Instant, RoomId, UserId } from '../core/model.ts'
import type { Query } from '../core/ports.ts'
import { foldWords } from '../core/query.ts'
import { idOf } from './place.ts'
import { dialect, number, row, rows, run, type Script, sql, text } from './sql.ts'

export interface Hit {
  readonly id: number
  readonly at: Instant
}

/** Where in the index is looked. */
export interface Stretch {
  readonly reader: UserId
  readonly room: RoomId
  /** Of those whom the reader has blocked nothing is found where this is 1. */
  readonly hiding: number
  /** Minus the id of the message before which is sought: places rise from the newest on. */
  readonly place: number
}

interface Text {
  /** Of the message. */
  readonly id: number
  readonly text: string
}

/** Takes in a room's messages in (after, upto], by seqs. */
export function* indexMessages(room: RoomId, after: number, upto: number): Script<void> {
  const [first, last] = [idOf(room, after), idOf(room, upto)]
  if ((yield* dialect()) === 'postgres') return yield* addFolded(room, yield* textsIn(first, last))
  yield* run(
    sql`INSERT INTO texts (rowid, room, message) SELECT -id, 'r' || room_id, message FROM messages
        WHERE id > ${first} AND id <= ${last} AND deleted_at IS NULL`,
  )
}

export function* indexText(room: RoomId, added: Text): Script<void> {
  if ((yield* dialect()) === 'postgres') return yield* addFolded(room, [added])
  yield* run(
    sql`INSERT INTO texts (rowid, room, message) VALUES (${-added.id}, ${`r${room}`}, ${added.text})`,
  )
}

/** @param removed with the text as it was indexed: FTS5 must be told it */
export function* unindexText(room: RoomId, removed: Text): Script<void> {
  if ((yield* dialect()) === 'postgres') {
    yield* run(sql`DELETE FROM texts WHERE message_id = ${removed.id}`)
  } else {
    yield* run(
      sql`INSERT INTO texts (texts, rowid, room, message)
          VALUES ('delete', ${-removed.id}, ${`r${room}`}, ${removed.text})`,
    )
  }
}

/** The newest before the place that hold what is sought. */
export function* inIndex(stretch: Stretch, query: Query, limit: number): Script<Hit[]> {
  return (yield* dialect()) === 'postgres'
    ? yield* inFolded(stretch, query, limit)
    : yield* inFts(stretch, query, limit)
}

/**
 * FTS5's index is made of parts, each of which a search has to look into: this many of their pages are merged, where two
 * of one size are there. @returns whether there was something to do
 */
export function* tidyIndex(pages: number): Script<boolean> {
  if ((yield* dialect()) === 'postgres') return false
  const before = yield* changesSoFar()
  yield* run(sql`INSERT INTO texts (texts, rank) VALUES ('merge', ${pages})`)
  return (yield* changesSoFar()) - before > 1 // sqlite.org/fts5.html, section 6.8: less than two is nothing
}

function* changesSoFar(): Script<number> {
  return (yield* row(found => number(found, 'changes'), sql`SELECT total_changes() AS changes`)) ?? 0
}

const hit = (found: Parameters<typeof number>[0]): Hit => ({
  id: number(found, 'id'),
  at: number(found, 'created_at') as Instant,
})

// --- SQLite ----------------------------------------------------------------------------------------------

function* inFts({ reader, room, hiding, place }: Stretch, query: Query, limit: number): Script<Hit[]> {
  return yield* rows(
    hit,
    sql`SELECT messages.id, created_at FROM texts JOIN messages ON messages.id = -texts.rowid
        WHERE texts MATCH ${`room : r${room} AND message : (${expression(query)})`}
          AND texts.rowid > ${place}
          AND deleted_at IS NULL
          AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
          AND (${query.from ?? null} IS NULL OR user_id = (SELECT id FROM users WHERE folded = ${query.from ?? null}))
          AND created_at >= ${query.after ?? 0} AND created_at < ${query.before ?? Number.MAX_SAFE_INTEGER}
          AND (${query.hasLink ? 1 : 0} = 0 OR messages.message LIKE '%http://%' OR messages.message LIKE '%https://%')
        ORDER BY texts.rowid LIMIT ${limit}`,
  )
}

/** Every term in quotes: nothing that is typed is taken for FTS5's own grammar (sqlite.org/fts5.html, section 3). */
function expression({ words, phrases, without }: Query): string {
  const quoted = (term: string) => `"${term.replaceAll('"', '""')}"`
  const wanted = [...words, ...phrases].map(quoted).join(' AND ')
  return without.length === 0 ? wanted : `(${wanted}) NOT (${without.map(quoted).join(' OR ')})`
}

// --- PostgreSQL ------------------------------------------------------------------------------------------
// A tsvector forgets where a word stands that comes more than 256 times, and takes none over 2 KB. So it only finds
// candidates: messages of the room with the beginnings of all words. Phrases, what must not be there and the rest of
// long words are looked for in the folded text, just as core/query.ts does.

const LONGEST_LEXEME = 100

/** A word of the room that no text has: words are letters and digits. */
const roomLexeme = (room: RoomId) => `'#${room}'`

/** Words hold no quote and no backslash. */
function lexeme(word: string): string {
  return `'${word.length > LONGEST_LEXEME ? [...word].slice(0, LONGEST_LEXEME).join('') : word}'`
}

/** With a space on both sides of each word. */
function spaced(words: readonly string[]): string {
  return ` ${words.join(' ')} `
}

/** An array of PostgreSQL's: texts that hold the words one behind the other. */
function patterns(terms: readonly (readonly string[])[]): string {
  return `{${terms.map(words => `"%${spaced(words)}%"`).join()}}`
}

function* textsIn(first: number, last: number): Script<Text[]> {
  return yield* rows(
    found => ({ id: number(found, 'id'), text: text(found, 'message') }),
    sql`SELECT id, message FROM messages WHERE id > ${first} AND id <= ${last} AND deleted_at IS NULL ORDER BY id`,
  )
}

function* addFolded(room: RoomId, texts: readonly Text[]): Script<void> {
  const folded = texts.map(({ id, text }) => ({ id, words: foldWords(text) }))
  const added = folded.map(({ id, words }) => ({
    message_id: id,
    folded: spaced(words),
    words: [roomLexeme(room), ...new Set(words.map(lexeme))].join(' '),
  }))
  yield* run(
    sql`INSERT INTO texts (message_id, folded, words)
        SELECT message_id, folded, words
        FROM json_to_recordset(CAST(${JSON.stringify(added)} AS JSON))
          AS added (message_id BIGINT, folded TEXT, words TSVECTOR)`,
  )
}

function* inFolded({ reader, room, hiding, place }: Stretch, query: Query, limit: number): Script<Hit[]> {
  const terms = [...query.words, ...query.phrases].map(foldWords)
  const candidates = [roomLexeme(room), ...terms.flat().map(lexeme)].join(' & ')
  const exact = terms.filter(words => words.length > 1 || words.some(word => word.length > LONGEST_LEXEME))
  const without = query.without.map(foldWords)
  return yield* rows(
    hit,
    sql`SELECT messages.id, created_at FROM texts JOIN messages ON messages.id = message_id
        WHERE words @@ CAST(${candidates} AS TSQUERY)
          AND message_id > ${idOf(room, 0)} AND message_id < ${-place}
          AND texts.folded LIKE ALL (CAST(${patterns(exact)} AS TEXT[]))
          AND NOT texts.folded LIKE ANY (CAST(${patterns(without)} AS TEXT[]))
          AND deleted_at IS NULL
          AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
          AND (CAST(${query.from ?? null} AS TEXT) IS NULL
               OR user_id = (SELECT id FROM users WHERE users.folded = ${query.from ?? null}))
          AND created_at >= ${query.after ?? 0} AND created_at < ${query.before ?? Number.MAX_SAFE_INTEGER}
          AND (${query.hasLink ? 1 : 0} = 0 OR message ILIKE '%http://%' OR message ILIKE '%https://%')
        ORDER BY message_id DESC LIMIT ${limit}`,
  )
}
