import type { Looks } from '../../src/core/ports/people.ts'

/** Of a name that looks like nothing but itself. */
export function alike(name: string): Looks {
  return { skeleton: name, written: name, shown: name }
}
