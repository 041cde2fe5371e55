// The ports that have one door each: those of --listen, and the web port.

import type { AddressInfo, Server, Socket } from 'node:net'
import type { Listener } from '../config/listeners.ts'
import { type Config, DEFAULT_WEB_PORT } from '../config/settings.ts'
import { refuseTls } from '../doors/no-tls.ts'
import { turnAway } from '../doors/turn-away.ts'
import { readProxyHeader, setRemoteAddress } from '../net/behind-proxy.ts'
import { Networks } from '../net/networks.ts'
import { fixed } from '../net/patience.ts'
import { detectProtocol, listenAt } from '../net/port.ts'
import type { Tls } from '../net/tls.ts'
import type { Wording } from '../wording/es.ts'
import type { ConnectionLimit } from './connection-limit.ts'
import { inUrl } from './join.ts'
import { plaintextFrom } from './plaintext-policy.ts'
import { codeOf, reasonOf, StartFailed } from './start-failed.ts'

/** How long a connection has to show that it has come to the wrong port. */
const SILENCE_MS = 600

export interface DoorHandlers {
  readonly irc: (socket: Socket, first: Buffer) => void
  readonly line: (socket: Socket, first: Buffer) => void
  readonly web: (socket: Socket) => void
  /** IRC on WebSockets, and nothing else. */
  readonly ircOnWeb: (socket: Socket) => void
  /** HTTP at a port that does not serve it: refused, so that no web page can speak lines. */
  readonly noWeb: (socket: Socket) => void
}

export interface ListenerDeps {
  readonly tls: Tls | undefined
  readonly wording: Wording
  readonly doors: DoorHandlers
  /** Told of each connection, before anything is read. */
  readonly connected: (socket: Socket) => void
  readonly connectionLimit: ConnectionLimit
}

export interface WebPort {
  readonly server?: Server
  /** The one it got. */
  readonly port?: number
  /** Why there is none: a sentence for the console. */
  readonly problem?: string
}

export interface OpenListener {
  readonly server: Server
  /** Its address, with the port that it got. */
  readonly url: string
}

/** Opens those of --listen. Throws StartFailed if one can't be opened, after closing the others. */
export async function openListeners(config: Config, deps: ListenerDeps): Promise<readonly OpenListener[]> {
  const opened: OpenListener[] = []
  try {
    for (const listener of config.listen) {
      const server = await openListener(config, listener, deps)
      opened.push({ server, url: urlOf(listener, server.address() as AddressInfo) })
    }
    return opened
  } catch (error) {
    for (const { server } of opened) server.close()
    throw error
  }
}

/**
 * Opens the port that only browsers use, if there is to be one. Throws StartFailed if the port that --web-port names
 * can't be opened; the default one is done without.
 */
export async function openWebPort(config: Config, deps: ListenerDeps): Promise<WebPort> {
  const { webPort, lan, host, port: mainPort } = config
  if (webPort === 'off' || (webPort === undefined && !lan)) return {}
  const port = webPort ?? (mainPort === 0 ? 0 : DEFAULT_WEB_PORT)
  const tls = deps.tls !== undefined
  const scheme = tls ? 'https' : 'http'
  const url = `${scheme}://${inUrl(host)}:${port}`
  const listener: Listener = { url, scheme, door: 'web', tls, host, port, proxy: false }
  try {
    const server = await listenAs(config, listener, deps)
    return { server, port: (server.address() as AddressInfo).port }
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined) throw error
    const why = reasonOf(code, deps.wording)
    if (webPort !== undefined) throw new StartFailed(deps.wording.startFailed.listener(url, why))
    return { problem: deps.wording.noWebPort(port, why) }
  }
}

function urlOf({ scheme }: Listener, { address, port }: AddressInfo): string {
  return `${scheme}://${inUrl(address)}:${port}`
}

/** Throws StartFailed with the system's reason. */
async function openListener(config: Config, listener: Listener, deps: ListenerDeps): Promise<Server> {
  try {
    return await listenAs(config, listener, deps)
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined) throw error
    throw new StartFailed(deps.wording.startFailed.listener(listener.url, reasonOf(code, deps.wording)))
  }
}

function listenAs(config: Config, listener: Listener, deps: ListenerDeps) {
  const { tls, wording, doors, connected, connectionLimit } = deps
  const proxies = new Networks(config.trustedProxies)
  const mayEnter = plaintextFrom({ ...config, host: listener.host })
  const enter = (socket: Socket, address?: string) => {
    const goOn = (inside: Socket) => atDoor(listener, doors, inside)
    if (listener.tls && tls) return tls.take(socket, { address, answer: goOn })
    if (address !== undefined) setRemoteAddress(socket, address)
    // Whether a client must come encrypted to a trusted proxy is the proxy's to decide.
    if (listener.proxy || mayEnter(socket.remoteAddress ?? '')) return goOn(socket)
    turnAway(callerAt(listener), socket, { sentence: wording.onlyNearby, status: '400 Bad Request' })
  }
  return listenAt(listener, socket => {
    if (!connectionLimit.hasPlace(socket)) return
    connected(socket)
    const expected = listener.tls ? 'any' : callerAt(listener)
    if (!listener.proxy) connectionLimit.admit(socket, { expected }, () => enter(socket))
    else if (proxies.has(socket.remoteAddress ?? ''))
      readProxyHeader(socket, address => {
        if (!address)
          enter(socket, address) // the proxy's own connections, and those of unknown origin, are not counted
        else connectionLimit.admit(socket, { expected, address }, () => enter(socket, address))
      })
    else socket.destroy()
  })
}

function callerAt({ door }: Listener): 'irc' | 'web' | 'line' {
  return door === 'irc-ws' ? 'web' : door
}

function atDoor({ door }: Listener, doors: DoorHandlers, socket: Socket): void {
  if (door === 'web') return doors.web(socket)
  if (door === 'irc-ws') return doors.ircOnWeb(socket)
  detectProtocol(socket, fixed(SILENCE_MS), (caller, _, first) => {
    if (caller === 'web') doors.noWeb(socket)
    else if (caller === 'tls') refuseTls(socket)
    else doors[door](socket, first)
  })
}
