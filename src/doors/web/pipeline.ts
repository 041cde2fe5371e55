// Answers stand in the order of what was asked (RFC 9112, section 9.3.2): whatever is said on a connection besides what
// the HTTP server says waits for its turn. Nothing is done for a request before those ahead of it on its connection are
// answered: an answer that nobody reads may hold a file open, or a page of history in memory, and a packet holds a
// thousand requests.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Nobody's last word waits longer for what they do not read. */
const LONGEST_MS = 5_000
/** Requests that wait on one connection: who sends more before they have an answer is up to no good. */
const MOST_WAITING = 100

export class Pipeline {
  /** Of each connection. */
  readonly #answers = new WeakMap<Socket, Set<ServerResponse>>()
  readonly #waiting = new WeakSet<Socket>()

  /** What a server does with requests, one at a time on each connection. One with too many is ended. */
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
        if (!socket.destroyed) answer(request, response) // they go with it, one after the other
      })
    }
  }

  /**
   * Whether to go on as a WebSocket, as was asked for. Not where something asked before is still to be answered, nor
   * where a body comes first, which would be read as frames; such a request is one like any other (RFC 9110, section 7.8).
   */
  mayUpgrade({ headers, socket }: IncomingMessage): boolean {
    const hasBody = (headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined
    return isWebSocket(headers) && !hasBody && !this.#answers.get(socket)?.size
  }

  /** Says the last word on a connection once all else is answered; once, however often it is asked for. */
  afterAnswers(socket: Socket, say: () => void): void {
    const answers = [...(this.#answers.get(socket) ?? [])]
    const last = answers.filter(({ req }) => req.complete).at(-1) // what was not asked to its end may be what goes wrong
    if (!last) return say()
    if (this.#waiting.has(socket)) return
    this.#waiting.add(socket)
    const timer = setTimeout(() => socket.destroy(), LONGEST_MS)
    socket.once('close', () => clearTimeout(timer))
    // Before the HTTP server hears of it, which then closes on whoever has ended their side.
    last.prependOnceListener('finish', () => {
      clearTimeout(timer)
      say()
    })
  }
}

export function isWebSocket({ upgrade }: IncomingMessage['headers']): boolean {
  return upgrade?.toLowerCase() === 'websocket'
}
