// Nobody misses or doubles a message, whatever happens to one of several nodes, to what is between them, or to the
// database: clients behind a balancer, which talk all the while.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Balancer, Cluster, lacksCluster } from '../tools/cluster.ts'
import { Listener, mustAgree, tokensOf } from '../tools/listener.ts'
import { patiently } from '../tools/patiently.ts'
import { Talk } from '../tools/talk.ts'

const NODES = 3
const CLIENTS = 30
const AT_ONCE = 2
/** Of each, before it says the next thing. */
const REST_MS = 100
const POSTS_BETWEEN = 500
const LONG_MS = 240_000
/** A node that is stopped is taken for dead after ten seconds; this one comes back before, and one after. */
const STOPPED_MS = [3_000, 30_000]
/** For a node whose clock goes an hour ahead. */
const AHEAD = { NODE_OPTIONS: `--import ${join(import.meta.dirname, '../tools/ahead.ts')}` }

/** One after the other, at even distances through the posts. */
const faults: readonly (readonly [name: string, happens: (cluster: Cluster) => Promise<void>])[] = [
  ['a node is killed, and comes back', again(0)],
  [
    'NATS is killed, and comes back',
    async ({ nats }) => {
      await nats.kill()
      await sleep(2_000)
      await nats.start()
    },
  ],
  [
    'PostgreSQL is killed, and comes back',
    async ({ postgres }) => {
      await postgres.down('SIGKILL')
      await postgres.up()
    },
  ],
  ['a node stands still, and goes on before it is missed', stopped(1, STOPPED_MS[0])],
  [
    'PostgreSQL sends everybody away',
    async ({ postgres }) => {
      await postgres.down('SIGINT')
      await postgres.up()
    },
  ],
  ['a node stands still until it is given up', stopped(2, STOPPED_MS[1])],
  ['another node is killed, and comes back with a clock an hour ahead', again(1, AHEAD)],
  [
    'a node is ended in peace, and comes back',
    async cluster => {
      cluster.node(2).signal('SIGTERM')
      assert.equal(await cluster.node(2).exited, 0)
      await cluster.startNode(2)
    },
  ],
]

function again(node: number, env: Readonly<Record<string, string>> = {}) {
  return async (cluster: Cluster) => {
    await cluster.node(node).kill()
    await cluster.startNode(node, { env })
  }
}

function stopped(node: number, milliseconds = 0) {
  return async (cluster: Cluster) => {
    cluster.node(node).signal('SIGSTOP')
    await sleep(milliseconds)
    cluster.node(node).signal('SIGCONT')
  }
}

test(`${CLIENTS} clients before ${NODES} nodes, which talk all the while: ${faults.map(([name]) => name).join('; ')}`, {
  skip: lacksCluster,
  timeout: LONG_MS,
}, async t => {
  await using cluster = await Cluster.start(NODES)
  using balancer = await Balancer.before(() => cluster.nodes.map(({ port }) => port).filter(port => port > 0))
  const owner = await cluster.node(0).web.register('ana')
  const tokens = await tokensOf(await cluster.node(1).web.register('beto'), CLIENTS)
  const reading = owner.at(balancer.port)
  const listeners = tokens.map(token => new Listener(reading.with(token), reading))
  const talk = new Talk(listeners, { atOnce: AT_ONCE, restMs: REST_MS })
  const { acknowledged } = talk
  const sayMore = async (count: number, when: string) => {
    const wanted = acknowledged.size + count
    const complaint = () => `stuck at ${acknowledged.size} of ${wanted}, ${when}`
    await patiently(() => acknowledged.size >= wanted, complaint, undefined, LONG_MS)
  }
  try {
    for (const [name, happens] of faults) {
      await sayMore(POSTS_BETWEEN, `before: ${name}`)
      await happens(cluster)
      const [ended, number] = [performance.now(), talk.next]
      const hears = ({ last }: Listener) =>
        last >= (acknowledged.get(number)?.seq ?? Number.POSITIVE_INFINITY)
      await patiently(
        () => listeners.every(hears),
        () => `after: ${name}: ${listeners.filter(each => !hears(each)).length} do not hear ${number}`,
        undefined,
        LONG_MS,
      )
      t.diagnostic(
        `${name}: what is said next is heard by all ${Math.round(performance.now() - ended)} ms later`,
      )
    }
    await sayMore(POSTS_BETWEEN, 'at the end')
    await talk.end()
    await patiently(
      () => listeners.every(({ numbers }) => numbers.size >= talk.next),
      () => `not all ${talk.next}: ${listeners.map(({ numbers }) => numbers.size)}`,
      undefined,
      LONG_MS,
    )
  } finally {
    for (const { client } of listeners) client.close()
  }
  mustAgree(listeners, { posts: talk.next, acknowledged })
})
