// Nodes whose hints are lost, doubled and late, and clients that go from one to the other in the middle of the stream.

import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { Balancer, Cluster } from '../tools/cluster.ts'
import { Listener, mustAgree, tokensOf } from '../tools/listener.ts'
import { NatsProxy } from '../tools/nats-proxy.ts'
import { patiently } from '../tools/patiently.ts'
import { Talk } from '../tools/talk.ts'

const CLIENTS = 12
/** So many posts lie between two cuts: whoever is slow is not cut before they have come anywhere. */
const CUT_EVERY = 25
export const LONG_MS = 480_000
const MISCHIEF = { drop: 0.2, double: 0.2, swap: 0.2 }

/** Two nodes and a crowd, until so many posts are stored; all have all of them in the end, once and in the same order. */
export async function talkThroughMischief(t: TestContext, posts: number): Promise<void> {
  await using cluster = await Cluster.start(0)
  using proxies = new DisposableStack()
  const ways: NatsProxy[] = []
  for (const i of [0, 1]) {
    const way = proxies.use(await NatsProxy.to(cluster.nats.port, MISCHIEF))
    ways.push(way)
    await cluster.startNode(i, { bus: way.url })
  }
  using balancer = await Balancer.before(() => cluster.nodes.map(({ port }) => port))
  const owner = await cluster.node(0).web.register('ana')
  const tokens = await tokensOf(await cluster.node(1).web.register('beto'), CLIENTS)
  const reading = owner.at(balancer.port)
  const listeners = tokens.map(token => new Listener(reading.with(token), reading))
  const talk = new Talk(listeners, { atOnce: 2, restMs: 20 })
  let cuts = 0
  const cutWhenDue = () => {
    if (talk.acknowledged.size < (cuts + 1) * CUT_EVERY) return
    balancer.cut()
    cuts++
  }
  try {
    await patiently(
      () => {
        cutWhenDue()
        return talk.acknowledged.size >= posts
      },
      () => `stuck at ${talk.acknowledged.size}`,
      undefined,
      LONG_MS,
    )
    await talk.end()
    await patiently(
      () => listeners.every(({ numbers }) => numbers.size >= talk.next),
      () => `not all ${talk.next}: ${listeners.map(({ numbers }) => numbers.size)}`,
      undefined,
      LONG_MS, // whoever was cut again and again waits for long before they try again
    )
  } finally {
    for (const { client } of listeners) client.close()
  }
  mustAgree(listeners, { posts: talk.next, acknowledged: talk.acknowledged })
  for (const { dropped, doubled, swapped } of ways)
    assert.ok(dropped > 10 && doubled > 10 && swapped > 10, 'there was mischief')
  t.diagnostic(`${talk.next} posts, ${cuts} cuts`)
}
