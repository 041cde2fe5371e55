// The web door: the HTTP API, the web app and the WebSocket, on connections that the port hands over.

import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import type { Chat } from '../../core/chat.ts'
import { network } from '../../net/address.ts'
import { sayAndEnd } from '../../net/say-and-end.ts'
import { LONGEST_FRAME, SILENCE_MS } from '../../wire/websocket.ts'
import type { Language } from '../../wording/languages.ts'
import { type ApiServer, openApiServer, rawProblem } from './api.ts'
import type { AppFiles } from './app/files.ts'
import { tokenOf } from './credentials.ts'
import { badHeaders } from './guards.ts'
import type { Health } from './health.ts'
import { Hosts } from './hosts.ts'
import type { JoinAddresses } from './operations/operation.ts'
import { type ProblemCode, Problems } from './operations/problems.ts'
import { type Proxies, RemoteAddresses } from './remote-address.ts'
import { WebSocketConnection } from './socket/connection.ts'
import { type Display, jsonDisplay } from './socket/frames.ts'
import { IrcUpgrades } from './socket/irc-upgrades.ts'
import type { WebLines } from './socket/line-stream.ts'

/** The most fragments of one message. */
const MOST_FRAGMENTS = 64
/** The path for IRC over WebSocket. */
const IRC = '/irc'

export interface WebDoorDeps {
  readonly chat: Chat
  /** The language of people who have chosen none. */
  readonly language: Language
  readonly shortestPassword: number
  /** The names of this machine. */
  readonly hostNames: readonly string[]
  /** The public address, such as https://chat.example.org. */
  readonly publicUrl: string | undefined
  /** The address by which others reach this door, public or not; known once it listens. */
  readonly webUrl: () => string
  /** The same for all doors. */
  readonly join: () => JoinAddresses
  readonly proxies: Proxies
  /** How the other doors show a message. */
  readonly displays: readonly Display[]
  /** Takes over a WebSocket that speaks IRC. */
  readonly irc: (lines: WebLines) => void
  /** The files of the web app. */
  readonly files: AppFiles
  /** Limits the connections of one address. */
  readonly quota: ConnectionQuota
  readonly health: Health
  readonly version: string
  readonly onError: (error: unknown) => void
}

export interface ConnectionQuota {
  /** Counts a connection. @returns false if its address has as many as it may */
  admit(address: string, socket: Socket): boolean
}

export class WebDoor {
  readonly #deps: WebDoorDeps
  readonly #app: ApiServer['app']
  readonly #server: Server
  readonly #remote: RemoteAddresses
  readonly #problems: Problems
  readonly #connections = new Set<WebSocketConnection>()
  readonly #upgrades = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    handleProtocols: () => false,
    autoPong: false,
    maxPayload: LONGEST_FRAME,
    maxFragments: MOST_FRAGMENTS,
  })
  readonly #ircUpgrades: IrcUpgrades
  readonly #looking: NodeJS.Timeout

  private constructor(deps: WebDoorDeps, web: Web) {
    this.#deps = deps
    this.#app = web.app
    this.#server = web.server
    this.#remote = web.remote
    this.#problems = web.problems
    const refusal = (request: IncomingMessage) => this.#isForeign(request) ?? this.#lacksPlace(request)
    const rateLimit = () => deps.chat.connectionRateLimit()
    this.#ircUpgrades = new IrcUpgrades(this.#remote, { ...web, refusal, begin: deps.irc, rateLimit })
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket as Socket, head))
    for (const event of ['connect', 'checkExpectation'])
      this.#server.on(event, ({ socket }: IncomingMessage) =>
        web.pipeline.afterAnswers(socket, () => this.refuse(socket)),
      )
    this.#upgrades.on('wsClientError', (_, socket) => this.refuse(socket as Socket))
    deps.chat.avatars.watch(change => {
      for (const connection of this.#connections) connection.pictureChanged(change)
    })
    deps.chat.teams.watch(() => {
      for (const connection of this.#connections) connection.teamsChanged()
    })
    deps.chat.profiles.watch(person => {
      for (const connection of this.#connections) connection.personChanged(person)
    })
    deps.chat.settings.watch(settings => {
      for (const connection of this.#connections) connection.settingsChanged(settings)
    })
    this.#looking = setInterval(() => {
      for (const connection of this.#connections) connection.look()
    }, SILENCE_MS / 4)
  }

  static async open(deps: WebDoorDeps): Promise<WebDoor> {
    const { hostNames, publicUrl, proxies, language, shortestPassword } = deps
    const remote = new RemoteAddresses(new Hosts(hostNames, publicUrl), proxies)
    const problems = new Problems(language, shortestPassword)
    const displays = [...deps.displays, jsonDisplay]
    const api = await openApiServer({ ...deps, remote, problems, displays })
    return new WebDoor(deps, { ...api, remote, problems })
  }

  /** Serves a connection. @param first the bytes that the socket has sent already */
  answer(socket: Socket, first: Buffer): void {
    if (first.length > 0) socket.unshift(first)
    this.#server.emit('connection', socket)
  }

  /** Serves a connection to the port that takes IRC over WebSocket only. */
  answerIrc(socket: Socket): void {
    this.#ircUpgrades.answer(socket)
  }

  /**
   * Refuses a connection with 400: an unsupported request, or HTTP from a client that was taken for a line client, so that
   * no web page can make a browser type lines.
   */
  refuse(socket: Socket): void {
    sayAndEnd(socket, rawProblem(this.#problems, 'bad-request'))
  }

  /** Finishes the responses under way, and says goodbye on every WebSocket. */
  async close(): Promise<void> {
    clearInterval(this.#looking)
    for (const connection of this.#connections) connection.bye('closing')
    this.#server.closeIdleConnections()
    this.#ircUpgrades.close()
    await this.#app.close()
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const refused = this.#refusal(request)
    if (refused) return sayAndEnd(socket, rawProblem(this.#problems, refused))
    if (pathOf(request) === IRC) return this.#ircUpgrades.take(request, socket, head)
    const address = this.#remote.addressOf(request)
    const token = tokenOf(request.headers, this.#remote.isSecure(request))
    this.#upgrades.handleUpgrade(request, socket, head, web => {
      const connection = new WebSocketConnection(web, { socket, address, token }, this.#deps)
      this.#connections.add(connection)
      web.on('close', () => this.#connections.delete(connection))
    })
  }

  /** Direct connections were counted at the port; those of proxies are counted here, by the client's address. */
  #lacksPlace(request: IncomingMessage): ProblemCode | undefined {
    const { socket } = request
    const address = this.#remote.addressOf(request)
    const isCounted = address === network(socket.remoteAddress ?? '')
    return isCounted || this.#deps.quota.admit(address, socket) ? undefined : 'too-many-connections'
  }

  #refusal(request: IncomingMessage): ProblemCode | undefined {
    const path = pathOf(request)
    if (path !== '/ws' && path !== IRC) return 'not-found'
    return this.#isForeign(request) ?? this.#lacksPlace(request)
  }

  #isForeign(request: IncomingMessage): ProblemCode | undefined {
    const { headers } = request
    const bad = badHeaders(request)
    if (bad) return bad
    if (!this.#remote.hosts.knows(headers.host)) return 'wrong-host'
    return this.#remote.hosts.isOurs(headers) ? undefined : 'foreign-origin'
  }
}

function pathOf({ url }: IncomingMessage): string | undefined {
  return url?.split('?', 1)[0]
}

interface Web extends ApiServer {
  readonly remote: RemoteAddresses
  readonly problems: Problems
}
