// What can happen to several nodes, to what is between them, and to the database; and a crowd behind a balancer that
// talks all the while.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Balancer, Cluster } from '../tools/cluster.ts'
import { Listener, mustAgree, tokensOf } from '../tools/listener.ts'
import { patiently } from '../tools/patiently.ts'
import type { ServerProcess } from '../tools/server.ts'
import { Talk } from '../tools/talk.ts'

export const NODES = 3
export const CLIENTS = 30
const AT_ONCE = 2
/** Less than the time after which a node that is silent is taken for dead. */
const STOPPED_MS = 3_000
const LONGEST_GIVING_UP_MS = 60_000
/** For a node whose clock goes an hour ahead. */
const AHEAD = { NODE_OPTIONS: `--import ${join(import.meta.dirname, '../tools/clock-ahead.ts')}` }

export interface Fault {
  readonly name: string
  /** Two that strike the same do not happen at once. */
  readonly strikes: number | 'nats' | 'postgres'
  /** Resolves when it is over. @param alone nothing else happens at the same time */
  happens(cluster: Cluster, alone: boolean): Promise<void>
}

export const faults: readonly Fault[] = [
  { name: 'a node is killed, and comes back', strikes: 0, happens: again(0) },
  {
    name: 'NATS is killed, and comes back',
    strikes: 'nats',
    async happens({ nats }) {
      await nats.kill()
      await sleep(2_000)
      await nats.start()
    },
  },
  { name: 'PostgreSQL is killed, and comes back', strikes: 'postgres', happens: down('SIGKILL') },
  {
    name: 'a node stands still, and goes on before it is missed',
    strikes: 1,
    happens: stopped(1, () => sleep(STOPPED_MS)),
  },
  { name: 'PostgreSQL sends everybody away', strikes: 'postgres', happens: down('SIGINT') },
  { name: 'a node stands still until it is given up', strikes: 2, happens: stopped(2, isGivenUp) },
  {
    name: 'another node is killed, and comes back with a clock an hour ahead',
    strikes: 1,
    happens: again(1, AHEAD),
  },
  {
    name: 'a node is ended in peace, and comes back',
    strikes: 2,
    async happens(cluster, alone) {
      cluster.node(2).signal('SIGTERM')
      const code = await cluster.node(2).exited
      // Without its database it gives up what it had still to say there.
      assert.ok(code === 0 || (code === 1 && !alone), `${code}: ${cluster.node(2).errors}`)
      await cluster.startNodeUntilUp(2)
    },
  },
]

function again(node: number, env: Readonly<Record<string, string>> = {}) {
  return async (cluster: Cluster) => {
    await cluster.node(node).kill()
    await cluster.startNodeUntilUp(node, { env })
  }
}

function stopped(node: number, until: (cluster: Cluster) => Promise<void>) {
  return async (cluster: Cluster) => {
    cluster.node(node).signal('SIGSTOP')
    await until(cluster)
    cluster.node(node).signal('SIGCONT')
  }
}

/** Waits until a node knows of fewer others than there are. */
async function isGivenUp({ nodes }: Cluster): Promise<void> {
  const others = async ({ port }: ServerProcess) => {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(1_000) })
    return Number(/^tertulia_other_nodes (\d+)$/m.exec(await answer.text())?.[1])
  }
  await patiently(
    async () =>
      (await Promise.all(nodes.map(node => others(node).catch(() => NODES)))).some(n => n < NODES - 1),
    () => 'the node was never given up',
    undefined,
    LONGEST_GIVING_UP_MS,
  )
}

function down(signal: 'SIGKILL' | 'SIGINT') {
  return async ({ postgres }: Cluster) => {
    await postgres.down(signal)
    await postgres.up()
  }
}

interface Ordeal {
  /** What happens, one after the other; those that come together happen at once. */
  readonly faults: Iterable<readonly Fault[]>
  /** So many posts lie between them. */
  readonly between: number
  /** Of each client, before it says the next thing. */
  readonly restMs: number
  /** Until something must have been heard. */
  readonly patienceMs: number
}

/** The crowd talks all the while; in the end all have all of them, once and in the same order. */
export async function ordeal(t: TestContext, { faults, between, restMs, patienceMs }: Ordeal): Promise<void> {
  await using cluster = await Cluster.start(NODES)
  using balancer = await Balancer.before(() => cluster.nodes.map(({ port }) => port).filter(port => port > 0))
  const owner = await cluster.node(0).web.register('ana')
  const tokens = await tokensOf(await cluster.node(1).web.register('beto'), CLIENTS)
  const reading = owner.at(balancer.port)
  const listeners = tokens.map(token => new Listener(reading.with(token), reading))
  const talk = new Talk(listeners, { atOnce: AT_ONCE, restMs })
  const { acknowledged } = talk
  const sayMore = async (count: number, when: string) => {
    const wanted = acknowledged.size + count
    const complaint = () => `stuck at ${acknowledged.size} of ${wanted}, ${when}`
    await patiently(() => acknowledged.size >= wanted, complaint, undefined, patienceMs)
  }
  try {
    for (const together of faults) {
      const name = together.map(each => each.name).join(' + ')
      await sayMore(between, `before: ${name}`)
      await Promise.all(together.map(each => each.happens(cluster, together.length === 1)))
      const [ended, number] = [performance.now(), talk.next]
      const hears = ({ last }: Listener) =>
        last >= (acknowledged.get(number)?.seq ?? Number.POSITIVE_INFINITY)
      await patiently(
        () => listeners.every(hears),
        () => `after: ${name}: ${listeners.filter(each => !hears(each)).length} do not hear ${number}`,
        undefined,
        patienceMs,
      )
      const took = Math.round(performance.now() - ended)
      t.diagnostic(`${name}: what is said next is heard by all ${took} ms later`)
    }
    await sayMore(between, 'at the end')
    await talk.end()
    await patiently(
      () => listeners.every(({ numbers }) => numbers.size >= talk.next),
      () => `not all ${talk.next}: ${listeners.map(({ numbers }) => numbers.size)}`,
      undefined,
      patienceMs,
    )
  } finally {
    for (const { client } of listeners) client.close()
  }
  mustAgree(listeners, { posts: talk.next, acknowledged })
  t.diagnostic(`${talk.next} posts, ${CLIENTS} clients: all have all of them`)
}
