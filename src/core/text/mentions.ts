// Whom a text mentions. The web app has a copy of this rule (src/clients/web/markup/names.ts), since clients import
// nothing of the core; test/clients/markup.test.ts compares the two.

import type { Format } from '../model/model.ts'
import { foldUsername, LONGEST_FOLDED } from '../model/rules.ts'
import { withoutCode } from './code.ts'

/** Stands for @todos, @aqui and their English equivalents. */
export const EVERYONE = '@'
const TO_EVERYONE = new Set(['todos', 'todas', 'aqui', 'aquí', 'all', 'everyone', 'here'])
/** Mentions of one text; further ones mention nobody. */
const MOST_MENTIONS = 50

/**
 * A web address, in which an @ means nothing; or an @ with a name, unless it is inside a word (a mailbox) or after a
 * backslash.
 */
const MENTION =
  /(?<![\p{L}\p{N}.-])(?:[a-z][a-z\d+.-]{1,20}:\/\/|www\.|(?:[\p{L}\p{N}-]{1,63}\.){1,4}\p{L}{2,24}\/)[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*|@(?<![\p{L}\p{N}\\]@|[\p{L}\p{N}]_+@)([\p{L}\p{M}\p{Nd}_.-]+)/giu

/**
 * @returns the folded usernames after an @ in the text, each once; EVERYONE for all people. The end of a sentence or
 * an emphasis may be part of a name: @ana. mentions ana, and anyone whose name has the dot
 */
export function mentionsIn(text: string, format: Format): string[] {
  if (!text.includes('@')) return []
  const names = new Set<string>()
  for (const [, typed] of (format === 'markdown' ? withoutCode(text) : text).matchAll(MENTION)) {
    for (const name of namesIn(typed)) {
      names.add(name)
      if (names.size === MOST_MENTIONS) return [...names]
    }
  }
  return [...names]
}

/** The end of a sentence, or of a name. */
const END = /(?<![._-])[._-]+$/

/** Shortest first. */
function namesIn(typed: string | undefined): string[] {
  if (typed === undefined) return []
  const [end = ''] = END.exec(typed) ?? []
  const least = typed.slice(0, typed.length - end.length)
  if (least.length > LONGEST_FOLDED) return []
  const folded = foldUsername(least)
  const names = Array.from(
    { length: Math.min(end.length, MOST_MENTIONS) + 1 },
    (_, i) => folded + end.slice(0, i),
  )
  return names.flatMap(name => (TO_EVERYONE.has(name) ? EVERYONE : /^[^.-]/.test(name) ? name : []))
}
