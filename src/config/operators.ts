// IRC operators (OPER): name and password hash, as `tertulia hash` prints it.

import type { Decoded } from './decode.ts'

const NAME = /^[^\s:]{1,32}$/
/** A PHC string (core/people/passwords.ts). */
const HASH = /^\$argon2id\$\S+$/

/** A table in the file; elsewhere name:hash, separated by spaces. @returns name → hash */
export function operators(raw: unknown): Decoded<ReadonlyMap<string, string>> {
  const entries = typeof raw === 'string' ? pairs(raw) : isTable(raw) ? Object.entries(raw) : []
  const valid = entries.filter(
    (entry): entry is [string, string] =>
      NAME.test(entry[0]) && typeof entry[1] === 'string' && HASH.test(entry[1]),
  )
  if (entries.length === 0 || valid.length < entries.length) return { wanted: 'operators' }
  return { value: new Map(valid) }
}

function pairs(raw: string): [string, string][] {
  return raw
    .trim()
    .split(/\s+/)
    .map(pair => {
      const colon = pair.indexOf(':')
      return [pair.slice(0, Math.max(0, colon)), pair.slice(colon + 1)]
    })
}

function isTable(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
}
