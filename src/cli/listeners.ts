// The ports that have one door each.

import type { AddressInfo, Server, Socket } from 'node:net'
import type { Listener } from '../config/listeners.ts'
import { type Config, DEFAULT_WEB_PORT } from '../config/settings.ts'
import { noTls } from '../doors/absent.ts'
import { turnAway } from '../doors/turn-away.ts'
import { behindProxy, callsFrom } from '../net/behind-proxy.ts'
import { Networks } from '../net/networks.ts'
import { fixed } from '../net/patience.ts'
import { listenAt, whoIs } from '../net/port.ts'
import type { Tls } from '../net/tls.ts'
import type { Wording } from '../wording/es.ts'
import type { Crowd } from './connection-limit.ts'
import { inUrl } from './join.ts'
import { plaintextFrom } from './plaintext-policy.ts'
import { codeOf, reasonOf, StartFailed } from './start-failed.ts'

/** Whoever has come to the wrong port has said so by then. */
const SILENCE_MS = 600

export interface Doors {
  readonly irc: (socket: Socket, first: Buffer) => void
  readonly line: (socket: Socket, first: Buffer) => void
  readonly web: (socket: Socket) => void
  /** IRC on WebSockets and nothing besides. */
  readonly ircOnWeb: (socket: Socket) => void
  /** HTTP where it is not spoken: no web page speaks lines. */
  readonly noWeb: (socket: Socket) => void
}

export interface ListenersParts {
  readonly tls: Tls | undefined
  readonly wording: Wording
  readonly doors: Doors
  readonly connected: (socket: Socket) => void
  readonly crowd: Crowd
}

export interface WebPort {
  readonly server?: Server
  /** That it has. */
  readonly port?: number
  /** Why there is none, for people. */
  readonly lack?: string
}

/** A port that is open. */
export interface Opened {
  readonly server: Server
  /** Where it is found, with the port that it has. */
  readonly url: string
}

/** Throws StartFailed where one can't be listened at; the others are closed then. */
export async function openListeners(config: Config, parts: ListenersParts): Promise<readonly Opened[]> {
  const opened: Opened[] = []
  try {
    for (const listener of config.listen) {
      const server = await openOne(config, listener, parts)
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
export async function openWebPort(config: Config, parts: ListenersParts): Promise<WebPort> {
  const { webPort, lan, host, port: mainPort } = config
  if (webPort === 'off' || (webPort === undefined && !lan)) return {}
  const port = webPort ?? (mainPort === 0 ? 0 : DEFAULT_WEB_PORT)
  const tls = parts.tls !== undefined
  const scheme = tls ? 'https' : 'http'
  const url = `${scheme}://${inUrl(host)}:${port}`
  const listener: Listener = { url, scheme, door: 'web', tls, host, port, proxy: false }
  try {
    const server = await open(config, listener, parts)
    return { server, port: (server.address() as AddressInfo).port }
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined) throw error
    const why = reasonOf(code, parts.wording)
    if (webPort !== undefined) throw new StartFailed(parts.wording.startFailed.listener(url, why))
    return { lack: parts.wording.noWebPort(port, why) }
  }
}

function urlOf({ scheme }: Listener, { address, port }: AddressInfo): string {
  return `${scheme}://${inUrl(address)}:${port}`
}

/** Throws StartFailed for what the system says. */
async function openOne(config: Config, listener: Listener, parts: ListenersParts): Promise<Server> {
  try {
    return await open(config, listener, parts)
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined) throw error
    throw new StartFailed(parts.wording.startFailed.listener(listener.url, reasonOf(code, parts.wording)))
  }
}

function open(config: Config, listener: Listener, parts: ListenersParts) {
  const { tls, wording, doors, connected, crowd } = parts
  const proxies = new Networks(config.trustedProxies)
  const mayEnter = plaintextFrom({ ...config, host: listener.host })
  const enter = (socket: Socket, address?: string) => {
    const goOn = (inside: Socket) => atDoor(listener, doors, inside)
    if (listener.tls && tls) return tls.take(socket, { address, answer: goOn })
    if (address !== undefined) callsFrom(socket, address)
    // What a trusted proxy hands on came to it as it sees fit.
    if (listener.proxy || mayEnter(socket.remoteAddress ?? '')) return goOn(socket)
    turnAway(callerAt(listener), socket, { sentence: wording.onlyNearby, status: '400 Bad Request' })
  }
  return listenAt(listener, socket => {
    connected(socket)
    const expected = listener.tls ? 'any' : callerAt(listener)
    if (!listener.proxy) crowd.enter(socket, { expected }, () => enter(socket))
    else if (proxies.has(socket.remoteAddress ?? ''))
      behindProxy(socket, address => {
        if (!address)
          enter(socket, address) // a proxy's own, and nobody knows whose, are not counted
        else crowd.enter(socket, { expected, address }, () => enter(socket, address))
      })
    else socket.destroy()
  })
}

function callerAt({ door }: Listener): 'irc' | 'web' | 'line' {
  return door === 'irc-ws' ? 'web' : door
}

function atDoor({ door }: Listener, doors: Doors, socket: Socket): void {
  if (door === 'web') return doors.web(socket)
  if (door === 'irc-ws') return doors.ircOnWeb(socket)
  whoIs(socket, fixed(SILENCE_MS), (caller, _, first) => {
    if (caller === 'web') doors.noWeb(socket)
    else if (caller === 'tls') noTls(socket)
    else doors[door](socket, first)
  })
}
