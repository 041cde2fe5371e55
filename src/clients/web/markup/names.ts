// Whom a text mentions and which rooms it names: the server's rules (src/core/rules.ts), which clients cannot import.
// test/clients/markup.test.ts holds the two against each other.

/** What `mentionsIn` gives for @todos, @aqui and their English twins. */
export const EVERYONE = '@'
const TO_EVERYONE = new Set(['todos', 'todas', 'aqui', 'aquí', 'all', 'everyone', 'here'])
const MOST_MENTIONS = 50

/** A mention that begins where the search is told to; dots and hyphens behind it are punctuation. */
export const MENTION = /(?<![\p{L}\p{N}_])@[\p{L}\p{M}\p{Nd}_.-]*[\p{L}\p{M}\p{Nd}_]/uy
const MENTIONS = new RegExp(MENTION, 'gu')

/**
 * A room that begins where the search is told to. Not a number alone: #41 is a message in the other doors; nor after
 * a sign that makes it part of an address or of an entity.
 */
export const ROOM = /(?<![\p{L}\p{N}_&#/])#(?!\p{Nd}+(?![\p{L}\p{Nd}_-]))(?:[\p{L}\p{Nd}_-]\p{M}{0,2})+/uy

export function foldUsername(username: string): string {
  return username.normalize('NFKC').toLowerCase().normalize('NFKC')
}

/** @param mention with its @. @returns the folded username, or EVERYONE. */
export function whom(mention: string): string {
  const folded = foldUsername(mention.slice(1))
  return TO_EVERYONE.has(folded) ? EVERYONE : folded
}

/** Whom the server tells of this text: in one that mentions more than fifty, those behind are not told. */
export function mentionsIn(text: string): ReadonlySet<string> {
  const names = new Set<string>()
  if (!text.includes('@')) return names
  for (const [mention] of text.matchAll(MENTIONS)) {
    names.add(whom(mention))
    if (names.size === MOST_MENTIONS) break
  }
  return names
}
