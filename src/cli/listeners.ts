// The ports that have one door each.

import type { AddressInfo, Server, Socket } from 'node:net'
import type { Listener } from '../config/listeners.ts'
import type { Config } from '../config/settings.ts'
import { noTls } from '../doors/absent.ts'
import { refusePlaintext } from '../doors/plaintext.ts'
import { behindProxy, callsFrom } from '../net/behind-proxy.ts'
import { Networks } from '../net/networks.ts'
import { listenAt, whoIs } from '../net/port.ts'
import type { Tls } from '../net/tls.ts'
import type { Wording } from '../wording/es.ts'
import { plaintextFrom } from './entrance.ts'
import { codeOf, StartFailed } from './start-failed.ts'

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

function urlOf({ scheme }: Listener, { address, family, port }: AddressInfo): string {
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

/** Throws StartFailed for what the system says. */
async function openOne(config: Config, listener: Listener, parts: ListenersParts): Promise<Server> {
  try {
    return await open(config, listener, parts)
  } catch (error) {
    const code = codeOf(error)
    throw code === undefined ? error : new StartFailed(parts.wording.startFailed.listener(listener.url, code))
  }
}

function open(config: Config, listener: Listener, { tls, wording, doors, connected }: ListenersParts) {
  const proxies = new Networks(config.trustedProxies)
  const mayEnter = plaintextFrom({ ...config, host: listener.host })
  const enter = (socket: Socket, address?: string) => {
    const goOn = (inside: Socket) => atDoor(listener, doors, inside)
    if (listener.tls && tls) return tls.take(socket, { address, answer: goOn })
    if (address !== undefined) callsFrom(socket, address)
    // What a trusted proxy hands on came to it as it sees fit.
    if (listener.proxy || mayEnter(socket.remoteAddress ?? '')) return goOn(socket)
    refusePlaintext(callerAt(listener), socket, wording.onlyNearby)
  }
  return listenAt(listener, socket => {
    connected(socket)
    if (!listener.proxy) enter(socket)
    else if (proxies.has(socket.remoteAddress ?? ''))
      behindProxy(socket, address => enter(socket, address ?? socket.remoteAddress))
    else socket.destroy()
  })
}

function callerAt({ door }: Listener): 'irc' | 'web' | 'line' {
  return door === 'irc-ws' ? 'web' : door
}

function atDoor({ door }: Listener, doors: Doors, socket: Socket): void {
  if (door === 'web') return doors.web(socket)
  if (door === 'irc-ws') return doors.ircOnWeb(socket)
  whoIs(socket, (caller, _, first) => {
    if (caller === 'web') doors.noWeb(socket)
    else if (caller === 'tls') noTls(socket)
    else doors[door](socket, first)
  })
}
