// What has come on a connection and may not be handled yet takes about as much memory as it has bytes, and none of it is
// lost or changes places.

import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { WebSocket } from 'ws'
import type { Chat } from '../../src/core/chat.ts'
import type { OnReceipt } from '../../src/core/log/appender.ts'
import type { Seat } from '../../src/core/log/seat.ts'
import type { Client } from '../../src/doors/irc/client.ts'
import { Posts } from '../../src/doors/irc/posts.ts'
import type { Reply } from '../../src/doors/irc/replies/reply.ts'
import { LineSocket, type Transport } from '../../src/doors/irc/wire/line-socket.ts'
import { Connection, type Input } from '../../src/doors/line/connection.ts'
import { Flow } from '../../src/doors/shared/flow.ts'
import { WebLines } from '../../src/doors/web/socket/line-stream.ts'

const chat = { strangerRateLimit: () => () => 0, connectionRateLimit: () => () => 0 } as unknown as Chat
/** What one read of a socket brings. */
const CHUNK = 64 << 10
const CONNECTIONS = 20
/** The chunk itself, and a piece of it that is cut into lines. */
const MOST_EACH = 512 << 10

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** Of the heap, by what is made, as long as it is there. */
async function memoryOf<Made>(make: () => Made): Promise<{ bytes: number; made: Made }> {
  collect()
  const before = process.memoryUsage().heapUsed
  const made = make()
  await nextTurn()
  collect()
  return { bytes: process.memoryUsage().heapUsed - before, made }
}

/** A socket without further input. */
function silent(): PassThrough {
  return new PassThrough({ allowHalfOpen: true })
}

async function openSocket() {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const peer = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' })
  const [socket] = (await once(server, 'connection')) as [Socket]
  return {
    socket,
    peer,
    [Symbol.dispose]() {
      peer.destroy()
      socket.destroy()
      server.close()
    },
  }
}

test('lines that wait at the line door are kept as they came', async () => {
  const { bytes } = await memoryOf(() =>
    Array.from({ length: CONNECTIONS }, () => {
      const connection = new Connection(silent() as unknown as Socket, Buffer.alloc(CHUNK, '\n'), chat)
      connection.listen({ cost: () => 'wait', take: () => {} })
      return connection
    }),
  )
  assert.ok(bytes < CONNECTIONS * MOST_EACH, `${bytes / CONNECTIONS} bytes for each`)
})

test('lines that wait at the IRC door are kept as they came', async () => {
  const { bytes, made } = await memoryOf(() =>
    Array.from({ length: CONNECTIONS }, () => {
      const flow = new Flow(chat, { person: () => undefined, goOn: () => {} })
      const link = new LineSocket(silent() as Transport, { first: Buffer.alloc(CHUNK, '\n'), flow })
      link.inbox.handler = { cost: () => 'wait', take: () => {} }
      link.inbox.pump()
      return link
    }),
  )
  assert.ok(bytes < CONNECTIONS * MOST_EACH, `${bytes / CONNECTIONS} bytes for each`)
  assert.equal(made.length, CONNECTIONS)
})

test('posts that have their receipts are forgotten, also where there is always one on its way', async () => {
  const { bytes } = await memoryOf(() => {
    const answers: OnReceipt[] = []
    const post = (_: unknown, __: unknown, answered: OnReceipt) => void answers.push(answered)
    const flow = new Flow(chat, { person: () => undefined, goOn: () => {} })
    const client = { flow, deps: { chat: { post } } } as unknown as Client
    const posts = new Posts(client)
    Object.assign(client, { answered: posts.answered.bind(posts) })
    const to = { end: () => {}, refused: () => {} } as unknown as Reply
    const seat = { room: 1 } as Seat
    for (let i = 0; i < 20_000; i++) {
      posts.post(seat, { target: '#sala', text: `${i}`.padEnd(1000), quiet: false }, to)
      if (i > 0) answers.shift()?.({ refused: 'muted' }, 1)
    }
    return posts
  })
  assert.ok(bytes < 5 << 20, `${bytes} bytes`)
})

test('messages that come in one packet are passed on in one piece', async () => {
  const web = Object.assign(new EventEmitter(), { pause() {}, terminate() {} })
  const options = { address: '', secure: false, binary: false, rateLimit: () => 0 }
  const lines = new WebLines(web as unknown as WebSocket, options)
  const chunks: Buffer[] = []
  lines.on('data', (chunk: Buffer) => chunks.push(chunk))
  for (let i = 0; i < 1000; i++) web.emit('message', Buffer.from(`${i}`))
  await nextTurn()
  assert.equal(Buffer.concat(chunks).toString(), Array.from({ length: 1000 }, (_, i) => `${i}\r\n`).join(''))
  assert.ok(chunks.length < 10, `${chunks.length} pieces`)
})

test('all that waited is handled in order, up to what has no end, and then that nothing more comes', async () => {
  using open = await openSocket()
  const texts = Array.from({ length: 9000 }, (_, i) => `línea ${i}`)
  const connection = new Connection(open.socket, Buffer.from(`${texts.join('\n')}`.slice(0, 200)), chat)
  const heard: Input[] = []
  let isHeld = true
  connection.listen({
    cost: () => (isHeld ? 'wait' : 'nothing'),
    take: input => void heard.push(input),
  })
  open.peer.end(texts.join('\n').slice(200))
  await nextTurn()
  assert.deepEqual(heard, [])
  isHeld = false
  connection.pump()
  while (heard.at(-1) !== 'ended') await nextTurn()
  assert.deepEqual(
    (heard as readonly Input[]).map(input => (typeof input === 'string' ? input : input.line)),
    [...texts, 'ended'],
  )
})
