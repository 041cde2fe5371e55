// The faults of nodes.test.ts in any order, often two at once, for a quarter of an hour: `npm run test:long`.

import { test } from 'node:test'
import { lacksCluster } from '../tools/cluster.ts'
import { oneOf } from '../tools/random.ts'
import { CLIENTS, type Fault, faults, NODES, ordeal } from './ordeal.ts'

const MINUTES = 15
const PATIENCE_MS = 240_000
/** The crowd says some fifty things a second, so that all of them can be kept and compared. */
const REST_MS = 1_000

function* atRandom(): Generator<readonly Fault[]> {
  const until = performance.now() + MINUTES * 60_000
  while (performance.now() < until) {
    const [one, other] = [any(), any()]
    yield one.strikes === other.strikes ? [one] : [one, other]
  }
}

function any(): Fault {
  return oneOf(faults)
}

test(
  `${CLIENTS} clients before ${NODES} nodes: whatever happens, for ${MINUTES} minutes`,
  {
    skip: lacksCluster,
    timeout: (MINUTES + 10) * 60_000,
  },
  t => ordeal(t, { faults: atRandom(), between: 500, restMs: REST_MS, patienceMs: PATIENCE_MS }),
)
