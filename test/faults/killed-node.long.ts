import { test } from 'node:test'
import { lacksCluster } from '../tools/cluster.ts'
import { lacking } from '../tools/programs.ts'
import { loseNode } from './crowd.ts'

test(
  'a thousand clients on a node that is killed',
  {
    skip: lacksCluster || lacking('nginx'),
    timeout: 900_000,
  },
  t => loseNode(t, 1_000),
)
