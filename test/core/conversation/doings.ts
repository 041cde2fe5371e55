// Everything that people can do, as steps of a history: the chat does it, and the model says what must come of it.

import fc from 'fast-check'
import { ruling } from './modes.ts'
import { people } from './people.ts'
import { reading } from './reading.ts'
import { goingAbout, keeping } from './rooms.ts'
import { type Doing, NAMES, type Step } from './steps.ts'
import { writing } from './writing.ts'

export const doings: Readonly<Record<string, Doing>> = {
  ...writing,
  ...goingAbout,
  ...keeping,
  ...ruling,
  ...people,
  ...reading,
}

const step: fc.Arbitrary<Step> = fc.record({
  do: fc.oneof(
    ...Object.entries(doings).map(([name, { weight }]) => ({ weight, arbitrary: fc.constant(name) })),
  ),
  who: fc.nat(NAMES.length - 1),
  whom: fc.nat(NAMES.length - 1),
  room: fc.nat(9),
  n: fc.nat(30),
})

/** @param length steps in one history */
export function histories(length: number): fc.Arbitrary<Step[]> {
  return fc.array(step, { minLength: length, maxLength: length, size: 'max' })
}
