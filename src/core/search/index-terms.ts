// The terms under which an index lists a text, and those that are looked up for a query. A text that `matches`
// accepts is listed under all terms that are looked up, and what the index finds is checked by `matches`. So the
// databases need not know what a word is.

import type { Phrase, Query } from '../ports/search.ts'
import { hasLink } from './matching.ts'
import { type Term, termsIn } from './terms.ts'

/**
 * The rule by which texts are listed. Raise the number with any change of what is folded, cut or listed; Unicode's
 * version changes by itself.
 */
export const RULE = `1, Unicode ${process.versions.unicode}`

/** Texts with a link are listed under this, which is no term of a text, since none is a sign with letters. */
const LINK = '#link'
/**
 * Lengths of a word's beginnings that are listed, in code points. What is typed is looked up by the longest of them
 * that it has.
 */
const LENGTHS = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 32, 48, 64]
const PAIR = /[\ud800-\udbff]/
/** Terms looked up for one query, the longest first, since they are the rarest. */
const MOST_LOOKED_UP = 32

export function listedTerms(text: string): Set<string> {
  const listed = new Set<string>()
  let last: Term | undefined
  for (const term of termsIn(text)) {
    for (const beginning of beginningsOf(term)) listed.add(beginning)
    if (isPair(last, term)) listed.add(pairOf(last, term))
    last = term
  }
  if (hasLink(text)) listed.add(LINK)
  return listed
}

export function lookedUpTerms(query: Query): string[] {
  const terms = new Set(query.wanted.flatMap(lookedUpFor))
  const longest = [...terms].sort((a, b) => b.length - a.length).slice(0, MOST_LOOKED_UP)
  return query.hasLink ? [LINK, ...longest] : longest
}

function lookedUpFor({ terms }: Phrase): string[] {
  return terms.flatMap((term, i) => {
    const alone = beginningsOf(term).at(-1) ?? term.text
    const last = terms[i - 1]
    return isPair(last, term) ? [alone, pairOf(last, term)] : [alone]
  })
}

/** Those of a word; parts and signs are found as they are. */
function beginningsOf({ kind, text }: Term): string[] {
  if (kind !== 'word') return [text]
  const letters = PAIR.test(text) ? [...text] : undefined
  const beginnings: string[] = []
  for (const length of LENGTHS) {
    if (length > (letters ?? text).length) break
    beginnings.push(letters?.slice(0, length).join('') ?? text.slice(0, length))
  }
  return beginnings
}

function isPair(last: Term | undefined, term: Term): last is Term {
  return last?.kind === 'part' && term.kind === 'part' && term.joined
}

function pairOf(last: Term, { text }: Term): string {
  return last.text + text
}
