// How long the body of a request may take. Node has one bound for all requests; here a file that is received may take longer.

import type { IncomingMessage } from 'node:http'

const REQUEST_MS = 30_000

/**
 * Ends connections with a body that does not come in time, whatever becomes of its request: also one that waits, that is
 * refused, or that was answered already.
 */
export class BodyDeadlines {
  readonly #timers = new WeakMap<IncomingMessage, NodeJS.Timeout>()

  start(request: IncomingMessage): void {
    const { headers } = request
    const hasBody = (headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined
    if (!hasBody) return
    this.#wait(request)
    request.once('close', () => this.lift(request))
  }

  /** For a request that is handled as an upload: `chunksOf` says how slow its body may be, `dropRest` ends it. */
  lift(request: IncomingMessage): void {
    clearTimeout(this.#timers.get(request))
  }

  #wait(request: IncomingMessage): void {
    const timer = setTimeout(() => this.#look(request), REQUEST_MS)
    this.#timers.set(request, timer)
  }

  #look(request: IncomingMessage): void {
    if (request.complete) return
    if (isFull(request)) return this.#wait(request)
    const late = Object.assign(new Error('the body is late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
    const { socket } = request
    const { server } = socket as typeof socket & { readonly server: NodeJS.EventEmitter }
    server.emit('clientError', late, socket)
  }
}

/** Whether it is we who do not read on. */
function isFull({ socket, readableLength, readableHighWaterMark }: IncomingMessage): boolean {
  return socket.isPaused() || readableLength >= readableHighWaterMark
}
