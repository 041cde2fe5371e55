// The grammar of a search, the same for every door:
//   labo C++ #42 https://a.es/b 👍 "a phrase" -not -"not this" de:ana from:ana en:sala in:sala
//   antes:2026-11-01 before:… despues:… after:… tiene:enlace has:link tiene:archivo has:file tiene:imagen has:picture
// Words are found by their beginning; those in quotation marks as a whole, and next to each other. Signs count within
// what is typed without a space; those that only open or end a sentence do not, unless there is nothing else.

import type { Instant } from '../model/model.ts'
import { refuse } from '../model/refusals.ts'
import { foldRoomName, foldUsername } from '../model/rules.ts'
import type { Phrase, Query } from '../ports/search.ts'
import { normalized } from '../text/normal-forms.ts'
import { type Term, termsIn } from './terms.ts'

/** UTF-16 units. */
const LONGEST_QUERY = 1000
/** Words and phrases, both wanted and excluded. */
const MOST_PHRASES = 20
/** Terms of one word or phrase; the rest of a longer one is ignored. */
const MOST_TERMS = 64

/**
 * An operator with its value, a phrase, or anything else; the last two may have a minus, which a word must follow.
 */
const TYPED = /(\p{L}+):(\S+)|(-?)"([^"]*)"|(-(?=[#@\p{L}\p{N}\p{Extended_Pictographic}]))?(\S+)/gu
/** As phones and Spanish keyboards make them. */
const QUOTES = /[“”„«»]/g
/** Signs that end or close a sentence, and those that open one. The star is for programs that need one. */
const CLOSING = new Set('.,;:!?)]}"\'*/')
const OPENING = new Set('([{"\'¿¡')
const PICTURE = /\p{Extended_Pictographic}|\p{RI}/u

type Draft = { -readonly [Key in keyof Query]: Query[Key] } & { wanted: Phrase[]; without: Phrase[] }
type Operator = (query: Draft, value: string, zone: string) => void

const from: Operator = (query, value) => {
  query.from = foldUsername(value.replace(/^@/, ''))
}
const inRoom: Operator = (query, value) => {
  query.in = foldRoomName(value)
}
const before: Operator = (query, value, zone) => {
  query.before = beginningOf(value, zone)
}
const after: Operator = (query, value, zone) => {
  query.after = beginningOf(value, zone)
}
const has: Operator = (query, value) => {
  if (/^(?:enlace|link)s?$/i.test(value)) query.hasLink = true
  else if (/^(?:archivo|file)s?$/i.test(value)) query.has ??= 'file'
  else if (/^(?:im[aá]gen(?:es)?|foto|picture|image)s?$/i.test(value)) query.has = 'picture'
  else refuse('bad-query')
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

/**
 * @param zone in which days begin, an IANA name. Refuses 'bad-query' for an empty query or a too long one,
 * 'bad-date'.
 */
export function parseQuery(typed: string, zone: string): Query {
  if (typed.length > LONGEST_QUERY) refuse('bad-query')
  const query: Draft = { wanted: [], without: [] }
  let narrowed = false
  for (const [whole, name, value, notPhrase, phrase, notWord, word] of normalized(typed, 'NFC', LONGEST_QUERY)
    .replaceAll('\0', ' ') // PostgreSQL allows none in a name
    .replace(QUOTES, '"')
    .matchAll(TYPED)) {
    const operator = OPERATORS.get(name?.toLowerCase() ?? '')
    if (operator && value !== undefined) {
      operator(query, value, zone)
      narrowed = true
    } else if (phrase !== undefined) (notPhrase ? query.without : query.wanted).push(...phraseOf(phrase))
    else (notWord ? query.without : query.wanted).push(...wordOf(word ?? whole))
  }
  const { wanted, without } = query
  if (!narrowed && wanted.length === 0) refuse('bad-query')
  if (wanted.length + without.length > MOST_PHRASES) refuse('bad-query')
  return query
}

/** Empty if nothing of it is visible. */
function wordOf(typed: string): Phrase[] {
  const terms = essential(termsIn(typed))
  if (terms.length === 0) return []
  return [{ terms: terms.slice(0, MOST_TERMS), whole: false }]
}

function phraseOf(typed: string): Phrase[] {
  const terms = typed.split(/\s+/).flatMap(word => essential(termsIn(word)))
  if (terms.length === 0) return []
  return [{ terms: terms.slice(0, MOST_TERMS), whole: true }]
}

/** Without the signs of a sentence around it, unless there is nothing else. */
function essential(placed: readonly Term[]): readonly Term[] {
  const isMere = ({ kind, text }: Term) => kind === 'sign' && !PICTURE.test(text)
  const isWithin = (deps: ReadonlySet<string>) => (term: Term) => !(isMere(term) && deps.has(term.text))
  const [start, end] = placed.every(isMere)
    ? [0, placed.length]
    : [placed.findIndex(isWithin(OPENING)), placed.findLastIndex(isWithin(CLOSING)) + 1]
  return placed
    .slice(start, end)
    .map(({ kind, text, joined }, i) => ({ kind, text, joined: i > 0 && joined }))
}

/** @returns the first instant of that day in the zone */
function beginningOf(day: string, zone: string): Instant {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) refuse('bad-date')
  try {
    return Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds as Instant
  } catch {
    return refuse('bad-date')
  }
}
