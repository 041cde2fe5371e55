import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { LazyDoor } from '../../src/cli/lazy-door.ts'
import { patiently } from '../tools/patiently.ts'

/** A door that collects what its sockets send. */
class Reader {
  heard = ''
  isClosed = false

  take(socket: Socket): void {
    socket.setEncoding('utf8').on('data', text => {
      this.heard += text
    })
  }

  async close(): Promise<void> {
    this.isClosed = true
  }
}

/** The two ends of a connection. */
async function pair(stack: DisposableStack): Promise<{ here: Socket; there: Socket }> {
  const server = createServer().listen(0, '127.0.0.1')
  const connected = once(server, 'connection')
  await once(server, 'listening')
  const there = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [here] = (await connected) as [Socket]
  server.close()
  for (const socket of [here, there]) {
    socket.on('error', () => {})
    stack.defer(() => socket.destroy())
  }
  return { here, there }
}

test('connections wait until the door is loaded, and nothing that they send is lost', async () => {
  using stack = new DisposableStack()
  const { here, there } = await pair(stack)
  const { promise, resolve } = Promise.withResolvers<Reader>()
  let loads = 0
  const door = new LazyDoor(() => {
    loads++
    return promise
  }, assert.ifError)
  door.handOver(here, reader => reader.take(here))
  there.write('uno ')
  const reader = new Reader()
  resolve(reader)
  there.write('dos')
  await patiently(
    () => reader.heard === 'uno dos',
    () => reader.heard,
  )
  const second = await pair(stack)
  let isIn = false
  door.handOver(second.here, () => {
    isIn = true
  })
  assert.ok(isIn, 'the next comes in at once')
  assert.equal(loads, 1)
  await door.close()
  assert.ok(reader.isClosed)
})

test('a door that can’t be loaded reports why and closes the connection; the next one tries again', async () => {
  using stack = new DisposableStack()
  const told: unknown[] = []
  const broken = new Error('no such file')
  let tries = 0
  const door = new LazyDoor(
    async () => {
      if (tries++ === 0) throw broken
      return new Reader()
    },
    error => told.push(error),
  )
  const first = await pair(stack)
  const gone = once(first.there, 'close')
  first.there.resume()
  door.handOver(first.here, () => assert.fail('nobody comes in'))
  await gone
  assert.deepEqual(told, [broken])
  const second = await pair(stack)
  await new Promise<void>(resolve => door.handOver(second.here, () => resolve()))
})

test('a door that was closed before its first connection lets nobody in', async () => {
  using stack = new DisposableStack()
  const door = new LazyDoor(async () => assert.fail('it is not loaded'), assert.ifError)
  await door.close()
  const { here, there } = await pair(stack)
  const gone = once(there, 'close')
  there.resume()
  door.handOver(here, () => assert.fail('nobody comes in'))
  await gone
})
