// A hostile proxy between a node and its NATS: it loses, doubles and reorders messages.

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { random } from './random.ts'
import { tie } from './tied.ts'

/** The probability that it happens to a message. */
export interface Mischief {
  readonly drop: number
  readonly double: number
  readonly swap: number
}

const PEACE: Mischief = { drop: 0, double: 0, swap: 0 }
const LINE_END = '\r\n'
/** A message that is held back passes after this time if none follows. */
const HELD_MS = 20

export class NatsProxy implements Disposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  mischief: Mischief
  dropped = 0
  doubled = 0
  swapped = 0

  private constructor(target: number, mischief: Mischief) {
    this.mischief = mischief
    this.#server = createServer(client => this.#join(client, target))
  }

  static async to(target: number, mischief: Mischief): Promise<NatsProxy> {
    const proxy = new NatsProxy(target, mischief)
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening')
    return proxy
  }

  get url(): string {
    return `nats://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** From now on messages only pass. */
  calm(): void {
    this.mischief = PEACE
  }

  #join(client: Socket, target: number): void {
    const server = connect(target, '127.0.0.1')
    let bytes: Buffer = Buffer.alloc(0)
    const mix = this.#mixer(client)
    client.on('data', chunk => server.write(chunk))
    server.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk])
      for (let end = frameEnd(bytes); end !== undefined; end = frameEnd(bytes)) {
        mix(bytes.subarray(0, end))
        bytes = bytes.subarray(end)
      }
    })
    tie(client, server, this.#sockets)
  }

  /** Passes on, loses, doubles or holds back what the server sends. */
  #mixer(client: Socket): (frame: Buffer) => void {
    let held: Buffer | undefined
    const release = () => {
      if (held) client.write(held)
      held = undefined
    }
    return frame => {
      const lot = isMessage(frame) ? random() : 1
      const { drop, swap, double } = this.mischief
      if (lot < drop) return void this.dropped++
      if (lot < drop + swap && !held) {
        held = frame
        this.swapped++
        return void setTimeout(release, HELD_MS)
      }
      client.write(frame)
      if (lot < drop + swap + double) {
        client.write(frame)
        this.doubled++
      }
      release()
    }
  }

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }
}

function isMessage(frame: Buffer): boolean {
  return frame.subarray(0, 4).toString() === 'MSG '
}

/** Length of the first line, with its payload if it is a message; undefined while it is incomplete. */
function frameEnd(bytes: Buffer): number | undefined {
  const end = bytes.indexOf(LINE_END)
  if (end < 0) return undefined
  const line = bytes.subarray(0, end).toString()
  const payload = isMessage(bytes) ? Number(line.split(' ').at(-1)) + LINE_END.length : 0
  const whole = end + LINE_END.length + payload
  return bytes.length >= whole ? whole : undefined
}
