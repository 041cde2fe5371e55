// Cohorts are kept for as long as a connection uses them.

import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { heapHeld, MEGABYTE, notingHeap } from '../tools/heap-held.ts'
import { Irc } from '../tools/irc-client.ts'
import { startServer, temporaryFolder } from '../tools/server.ts'

const ROOMS = 150
/** Capabilities that change how events are rendered. */
const CAPS = [
  ...['account-tag', 'batch', 'draft/channel-rename', 'draft/message-redaction', 'draft/multiline'],
  ...['extended-join', 'invite-notify', 'message-tags', 'server-time'],
]

test('a client that goes through all combinations of capabilities leaves nothing in memory', async t => {
  const folder = await temporaryFolder()
  t.after(() => rm(folder, { recursive: true, force: true }))
  const note = join(folder, 'held')
  await using server = await startServer({ args: ['--no-limits'], env: notingHeap(note) })
  using _ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto', { caps: 'batch' })
  for (let i = 0; i < ROOMS; i++) beto.send(`JOIN #sala${i}`)
  await beto.settled()
  const change = (combination: number) => {
    const wanted = CAPS.map((cap, i) => (((combination >> i) & 1) === 0 ? `-${cap}` : cap))
    beto.send(`CAP REQ :${wanted.join(' ')}`)
  }
  for (let i = 0; i < 8; i++) change(i)
  await beto.settled()
  const before = await heapHeld(server, note)
  for (let i = 0; i < 2 ** CAPS.length; i++) change(i)
  await beto.settled()
  const megabytes = ((await heapHeld(server, note)) - before) / MEGABYTE
  t.diagnostic(`the server holds ${megabytes.toFixed(1)} MB more`)
  assert.ok(megabytes < 8, `the server grew by ${megabytes.toFixed(1)} MB`)
})
