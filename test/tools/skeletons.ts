import type { Skeletons } from '../../src/core/ports/people.ts'

/** The skeletons of a name that looks like no other. */
export function ownSkeletons(name: string): Skeletons {
  return { skeleton: name, written: name, shown: name }
}
