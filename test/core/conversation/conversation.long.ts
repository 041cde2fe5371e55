// A million steps: `npm run test:long`.

import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { ROOT } from '../../tools/root.ts'
import { histories } from './doings.ts'
import { partsOf } from './parts.ts'
import { World } from './world.ts'

test('no hole, no double, no forbidden read, and counts that are right: 1,000,000 steps', async () => {
  const parts = await partsOf(join(ROOT, 'src'))
  const holds = fc.asyncProperty(histories(250), history => new World(parts).run(history))
  await fc.assert(holds, { numRuns: 4000 })
})
