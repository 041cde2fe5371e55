// What a proxy says of a caller and what the caller says, in whatever packets they come.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { selfSigned } from '../../src/cli/certificate.ts'
import { ConnectionLimit } from '../../src/cli/connection-limit.ts'
import { openListeners } from '../../src/cli/listeners.ts'
import { readConfig } from '../../src/config.ts'
import { fixed } from '../../src/net/patience.ts'
import { Tls } from '../../src/net/tls.ts'
import { languages } from '../../src/wording/languages.ts'
import { patiently } from '../tools/patiently.ts'
import { binaryHeader, type Packets, Proxied, type Send, textHeader } from '../tools/proxied.ts'

const CALLER = '203.0.113.9'
const HEADERS = {
  'version 1': textHeader(CALLER),
  'version 2': binaryHeader(0x21, 0x11, [203, 0, 113, 9, 127, 0, 0, 1, 0xc8, 0x22, 0x1a, 0x29]),
}
/** The headers of a TLS record and a handshake message (RFC 8446, sections 4 and 5.1). */
const RECORD = 9

/** A port behind a proxy, whose door answers with its name and the client's address. */
class OneDoor implements AsyncDisposable {
  readonly port: number
  /** The server's ends of the connections, in order. */
  readonly #sockets: readonly Socket[]
  readonly #close: () => void

  private constructor(port: number, sockets: readonly Socket[], close: () => void) {
    this.port = port
    this.#sockets = sockets
    this.#close = close
  }

  static async open(scheme: string): Promise<OneDoor> {
    const listen = ['--listen', `${scheme}://127.0.0.1:0?proxy`, '--trusted-proxies', '127.0.0.1']
    const invocation = readConfig({ args: [...listen, '--tls', 'self-signed'], env: {} })
    assert.ok(invocation !== 'help')
    const { config } = invocation
    const { cert, key } = selfSigned(['localhost'], Date.now())
    const say = (door: string) => (socket: Socket) => void socket.end(`${door} ${socket.remoteAddress}`)
    const sockets: Socket[] = []
    const [opened] = await openListeners(config, {
      tls: new Tls({ cert: Buffer.from(cert), key: Buffer.from(key) }, fixed(0), (_, inside) =>
        say('any')(inside),
      ),
      wording: languages.es,
      doors: {
        ...{ irc: say('irc'), line: say('line'), ircOnWeb: say('ircOnWeb'), noWeb: say('noWeb') },
        web: socket => void socket.once('data', () => say('web')(socket)),
      },
      connected: socket => void sockets.push(socket),
      connectionLimit: new ConnectionLimit(config, { sentence: '', exceeded() {}, full() {} }),
    })
    assert.ok(opened)
    const { port } = opened.server.address() as AddressInfo
    return new OneDoor(port, sockets, () => opened.server.close())
  }

  /** What the door answers to a client that sends this. */
  async answer(header: Buffer, said: string, cuts: readonly number[], encrypted: boolean): Promise<string> {
    const send: Send = async (raw, packet) => {
      raw.write(packet)
      await patiently(
        () => this.#sockets.at(-1)?.bytesRead === raw.bytesWritten,
        () => 'the packet was not read',
        once(raw, 'close'),
      )
    }
    const packets: Packets = { cuts, send }
    const socket = await Proxied[encrypted ? 'connectTls' : 'connect'](this.port, header, packets)
    socket.write(said)
    return text(socket).finally(() => socket.destroy())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close()
    for (const socket of this.#sockets) socket.destroy()
  }
}

for (const [version, header] of Object.entries(HEADERS)) {
  test(`${version} of the PROXY protocol before TLS: one door and one caller, wherever packets end`, async () => {
    await using door = await OneDoor.open('https')
    const said = 'GET / HTTP/1.1\r\n\r\n'
    const last = header.length + RECORD
    const everywhere = Array.from({ length: last }, (_, i) => [i + 1])
    const byteByByte = Array.from({ length: last }, (_, i) => i + 1)
    for (const cuts of [[], ...everywhere, byteByByte, [header.length + 100]])
      assert.equal(await door.answer(header, said, cuts, true), `web ${CALLER}`, `cut at ${cuts}`)
  })

  test(`${version} of the PROXY protocol: what comes in one packet with it is heard at every door`, async () => {
    for (const [scheme, said, answer] of [
      ['ircs', 'NICK ana\r\n', 'irc'],
      ['ircs', '1\n', 'irc'],
      ['ircs', 'GET / HTTP/1.1\r\n\r\n', 'noWeb'],
      ['lines', '1\n', 'line'],
      ['irc+wss', 'GET / HTTP/1.1\r\n\r\n', 'ircOnWeb'],
      ['irc', 'NICK ana\r\n', 'irc'],
      ['http', 'GET / HTTP/1.1\r\n\r\n', 'web'],
      ['line', '1\n', 'line'],
    ] as const) {
      await using door = await OneDoor.open(scheme)
      const encrypted = scheme.endsWith('s')
      assert.equal(
        await door.answer(header, said, [], encrypted),
        `${answer} ${CALLER}`,
        `${scheme}: ${said}`,
      )
    }
  })
}
