// Whoever has gone leaves nothing behind that the rate limit would let in for minutes: a closed socket no longer counts for
// its address, so there may be any number of them.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import type { Chat } from '../../src/core/chat.ts'
import { Connection, type Input } from '../../src/doors/line/connection.ts'
import { impatient, quickHashes } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { Irc } from '../tools/irc-client.ts'
import { patiently } from '../tools/patiently.ts'

const AT_ONCE = 3

/** Lets so many inputs through at once, and the next in an hour. */
function rateLimit(): () => number {
  let left = AT_ONCE
  return () => (left-- > 0 ? 0 : 3_600_000)
}

const chat = { strangerRateLimit: rateLimit, connectionRateLimit: rateLimit } as unknown as Chat

async function connected(first: string) {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const peer = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' })
  peer.resume()
  const [socket] = (await once(server, 'connection')) as [Socket]
  socket.on('error', () => {}) // as the port does
  return {
    connection: new Connection(socket, Buffer.from(first), chat),
    peer,
    [Symbol.dispose]() {
      peer.destroy()
      socket.destroy()
      server.close()
    },
  }
}

/** Takes the inputs of a connection, one by one, as the log-in does. */
function inputsOf(connection: Connection): readonly Input[] {
  const inputs: Input[] = []
  const takeNext = async (): Promise<void> => {
    const input = await connection.next()
    inputs.push(input)
    if (input !== 'ended') await takeNext()
  }
  void takeNext()
  return inputs
}

test('a stranger who is gone is heard as far as the rate limit lets through at once', async () => {
  using open = await connected('x\n'.repeat(1000))
  const inputs = inputsOf(open.connection)
  open.peer.resetAndDestroy()
  await patiently(
    () => inputs.at(-1) === 'ended',
    () => `${inputs.length} inputs, and no end`,
  )
  assert.deepEqual(inputs, [...Array.from({ length: AT_ONCE }, () => ({ line: 'x' })), 'ended'])
})

test('whoever waits for the next line of a connection that is sent away is told that none comes', async () => {
  using open = await connected('')
  const inputs = inputsOf(open.connection)
  await new Promise(resolve => setImmediate(resolve))
  open.connection.end()
  await patiently(
    () => inputs.length > 0,
    () => 'still waiting',
  )
  assert.deepEqual(inputs, ['ended'])
  assert.equal(await open.connection.next(), 'ended', 'later, too')
})

test('a person who leaves a flood behind on IRC and at the line door is offline', async () => {
  await using server = await openServer({ edits: [...quickHashes, impatient] })
  const ana = await server.register('ana')
  const eva = await Irc.register(server.port, 'eva')
  const iris = await server.register('iris')
  await ana.expect('Usuario iris se ha conectado.\n')
  const goes = async (name: string, socket: Socket, flood: string) => {
    await new Promise(resolve => socket.write(flood, resolve))
    socket.destroy()
    await ana.expect(`Usuario ${name} se ha desconectado.\n`)
  }
  await goes('eva', eva.socket, 'MODE\r\n'.repeat(10_000))
  await goes('iris', iris.socket, '/ver 99\n'.repeat(5000))
})
