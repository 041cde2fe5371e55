// HTTP pipelining: requests of one connection are handled one after the other, however many come in one packet.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Pipeline } from '../../src/doors/web/pipeline.ts'
import { patiently } from '../tools/patiently.ts'

const ASK = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'

/** A server that answers when told to, and a client that sends these requests at once. */
async function asked(requests: string) {
  const begun: ServerResponse[] = []
  const server = createServer(new Pipeline().serialize((_, response) => begun.push(response)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => {}) // reset is closed, too
  let heard = ''
  socket.setEncoding('utf8').on('data', text => {
    heard += text
  })
  const closed = once(socket, 'close')
  socket.write(requests)
  return {
    begun,
    closed,
    heard: () => heard,
    send: (more: string) => socket.write(more),
    [Symbol.dispose]() {
      socket.destroy()
      server.close()
      server.closeAllConnections()
    },
  }
}

test('no request is handled before those ahead of it are answered', async () => {
  using asking = await asked(ASK.repeat(3))
  const { begun, heard } = asking
  for (const number of [1, 2, 3]) {
    await patiently(
      () => begun.length >= number,
      () => `${begun.length} were begun`,
    )
    assert.equal(begun.length, number, 'and no more')
    begun.at(-1)?.end(`answer ${number}`)
    await patiently(() => heard().includes(`answer ${number}`), heard)
  }
})

test('a hundred small requests in one packet get their hundred answers, in order', async () => {
  using asking = await asked(ASK.repeat(100))
  const { begun, heard } = asking
  for (let number = 1; number <= 100; number++) {
    await patiently(
      () => begun.length >= number,
      () => `${begun.length} were begun`,
    )
    begun.at(-1)?.end(`answer ${number}.`)
  }
  await patiently(() => heard().includes('answer 100.'), heard)
  assert.deepEqual(
    heard().match(/(?<=answer )\d+/g),
    Array.from({ length: 100 }, (_, i) => `${i + 1}`),
  )
})

test('while a request waits, nothing more is read, and all is answered in the end', async () => {
  const body = 'x'.repeat(60_000)
  const post = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  using asking = await asked(ASK)
  const { begun, heard } = asking
  await patiently(
    () => begun.length > 0,
    () => 'none was begun',
  )
  const [first] = begun
  assert.ok(first)
  const much = 'y'.repeat(8_000_000) // more than the system takes at once
  asking.send(post.repeat(50))
  for (let i = 0; i < 8; i++) {
    first.write(much)
    await once(first, 'drain') // Node reads on
  }
  for (let turn = 0; turn < 200; turn++) await nextTurn()
  const read = first.req.socket.bytesRead
  assert.ok(read < 4 * body.length, `${read} bytes were read`)
  for (let number = 1; number <= 51; number++) {
    await patiently(
      () => begun.length >= number,
      () => `${begun.length} were begun`,
    )
    begun.at(-1)?.end(`answer ${number}.`)
  }
  await patiently(
    () => heard().includes('answer 51.'),
    () => heard().slice(-1000),
  )
})

test('waiting requests with too many headers together close the connection', async () => {
  const headers = Array.from({ length: 95 }, (_, i) => `a${i}:\r\n`).join('')
  using asking = await asked(`GET / HTTP/1.1\r\n${headers}Host: localhost\r\n\r\n`.repeat(20))
  await asking.closed
  assert.equal(asking.begun.length, 1)
})

test('a client with too many waiting requests is disconnected, and none of them is handled', async () => {
  using asking = await asked(ASK.repeat(200))
  await asking.closed
  assert.equal(asking.begun.length, 1)
})

test('what comes behind a response that ends the connection is not handled', async () => {
  using asking = await asked(ASK.repeat(3))
  const { begun, heard, closed } = asking
  await patiently(
    () => begun.length > 0,
    () => 'none was begun',
  )
  begun[0]?.writeHead(400, { Connection: 'close' }).end('the last')
  await closed
  assert.match(heard(), /the last/)
  assert.equal(begun.length, 1)
})
