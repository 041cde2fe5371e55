// Decodes a setting's raw value, from a flag, the environment or the file, to the value, or to what it should have
// been.

import { isIP } from 'node:net'
import type { Wording } from '../wording/es.ts'

export type Wanted = keyof Wording['wanted']
export type Decoded<Value> = { readonly value: Value } | { readonly wanted: Wanted }

export function port(raw: unknown): Decoded<number> {
  return integer(raw, { least: 0, most: 65_535 }, 'port')
}

export function boolean(raw: unknown): Decoded<boolean> {
  if (raw === true || raw === 'true') return { value: true }
  return raw === false || raw === 'false' ? { value: false } : { wanted: 'boolean' }
}

export function text(raw: unknown): Decoded<string> {
  return typeof raw === 'string' && raw !== '' ? { value: raw } : { wanted: 'text' }
}

export function matching(raw: unknown, isValid: (text: string) => boolean, wanted: Wanted): Decoded<string> {
  return typeof raw === 'string' && isValid(raw) ? { value: raw } : { wanted }
}

export function oneOf(raw: unknown, words: readonly string[], wanted: Wanted): Decoded<string> {
  return matching(raw, word => words.includes(word), wanted)
}

export function integer(
  raw: unknown,
  { least, most }: { least: number; most: number },
  wanted: Wanted,
): Decoded<number> {
  const number = typeof raw === 'string' && /^\d+$/.test(raw) ? Number(raw) : raw
  const valid = typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most
  return valid ? { value: number } : { wanted }
}

/** Bytes, with a unit where one is given: 500M, 2G; M is a million, as sizes are shown. */
export function size(raw: unknown): Decoded<number> {
  const [, digits, unit = ''] = /^(\d{1,12})([KMGT]?)$/i.exec(String(raw)) ?? []
  const bytes = Number(digits) * 1000 ** ' KMGT'.indexOf(unit.toUpperCase() || ' ')
  return Number.isSafeInteger(bytes) && bytes > 0 ? { value: bytes } : { wanted: 'size' }
}

/** Media types, separated by commas, or an array in the file. */
export function mediaTypes(raw: unknown): Decoded<readonly string[]> {
  const listed: unknown = typeof raw === 'string' ? raw.split(',').map(each => each.trim()) : raw
  const isType = (each: unknown) => typeof each === 'string' && /^[a-z]+\/(?:\*|[a-z0-9][\w.+-]*)$/.test(each)
  return Array.isArray(listed) && listed.length > 0 && listed.every(isType)
    ? { value: Object.freeze(listed) }
    : { wanted: 'mediaTypes' }
}

/** One word in a line of IRC. */
export function networkName(raw: unknown): Decoded<string> {
  return typeof raw === 'string' && /^[\p{L}\p{Nd}._-]{1,30}$/u.test(raw)
    ? { value: raw }
    : { wanted: 'networkName' }
}

/** With a dot, which tells a server's name from a nick. */
export function hostName(raw: unknown): Decoded<string> {
  const valid = typeof raw === 'string' && raw.length <= LONGEST_HOST && HOST.test(raw)
  return valid ? { value: raw } : { wanted: 'hostName' }
}

/** Longest name of the server, which is part of every line that it sends (HOSTLEN). */
export const LONGEST_HOST = 63
const HOST = /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/

/** A URL's scheme, host and port, and nothing else. */
export function origin(raw: unknown): Decoded<string> {
  const url = typeof raw === 'string' ? URL.parse(raw) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.host === '') return { wanted: 'origin' }
  return url.href === `${url.origin}/` ? { value: url.origin } : { wanted: 'origin' }
}

/** Separated by commas, or an array in the file. @param protocol the URLs', with its colon */
export function urls(raw: unknown, protocol: RegExp, wanted: Wanted): Decoded<readonly string[]> {
  const listed: unknown = typeof raw === 'string' ? raw.split(/,(?=\w+:\/\/)/) : raw
  if (!Array.isArray(listed) || listed.length === 0) return { wanted }
  const found = listed.map(each => (typeof each === 'string' ? each.trim() : ''))
  const valid = found.every(
    each => protocol.test(/^\w+:/.exec(each)?.[0] ?? '') && each.length > 'tls://'.length,
  )
  return valid ? { value: Object.freeze(found) } : { wanted }
}

/** Addresses and networks (10.0.0.0/8), separated by commas, or an array in the file. */
export function networks(raw: unknown): Decoded<readonly string[]> {
  const listed: unknown = typeof raw === 'string' ? raw.split(',').map(each => each.trim()) : raw
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

const HOST_WITH_PORT = /^(\[[\da-f:.]+\]|[^\s:/?#@*[\]]+):(\d{1,5})$/i

/** host:port or [address]:port, separated by commas, or an array in the file; the hosts as the URL standard writes them. */
export function hostsWithPorts(raw: unknown): Decoded<readonly string[]> {
  const listed: unknown = typeof raw === 'string' ? raw.split(',').map(each => each.trim()) : raw
  if (!Array.isArray(listed)) return { wanted: 'hostsWithPorts' }
  const found = listed.flatMap(each => hostWithPort(each) ?? [])
  return found.length === listed.length ? { value: Object.freeze(found) } : { wanted: 'hostsWithPorts' }
}

function hostWithPort(raw: unknown): string | undefined {
  const [, host = '', port = ''] = typeof raw === 'string' ? (HOST_WITH_PORT.exec(raw) ?? []) : []
  const hostname = URL.parse(`http://${host}`)?.hostname ?? ''
  const valid = hostname !== '' && Number(port) >= 1 && Number(port) <= 65_535
  return valid ? `${hostname}:${Number(port)}` : undefined
}
