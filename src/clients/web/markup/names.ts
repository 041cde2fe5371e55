// Whom a text mentions and which rooms it names: the server's rules (src/core/text/mentions.ts), which clients cannot import.
// test/clients/markup.test.ts holds the two against each other.

import { withoutCode } from '../../../wire/marks.ts'

/** What `mentionsIn` gives for @todos, @aqui and their English twins. */
export const EVERYONE = '@'
const TO_EVERYONE = new Set(['todos', 'todas', 'aqui', 'aquí', 'all', 'everyone', 'here'])
const MOST_MENTIONS = 50
/** UTF-16 units, in any form: to fold a run of marks takes the square of its length. */
const LONGEST_NAME = 256

/** What ends a sentence, or a name. */
export const END = /(?<![._-])[._-]+$/

/** A mention that begins where the search is told to, with what may belong to the name or end a sentence. */
export const MENTION = /@(?<![\p{L}\p{N}\\]@|[\p{L}\p{N}]_+@)([\p{L}\p{M}\p{Nd}_.-]+)/uy
/** An address, in which nobody is mentioned, or a mention. */
const MENTIONS = new RegExp(
  `(?<![\\p{L}\\p{N}.-])(?:[a-z][a-z\\d+.-]{1,20}:\\/\\/|www\\.|(?:[\\p{L}\\p{N}-]{1,63}\\.){1,4}\\p{L}{2,24}\\/)[^\\s<>()]*(?:\\([^\\s<>()]*\\)[^\\s<>()]*)*|${MENTION.source}`,
  'giu',
)

/**
 * A room that begins where the search is told to. Not a number alone: #41 is a message in the other doors; nor after
 * a sign that makes it part of an address or of an entity.
 */
export const ROOM = /(?<![\p{L}\p{N}_&#/])#(?!\p{Nd}+(?![\p{L}\p{Nd}_-]))(?:[\p{L}\p{Nd}_-]\p{M}{0,2})+/uy

export function foldUsername(username: string): string {
  return username.normalize('NFKC').toLowerCase().normalize('NFKC')
}

/**
 * Whom it may be meant for, folded, the shortest first: @ana. is ana, or who is called so with the dot.
 * @param typed without its @
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

/** Whom the server tells of this text: in one that mentions more than fifty, those behind are not told. */
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
