// A node that is killed at the worst moments: the others go on at once, and whoever was on it comes to them, or back to it,
// and has neither missed nor doubled anything.

import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { Cluster, lacksCluster } from '../tools/cluster.ts'
import { points } from '../tools/edits.ts'
import { Listener, mustAgree, tokensOf } from '../tools/listener.ts'
import { patiently } from '../tools/patiently.ts'
import { lacking } from '../tools/programs.ts'
import { temporaryFolder } from '../tools/server.ts'
import { Talk } from '../tools/talk.ts'
import { loseNode } from './crowd.ts'

const skip = lacksCluster
const LONG_MS = 480_000
const POINTS = ['before-publish', 'before-commit', 'before-delivery', 'mid-delivery']
/** Connections that are doing something. */
const AT_WORK = `SELECT pid FROM pg_stat_activity
  WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()`
const HOLD = join(import.meta.dirname, '../tools/hold.js')

test('a node is killed where it is held', { skip, timeout: LONG_MS }, async t => {
  const edits = await points()
  const folder = await temporaryFolder()
  t.after(() => rm(folder, { recursive: true, force: true }))
  await using cluster = await Cluster.start(2)
  const there = await cluster.node(1).web.register('ana')
  const tokens = await tokensOf(await cluster.node(1).web.register('beto'), 4)
  let said = 0
  for (const point of POINTS) {
    await t.test(`${point}: the other has all that is committed, and goes on`, async () => {
      const note = join(folder, point)
      await cluster.node(0).kill()
      await cluster.startNode(0, {
        edits,
        env: { HOLD_AT: point, HOLD_FROM: '30', HOLD_NOTE: note, NODE_OPTIONS: `--import ${HOLD}` },
      })
      const witness = new Listener(there, there)
      const here = tokens.map(token => new Listener(there.at(cluster.node(0).port).with(token), there))
      const talk = new Talk(here, { atOnce: 8, first: said })
      await patiently(
        () => existsSync(note),
        () => `never held; ${talk.acknowledged.size} were said`,
      )
      await cluster.node(0).kill()
      const killed = performance.now()
      await patiently(
        async () => (await cluster.query(AT_WORK)).length === 0,
        () => 'the database still does what the node had asked of it',
      )
      const [{ count } = { count: 0 }] = await cluster.query('SELECT count(*) AS count FROM messages')
      await patiently(
        () => witness.numbers.size >= Number(count),
        () => `it has ${witness.numbers.size} of ${count}`,
      )
      await witness.client.post(1, `${-said - 1}`) // a number of its own
      t.diagnostic(`${point}: the other went on after ${Math.round(performance.now() - killed)} ms`)
      await cluster.startNode(0)
      await talk.end()
      said += talk.acknowledged.size + 1
      await patiently(
        () => [witness, ...here].every(({ numbers }) => numbers.size >= said),
        () => `not all ${said}: ${[witness, ...here].map(({ numbers }) => numbers.size)}`,
      )
      for (const { client } of [witness, ...here]) client.close()
      mustAgree([witness, ...here], { posts: said, acknowledged: talk.acknowledged })
    })
  }
})

test(
  'two hundred clients on a node that is killed',
  {
    skip: lacksCluster || lacking('nginx'),
    timeout: LONG_MS,
  },
  t => loseNode(t, 200),
)
