// The connections that are open, whichever port they came to.

import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export class OpenSockets {
  readonly #sockets = new Set<Socket>()

  get size(): number {
    return this.#sockets.size
  }

  readonly add = (socket: Socket): void => {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
  }

  /** Resolves when all sockets that are open now have closed, at the latest after `longestMs`. */
  async closed(longestMs: number): Promise<void> {
    const closings = [...this.#sockets].map(socket => new Promise(resolve => socket.once('close', resolve)))
    await Promise.race([Promise.all(closings), sleep(longestMs)])
  }
}
