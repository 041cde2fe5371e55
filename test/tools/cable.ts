// A proxy between clients and a server that can cut connections (pull) or hold back everything (pinch), like a cable.

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tie } from './tied.ts'

/** Called before each chunk passes. @returns whether to pull the cable first, until it is plugged in again */
export type Cutter = (from: 'client' | 'server', chunk: Buffer) => boolean

export class Cable implements Disposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #isOut = false
  #isPinched = false
  readonly #cuts: Cutter

  private constructor(target: number, cuts: Cutter) {
    this.#cuts = cuts
    this.#server = createServer(client => this.#join(client, target))
  }

  static async to(target: number, cuts: Cutter = () => false): Promise<Cable> {
    const cable = new Cable(target, cuts)
    await once(cable.#server.listen(0, '127.0.0.1'), 'listening')
    return cable
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Cuts all connections, and new ones too, until `plug`. */
  pull(): void {
    this.#isOut = true
    for (const socket of this.#sockets) socket.destroy()
  }

  plug(): void {
    this.#isOut = false
  }

  /** Connections stay, but nothing passes until `release`. */
  pinch(): void {
    this.#isPinched = true
    for (const socket of this.#sockets) socket.pause()
  }

  release(): void {
    this.#isPinched = false
    for (const socket of this.#sockets) socket.resume()
  }

  #join(client: Socket, target: number): void {
    if (this.#isOut) return void client.destroy()
    const server = connect(target, '127.0.0.1')
    tie(client, server, this.#sockets)
    for (const [from, to, side] of [
      [client, server, 'client'],
      [server, client, 'server'],
    ] as const) {
      from.on('data', (chunk: Buffer) => {
        if (!this.#isOut && this.#cuts(side, chunk)) this.pull()
        if (!this.#isOut) to.write(chunk)
      })
      from.on('end', () => to.end())
      if (this.#isPinched) from.pause()
    }
  }

  [Symbol.dispose](): void {
    this.pull()
    this.#server.close()
  }
}
