// Translates our NATS settings to the options of its client.

import { accessSync, constants, readFileSync } from 'node:fs'
import {
  type Authenticator,
  credsAuthenticator,
  type NodeConnectionOptions,
  nkeyAuthenticator,
} from '@nats-io/transport-node'

export interface NatsServers {
  /** nats://host:port or tls://host:port, with user:password@ or token@ before the host where needed. */
  readonly urls: readonly string[]
  /** Path of a file with a JWT and its seed, as nsc writes it, or with the seed of an nkey alone. */
  readonly credentials?: string
  /** Paths of PEM files: the CA to trust, and a client certificate with its key. Implies TLS. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string }
}

/** After about three pings without an answer the client takes the connection for lost. */
const PING_MS = 5000
const RECONNECT_MS = 1000
const RECONNECT_JITTER_MS = 500
const LONGEST_CONNECT_MS = 5000

/** Throws an Error for an invalid URL, and for a file that can't be read. */
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
  // The client reads the files at every connection, so that they may be renewed; here they must only be readable.
  for (const file of [ca, cert, key]) if (file !== undefined) accessSync(file, constants.R_OK)
  return {
    ...(ca !== undefined && { caFile: ca }),
    ...(cert !== undefined && { certFile: cert }),
    ...(key !== undefined && { keyFile: key }),
  }
}

/** Credentials from the file or, without one, from the first URL that has a user. */
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
