// SIGKILL in the middle of a flood.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Edit, points, quickHashes } from '../tools/edits.ts'
import { type LineClient, MENU } from '../tools/line-client.ts'
import { patiently } from '../tools/patiently.ts'
import { random } from '../tools/random.ts'
import { startServer, temporaryFolder } from '../tools/server.ts'

const SENDERS = ['s1', 's2', 's3', 's4']
const LISTENERS = ['l1', 'l2']
const IN_FLIGHT = 1_000
const POINTS = ['before-commit', 'after-commit', 'before-publish', 'before-delivery', 'mid-delivery']

/** Says numbered lines, always at least so many ahead of what a listener has seen of them. */
class Flood {
  readonly #sender: LineClient
  readonly #name: string
  readonly #witness: LineClient
  #sent = 0
  #going = true

  constructor(sender: LineClient, name: string, witness: LineClient) {
    this.#sender = sender
    this.#name = name
    this.#witness = witness
    void this.#run()
  }

  get inFlight(): number {
    return this.#sent - this.#seen
  }

  stop(): void {
    this.#going = false
  }

  get #seen(): number {
    return this.#witness.heard.split(`: ${this.#name}-`).length - 1
  }

  async #run(): Promise<void> {
    while (this.#going) {
      const missing = 8 * IN_FLIGHT - this.inFlight
      if (missing > 0) {
        const lines = Array.from({ length: missing }, (_, i) => `${this.#name}-${this.#sent + i}\n`)
        this.#sender.send(lines.join(''))
        this.#sent += missing
      }
      await sleep(5)
    }
  }
}

interface Cycle {
  readonly edits: readonly Edit[]
  readonly data: string
  readonly name: string
  /** When to kill: when a listener has heard so many lines, or held at a point for the n-th time. */
  readonly at: number | { readonly point: string; readonly from: number }
  /** What the writer had told before it was held is delivered first. */
  readonly delivers?: boolean
}

/** Kills a server in the middle of a flood, and compares what was seen with what is on disk: so many messages. */
export async function kill({ edits, data, name, at, delivers = false }: Cycle): Promise<number> {
  const note = join(data, 'held')
  await rm(note, { force: true })
  const hold = typeof at === 'number' ? {} : { HOLD_AT: at.point, HOLD_FROM: `${at.from}`, HOLD_NOTE: note }
  const first = !existsSync(join(data, 'chat.db'))
  const server = await startServer({
    edits,
    data,
    args: ['--no-limits'],
    env: { ...hold, NODE_OPTIONS: `--import ${join(import.meta.dirname, '../tools/hold.js')}` },
  })
  const enter = (username: string) => (first ? server.register(username) : server.logIn(username))
  const listeners = await Promise.all(LISTENERS.map(enter))
  const senders = await Promise.all(SENDERS.map(enter))
  for (const listener of listeners) listener.say(`${name} ready`)
  await Promise.all(listeners.map((listener, i) => listener.expect(`${LISTENERS[1 - i]}: ${name} ready\n`)))
  const [witness] = listeners
  assert.ok(witness)
  const floods = senders.map((sender, i) => new Flood(sender, `${name}-${SENDERS[i]}`, witness))
  if (typeof at === 'number')
    await patiently(
      () => linesIn(witness) >= at,
      () => `only ${linesIn(witness)} lines`,
    )
  // It holds, and what was said to it before lies in its sockets.
  else
    await patiently(
      () => existsSync(note) && floods.every(flood => flood.inFlight >= IN_FLIGHT),
      () => `never held at ${at.point}`,
    )
  if (delivers) await (await server.connect()).expect(MENU) // so the main thread has come round
  const inFlight = floods.reduce((sum, flood) => sum + flood.inFlight, 0)
  await server.kill()
  for (const flood of floods) flood.stop()
  assert.ok(inFlight >= IN_FLIGHT, `only ${inFlight} were in flight`)
  await Promise.all(listeners.map(listener => listener.closed))
  return checkFile(server.database, listeners.map(seenBy))
}

function linesIn(listener: LineClient): number {
  return listener.heard.split('\n').length
}

/** The complete lines of others. */
function seenBy(listener: LineClient): string[] {
  return listener.heard
    .split('\n')
    .slice(0, -1)
    .filter(line => /^\w+: k\d+-/.test(line))
}

/** @returns how many messages there are. */
function checkFile(path: string, seen: readonly string[][]): number {
  const database = new DatabaseSync(path, { readOnly: true })
  const stored = database
    .prepare(
      "SELECT seq, username || ': ' || message AS line FROM messages JOIN users ON users.id = user_id ORDER BY messages.id",
    )
    .all()
  const last = database.prepare('SELECT last_seq FROM rooms WHERE id = 1').get()?.last_seq
  assert.equal(database.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok')
  database.close()
  for (const [i, row] of stored.entries()) assert.equal(row.seq, i + 1, 'seqs have no hole')
  assert.equal(last, stored.length, 'the room ends where its messages do')
  const places = new Map<unknown, number>()
  stored.forEach((row, i) => {
    assert.ok(!places.has(row.line) || !String(row.line).includes('-'), `stored twice: ${row.line}`)
    places.set(row.line, i)
  })
  for (const lines of seen) {
    let before = -1
    for (const line of lines) {
      const place = places.get(line)
      assert.ok(place !== undefined, `seen but not on disk: ${line}`)
      assert.ok(place > before, `seen in another order: ${line}`)
      before = place
    }
  }
  return stored.length
}

/** Of a flood in which it is killed, heard. */
const MOST_LINES = 3_000

/** Kills it again and again on the same file, at so many moments by chance. */
export async function killAtAnyMoment(t: TestContext, moments: number): Promise<void> {
  const edits = [...quickHashes, ...(await points())]
  const data = await temporaryFolder()
  t.after(() => rm(data, { recursive: true, force: true }))
  let [stored, heard] = [0, 0]
  for (let i = 0; i < moments; i++) {
    const at = Math.round(random() * MOST_LINES)
    await t.test(`after ${at} lines of a flood`, async () => {
      stored = await kill({ edits, data, name: `k${i}`, at })
    })
    heard += at
  }
  assert.ok(stored >= heard - moments * SENDERS.length, `a flood of only ${stored} messages`)
  for (const [i, point] of POINTS.entries()) {
    await t.test(`held ${point}`, async () => {
      await kill({ edits, data, name: `k${moments + i}`, at: { point, from: 150 } })
    })
  }
}
