// The doors: line and IRC at once, the web when somebody first comes to it.

import { Buffer } from 'node:buffer'
import { flushCompileCache } from 'node:module'
import type { Socket } from 'node:net'
import { hostname } from 'node:os'
import type { Chat } from '../core/chat.ts'

import { IrcDoor } from '../doors/irc/door.ts'
import type { IrcSettings } from '../doors/irc/settings.ts'
import { LineDoor } from '../doors/line/door.ts'
import { lineDisplay } from '../doors/line/render.ts'
import { refuseTls } from '../doors/no-tls.ts'
import type { Health } from '../doors/web/health.ts'
import type { JoinAddresses } from '../doors/web/operations/operation.ts'
import type { OnConnection } from '../net/port.ts'
import { Proxies } from '../net/proxies.ts'
import type { Quota } from '../net/quota.ts'
import { LazyDoor } from './lazy-door.ts'
import type { DoorHandlers } from './listeners.ts'
import type { ServerContext } from './server-context.ts'
import { VERSION } from './version.ts'
import type { WebApp } from './web-app.ts'

export interface DoorsDeps {
  readonly chat: Chat
  /** The server's time zone, IANA's name. */
  readonly zone: string
  /** In code points. */
  readonly shortestPassword: number
  readonly irc: IrcSettings
  /** Where others reach the web door: known once the ports are open. */
  readonly webUrl: () => string
  /** The same for all doors. */
  readonly join: () => JoinAddresses
  readonly webApp: WebApp
  readonly quota: Quota
  readonly health: Health
  /** Told of each connection that the main port hands to a door. */
  readonly connected: (socket: Socket) => void
}

export interface OpenDoors {
  /** For the ports that have one door each. */
  readonly handlers: DoorHandlers
  /** For the main port, which has all of them. */
  readonly answer: OnConnection
  /** Says good-bye to everybody, and takes nobody new. */
  close(): Promise<void>
}

export function openDoors({ config, onError }: ServerContext, deps: DoorsDeps): OpenDoors {
  const { chat, zone, shortestPassword, webUrl, connected } = deps
  const spoken = { chat, language: config.lang, zone, shortestPassword, webUrl, onError }
  const irc = new IrcDoor({ ...spoken, settings: deps.irc, version: VERSION })
  const web = new LazyDoor(async () => {
    const { WebDoor } = await import('../doors/web/door.ts')
    flushCompileCache()
    return WebDoor.open({
      chat,
      language: config.lang,
      shortestPassword,
      hostNames: [config.host, hostname(), `${hostname()}.local`],
      publicUrl: config.publicUrl,
      webUrl,
      join: deps.join,
      proxies: new Proxies(config.trustedProxies),
      displays: [lineDisplay(config.lang, webUrl), irc.display],
      irc: lines => irc.answer(lines, Buffer.alloc(0)),
      files: deps.webApp,
      quota: deps.quota,
      health: deps.health,
      version: VERSION,
      onError,
    })
  }, onError)
  const line = new LineDoor({
    ...spoken,
    otherDoor(caller, socket, heard) {
      if (caller === 'web') return web.handOver(socket, door => door.refuse(socket))
      socket.write('\r\n') // ends the line of the menu, which has no newline
      irc.answer(socket, heard)
    },
  })
  return {
    handlers: {
      line: (socket, first) => line.answer(socket, first, true),
      irc: (socket, first) => irc.answer(socket, first),
      web: socket => web.handOver(socket, door => door.answer(socket, Buffer.alloc(0))),
      ircOnWeb: socket => web.handOver(socket, door => door.answerIrc(socket)),
      noWeb: socket => web.handOver(socket, door => door.refuse(socket)),
    },
    answer(caller, socket, first) {
      connected(socket)
      if (caller === 'line') line.answer(socket, first)
      else if (caller === 'irc') irc.answer(socket, first)
      else if (caller === 'web') web.handOver(socket, door => door.answer(socket, first))
      else refuseTls(socket)
    },
    async close() {
      irc.close()
      await Promise.all([line.close(), web.close()])
    },
  }
}
