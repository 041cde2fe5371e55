// How others join: the URLs and commands that the console prints, and the URL for a QR code.

import { type Config, DEFAULT_PORT } from '../config/settings.ts'
import { hasTls, isLoopback } from '../config.ts'
import type { JoinAddresses } from '../doors/web/operations/operation.ts'
import { isPrivate } from '../net/private.ts'
import type { Wording } from '../wording/es.ts'
import { ownAddresses, reachable } from './addresses.ts'

/** How many of the machine's addresses are printed. */
const MOST_HOSTS = 3

/** The ports that are open. */
export interface Ports {
  readonly port: number
  /** For browsers; the same where they have none of their own. */
  readonly webPort: number
}

/** URLs for browsers, then commands for a terminal. */
export function joinInstructions(config: Config, { port, webPort }: Ports): string[] {
  const hosts = hostsOf(config)
  const [first = ''] = hosts
  return [
    ...urls(config, webPort),
    ...hosts.map(host => lineCommand(config, host, port)),
    ...(allowsPlaintext(config) ? [chatCommand(first, port)] : []),
  ]
}

/** The URL for a room full of people with phones; undefined without --lan. */
export function urlForQrCode(config: Config, { webPort }: Ports): string | undefined {
  return config.lan ? webUrl(config, { webPort }) : undefined
}

/** The URL that people are told to use, which links begin with. */
export function webUrl(config: Config, { webPort }: Pick<Ports, 'webPort'>): string {
  return urls(config, webPort)[0] ?? ''
}

/** How others reach the server, for those who tell them. */
export function joinAddresses(config: Config, ports: Ports): JoinAddresses {
  const [host = ''] = hostsOf(config)
  const { port } = ports
  const isNear = config.publicUrl === undefined && isLoopback(config.host)
  return {
    url: webUrl(config, ports),
    line: lineCommand(config, host, port),
    irc: { host, port, tls: !allowsPlaintext(config) },
    isLocal: isNear,
  }
}

/** URLs for browsers, the best first. */
function urls(config: Config, port: number): string[] {
  const { publicUrl, lan } = config
  const scheme = hasTls(config) ? 'https' : 'http'
  const isBehind = publicUrl !== undefined && !lan && !hasTls(config)
  const direct = isBehind ? [] : hostsOf(config).map(host => `${scheme}://${inUrl(host)}:${port}`)
  return [...(publicUrl === undefined ? [] : [publicUrl]), ...direct]
}

/** Warnings about connections that are not encrypted. */
export function warnings(config: Config, wording: Wording): string[] {
  const { host, allowPlaintext, lan } = config
  if (isLoopback(host) || !allowsPlaintext(config)) return []
  if (!lan || allowPlaintext) return [wording.plaintext]
  const near = [...ownAddresses('IPv4'), ...ownAddresses('IPv6')].some(isPrivate)
  return near ? [wording.plaintextNearby] : [wording.plaintextNearby, wording.nobodyNear]
}

function hostsOf({ host, lan }: Config): string[] {
  const nearby = lan && host === '0.0.0.0' ? ownAddresses('IPv4').filter(isPrivate).slice(0, MOST_HOSTS) : []
  return nearby.length > 0 ? nearby : [reachable(host)]
}

/** Whether clients may connect without TLS at the hosts that are printed. */
function allowsPlaintext({ host, lan, allowPlaintext }: Config): boolean {
  return lan || allowPlaintext || isLoopback(host)
}

function lineCommand(config: Config, host: string, port: number): string {
  if (allowsPlaintext(config)) return `nc ${host} ${port}`
  return `openssl s_client -quiet -connect ${inUrl(host)}:${port}`
}

function chatCommand(host: string, port: number): string {
  const options = [
    ...(host === 'localhost' ? [] : ['--host', host]),
    ...(port === DEFAULT_PORT ? [] : ['--port', `${port}`]),
  ]
  return ['npm run chat', ...(options.length > 0 ? ['--', ...options] : [])].join(' ')
}

/** A host as it stands in a URL: IPv6 in brackets (RFC 3986, section 3.2.2). */
export function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
