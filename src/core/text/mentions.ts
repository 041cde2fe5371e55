// Whom a text mentions: a rule that the web app has too (src/clients/web/markup/names.ts), since clients import nothing of
// the core; test/clients/markup.test.ts holds the two against each other.

import type { Format } from '../model/model.ts'
import { foldUsername, LONGEST_FOLDED } from '../model/rules.ts'
import { withoutCode } from './code.ts'

/** What `mentionsIn` gives for @todos, @aqui and their English twins. */
export const EVERYONE = '@'
const TO_EVERYONE = new Set(['todos', 'todas', 'aqui', 'aquí', 'all', 'everyone', 'here'])
/** Of one text: who mentions more mentions nobody further. */
const MOST_MENTIONS = 50

/**
 * An address on the web, in which an @ means nothing; or a name behind an @, if that is not in a word (a mailbox) nor
 * behind a backslash.
 */
const MENTION =
  /(?<![\p{L}\p{N}.-])(?:[a-z][a-z\d+.-]{1,20}:\/\/|www\.|(?:[\p{L}\p{N}-]{1,63}\.){1,4}\p{L}{2,24}\/)[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*|@(?<![\p{L}\p{N}\\]@|[\p{L}\p{N}]_+@)([\p{L}\p{M}\p{Nd}_.-]+)/giu

/**
 * The folded usernames after an @ in the text, each once; EVERYONE for all of them. What ends a sentence or an emphasis
 * may be part of a name: @ana. is meant for ana, and for who is called so with the dot.
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

/** What ends a sentence, or a name. */
const END = /(?<![._-])[._-]+$/

/** The shortest first. */
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
