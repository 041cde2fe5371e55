// Additional ports: each has one door, in plaintext or TLS, with or without a proxy in front.

import { isIP } from 'node:net'
import type { Decoded } from './decode.ts'

/** The protocol of a port; `irc-ws` is IRC on WebSockets, at any path. */
export type DoorAt = 'irc' | 'irc-ws' | 'web' | 'line'

export interface Listener {
  /** As it was typed, for messages. */
  readonly url: string
  /** Such as ircs. */
  readonly scheme: string
  readonly door: DoorAt
  readonly host: string
  readonly port: number
  /** Connections begin with a TLS handshake. */
  readonly tls: boolean
  /** Connections begin with a header of the PROXY protocol, from a trusted proxy. */
  readonly proxy: boolean
}

const SCHEMES: Readonly<Record<string, Pick<Listener, 'door' | 'tls'> & { readonly port: number }>> = {
  irc: { door: 'irc', tls: false, port: 6667 },
  ircs: { door: 'irc', tls: true, port: 6697 },
  'irc+ws': { door: 'irc-ws', tls: false, port: 8067 },
  'irc+wss': { door: 'irc-ws', tls: true, port: 8097 },
  http: { door: 'web', tls: false, port: 80 },
  https: { door: 'web', tls: true, port: 443 },
  line: { door: 'line', tls: false, port: 8001 },
  lines: { door: 'line', tls: true, port: 8002 },
}

/** ircs://0.0.0.0:6697, irc://127.0.0.1:6667?proxy: separated by commas, or an array in the file. */
export function listeners(raw: unknown): Decoded<readonly Listener[]> {
  const listed: unknown = typeof raw === 'string' ? raw.split(',').map(each => each.trim()) : raw
  if (!Array.isArray(listed)) return { wanted: 'listeners' }
  const found = listed.flatMap(each => listenerAt(each) ?? [])
  return found.length === listed.length ? { value: Object.freeze(found) } : { wanted: 'listeners' }
}

const URL_LIKE = /^([a-z+]+):\/\/(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?\/?(\?proxy)?$/i

function listenerAt(raw: unknown): Listener | undefined {
  const [, name = '', where = '', number, proxy] = typeof raw === 'string' ? (URL_LIKE.exec(raw) ?? []) : []
  const scheme = Object.hasOwn(SCHEMES, name) ? SCHEMES[name] : undefined
  if (!scheme) return undefined
  const host = where.replace(/^\[|\]$/g, '')
  const port = number === undefined ? scheme.port : Number(number)
  const isHost = where.startsWith('[') ? isIP(host) === 6 : host !== ''
  if (!isHost || port > 65_535) return undefined
  const { door, tls } = scheme
  return { url: `${raw}`, scheme: name, door, tls, host, port, proxy: proxy !== undefined }
}
