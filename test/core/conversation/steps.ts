// A step of a history: who does what, to whom and where, by number; and what the doings have in common.

import assert from 'node:assert/strict'
import type { Seq } from '../../../src/core/model/model.ts'
import type { ModelRoom, Refused } from './model-room.ts'
import type { World } from './world.ts'

export const NAMES = ['ana', 'beto', 'caro', 'dora'] as const
export const WORDS = ['sol', 'mar', 'río', 'luz'] as const
export const HOUR = 3_600_000

export interface Step {
  readonly do: string
  readonly who: number
  readonly whom: number
  readonly room: number
  readonly n: number
}

export interface Doing {
  /** How often it comes, beside the others. */
  readonly weight: number
  run(world: World, step: Step): Promise<void> | void
}

/** One that is about a room. */
export function inRoom(
  weight: number,
  run: (world: World, room: ModelRoom, step: Step) => Promise<void>,
): Doing {
  return { weight, run: (world, step) => run(world, roomOf(world, step), step) }
}

export function roomOf({ rooms }: World, { room }: Step): ModelRoom {
  return rooms[room % rooms.length] ?? assert.fail()
}

/** Some message that was said, or a seq that is none. */
export function targetIn(room: ModelRoom, n: number): Seq {
  const seqs = [...room.said.keys()]
  if (n % 13 === 0) return (2 ** 32 + 1 + (n % 4)) as Seq // the next room's, if nobody looks
  return (n % 7 === 0 ? room.head + n : (seqs[n % Math.max(1, seqs.length)] ?? 99)) as Seq
}

/** Who is disabled is not found by name any more. */
export function unknown({ people }: World, whom: number): Refused {
  return people.disabled.has(whom) ? 'no-such-person' : undefined
}
