// Durable posts a second on PostgreSQL, over 50 rooms, by posts in flight, compared with SQLite. It calls the store
// directly, starts a PostgreSQL of its own, with fsync on, and never asserts a time.
//
//   npx node bench/postgres.ts [--seconds N] [--in-flight N,N]

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Instant, RoomId, Seq, UserId } from '../src/core/model/model.ts'
import type { Store } from '../src/core/ports/store.ts'
import { PostgresStore } from '../src/store/postgres/store.ts'
import { SqliteStore } from '../src/store/sqlite/store.ts'
import { Postgres } from '../test/tools/postgres.ts'
import { temporaryFolder } from '../test/tools/server.ts'
import { table } from './report.ts'
import { quantile } from './timed.ts'

const ROOMS = 50
/** As long as in load.c. */
const TEXT = 'x'.repeat(56)

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    'in-flight': { type: 'string', default: '1,50,500,5000' },
  },
})

/** An author and their room. */
interface Membership {
  readonly room: RoomId
  readonly author: UserId
}

async function memberships(store: Store): Promise<Membership[]> {
  const found: Membership[] = []
  for (let i = 0; i < ROOMS; i++) {
    const name = `p${i}`
    const named = {
      name,
      username: name,
      folded: name,
      skeleton: name,
      written: name,
      shown: name,
      password: 'x',
    }
    const { person } = await store.people.register({
      ...named,
      at: now(),
      admission: 'open',
      email: '',
    })
    const { id } = await store.rooms.create(
      person.id,
      { kind: 'open', name, folded: name, skeleton: name, written: name, shown: name },
      now(),
    )
    found.push({ room: id, author: person.id })
  }
  return found
}

function now(): Instant {
  return Date.now() as Instant
}

/** Makes one append of all posts in a turn of the event loop, as core/log/appender.ts does. */
class AppendBatcher {
  readonly #store: Store
  #drafts: Membership[] = []
  #sent: Promise<unknown> | undefined

  constructor(store: Store) {
    this.#store = store
  }

  post(membership: Membership): Promise<unknown> {
    this.#drafts.push(membership)
    if (this.#drafts.length === 1) {
      this.#sent = new Promise<void>(resolve => setImmediate(resolve)).then(() => {
        const drafts = this.#drafts.map(each => ({ ...each, texts: [TEXT], seen: 0 as Seq }))
        this.#drafts = []
        return this.#store.log.append(drafts, now())
      })
    }
    return this.#sent ?? Promise.resolve()
  }
}

async function measure(
  store: Store,
  inFlight: number,
  among: readonly Membership[],
): Promise<[string, string]> {
  const batcher = new AppendBatcher(store)
  const waited: number[] = []
  const start = performance.now()
  const until = start + 1000 * Number(values.seconds)
  const client = async (i: number) => {
    const membership = among[i % among.length]
    while (membership && performance.now() < until) {
      const start = performance.now()
      await batcher.post(membership)
      waited.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, (_, i) => client(i)))
  const perSecond = (1000 * waited.length) / (performance.now() - start)
  const [p50, p99] = [0.5, 0.99].map(part => quantile(waited, part).toFixed(1))
  return [`${Math.round(perSecond)} posts/s`, `${p50} ms, ${p99} ms`]
}

async function bench(name: string, store: Store): Promise<void> {
  const among = await memberships(store)
  const found: string[][] = []
  for (const inFlight of values['in-flight'].split(',')) {
    found.push([inFlight, ...(await measure(store, Number(inFlight), among))])
  }
  process.stdout.write(`\n${table([`${name}, in flight`, 'durable', 'answered after: p50, p99'], found)}\n`)
}

{
  await using postgres = await Postgres.start()
  const store = await PostgresStore.open({ urls: [await postgres.database()] })
  await bench('PostgreSQL', store)
  await store.close()
}
const folder = await temporaryFolder()
try {
  const store = await SqliteStore.open(join(folder, 'chat.db'))
  await bench('SQLite', store)
  await store.close()
} finally {
  await rm(folder, { recursive: true, force: true })
}
