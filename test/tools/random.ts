// Reproducible random numbers: a test that uses them prints its seed, and TEST_SEED repeats it.

import { hash, randomInt } from 'node:crypto'

const seed = process.env.TEST_SEED ?? `${randomInt(1e9)}`
let drawn = 0

/** A number in [0, 1). */
export function random(): number {
  if (drawn === 0) console.log(`TEST_SEED=${seed} plays the same again`)
  const bits = hash('sha256', `${seed} ${drawn++}`, 'buffer').readUIntBE(0, 6)
  return bits / 2 ** 48
}

export function oneOf<T>(things: readonly T[]): T {
  const chosen = things[Math.floor(random() * things.length)]
  if (chosen === undefined) throw new Error('there is nothing to choose from')
  return chosen
}
