// A connection that begins with a header of the PROXY protocol, as a proxy makes it.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { connect as connectTls, type TLSSocket } from 'node:tls'

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')

/** A header of version 1, for an IPv4 address. */
export function textHeader(address: string): Buffer {
  return Buffer.from(`PROXY TCP4 ${address} 127.0.0.1 51234 6697\r\n`)
}

/** A header of version 2. @param command and family: proxy-protocol.txt, section 2.2 */
export function binaryHeader(command: number, family: number, addresses: readonly number[]): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(addresses.length)
  return Buffer.concat([SIGNATURE, Buffer.from([command, family]), length, Buffer.from(addresses)])
}

/** Sends a packet; resolves when the next one may be sent, after this one has been read if that can be known. */
export type Send = (raw: Socket, packet: Buffer) => Promise<void>

const sendAll: Send = async (raw, packet) => void raw.write(packet)

export interface Packets {
  /** Where the header and the first data after it are split into packets. */
  readonly cuts?: readonly number[]
  readonly send?: Send
}

/** Sends the header in one packet with the first data, unless `cuts` splits them. */
export class Proxied extends Duplex {
  readonly #raw: Socket
  readonly #packets: Packets
  #header: Buffer | undefined

  private constructor(raw: Socket, header: Buffer, packets: Packets) {
    super()
    this.#raw = raw
    this.#header = header
    this.#packets = packets
    raw.on('data', chunk => this.push(chunk)).on('end', () => this.push(null))
    raw.on('error', () => {}).on('close', () => this.destroy())
    this.on('error', () => {})
  }

  static async connect(port: number, header: Buffer, packets: Packets = {}): Promise<Proxied> {
    const raw = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(raw, 'connect')
    return new Proxied(raw, header, packets)
  }

  /** Connects with TLS after the header. */
  static async connectTls(port: number, header: Buffer, packets: Packets = {}): Promise<TLSSocket> {
    const cable = await Proxied.connect(port, header, packets)
    const socket = connectTls({ socket: cable, rejectUnauthorized: false, ecdhCurve: 'X25519' }) // a short hello
    return socket.on('error', () => {}).on('close', () => cable.destroy())
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error) => void): void {
    const header = this.#header
    this.#header = undefined
    if (!header) this.#raw.write(chunk, () => done())
    else
      this.#sendFirst(Buffer.concat([header, chunk])).then(
        () => done(),
        error => done(error),
      )
  }

  override _final(done: () => void): void {
    this.#raw.end(done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#raw.destroy()
    done(error)
  }

  async #sendFirst(bytes: Buffer): Promise<void> {
    const { cuts = [], send = sendAll } = this.#packets
    const ends = [...cuts.filter(cut => cut < bytes.length), bytes.length]
    for (const [i, end] of ends.entries()) await send(this.#raw, bytes.subarray(ends[i - 1] ?? 0, end))
  }
}
