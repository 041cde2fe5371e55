// Nobody misses or doubles a message, whatever happens to one of several nodes, to what is between them, or to the
// database: clients behind a balancer, which talk all the while.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Posted } from '../../src/clients/client.ts'
import { Balancer, Cluster, lacksCluster } from '../tools/cluster.ts'
import { Listener, mustAgree } from '../tools/listener.ts'
import { patiently } from '../tools/patiently.ts'

const NODES = 3
const CLIENTS = 30
const POSTS = 6_000
const AT_ONCE = 4
const LONG_MS = 240_000
/** A node that is stopped is taken for dead after ten; this one comes back before, and one after. */
const STOPPED_MS = [3_000, 12_000]

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
  ['another node is killed', again(1)],
]

function again(node: number) {
  return async (cluster: Cluster) => {
    await cluster.node(node).kill()
    await cluster.startNode(node)
  }
}

function stopped(node: number, milliseconds = 0) {
  return async (cluster: Cluster) => {
    cluster.node(node).signal('SIGSTOP')
    await sleep(milliseconds)
    cluster.node(node).signal('SIGCONT')
  }
}

test(`${CLIENTS} clients before ${NODES} nodes, ${POSTS} posts: ${faults.map(([name]) => name).join('; ')}`, {
  skip: lacksCluster,
  timeout: LONG_MS,
}, async () => {
  await using cluster = await Cluster.start(NODES)
  using balancer = await Balancer.before(() => cluster.nodes.map(({ port }) => port).filter(port => port > 0))
  const owner = await cluster.node(0).web.register('ana')
  const person = await cluster.node(1).web.register('beto')
  const issued = Array.from({ length: CLIENTS }, (_, i) =>
    person.do('POST', '/me/tokens', { name: `c${i}`, scope: 'write' }),
  )
  const tokens = (await Promise.all(issued)).map(({ token }) => token)
  const reading = owner.at(balancer.port)
  const listeners = tokens.map(token => new Listener(reading.with(token), reading))
  const acknowledged = new Map<number, Posted>()
  let next = 0
  const talk = async ({ client }: Listener) => {
    while (next < POSTS) {
      const number = next++
      acknowledged.set(number, await client.post(1, `${number}`))
    }
  }
  const talking = listeners.flatMap(listener => Array.from({ length: AT_ONCE }, () => talk(listener)))
  try {
    for (const [i, [name, happens]] of faults.entries()) {
      await patiently(
        () => acknowledged.size >= (POSTS * (i + 1)) / (faults.length + 1),
        () => `stuck at ${acknowledged.size} before: ${name}`,
        undefined,
        LONG_MS,
      )
      await happens(cluster)
    }
    await Promise.all(talking)
    await patiently(
      () => listeners.every(({ numbers }) => numbers.size >= POSTS),
      () => `incomplete: ${listeners.map(({ numbers }) => numbers.size).filter(size => size < POSTS)}`,
      undefined,
      LONG_MS,
    )
  } finally {
    for (const { client } of listeners) client.close()
  }
  mustAgree(listeners, { posts: POSTS, acknowledged })
  assert.equal(acknowledged.size, POSTS)
})
