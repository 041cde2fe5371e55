import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mutants, smallBlocks, titleOf } from './mutants.ts'
import { partsOf } from './parts.ts'
import { holds, stepsUntilShown } from './playing.ts'

test('no hole, no double, no forbidden read, and counts that are right: 10,000 steps', async () => {
  await fc.assert(holds(await partsOf()), { numRuns: 100 })
})

test('the same on two nodes, of which each does every other step', async () => {
  await fc.assert(holds(await partsOf(), 2), { numRuns: 100 })
})

test('it holds with small blocks', async () => {
  await fc.assert(holds(await partsOf(smallBlocks)), { numRuns: 50 })
})

test('it holds in every history that shows a mutant', async () => {
  const parts = await partsOf(smallBlocks)
  for (const { nodes, seed } of mutants)
    if (seed !== undefined) await fc.assert(holds(parts, nodes), { seed, numRuns: 1 })
})

// Seeds that are known to show them, so that a few steps do; conversation.long.ts looks anew.
for (const mutant of mutants) {
  const { edit, nodes, seed } = mutant
  test(titleOf(mutant), async () => {
    const steps =
      seed === undefined ? seed : await stepsUntilShown(await partsOf(smallBlocks, edit), { nodes, seed })
    assert.ok(steps, 'its seed does not show it: `node test/core/conversation/search-seeds.ts` finds another')
  })
}
