import type { Skeletons } from '../../src/core/ports/people.ts'

/** Of a name that looks like nothing but itself. */
export function alike(name: string): Skeletons {
  return { skeleton: name, written: name, shown: name }
}
