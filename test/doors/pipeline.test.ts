// HTTP pipelining: requests of one connection are handled one after the other, however many come in one packet.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import { Pipeline } from '../../src/doors/web/pipeline.ts'
import { patiently } from '../tools/patiently.ts'

const ASK = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'

/** A server that answers when told to, and a client that sends this many requests at once. */
async function asked(times: number) {
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
  socket.write(ASK.repeat(times))
  return {
    begun,
    closed,
    heard: () => heard,
    [Symbol.dispose]() {
      socket.destroy()
      server.close()
      server.closeAllConnections()
    },
  }
}

test('no request is handled before those ahead of it are answered', async () => {
  using asking = await asked(3)
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

test('a client with too many waiting requests is disconnected, and none of them is handled', async () => {
  using asking = await asked(200)
  await asking.closed
  assert.equal(asking.begun.length, 1)
})
