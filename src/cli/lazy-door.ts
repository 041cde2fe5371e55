// A door that is loaded when somebody first knocks: most of what a server can do, most servers are never asked for.

import type { Socket } from 'node:net'

export interface Closable {
  close(): Promise<void>
}

export class LazyDoor<Door extends Closable> {
  readonly #load: () => Promise<Door>
  readonly #onError: (error: unknown) => void
  #door: Door | undefined
  #loading: Promise<Door> | undefined
  #isClosed = false

  /** @param onError told why the door could not be loaded; the next who knocks has it tried again */
  constructor(load: () => Promise<Door>, onError: (error: unknown) => void) {
    this.#load = load
    this.#onError = onError
  }

  /** Hands the socket over: at once where the door is there; else nothing is read from the socket until it is. */
  handOver(socket: Socket, through: (door: Door) => void): void {
    if (this.#door) return through(this.#door)
    if (this.#isClosed) return void socket.destroy()
    socket.pause()
    this.#opened().then(
      door => {
        if (socket.destroyed) return
        through(door)
        socket.resume()
      },
      () => socket.destroy(),
    )
  }

  /** Nobody is let in any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#loading?.catch(() => {}) // whoever knocked was told
    await this.#door?.close()
  }

  #opened(): Promise<Door> {
    this.#loading ??= this.#open().catch(error => {
      this.#loading = undefined
      this.#onError(error)
      throw error
    })
    return this.#loading
  }

  async #open(): Promise<Door> {
    this.#door = await this.#load()
    return this.#door
  }
}
