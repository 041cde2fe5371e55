// Whether a text matches a query, and where. Decides for both databases, indexed or not.

import type { Phrase, Query } from '../ports/search.ts'
import { type LocatedTerm, type Term, termsIn } from './terms.ts'

/** Signs that may be between the words of a phrase that was typed without them. */
const MOST_BETWEEN = 16
/**
 * Comparisons of terms in one search, which take a tenth of a second: more are needed only by somebody who wants to
 * keep us busy.
 */
const MOST_COMPARED = 4_000_000
const LINK = /https?:\/\//i

/** A part of a text, in UTF-16 units; `to` is exclusive. */
export interface Hit {
  readonly from: number
  readonly to: number
}

/** Comparisons of terms that may still be made in one search; with none left nothing matches. */
export interface Effort {
  left: number
}

/** For all texts of one search. */
export function effort(): Effort {
  return { left: MOST_COMPARED }
}

export function hasLink(text: string): boolean {
  return LINK.test(text)
}

/** Whether the text matches the query. Does not look at its author, time and room. */
export function matches(query: Query, text: string, within = effort()): boolean {
  if (query.hasLink && !hasLink(text)) return false
  if (query.wanted.length + query.without.length === 0) return true
  const found = termsIn(text)
  const holds = (phrase: Phrase) => new Comparison(phrase, found, within).holds()
  // A comparison that was cut short tells nothing, also of the words that must not be there.
  return query.wanted.every(holds) && !query.without.some(holds) && within.left > 0
}

/**
 * @returns the matching parts of a text, in order and not overlapping. A word found by its beginning matches as a
 * whole
 */
export function hitsIn({ wanted }: Query, text: string, within = effort()): Hit[] {
  const found = termsIn(text)
  const comparisons = wanted.map(phrase => new Comparison(phrase, found, within))
  const hits: Hit[] = []
  for (let at = 0; at < found.length && within.left > 0; ) {
    const end = Math.max(0, ...comparisons.map(comparison => comparison.endFrom(at)))
    const [first, last] = [found[at], found[end - 1]]
    if (first && last) hits.push({ from: first.from, to: last.to })
    at = Math.max(at + 1, end)
  }
  return hits
}

class Comparison {
  readonly #phrase: Phrase
  readonly #found: readonly LocatedTerm[]
  readonly #effort: Effort

  constructor(phrase: Phrase, found: readonly LocatedTerm[], effort: Effort) {
    this.#phrase = phrase
    this.#found = found
    this.#effort = effort
  }

  holds(): boolean {
    for (let at = 0; at < this.#found.length && this.#effort.left > 0; at++)
      if (this.endFrom(at) > 0) return true
    return false
  }

  /** @returns the index after the phrase's last term if it begins at `start`, else 0 */
  endFrom(start: number): number {
    const { terms } = this.#phrase
    let at = start
    for (let i = 0; i < terms.length; i++) {
      const wanted = terms[i]
      if (!wanted || this.#effort.left-- <= 0) return 0
      if (i > 0 && !wanted.joined) at = this.#skipSigns(wanted, at)
      const term = this.#found[at]
      if (!term || (i > 0 && wanted.joined && !term.joined)) return 0
      const mayGoOn = !this.#phrase.whole && i === terms.length - 1
      if (term.text !== wanted.text && !(mayGoOn && begins(term, wanted))) return 0
      at++
    }
    return at
  }

  #skipSigns(wanted: Term, start: number): number {
    const most = Math.min(this.#found.length, start + MOST_BETWEEN)
    let at = start
    while (at < most && this.#found[at]?.kind === 'sign' && this.#found[at]?.text !== wanted.text) at++
    return at
  }
}

function begins(term: Term, wanted: Term): boolean {
  return term.kind === 'word' && term.text.startsWith(wanted.text)
}
