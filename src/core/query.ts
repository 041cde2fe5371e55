// What people type to search, one grammar for every door:
//   words "a phrase" -not de:ana from:ana en:sala in:sala antes:2026-11-01 before:… despues:… after:… tiene:enlace has:link

import type { Instant } from './model.ts'
import type { Query } from './ports.ts'
import { refuse } from './refusals.ts'
import { foldRoomName, foldUsername } from './rules.ts'

const LONGEST_QUERY = 300
/** An operator with its value, a phrase, a word; the last two maybe with a minus. */
const TERM = /(\p{L}+):(\S+)|(-?)"([^"]*)"|(-?)(\S+)/gu

type Operator = (query: Sought, value: string, zone: string) => void
type Sought = { -readonly [Key in keyof Query]: Query[Key] } & {
  words: string[]
  phrases: string[]
  without: string[]
}

const from: Operator = (query, value) => {
  query.from = foldUsername(value.replace(/^@/, ''))
}
const inRoom: Operator = (query, value) => {
  query.in = foldRoomName(value)
}
const before: Operator = (query, value, zone) => {
  query.before = day(value, zone)
}
const after: Operator = (query, value, zone) => {
  query.after = day(value, zone)
}
const has: Operator = (query, value) => {
  if (value !== 'enlace' && value !== 'link') refuse('bad-query')
  query.hasLink = true
}
const OPERATORS = new Map<string, Operator>([
  ['de', from],
  ['from', from],
  ['en', inRoom],
  ['in', inRoom],
  ['antes', before],
  ['before', before],
  ['despues', after],
  ['después', after],
  ['after', after],
  ['tiene', has],
  ['has', has],
])
const MOST_TERMS = 20

/**
 * @param zone in which days begin, IANA's name
 * Refuses 'bad-query' where there is no word to look for, or too many; 'bad-date'.
 */
export function parseQuery(typed: string, zone: string): Query {
  const query: Sought = { words: [], phrases: [], without: [] }
  for (const [whole, name, value, notPhrase, phrase, notWord, word] of typed
    .replaceAll('\0', ' ') // ends a text for SQLite
    .slice(0, LONGEST_QUERY)
    .matchAll(TERM)) {
    const operator = OPERATORS.get(name?.toLowerCase() ?? '')
    if (operator && value !== undefined) operator(query, value, zone)
    else if (phrase !== undefined) (notPhrase ? query.without : query.phrases).push(phrase)
    else if (notWord && word) query.without.push(word)
    else query.words.push(whole)
  }
  for (const list of [query.words, query.phrases, query.without]) keepSought(list)
  const wanted = query.words.length + query.phrases.length
  if (wanted === 0 || wanted + query.without.length > MOST_TERMS) refuse('bad-query')
  return query
}

/** Signs alone are nothing that could be found. */
function keepSought(list: string[]): void {
  for (let i = list.length - 1; i >= 0; i--) if (foldWords(list[i] ?? '').length === 0) list.splice(i, 1)
}

/** The beginning of a day there. */
function day(value: string, zone: string): Instant {
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) refuse('bad-date')
  try {
    return Temporal.PlainDate.from(value).toZonedDateTime(zone).epochMilliseconds as Instant
  } catch {
    return refuse('bad-date')
  }
}

/** The words of a text as they are compared: without case and accents (SQLite's unicode61, remove_diacritics). */
export function foldWords(text: string): string[] {
  const folded = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return folded.match(/[\p{L}\p{N}\p{Co}]+/gu) ?? []
}

/** Whether a text holds what is sought in it; who wrote it, when and where is not looked at. */
export function matches({ words, phrases, without }: Query, text: string): boolean {
  const found = ` ${foldWords(text).join(' ')} `
  const holds = (sought: string) => found.includes(` ${foldWords(sought).join(' ')} `)
  return [...words, ...phrases].every(holds) && !without.some(holds)
}

/** A part of a text, in UTF-16 units; `to` is behind it. */
export interface Hit {
  readonly from: number
  readonly to: number
}

/** Where a text holds what is sought, in order, none within another. */
export function hitsIn({ words, phrases }: Query, text: string): Hit[] {
  const sought = byFirstWord([...words, ...phrases])
  const found = [...text.matchAll(/[\p{L}\p{M}\p{N}\p{Co}]+/gu)].map(({ 0: word, index }) => ({
    folded: foldWords(word).join(' '),
    from: index,
    to: index + word.length,
  }))
  const hits: Hit[] = []
  for (let i = 0; i < found.length; ) {
    const terms = sought.get(found[i]?.folded ?? '') ?? []
    const longest = Math.max(0, ...terms.map(term => lengthAt(term, found, i)))
    const [first, last] = [found[i], found[i + longest - 1]]
    if (longest > 0 && first && last) hits.push({ from: first.from, to: last.to })
    i += Math.max(1, longest)
  }
  return hits
}

function byFirstWord(terms: readonly string[]): Map<string, string[][]> {
  const folded = terms.map(foldWords).filter(([first]) => first !== undefined)
  return Map.groupBy(folded, ([first = '']) => first)
}

/** The number of words sought if they stand there, else 0. */
function lengthAt(sought: readonly string[], found: readonly { folded: string }[], at: number): number {
  return sought.every((word, i) => found[at + i]?.folded === word) ? sought.length : 0
}
