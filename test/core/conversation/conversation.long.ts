// A million steps, and mutants met by chance: `npm run test:long`.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mutants, smallBlocks, titleOf } from './mutants.ts'
import { partsOf } from './parts.ts'
import { holds } from './playing.ts'

test('no hole, no double, no forbidden read, and counts that are right: 1,000,000 steps', async () => {
  await fc.assert(holds(await partsOf(), 1, 250), { numRuns: 4000 })
})

/** The rarest of them shows in some 500 histories, on average. */
const MANY = 10_000

for (const mutant of mutants) {
  test(titleOf(mutant), async () => {
    const parts = await partsOf(smallBlocks, mutant.edit)
    const { failed } = await fc.check(holds(parts, mutant.nodes), { numRuns: MANY, endOnFailure: true })
    assert.ok(failed, 'no history showed the difference')
  })
}
