// A line client that sends single keys: a flood of keys is edited piece by piece, and nothing is lost.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import type { Chat } from '../../src/core/chat.ts'
import { Connection } from '../../src/doors/line/connection.ts'
import { patiently } from '../tools/patiently.ts'

const chat = { strangerRateLimit: () => () => 0, connectionRateLimit: () => () => 0 } as unknown as Chat

/** What a port hands over, with what has come already. */
async function connected(first: string) {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const peer = connect({
    port: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    allowHalfOpen: true,
  })
  peer.resume()
  const [socket] = (await once(server, 'connection')) as [Socket]
  socket.on('error', () => {}) // as the port does
  const connection = new Connection(socket, Buffer.from(first), chat)
  return {
    connection,
    peer,
    [Symbol.dispose]() {
      peer.destroy()
      socket.destroy()
      server.close()
    },
  }
}

/** Counts turns of the event loop until it happens. */
async function turnsUntil(coming: Promise<unknown>): Promise<number> {
  let turns = 0
  let isThere = false
  void coming.then(() => {
    isThere = true
  })
  for (; !isThere; turns++) await new Promise(resolve => setImmediate(resolve))
  return turns
}

test('a packet of keys is edited over several turns of the event loop', async () => {
  using flooding = await connected(`${'я\b'.repeat(20_000)}hola`)
  const { connection, peer } = flooding
  peer.write('\n')
  const line = connection.next()
  const turns = await turnsUntil(line)
  assert.deepEqual(await line, { line: 'hola' })
  assert.ok(turns > 200, `${turns} turns`)
  peer.write('y\n')
  assert.deepEqual(await connection.next(), { line: 'y' }, 'what comes then is heard, too')
  peer.end(`${'я\b'.repeat(1000)}fin\n`)
  assert.deepEqual(await connection.next(), { line: 'fin' })
  assert.equal(await connection.next(), 'ended')
})

test('a closed connection leaves no keys to edit', async () => {
  using flooding = await connected(`${'я\b'.repeat(20_000)}hola`)
  const { connection, peer } = flooding
  peer.resetAndDestroy()
  assert.equal(await connection.next(), 'ended')
})

test('a question that a line sent ahead answers does not come back before what is typed later', async () => {
  using ahead = await connected('ana\nsecreto\n')
  const { connection, peer } = ahead
  let seen = ''
  peer.setEncoding('utf8').on('data', text => (seen += text))
  for (const question of ['¿Quién? ', '¿Contraseña? ']) {
    connection.prompt(question)
    await connection.next()
  }
  peer.write('holas\b') // by which it is known to send keys
  await patiently(
    () => seen.includes('hola'),
    () => `what is typed is not shown: ${seen}`,
  )
  seen = ''
  connection.say('beto: te leo')
  await patiently(
    () => seen.endsWith('hola'),
    () => `the line is not drawn again: ${seen}`,
  )
  assert.doesNotMatch(seen, /¿/)
})
