// IRC over WebSocket (IRCv3 websocket): at a path of the web door, or on a port of its own.

import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import { createServer } from '../../../net/http.ts'
import { sayAndEnd } from '../../../net/say-and-end.ts'
import { rawProblem, refuseBroken, STALLED_MS } from '../api.ts'
import { MOST_HEADERS } from '../guards.ts'
import type { ProblemCode, Problems } from '../operations/problems.ts'
import { Pipeline } from '../pipeline.ts'
import type { RemoteAddresses } from '../remote-address.ts'
import { BINARY, subprotocol, WebLines } from './line-stream.ts'

/** The longest message in bytes: more than the IRC door takes, so that it can refuse the line itself. */
const LONGEST_LINE = 16 << 10
/** The most fragments of one message. */
const MOST_FRAGMENTS = 64
/** The time for the headers of a request. */
const REQUEST_MS = 10_000
const UPGRADE_REQUIRED = 426

export interface IrcUpgradesDeps {
  readonly problems: Problems
  /** Why an upgrade is refused, if so. */
  readonly refusal: (request: IncomingMessage) => ProblemCode | undefined
  readonly begin: (lines: WebLines) => void
  /** Makes the rate limit of a new connection's pings and pongs (core/limits/rate-limit.ts). */
  readonly rateLimit: () => () => number
}

export class IrcUpgrades {
  readonly #remote: RemoteAddresses
  readonly #deps: IrcUpgradesDeps
  readonly #upgrades = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    handleProtocols: subprotocol,
    maxPayload: LONGEST_LINE,
    maxFragments: MOST_FRAGMENTS,
  })
  readonly #pipeline = new Pipeline()
  /** The server of the port of its own. */
  readonly #server = createServer(
    {
      headersTimeout: REQUEST_MS,
      requestTimeout: REQUEST_MS,
      connectionsCheckingInterval: REQUEST_MS / 2,
      shouldUpgradeCallback: request => this.#pipeline.mayUpgrade(request),
    },
    this.#pipeline.serialize((_, response) => {
      response.writeHead(UPGRADE_REQUIRED, { Upgrade: 'websocket', Connection: 'Upgrade, close' }).end()
    }),
  )

  constructor(remote: RemoteAddresses, deps: IrcUpgradesDeps) {
    this.#remote = remote
    this.#deps = deps
    this.#server.maxHeadersCount = MOST_HEADERS
    this.#server.timeout = STALLED_MS
    this.#server.emit('listening') // starts its timeouts, as it never listens
    this.#server.on('clientError', (error, socket) => refuseBroken(socket as Socket, error, deps.problems))
    this.#upgrades.on('wsClientError', (_, socket) => this.#refuse(socket as Socket, 'bad-request'))
    this.#server.on('connect', (_, socket) => this.#refuse(socket as Socket, 'bad-request'))
    this.#server.on('upgrade', (request, socket, head) => {
      const refused = deps.refusal(request)
      if (refused) this.#refuse(socket as Socket, refused)
      else this.take(request, socket as Socket, head)
    })
  }

  /** Serves a connection to the port of its own: any path will do. */
  answer(socket: Socket): void {
    this.#server.emit('connection', socket)
  }

  /** Accepts an upgrade that has passed the checks. */
  take(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const address = this.#remote.addressOf(request)
    const secure = this.#remote.isSecure(request)
    this.#upgrades.handleUpgrade(request, socket, head, web =>
      this.#deps.begin(
        new WebLines(web, {
          address,
          secure,
          binary: web.protocol === BINARY,
          rateLimit: this.#deps.rateLimit(),
        }),
      ),
    )
  }

  close(): void {
    this.#server.closeIdleConnections()
  }

  #refuse(socket: Socket, code: ProblemCode): void {
    sayAndEnd(socket, rawProblem(this.#deps.problems, code))
  }
}
