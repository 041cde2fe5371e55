// A WebSocket with one line in each message (IRCv3 websocket) as a stream of lines: the IRC door takes it like a socket.

import { Buffer } from 'node:buffer'
import { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

const END = Buffer.from('\r\n')
const LF = 10

export interface WebLinesOptions {
  readonly address: string
  readonly secure: boolean
  /** Whether messages are sent as binary; otherwise as text. */
  readonly binary: boolean
  /** Charges a ping or pong: a peer over the limit is disconnected. @returns 0, or milliseconds to wait */
  readonly rateLimit: () => number
}

export class WebLines extends Duplex {
  readonly remoteAddress: string
  /** As on a TLSSocket. */
  readonly encrypted: boolean
  readonly #web: WebSocket
  readonly #binary: boolean
  #rest: Buffer = Buffer.alloc(0)
  /** What has come in this turn of the event loop: a packet holds ten thousand messages. */
  #heard: Buffer[] = []

  constructor(web: WebSocket, { address, secure, binary, rateLimit }: WebLinesOptions) {
    super({ allowHalfOpen: false })
    this.remoteAddress = address
    this.encrypted = secure
    this.#web = web
    this.#binary = binary
    web.on('message', (data: Buffer) => {
      if (this.#heard.length === 0) process.nextTick(() => this.#passOn())
      this.#heard.push(data, END)
    })
    for (const sign of ['ping', 'pong'])
      web.on(sign, () => {
        if (rateLimit() > 0) web.terminate()
      })
    web.on('close', () => this.destroy())
    web.on('error', () => {}) // 'close' follows
    this.on('error', () => {})
  }

  override _read(): void {
    if (this.#web.isPaused) this.#web.resume()
  }

  /** In one piece: apart, ten thousand of them take fifty times the memory while they wait. */
  #passOn(): void {
    const heard = Buffer.concat(this.#heard)
    this.#heard = []
    if (!this.destroyed && !this.push(heard)) this.#web.pause()
  }

  /** Done when the socket has taken the data: backpressure for slow readers. */
  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const end = bytes.lastIndexOf(LF)
    this.#rest = bytes.subarray(end + 1)
    const lines = end === -1 ? [] : bytes.toString('utf8', 0, end).split('\n')
    const last = lines.pop()
    if (last === undefined || this.#web.readyState !== this.#web.OPEN) return done()
    for (const line of lines) this.#send(line)
    this.#send(last, done)
  }

  #send(line: string, done?: (error?: Error) => void): void {
    const whole = line.endsWith('\r') ? line.slice(0, -1) : line
    this.#web.send(this.#binary ? Buffer.from(whole) : whole, { binary: this.#binary }, done)
  }

  override _final(done: () => void): void {
    this.#web.close(1000)
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#web.terminate()
    done(error)
  }
}

/** Picks the subprotocol that the client prefers. @returns false for none: text is sent then */
export function subprotocol(wanted: ReadonlySet<string>): string | false {
  return [...wanted].find(each => each === TEXT || each === BINARY) ?? false
}

export const BINARY = 'binary.ircv3.net'
const TEXT = 'text.ircv3.net'
