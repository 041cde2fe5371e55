// A door that is loaded when its first connection comes: most servers are never asked for most of what they can do.

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

  /** @param onError told why the door could not be loaded; the next connection tries again */
  constructor(load: () => Promise<Door>, onError: (error: unknown) => void) {
    this.#load = load
    this.#onError = onError
  }

  /** Hands the socket to the door; until that is loaded, nothing is read from the socket. */
  handOver(socket: Socket, use: (door: Door) => void): void {
    if (this.#door) return use(this.#door)
    if (this.#isClosed) return void socket.destroy()
    socket.pause()
    this.#whenLoaded().then(
      door => {
        if (socket.destroyed) return
        use(door)
        socket.resume()
      },
      () => socket.destroy(),
    )
  }

  /** Closes the door; sockets that come later are destroyed. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#loading?.catch(() => {}) // onError was told
    await this.#door?.close()
  }

  #whenLoaded(): Promise<Door> {
    this.#loading ??= this.#openDoor().catch(error => {
      this.#loading = undefined
      this.#onError(error)
      throw error
    })
    return this.#loading
  }

  async #openDoor(): Promise<Door> {
    this.#door = await this.#load()
    return this.#door
  }
}
