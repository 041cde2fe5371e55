// Who may say OPER: names, each with what `tertulia hash` made of its password.

import type { Decoded } from './decode.ts'

const NAME = /^[^\s:]{1,32}$/
/** passwords.ts: a PHC string. */
const HASH = /^\$argon2id\$\S+$/

/** A table in the file; elsewhere name:hash, with spaces between several. */
export function operators(typed: unknown): Decoded<ReadonlyMap<string, string>> {
  const entries = typeof typed === 'string' ? pairs(typed) : isTable(typed) ? Object.entries(typed) : []
  const valid = entries.filter(
    (entry): entry is [string, string] =>
      NAME.test(entry[0]) && typeof entry[1] === 'string' && HASH.test(entry[1]),
  )
  if (entries.length === 0 || valid.length < entries.length) return { wanted: 'operators' }
  return { value: new Map(valid) }
}

function pairs(typed: string): [string, string][] {
  return typed
    .trim()
    .split(/\s+/)
    .map(pair => {
      const colon = pair.indexOf(':')
      return [pair.slice(0, Math.max(0, colon)), pair.slice(colon + 1)]
    })
}

function isTable(typed: unknown): typed is Record<string, unknown> {
  return typeof typed === 'object' && typed !== null && !Array.isArray(typed)
}
