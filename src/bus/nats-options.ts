// From how a NATS is named in settings to what its client wants.

import { accessSync, constants, readFileSync } from 'node:fs'
import {
  type Authenticator,
  credsAuthenticator,
  type NodeConnectionOptions,
  nkeyAuthenticator,
} from '@nats-io/transport-node'

export interface NatsServers {
  /** nats://host:port or tls://host:port, with user:password@ or token@ in front of the host where they are wanted. */
  readonly urls: readonly string[]
  /** A file with a JWT and its seed, as nsc writes it, or with the seed of an nkey alone. */
  readonly credentials?: string
  /** Files in PEM: whom to trust, and what to show. Asks for TLS by itself. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string }
}

/** Who is silent for about three times so long is not there any more. */
const PING_MS = 5000
const RECONNECT_MS = 1000
const RECONNECT_JITTER_MS = 500
const LONGEST_CONNECT_MS = 5000

/** Throws an Error for a URL that is none, and for a file that cannot be read. */
export function connectionOptions(where: NatsServers): NodeConnectionOptions {
  const urls = where.urls.map(parseUrl)
  const encrypted = where.tls !== undefined || urls.some(({ protocol }) => protocol === 'tls:')
  return {
    servers: urls.map(({ host }) => host),
    name: 'tertulia',
    noEcho: true,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: RECONNECT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    reconnectJitterTLS: RECONNECT_JITTER_MS,
    pingInterval: PING_MS,
    timeout: LONGEST_CONNECT_MS,
    ...(encrypted && { tls: tlsOf(where) }),
    ...credentialsOf(where, urls),
  }
}

function parseUrl(url: string): URL {
  const parsed = URL.parse(url.includes('://') ? url : `nats://${url}`)
  if (!parsed?.hostname || !['nats:', 'tls:'].includes(parsed.protocol))
    throw new Error(`${withoutSecret(url)} is no address of a NATS server`)
  return parsed
}

function withoutSecret(url: string): string {
  return url.replace(/\/\/.*@/, '//…@')
}

function tlsOf({ tls }: NatsServers): NonNullable<NodeConnectionOptions['tls']> {
  const { ca, cert, key } = tls ?? {}
  // The client reads them at every connection, so that they may be renewed; now it shows whether they can be read.
  for (const file of [ca, cert, key]) if (file !== undefined) accessSync(file, constants.R_OK)
  return {
    ...(ca !== undefined && { caFile: ca }),
    ...(cert !== undefined && { certFile: cert }),
    ...(key !== undefined && { keyFile: key }),
  }
}

/** What shows who we are; of several URLs the first that names somebody. */
function credentialsOf({ credentials }: NatsServers, urls: readonly URL[]): Partial<NodeConnectionOptions> {
  if (credentials !== undefined) return { authenticator: authenticatorOf(readFileSync(credentials)) }
  const named = urls.find(({ username }) => username !== '')
  if (!named) return {}
  const [user, pass] = [decodeURIComponent(named.username), decodeURIComponent(named.password)]
  return named.password === '' ? { token: user } : { user, pass }
}

function authenticatorOf(file: Uint8Array): Authenticator {
  const seed = Buffer.from(file).toString().trim()
  return /^SU[A-Z2-7]+$/.test(seed) ? nkeyAuthenticator(Buffer.from(seed)) : credsAuthenticator(file)
}
