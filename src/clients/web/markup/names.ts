// Mentions and room names in a text, by the server's rules (src/core/text/mentions.ts), which clients cannot import.
// test/clients/markup.test.ts compares the two.

import { withoutCode } from '../../../wire/marks.ts'

/** The name that `mentionsIn` gives for @todos, @aqui and their English equivalents. */
export const EVERYONE = '@'
const TO_EVERYONE = new Set(['todos', 'todas', 'aqui', 'aquí', 'all', 'everyone', 'here'])
const MOST_MENTIONS = 50
/** In UTF-16 units, unfolded: folding a run of combining marks takes quadratic time. */
const LONGEST_NAME = 256

/** Punctuation that may end a sentence or belong to a name. */
export const END = /(?<![._-])[._-]+$/

/** A mention at `lastIndex`, with all punctuation that may belong to the name. */
export const MENTION = /@(?<![\p{L}\p{N}\\]@|[\p{L}\p{N}]_+@)([\p{L}\p{M}\p{Nd}_.-]+)/uy
/** A mention, or an address, in which nobody is mentioned. */
const MENTIONS = new RegExp(
  `(?<![\\p{L}\\p{N}.-])(?:[a-z][a-z\\d+.-]{1,20}:\\/\\/|www\\.|(?:[\\p{L}\\p{N}-]{1,63}\\.){1,4}\\p{L}{2,24}\\/)[^\\s<>()]*(?:\\([^\\s<>()]*\\)[^\\s<>()]*)*|${MENTION.source}`,
  'giu',
)

/**
 * A room at `lastIndex`. Not a number alone, since #41 is a message in the other doors, nor after a character that makes
 * it part of an address or an entity.
 */
export const ROOM = /(?<![\p{L}\p{N}_&#/])#(?!\p{Nd}+(?![\p{L}\p{Nd}_-]))(?:[\p{L}\p{Nd}_-]\p{M}{0,2})+/uy

export function foldUsername(username: string): string {
  return username.normalize('NFKC').toLowerCase().normalize('NFKC')
}

/**
 * The names that a mention may stand for, folded, the shortest first: `@ana.` is ana, or somebody whose name ends with
 * the dot. @param typed without its @
 */
export function namesIn(typed: string): string[] {
  const [end = ''] = END.exec(typed) ?? []
  const least = typed.slice(0, typed.length - end.length)
  if (least.length > LONGEST_NAME) return []
  const folded = foldUsername(least)
  const names = Array.from(
    { length: Math.min(end.length, MOST_MENTIONS) + 1 },
    (_, i) => folded + end.slice(0, i),
  )
  return names.flatMap(name => (TO_EVERYONE.has(name) ? EVERYONE : /^[^.-]/.test(name) ? name : []))
}

/** The names that the server notifies of this text: the first fifty that it mentions. */
export function mentionsIn(text: string, format: 'plain' | 'markdown'): ReadonlySet<string> {
  const names = new Set<string>()
  if (!text.includes('@')) return names
  for (const [, typed] of (format === 'markdown' ? withoutCode(text) : text).matchAll(MENTIONS)) {
    for (const name of typed === undefined ? [] : namesIn(typed)) {
      names.add(name)
      if (names.size === MOST_MENTIONS) return names
    }
  }
  return names
}
