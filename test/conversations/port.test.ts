import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { impatient, quickHashes } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { MENU } from '../tools/line-client.ts'
import type { Server } from '../tools/server.ts'

test('a browser is answered in HTTP', async () => {
  await using server = await openServer()
  const response = await fetch(`http://127.0.0.1:${server.port}/`)
  assert.equal(response.status, 200)
  assert.match(await response.text(), /^<!doctype html>/)
  const post = await fetch(`http://127.0.0.1:${server.port}/`, {
    method: 'POST',
    body: '2\nEva\neva\nx\nhola\n',
  })
  assert.equal(post.status, 404)
  assert.equal((await server.web.ask('GET', '/registration')).body.asked, 'nothing')
  assert.ok(!server.console.includes('Eva'), 'nobody was registered by it')
})

/** For as long as makes a line client of somebody else who says nothing. */
async function silence(server: Server): Promise<void> {
  const other = await server.connect()
  await other.expect(MENU)
  other.destroy()
}

test('a request that arrives in pieces is still a request', async () => {
  await using server = await openServer()
  const client = await server.connect()
  for (const piece of [
    'G',
    'ET',
    ' /api/v1/registration HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  ]) {
    client.send(piece)
    await silence(server)
  }
  await client.expectExactly('HTTP/1.1 200 OK\r\n')
  await client.closed
})

test('an IRC client is answered in IRC, in any case', async () => {
  await using server = await openServer()
  for (const first of ['CAP LS 302\r\n', 'nick ana\r\n', 'PASS x\r\n']) {
    const client = await server.connect()
    client.send(`${first}PING x\r\n`)
    await client.expect(':tertulia.local PONG tertulia.local x\r\n')
  }
})

test('a TLS client is answered with an alert', async () => {
  await using server = await openServer()
  const client = await server.connect()
  client.socket.setEncoding('latin1')
  client.send(Uint8Array.of(0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0))
  await client.closed
  assert.equal(client.heard, '\x15\x03\x03\x00\x02\x02\x28')
})

test('a slow client is recognised after all: a request gets 400, an IRC command the IRC door', async () => {
  await using server = await openServer()
  const http = await server.connect()
  await http.expect(MENU)
  http.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await http.expectExactly('HTTP/1.1 400 bad-request\r\n')
  await http.closed
  const irc = await server.connect()
  await irc.expect(MENU)
  irc.send('NICK ana\r\nUSER ana 0 * :Ana\r\n')
  await irc.expectExactly('\r\n:tertulia.local 001 ana :Welcome to the Tertulia Network, ana\r\n')
})

test('half a verb and silence is a line client after some time', async () => {
  await using server = await openServer({
    edits: [impatient, { file: 'net/port.ts', set: { WORD_MS: 4_000 } }],
  })
  const client = await server.connect()
  client.send('GE')
  await silence(server)
  assert.equal(client.heard, '', 'the rest may still come')
  await client.expect(MENU)
})

test('on a busy machine a browser may be slow to speak', async () => {
  const busy = {
    file: 'net/pressure.ts',
    from: 'return { begin: look ? () => sharesSince(look) : idleSince }',
    to: 'return { begin: () => () => 1 }',
  }
  const patient = { file: 'net/patience.ts', set: { LONGEST_MS: 15_000 } }
  await using server = await openServer({ edits: [...quickHashes, busy, patient] })
  const client = await server.connect()
  await sleep(1_500) // more than at rest: the silence is the thing itself
  client.send('GET /api/v1/registration HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  await client.expectExactly('HTTP/1.1 200 OK\r\n')
})

test('a client that leaves without a word leaves nothing behind', async () => {
  await using server = await openServer()
  for (let i = 0; i < 50; i++) {
    const client = await server.connect()
    if (i % 2 === 0) client.reset()
    else client.end()
  }
  const ana = await server.register('ana')
  ana.say('salir')
  await ana.closed
  assert.equal(server.errors, '')
})
