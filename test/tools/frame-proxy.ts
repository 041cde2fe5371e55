// A hostile proxy between a client and a server: it cuts connections, also in the middle of a frame, and delays,
// doubles and reorders WebSocket frames.

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { random } from './random.ts'

/** The probability that it happens to a frame. */
export interface Mischief {
  readonly cut: number
  readonly double: number
  readonly swap: number
  /** The longest delay, in milliseconds. */
  readonly delay: number
}

export class FrameProxy {
  readonly #server: Server
  readonly #target: number
  readonly #mischief: Mischief
  readonly #sockets = new Set<Socket>()
  /** From now on frames only pass. */
  calm = false
  cuts = 0

  private constructor(target: number, mischief: Mischief) {
    this.#target = target
    this.#mischief = mischief
    this.#server = createServer(socket => this.#serve(socket))
  }

  static async open(target: number, mischief: Mischief): Promise<FrameProxy> {
    const proxy = new FrameProxy(target, mischief)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  #serve(client: Socket): void {
    const server = connect(this.#target, '127.0.0.1')
    const end = () => {
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        end()
      })
    }
    const cut = () => {
      this.cuts++
      end()
    }
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      const way = new Way(to, cut, () => (this.calm ? PEACE : this.#mischief))
      from.on('data', (chunk: Buffer) => way.take(chunk))
    }
  }

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }
}

const PEACE: Mischief = { cut: 0, double: 0, swap: 0, delay: 0 }
const HEAD_END = '\r\n\r\n'

/** One direction of one connection. */
class Way {
  readonly #to: Socket
  readonly #cut: () => void
  readonly #mischief: () => Mischief
  #bytes: Buffer = Buffer.alloc(0)
  #isUpgraded = false
  #held: Buffer | undefined
  #last: Promise<void> = Promise.resolve()

  constructor(to: Socket, cut: () => void, mischief: () => Mischief) {
    this.#to = to
    this.#cut = cut
    this.#mischief = mischief
  }

  take(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk])
    if (!this.#isUpgraded) {
      const end = this.#bytes.indexOf(HEAD_END)
      if (end < 0) return
      this.#pass(this.#bytes.subarray(0, end + HEAD_END.length))
      this.#bytes = this.#bytes.subarray(end + HEAD_END.length)
      this.#isUpgraded = true
    }
    for (let length = frameLength(this.#bytes); length !== undefined; length = frameLength(this.#bytes)) {
      this.#frame(this.#bytes.subarray(0, length))
      this.#bytes = this.#bytes.subarray(length)
    }
  }

  #frame(frame: Buffer): void {
    const { cut, double, swap } = this.#mischief()
    const lot = random()
    if (lot < cut) {
      this.#pass(frame.subarray(0, Math.floor(random() * frame.length)))
      this.#last = this.#last.then(this.#cut)
    } else if (lot < cut + swap && !this.#held) {
      this.#held = frame
      setTimeout(() => this.#release(), 20) // if no frame follows
    } else {
      this.#pass(frame)
      if (lot < cut + swap + double) this.#pass(frame)
      this.#release()
    }
  }

  #release(): void {
    if (this.#held) this.#pass(this.#held)
    this.#held = undefined
  }

  #pass(bytes: Buffer): void {
    const wait = random() * this.#mischief().delay
    this.#last = this.#last.then(
      () => new Promise(resolve => setTimeout(() => resolve(void this.#to.write(bytes)), wait)),
    )
  }
}

/** Length of the frame that the bytes begin with (RFC 6455, section 5.2); undefined while it is incomplete. */
function frameLength(bytes: Buffer): number | undefined {
  if (bytes.length < 2) return undefined
  const second = bytes.readUInt8(1)
  const mask = second & 0x80 ? 4 : 0
  const short = second & 0x7f
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0
  if (bytes.length < 2 + extra) return undefined
  const length = extra === 0 ? short : extra === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  const whole = 2 + extra + mask + length
  return bytes.length >= whole ? whole : undefined
}
