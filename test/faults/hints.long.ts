import { test } from 'node:test'
import { lacksCluster } from '../tools/cluster.ts'
import { LONG_MS, talkThroughMischief } from './hinting.ts'

test(
  'hints are lost, doubled and late between two nodes, and clients go from one to the other',
  {
    skip: lacksCluster,
    timeout: LONG_MS,
  },
  t => talkThroughMischief(t, 3_000),
)
