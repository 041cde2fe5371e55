// What is typed as a setting's value, in a flag, the environment or the file → the value, or what was wanted.

import { isIP } from 'node:net'
import type { Wording } from '../wording/es.ts'

export type Wanted = keyof Wording['wanted']
export type Decoded<Value> = { readonly value: Value } | { readonly wanted: Wanted }

export function port(typed: unknown): Decoded<number> {
  return within(typed, { least: 0, most: 65_535 }, 'port')
}

export function boolean(typed: unknown): Decoded<boolean> {
  if (typed === true || typed === 'true') return { value: true }
  return typed === false || typed === 'false' ? { value: false } : { wanted: 'boolean' }
}

export function text(typed: unknown): Decoded<string> {
  return typeof typed === 'string' && typed !== '' ? { value: typed } : { wanted: 'text' }
}

export function oneOf(typed: unknown, is: (name: string) => boolean, wanted: Wanted): Decoded<string> {
  return typeof typed === 'string' && is(typed) ? { value: typed } : { wanted }
}

export function among(typed: unknown, words: readonly string[], wanted: Wanted): Decoded<string> {
  return oneOf(typed, word => words.includes(word), wanted)
}

/** Whole numbers. */
export function within(
  typed: unknown,
  { least, most }: { least: number; most: number },
  wanted: Wanted,
): Decoded<number> {
  const number = typeof typed === 'string' && /^\d+$/.test(typed) ? Number(typed) : typed
  const valid = typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most
  return valid ? { value: number } : { wanted }
}

/** Stands as one word in lines of IRC. */
export function networkName(typed: unknown): Decoded<string> {
  return typeof typed === 'string' && /^[\p{L}\p{Nd}._-]{1,30}$/u.test(typed)
    ? { value: typed }
    : { wanted: 'networkName' }
}

/** A dot is what tells a server's name from a nick. */
export function hostName(typed: unknown): Decoded<string> {
  const valid = typeof typed === 'string' && typed.length <= LONGEST_HOST && HOST.test(typed)
  return valid ? { value: typed } : { wanted: 'hostName' }
}

/** It stands in every source (HOSTLEN). */
export const LONGEST_HOST = 63
const HOST = /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/

/** Of a URL: its scheme, host and port, and nothing besides. */
export function origin(typed: unknown): Decoded<string> {
  const url = typeof typed === 'string' ? URL.parse(typed) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.host === '') return { wanted: 'origin' }
  return url.href === `${url.origin}/` ? { value: url.origin } : { wanted: 'origin' }
}

/** With commas between them, or an array of them in the file. */
export function urls(typed: unknown, protocol: RegExp, wanted: Wanted): Decoded<readonly string[]> {
  const listed: unknown = typeof typed === 'string' ? typed.split(/,(?=\w+:\/\/)/) : typed
  if (!Array.isArray(listed) || listed.length === 0) return { wanted }
  const found = listed.map(each => (typeof each === 'string' ? each.trim() : ''))
  const valid = found.every(
    each => protocol.test(/^\w+:/.exec(each)?.[0] ?? '') && each.length > 'tls://'.length,
  )
  return valid ? { value: Object.freeze(found) } : { wanted }
}

/** Addresses and networks (10.0.0.0/8): with commas between them, or an array of them in the file. */
export function networks(typed: unknown): Decoded<readonly string[]> {
  const listed: unknown = typeof typed === 'string' ? typed.split(',').map(each => each.trim()) : typed
  if (!Array.isArray(listed) || !listed.every(isNetwork)) return { wanted: 'networks' }
  return { value: Object.freeze(listed) }
}

function isNetwork(text: unknown): text is string {
  if (typeof text !== 'string' || text.includes('%')) return false
  const [address = '', prefix, ...more] = text.split('/')
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  const valid = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= longest)
  return longest > 0 && valid && more.length === 0
}
