// Nobody misses or doubles a message, whatever happens to one of several nodes, to what is between them, or to the
// database: clients behind a balancer, which talk all the while.

import { test } from 'node:test'
import { lacksCluster } from '../tools/cluster.ts'
import { CLIENTS, faults, NODES, ordeal } from './ordeal.ts'

const LONG_MS = 480_000

test(
  `${CLIENTS} clients before ${NODES} nodes, which talk all the while: ${faults.map(({ name }) => name).join('; ')}`,
  {
    skip: lacksCluster,
    timeout: LONG_MS,
  },
  t => ordeal(t, { faults: faults.map(each => [each]), between: 200, restMs: 100, patienceMs: LONG_MS }),
)
