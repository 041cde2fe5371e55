// HTTP pipelining: responses keep the order of their requests (RFC 9112, section 9.3.2), so whatever else is written on a
// connection waits for them. A request is not handled before those ahead of it are answered: an unread response may hold a
// file open or a page of history in memory, and one packet may hold a thousand requests. While a request waits, nothing more
// is read of its connection.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** How long the last response waits for a client that does not read. */
const LONGEST_MS = 5_000
/**
 * The most unanswered requests of a connection, and the most header lines of all of them: one packet may hold more. A
 * request takes some 3 KB of memory, a header line 0.1 KB. With more, the connection is closed.
 */
const MOST_WAITING = { requests: 100, headers: 1_000 }

export class Pipeline {
  /** The unfinished responses of each connection, in order. */
  readonly #answers = new WeakMap<Socket, Set<ServerResponse>>()
  readonly #waiting = new WeakSet<Socket>()

  /** Wraps a request listener: it gets the requests of a connection one at a time. */
  serialize(answer: (request: IncomingMessage, response: ServerResponse) => void): typeof answer {
    return (request, response) => {
      const { socket } = request
      if (socket.destroyed) return
      const answers = this.#answers.get(socket) ?? this.#watch(socket)
      const before = [...answers].at(-1)
      if (isTooMuch(answers.add(response))) return void socket.destroy()
      const forget = () => answers.delete(response)
      response.once('finish', forget).once('close', forget)
      if (!before) return answer(request, response)
      process.nextTick(holdBack, socket, answers) // after the rest of the packet
      before.once('close', () => {
        // Closed, or closing behind an answer that said so (RFC 9112, section 9.6): the waiting requests are dropped.
        if (!socket.writable) return
        if (answers.size === 1) socket.resume()
        answer(request, response)
      })
    }
  }

  #watch(socket: Socket): Set<ServerResponse> {
    const answers = new Set<ServerResponse>()
    this.#answers.set(socket, answers)
    socket.on('resume', () => holdBack(socket, answers)) // Node reads on when the client has taken what was written
    return answers
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

/** Reads no more of a connection on which a request waits. */
function holdBack(socket: Socket, answers: ReadonlySet<ServerResponse>): void {
  if (answers.size > 1) socket.pause()
}

function isTooMuch(answers: ReadonlySet<ServerResponse>): boolean {
  const lines = [...answers].reduce((sum, { req }) => sum + req.rawHeaders.length / 2, 0)
  return answers.size > MOST_WAITING.requests || lines > MOST_WAITING.headers
}

export function isWebSocket({ upgrade }: IncomingMessage['headers']): boolean {
  return upgrade?.toLowerCase() === 'websocket'
}
