// Writes seeds.json: for each mutant, of many seeds the one that shows it in the fewest steps.
// `node test/core/conversation/search-seeds.ts` looks for those that have none, or whose seed shows them no more;
// with promises as arguments, for these; with `--all`, for all.

import { writeFile } from 'node:fs/promises'
import fc from 'fast-check'
import { type Mutant, mutants, smallBlocks } from './mutants.ts'
import { partsOf } from './parts.ts'
import { holds, stepsUntilShown } from './playing.ts'
import type { Parts } from './world.ts'

/** Tried for each. */
const SEEDS = 200
/** Tried before a mutant is given up. */
const MOST = 10_000

const whole = await partsOf(smallBlocks)
const asked = process.argv.slice(2)
const seeds: Record<string, number> = {}
for (const mutant of mutants) {
  const parts = await partsOf(smallBlocks, mutant.edit)
  const seed = (await isToKeep(mutant, parts)) ? mutant.seed : await search(mutant, parts)
  if (seed !== undefined) seeds[mutant.promise] = seed
}
await writeFile(new URL('seeds.json', import.meta.url), `${JSON.stringify(seeds, null, 2)}\n`)

async function isToKeep({ promise, nodes, seed }: Mutant, parts: Parts): Promise<boolean> {
  if (seed === undefined || asked.includes(promise) || asked.includes('--all')) return false
  return (await stepsUntilShown(parts, { nodes, seed })) !== undefined && isRight(nodes, seed)
}

async function search({ promise, nodes }: Mutant, parts: Parts): Promise<number | undefined> {
  let best: { seed: number; steps: number } | undefined
  for (let seed = 1; seed <= (best ? SEEDS : MOST); seed++) {
    const steps = await stepsUntilShown(parts, { nodes, seed, ...(best && { most: best.steps }) })
    const isBetter = steps !== undefined && (best === undefined || steps < best.steps)
    if (isBetter && (await isRight(nodes, seed))) best = { seed, steps }
  }
  console.log(best ? `${promise}: seed ${best.seed}, ${best.steps} steps` : `${promise}: no seed shows it`)
  if (!best) process.exitCode = 1
  return best?.seed
}

/** What is not broken must hold in the same history. */
async function isRight(nodes: number, seed: number): Promise<boolean> {
  const { failed } = await fc.check(holds(whole, nodes), { seed, numRuns: 1, endOnFailure: true })
  return !failed
}
