import { LocalBus } from '../../src/bus/local.ts'
import { busContract } from './bus.ts'

busContract('a single process', async () => ({
  nodes: [new LocalBus()],
  [Symbol.asyncDispose]: async () => {},
}))
