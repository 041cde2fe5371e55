// The conversations, once more: on PostgreSQL and NATS, as they run on a file.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { lacksCluster } from './tools/cluster.ts'
import { NatsServer } from './tools/nats.ts'
import { pairEnvironment } from './tools/pair.ts'
import { Postgres } from './tools/postgres.ts'
import { ROOT } from './tools/root.ts'

const CONVERSATIONS =
  'test/conversations/{api,classroom,commands,doors,lab,line-door,people,protocol,rooms,web,web-corners}.test.ts'
const IRC = 'test/irc/{guests,history,metadata,modes,people,playback,scram,stories}.test.ts'
const LONG_MS = 600_000

test('the conversations on PostgreSQL and NATS', { skip: lacksCluster, timeout: LONG_MS }, async () => {
  await using postgres = await Postgres.start()
  await using nats = await NatsServer.start()
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env
  const env = { ...environment, ...pairEnvironment(postgres.url('postgres'), nats.url) }
  const args = ['--test', '--test-concurrency=2', '--test-reporter=spec', CONVERSATIONS, IRC]
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => {
      said += text
    })
  const [code] = await once(child, 'close')
  const passed = Number(/^ℹ pass (\d+)$/m.exec(said)?.[1])
  assert.equal(code, 0, said.slice(said.indexOf('failing tests')))
  assert.ok(passed > 100, said.slice(-2000))
})
