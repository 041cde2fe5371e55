// People who stop reading, for a while or for too long.

import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { heapHeld, MEGABYTE, notingHeap } from '../tools/heap-held.ts'
import type { LineClient } from '../tools/line-client.ts'
import { patiently } from '../tools/patiently.ts'
import { startServer, temporaryFolder } from '../tools/server.ts'

const TEXT_CHARS = 3_900
const AHEAD = 300
const padding = 'x'.repeat(TEXT_CHARS)

/** Counts the texts that arrive and notes the first that is not the next; holds none of them. */
class Counter {
  #unfinished = ''
  next = 0
  wrong: string | undefined

  constructor(client: LineClient, name: string) {
    const wanted = new RegExp(`^flood: ${name}-(\\d+) `)
    client.forget(text => {
      const lines = (this.#unfinished + text).split('\n')
      this.#unfinished = lines.pop() ?? ''
      for (const line of lines) {
        const number = wanted.exec(line)?.[1]
        if (number === undefined) continue
        if (Number(number) !== this.next) this.wrong ??= `${number} came after ${this.next - 1}`
        this.next = Number(number) + 1
      }
    })
  }
}

/** Sends all texts, never more than some ahead of what the counter has seen. */
async function flood(sender: LineClient, name: string, seen: Counter, texts: number): Promise<void> {
  for (let sent = 0; sent < texts; ) {
    await patiently(
      () => sent - seen.next < AHEAD,
      () => `the flood stands at ${seen.next}`,
    )
    for (let i = 0; i < AHEAD / 3 && sent < texts; i++) sender.say(`${name}-${sent++} ${padding}`)
  }
  await patiently(
    () => seen.next === texts,
    () => `the flood ended at ${seen.next}`,
  )
}

interface Stall {
  /** Of 3,900 bytes. */
  readonly texts: number
  /** Milliseconds for which they don't read at least. */
  readonly pauseMs: number
  /** Who takes nothing for so long is closed. */
  readonly longestMs: number
}

/** Who pauses gets everything afterwards, and costs next to nothing meanwhile; who pauses for too long is closed. */
export async function stall(t: TestContext, { texts, pauseMs, longestMs }: Stall): Promise<void> {
  const folder = await temporaryFolder()
  t.after(() => rm(folder, { recursive: true, force: true }))
  const note = join(folder, 'held')
  await using server = await startServer({
    args: ['--no-limits'],
    edits: [{ file: 'net/outbox.ts', set: { STALLED_MS: longestMs } }],
    env: notingHeap(note),
  })
  const [reader, sender] = [await server.register('reader'), await server.register('flood')]

  // Heaps and caches find their size: floods that everybody reads, and one that some stall in and catch up with.
  const former = await Promise.all(['w1', 'w2', 'w3'].map(name => server.register(name)))
  for (const name of ['one', 'two']) await flood(sender, name, new Counter(reader, name), texts)
  const behind = former.map(client => new Counter(client, 'three'))
  for (const client of former) client.socket.pause()
  await flood(sender, 'three', new Counter(reader, 'three'), texts)
  for (const client of former) client.socket.resume()
  await patiently(
    () => behind.every(counter => counter.next === texts),
    () => 'a first stall was not caught up with',
  )
  // Those who stall are newcomers: the kernel holds up to 32 MB for who has read much, and the server then holds nothing.
  for (const client of former) client.destroy()
  const stalled = await Promise.all(['s1', 's2', 's3'].map(name => server.register(name)))
  const [dead, ...slow] = stalled
  assert.ok(dead)
  const before = await heapHeld(server, note)
  const counters = slow.map(client => new Counter(client, 'test'))
  for (const client of stalled) client.socket.pause()
  const start = performance.now()
  await flood(sender, 'test', new Counter(reader, 'test'), texts)
  const grown = [await heapHeld(server, note)]
  await sleep(Math.max(0, start + pauseMs - performance.now())) // the pause is the thing itself
  grown.push(await heapHeld(server, note))
  for (const client of slow) client.socket.resume()
  for (const [i, counter] of counters.entries()) {
    await patiently(
      () => counter.next === texts,
      () => `s${i + 2} stands at ${counter.next}`,
      slow[i]?.closed,
    )
    assert.equal(counter.wrong, undefined)
  }
  grown.push(await heapHeld(server, note))
  for (const each of grown) {
    const megabytes = (each - before) / MEGABYTE
    t.diagnostic(`the server holds ${megabytes.toFixed(1)} MB more`)
    assert.ok(megabytes < 20, `the server grew by ${megabytes.toFixed(1)} MB`)
  }

  const late = new Counter(dead, 'test')
  await patiently(
    () => reader.heard.includes('Usuario s1 se ha desconectado.\n'),
    () => 'who reads no more is still there',
    server.exited,
    2 * longestMs,
  )
  dead.socket.resume()
  await dead.closed
  assert.ok(late.next < texts, 'it was not read on for who stopped for too long')
}
