// A crowd behind nginx, whose node is killed: all come to the other one, and have heard everything once.

import type { TestContext } from 'node:test'
import { Cluster } from '../tools/cluster.ts'
import { Listener, mustAgree, tokensOf } from '../tools/listener.ts'
import { Nginx } from '../tools/nginx.ts'
import { patiently } from '../tools/patiently.ts'
import { Talk } from '../tools/talk.ts'

const LONG_MS = 480_000

export async function loseNode(t: TestContext, clients: number): Promise<void> {
  await using cluster = await Cluster.start(2)
  const owner = await cluster.node(1).web.register('ana')
  const tokens = await tokensOf(await cluster.node(1).web.register('beto'), 10)
  await using nginx = await Nginx.before(cluster.node(0).port, cluster.node(1).port)
  const at = owner.at(nginx.port)
  const listeners = Array.from(
    { length: clients },
    (_, i) => new Listener(at.with(tokens[i % 10] ?? ''), owner),
  )
  const writer = new Listener(owner, owner)
  try {
    const talk = new Talk([writer], { atOnce: 4, restMs: 50 })
    const all = (seq: number) =>
      patiently(
        () => listeners.every(({ last }) => last >= seq),
        () => `${listeners.filter(({ last }) => last < seq).length} have not heard ${seq}`,
        undefined,
        LONG_MS,
      )
    await all(1)
    await cluster.node(0).kill()
    const killed = performance.now()
    const { seq } = await writer.client.post(1, '-1')
    await all(seq)
    t.diagnostic(`all ${clients} are on the other node ${Math.round(performance.now() - killed)} ms later`)
    await talk.end()
    const last = Math.max(...Array.from(talk.acknowledged.values(), posted => posted.seq))
    await all(last)
    mustAgree(listeners, { posts: talk.acknowledged.size + 1, acknowledged: talk.acknowledged })
  } finally {
    for (const { client } of [writer, ...listeners]) client.close()
  }
}
