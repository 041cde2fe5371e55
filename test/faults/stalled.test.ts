import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LineClient } from '../tools/line-client.ts'
import { patiently } from '../tools/patiently.ts'
import { type Server, startServer } from '../tools/server.ts'

const TEXT_CHARS = 3_900
const TEXTS = 14_000 // × 3,900 bytes: 54 MB
const AHEAD = 300
const PAUSE_MS = 50_000
const TOO_LONG_MS = 90_000
const MEGABYTE = 1 << 20
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
async function flood(sender: LineClient, name: string, seen: Counter): Promise<void> {
  for (let sent = 0; sent < TEXTS; ) {
    await patiently(
      () => sent - seen.next < AHEAD,
      () => `the flood stands at ${seen.next}`,
    )
    for (let i = 0; i < AHEAD / 3 && sent < TEXTS; i++) sender.say(`${name}-${sent++} ${padding}`)
  }
  await patiently(
    () => seen.next === TEXTS,
    () => `the flood ended at ${seen.next}`,
  )
}

/** The most memory that the server has held while something goes on, in bytes. */
async function mostMemory(server: Server, work: () => Promise<void>): Promise<number> {
  let most = 0
  const watch = setInterval(() => {
    most = Math.max(most, memory(server))
  }, 50)
  await work().finally(() => clearInterval(watch))
  return most
}

/** Resident, where the system tells. */
function memory(server: Server): number {
  if (process.platform !== 'linux') return 0
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) * 1024
}

test('who stops reading for 50 s gets everything afterwards; who stops for 90 s is closed', async () => {
  await using server = await startServer({ args: ['--no-limits'] })
  const [reader, sender] = [await server.register('reader'), await server.register('flood')]
  const before = await mostMemory(server, () => flood(sender, 'warm', new Counter(reader, 'warm')))

  const stalled = await Promise.all(['s1', 's2', 's3'].map(name => server.register(name)))
  const [dead, ...slow] = stalled
  assert.ok(dead)
  const counters = slow.map(client => new Counter(client, 'test'))
  for (const client of stalled) client.socket.pause()
  const start = performance.now()
  const most = await mostMemory(server, async () => {
    await flood(sender, 'test', new Counter(reader, 'test'))
    await sleep(start + PAUSE_MS - performance.now()) // the pause is the thing itself
  })
  for (const client of slow) client.socket.resume()
  for (const [i, counter] of counters.entries()) {
    await patiently(
      () => counter.next === TEXTS,
      () => `s${i + 2} stands at ${counter.next}`,
      slow[i]?.closed,
    )
    assert.equal(counter.wrong, undefined)
  }
  const grown = (most - before) / MEGABYTE
  assert.ok(grown < 20, `the server grew by ${grown.toFixed(1)} MB`)

  const late = new Counter(dead, 'test')
  await sleep(start + TOO_LONG_MS - performance.now())
  dead.socket.resume()
  await dead.closed
  assert.ok(late.next < TEXTS, 'it was not read on for who stopped for too long')
  await reader.expect('Usuario s1 se ha desconectado.\n')
})
