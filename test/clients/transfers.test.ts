// The terminal client's files, from a server that is not ours.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { Transfers } from '../../src/clients/terminal/transfers.ts'
import { es } from '../../src/wording/es.ts'
import { patiently } from '../tools/patiently.ts'

test('a refusal is not read to its end, which may never come', async () => {
  let isClosed = false
  const babble = (response: ServerResponse): void => {
    response.write(randomBytes(1 << 16), () => response.destroyed || setImmediate(babble, response))
  }
  const server = createServer((_, response) => {
    response.on('close', () => {
      isClosed = true
    })
    response.writeHead(404)
    babble(response)
  }).listen(0, '127.0.0.1')
  using _ = { [Symbol.dispose]: () => void server.close().closeAllConnections() }
  await once(server, 'listening')
  const shown = Promise.withResolvers<string>()
  const asked = Promise.withResolvers<string>()
  const { port } = server.address() as AddressInfo
  const transfers = new Transfers({
    host: '127.0.0.1',
    port,
    language: 'es',
    wording: es,
    show: shown.resolve,
    ask: asked.resolve,
  })
  assert.ok(transfers.takes('/bajar 41'))
  const mark = (await asked.promise).split(' ').at(-1)
  const link = `http://localhost/f/${'a'.repeat(22)}?key=k`
  assert.ok(transfers.hears(`* ${mark} foto.jpg (1 KB) ${link} `))
  assert.equal(await shown.promise, es.client.notTransferred('HTTP 404'))
  await patiently(
    () => isClosed,
    () => 'the answer is still read',
  )
})
