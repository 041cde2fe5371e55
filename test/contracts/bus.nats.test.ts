import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Bus } from '../../src/core/ports/bus.ts'
import { NatsServer } from '../tools/nats.ts'
import { acquainted, NatsNode } from '../tools/nats-node.ts'
import { lacking } from '../tools/programs.ts'
import { busContract, type Joined } from './bus.ts'

async function open(): Promise<Joined> {
  const server = await NatsServer.start()
  const nodes = await Promise.all(['uno', 'dos', 'tres'].map(node => NatsNode.open(node, server.url)))
  await acquainted(nodes)
  return {
    nodes: nodes.map(({ bus }): Bus => bus),
    async [Symbol.asyncDispose]() {
      for (const node of nodes) {
        await node[Symbol.asyncDispose]()
        assert.deepEqual(node.troubles, [])
      }
      await server[Symbol.asyncDispose]()
    },
  }
}

const skip = lacking('nats-server')
if (skip) test('the bus contract, on NATS', { skip }, () => {})
else describe('with a nats-server', () => busContract('NATS', open))
