// The ports that have one door each.

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

/** Whoever has come to the wrong port has said so by then. */
const SILENCE_MS = 600

export interface DoorHandlers {
  readonly irc: (socket: Socket, first: Buffer) => void
  readonly line: (socket: Socket, first: Buffer) => void
  readonly web: (socket: Socket) => void
  /** IRC on WebSockets and nothing besides. */
  readonly ircOnWeb: (socket: Socket) => void
  /** HTTP where it is not spoken: no web page speaks lines. */
  readonly noWeb: (socket: Socket) => void
}

export interface ListenerDeps {
  readonly tls: Tls | undefined
  readonly wording: Wording
  readonly doors: DoorHandlers
  readonly connected: (socket: Socket) => void
  readonly connectionLimit: ConnectionLimit
}

export interface WebPort {
  readonly server?: Server
  /** That it has. */
  readonly port?: number
  /** Why there is none, for people. */
  readonly problem?: string
}

/** A port that is open. */
export interface OpenListener {
  readonly server: Server
  /** Where it is found, with the port that it has. */
  readonly url: string
}

/** Throws StartFailed where one can't be listened at; the others are closed then. */
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
 * The port for browsers alone, where there is to be one. Throws StartFailed where the one that was asked for can't be; the
 * one that nobody asked for is gone without.
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

/** Throws StartFailed for what the system says. */
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
    // What a trusted proxy hands on came to it as it sees fit.
    if (listener.proxy || mayEnter(socket.remoteAddress ?? '')) return goOn(socket)
    turnAway(callerAt(listener), socket, { sentence: wording.onlyNearby, status: '400 Bad Request' })
  }
  return listenAt(listener, socket => {
    connected(socket)
    const expected = listener.tls ? 'any' : callerAt(listener)
    if (!listener.proxy) connectionLimit.admit(socket, { expected }, () => enter(socket))
    else if (proxies.has(socket.remoteAddress ?? ''))
      readProxyHeader(socket, address => {
        if (!address)
          enter(socket, address) // a proxy's own, and nobody knows whose, are not counted
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
