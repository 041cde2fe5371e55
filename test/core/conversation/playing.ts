// Random histories, played with the project or with a mutant of it.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { histories } from './doings.ts'
import type { Step } from './steps.ts'
import { type Parts, World } from './world.ts'

const STEPS = 100

/** Whatever people do, it is as the model says. */
export function holds(parts: Parts, nodes = 1, steps = STEPS): fc.IAsyncProperty<[Step[]]> {
  return fc.asyncProperty(histories(steps), history => new World(parts, nodes).run(history))
}

/** A mutant that hangs so long shows nothing. */
const MOST_MS = 30_000

/**
 * How many steps the first history of a seed takes until the model differs; none if it does not, or the play fails
 * otherwise.
 * @param most steps that are played
 */
export async function stepsUntilShown(
  parts: Parts,
  { nodes, seed, most = STEPS }: { nodes: number; seed: number; most?: number },
): Promise<number | undefined> {
  let steps = 0
  const counted = function* (history: readonly Step[]) {
    for (const step of history.slice(0, most)) {
      steps++
      yield step
    }
  }
  const play = fc.asyncProperty(histories(STEPS), history => new World(parts, nodes).run(counted(history)))
  const { errorInstance } = await fc.check(play, { seed, numRuns: 1, endOnFailure: true, timeout: MOST_MS })
  return errorInstance instanceof assert.AssertionError ? steps : undefined
}
