// HTTP pipelining: responses keep the order of their requests (RFC 9112, section 9.3.2), so whatever else is written on a
// connection waits for them. A request is not handled before those ahead of it are answered: an unread response may hold a
// file open or a page of history in memory, and one packet may hold a thousand requests.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** How long the last response waits for a client that does not read. */
const LONGEST_MS = 5_000
/** The most requests that wait on one connection; with more, it is closed. */
const MOST_WAITING = 100

export class Pipeline {
  /** The unfinished responses of each connection, in order. */
  readonly #answers = new WeakMap<Socket, Set<ServerResponse>>()
  readonly #waiting = new WeakSet<Socket>()

  /** Wraps a request listener: it gets the requests of a connection one at a time. */
  serialize(answer: (request: IncomingMessage, response: ServerResponse) => void): typeof answer {
    return (request, response) => {
      const { socket } = request
      if (socket.destroyed) return
      const answers = this.#answers.get(socket) ?? new Set()
      if (answers.size > MOST_WAITING) return void socket.destroy()
      const before = [...answers].at(-1)
      this.#answers.set(socket, answers.add(response))
      const forget = () => answers.delete(response)
      response.once('finish', forget).once('close', forget)
      if (!before) return answer(request, response)
      before.once('close', () => {
        if (!socket.destroyed) answer(request, response) // if it is, the waiting requests are dropped
      })
    }
  }

  /**
   * Whether to accept an upgrade to a WebSocket. Not while earlier requests are unanswered, nor if the request has a body,
   * which would be read as frames; the request is then handled like any other (RFC 9110, section 7.8).
   */
  mayUpgrade({ headers, socket }: IncomingMessage): boolean {
    const hasBody = (headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined
    return isWebSocket(headers) && !hasBody && !this.#answers.get(socket)?.size
  }

  /** Calls `say` once the requests before it are answered; only once per connection, however often this is called. */
  afterAnswers(socket: Socket, say: () => void): void {
    const answers = [...(this.#answers.get(socket) ?? [])]
    const last = answers.filter(({ req }) => req.complete).at(-1) // an incomplete request may be the cause itself
    if (!last) return say()
    if (this.#waiting.has(socket)) return
    this.#waiting.add(socket)
    const timer = setTimeout(() => socket.destroy(), LONGEST_MS)
    socket.once('close', () => clearTimeout(timer))
    // Before the HTTP server's own listener, which closes half-open connections.
    last.prependOnceListener('finish', () => {
      clearTimeout(timer)
      say()
    })
  }
}

export function isWebSocket({ upgrade }: IncomingMessage['headers']): boolean {
  return upgrade?.toLowerCase() === 'websocket'
}
