// Parses addresses of PostgreSQL servers: libpq's connection URIs (postgresql.org/docs/current/libpq-connect.html,
// 34.1.1.2), several hosts in one URI, or several URIs.

import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { Unusable } from '../unusable.ts'

export interface Server {
  readonly host: string
  readonly port: number
  /** undefined: from the environment (PGUSER and its like), or the operating system's user. */
  readonly user: string | undefined
  readonly password: string | undefined
  readonly database: string | undefined
  /** Options for the session: -c name=value. */
  readonly options: string | undefined
  /** false: never. 'prefer': if the server supports it. */
  readonly tls: false | 'prefer' | ConnectionOptions
}

const ADDRESS =
  /^postgres(?:ql)?:\/\/(?:(?<user>[^:@/?]*)(?::(?<password>[^@/?]*))?@)?(?<hosts>[^/?]*)(?:\/(?<database>[^?]*))?(?:\?(?<settings>.*))?$/
const HOST = /^(?:\[(?<inBrackets>[^\]]+)\]|(?<plain>[^:[\]]*))(?::(?<port>\d{1,5}))?$/
/** libpq's parameters. Three are ours to decide and ignored, so that an address from another program works as it is. */
const SETTINGS = new Set([
  ...['host', 'port', 'user', 'password', 'dbname', 'options', 'application_name', 'connect_timeout'],
  ...['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'target_session_attrs'],
])

/** The servers, in the order in which to try them. Throws Unusable, which never quotes a password. */
export function serversOf(addresses: readonly string[]): Server[] {
  const servers = addresses.flatMap(serversIn)
  if (servers.length === 0) throw new Unusable('bad-url', 'no address')
  return servers
}

function serversIn(address: string): Server[] {
  const parts = ADDRESS.exec(address)?.groups ?? bad('it does not begin with postgres://')
  const settings = new URLSearchParams(parts.settings ?? '')
  const unknown = [...settings.keys()].find(name => !SETTINGS.has(name))
  if (unknown !== undefined) bad(`there is no setting ${unknown}`)
  const hosts = parts.hosts || settings.get('host') || 'localhost'
  return hosts.split(',').map(each => {
    const { inBrackets, plain, port } = HOST.exec(each)?.groups ?? bad(`${each} is no host`)
    const host = decoded(inBrackets ?? plain) || 'localhost'
    return {
      host,
      port: portOf(port ?? settings.get('port') ?? '5432'),
      user: decoded(parts.user) || settings.get('user') || undefined,
      password: decoded(parts.password) || settings.get('password') || undefined,
      database: decoded(parts.database) || settings.get('dbname') || undefined,
      options: settings.get('options') ?? undefined,
      tls: tlsOf(settings, host),
    }
  })
}

function bad(why: string): never {
  throw new Unusable('bad-url', why)
}

function decoded(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? '')
  } catch {
    return bad('a % stands alone')
  }
}

function portOf(typed: string): number {
  const port = Number(typed)
  return port > 0 && port < 65_536 ? port : bad(`${typed} is no port`)
}

/** libpq's sslmode. The default is TLS if the server supports it, without checking its certificate. */
function tlsOf(settings: URLSearchParams, host: string): Server['tls'] {
  const mode = settings.get('sslmode') ?? 'prefer'
  const files = {
    ca: file(settings, 'sslrootcert'),
    cert: file(settings, 'sslcert'),
    key: file(settings, 'sslkey'),
  }
  const given = Object.fromEntries(Object.entries(files).filter(([, content]) => content !== undefined))
  const name = isIP(host) ? {} : { servername: host }
  switch (mode) {
    case 'disable':
      return false
    case 'allow':
    case 'prefer':
      return 'prefer'
    case 'require':
      // As in libpq: when a root certificate is given, the server's is checked.
      if (files.ca === undefined) return { ...given, ...name, rejectUnauthorized: false }
      return { ...given, ...name, checkServerIdentity: () => undefined }
    case 'verify-ca':
      return { ...given, ...name, checkServerIdentity: () => undefined }
    case 'verify-full':
      return { ...given, ...name }
    default:
      return bad(`sslmode can't be ${mode}`)
  }
}

function file(settings: URLSearchParams, name: string): Buffer | undefined {
  const path = settings.get(name)
  if (path === null || path === 'system') return undefined
  try {
    return readFileSync(path)
  } catch (error) {
    throw new Unusable('bad-url', error)
  }
}

/** host:port/database, for messages to people; without user and password. */
export function addressOf({ host, port, database }: Server): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}/${database ?? ''}`
}
