// The input and the result of a measurement.

import type { Load } from './load.ts'

/** A line of the table: what was measured, and the result. */
export type Finding = readonly [what: string, result: string]

export interface Bench {
  readonly load: Load
  /** The folder that programs are compiled into. */
  readonly tools: string
}
