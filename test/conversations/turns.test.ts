// Everybody's turn comes: what costs much takes more turns than one, and few answers wait for who does not take them.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { commands } from '../../src/doors/line/commands.ts'
import { type Edit, impatient, quickHashes } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { Irc } from '../tools/irc-client.ts'
import { patiently } from '../tools/patiently.ts'
import type { Web } from '../tools/web-client.ts'

const [AT_ONCE, PER_SECOND] = [40, 20]
const few: readonly Edit[] = [
  ...quickHashes,
  impatient,
  {
    file: 'core/turns.ts',
    set: { SIZE: `{ capacity: ${AT_ONCE}, perSecond: ${PER_SECOND}, debt: 1000 }` },
  },
  { file: 'doors/line/conversation.ts', set: { LINES_A_TURN: 1 } },
]
const MANY = 60

/** Somebody takes so many turns, if they cost what they should: that lasts. */
async function takes(turns: number, act: () => Promise<unknown>): Promise<void> {
  const began = performance.now()
  await act()
  const took = performance.now() - began
  const least = ((turns - AT_ONCE) / PER_SECOND) * 1000
  assert.ok(took >= least, `${turns} turns in ${took} ms, not ${least}`)
}

/** @param texts of 16 KB each */
async function said(ana: Web, texts: number): Promise<void> {
  const all = Array.from({ length: texts }, (_, i) => `${i} `.padEnd(10) + '🦉'.repeat(3990))
  await Promise.all(all.map(text => ana.do('POST', '/rooms/1/messages', { text })))
}

test('a page of many bytes takes more turns than one', async () => {
  await using server = await openServer({ edits: few })
  const [ana, beto] = [await server.web.register('ana'), await server.web.register('beto')]
  await said(ana, 30)
  let pages = 0
  while ((await beto.ask('GET', '/rooms/1/messages')).status !== 429)
    assert.ok(++pages < AT_ONCE, 'each is half a megabyte')
})

test('each channel that is named takes a turn', async () => {
  await using server = await openServer({ edits: few })
  using ana = await Irc.register(server.port, 'ana')
  const names = Array.from({ length: MANY / 2 }, (_, i) => `#!${i}`)
  await takes(MANY, () => ana.ask(`JOIN ${names}`, `PART ${names}`, 'TIME'))
})

test('a hello takes a turn', async () => {
  await using server = await openServer({ edits: few })
  const ana = await server.web.register('ana')
  await takes(MANY, async () => {
    for (let i = 0; i < MANY; i++) (await ana.connect())[Symbol.dispose]()
  })
})

test('a long answer takes more turns than one at the line door', async () => {
  await using server = await openServer({ edits: few })
  const ana = await server.register('ana')
  const lines = Object.keys(commands).length
  await takes(2 * lines, async () => {
    for (let i = 0; i < 2; i++) ana.say('/ayuda')
    ana.say('/ver 99')
    await ana.expect('No hay ningún mensaje')
  })
})

/** Asks for pages that fill what the kernels hold for it, and takes none of them. */
async function deaf(web: Web, room: string): Promise<Socket> {
  const { hostname, port } = new URL(web.origin)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.pause()
  const ask = `GET ${room} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${web.token}\r\n\r\n`
  socket.write(ask.repeat(4))
  return socket
}

test('of answers that nobody takes one person has few, and others are answered', async t => {
  await using server = await openServer({ args: ['--no-limits'] })
  const [ana, beto] = [await server.web.register('ana'), await server.web.register('beto')]
  await said(ana, 200)
  const path = '/api/v1/rooms/1/messages?limit=200'
  const sockets = await Promise.all(Array.from({ length: 8 }, () => deaf(ana, path)))
  t.after(() => sockets.forEach(socket => void socket.destroy()))
  let answered = 0
  let asked = 0
  const ask = async () => {
    asked++
    await ana.do('GET', '/session')
    answered++
  }
  const asking: Promise<void>[] = []
  await patiently(
    async () => {
      asking.push(ask())
      await beto.do('GET', '/session')
      return asked - answered > 3
    },
    () => `${answered} of ${asked} were answered`,
  )
  assert.equal((await beto.ask('GET', '/session')).status, 200)
  sockets[0]?.destroy()
  await Promise.all(asking)
})
