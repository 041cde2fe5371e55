// The header of the PROXY protocol, by which a proxy passes on the client's address (haproxy.org, proxy-protocol.txt,
// versions 1 and 2). Pure.

import { isIP } from 'node:net'

/** The longest header of version 1, with its CR LF (section 2.1). */
const LONGEST_LINE = 107
/** Begins each header of version 2 (section 2.2). */
const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
/** The fixed part of version 2: signature, version and command, family, length. */
const FIXED = 16
/** The most bytes of addresses and extensions (TLVs) that are accepted. */
const LONGEST_REST = 2048
const [LOCAL, PROXY] = [0x20, 0x21]

export interface ProxyHeader {
  /** The length of the header in bytes. */
  readonly length: number
  /** The client's address; undefined if the proxy connects on its own behalf (LOCAL), '' if it does not know it. */
  readonly address: string | undefined
}

/** Parses a header: 'undecided' while the bytes may still become one, 'none' when they cannot. */
export function proxyHeader(bytes: Buffer): ProxyHeader | 'undecided' | 'none' {
  if (startsAlike(bytes, SIGNATURE)) return binaryHeader(bytes)
  return startsAlike(bytes, Buffer.from('PROXY ')) ? textHeader(bytes) : 'none'
}

function startsAlike(bytes: Buffer, word: Buffer): boolean {
  const length = Math.min(bytes.length, word.length)
  return bytes.subarray(0, length).equals(word.subarray(0, length))
}

/** PROXY TCP4 192.0.2.1 198.51.100.7 51234 8000 */
function textHeader(bytes: Buffer): ProxyHeader | 'undecided' | 'none' {
  const end = bytes.indexOf('\r\n')
  if (end === -1) return bytes.length < LONGEST_LINE ? 'undecided' : 'none'
  const length = end + 2
  if (length > LONGEST_LINE) return 'none'
  const [, family = '', source = '', target = '', ...ports] = bytes.toString('latin1', 0, end).split(' ')
  if (family === 'UNKNOWN') return { length, address: '' }
  const version = { TCP4: 4, TCP6: 6 }[family]
  const fits = version !== undefined && isIP(source) === version && isIP(target) === version
  return fits && ports.length === 2 ? { length, address: source } : 'none'
}

function binaryHeader(bytes: Buffer): ProxyHeader | 'undecided' | 'none' {
  if (bytes.length < FIXED) return 'undecided'
  const [command = 0, family = 0] = bytes.subarray(12)
  const rest = bytes.readUInt16BE(14)
  if ((command !== LOCAL && command !== PROXY) || rest > LONGEST_REST) return 'none'
  if (bytes.length < FIXED + rest) return 'undecided'
  const length = FIXED + rest
  if (command === LOCAL) return { length, address: undefined }
  const addresses = bytes.subarray(FIXED, length)
  if (family === 0x11) return addresses.length < 12 ? 'none' : { length, address: inet(addresses) }
  if (family === 0x21) return addresses.length < 36 ? 'none' : { length, address: inet6(addresses) }
  return { length, address: '' }
}

function inet(addresses: Buffer): string {
  return [...addresses.subarray(0, 4)].join('.')
}

function inet6(addresses: Buffer): string {
  const words = Array.from({ length: 8 }, (_, i) => addresses.readUInt16BE(i * 2).toString(16))
  return words.join(':')
}
