// The outcome of a call in one of SQLite's threads, as it crosses to the main thread.

import { asRefused, Refusal, type RefusalCode, type Refused } from '../../core/model/refusals.ts'
import { type Call, hasErased } from '../scripts/scripts.ts'
import { isBusy, isConstraint, isDamage, isFull, isIndexDamage } from './file.ts'

export type Outcome = { readonly value: unknown } | RefusedOutcome | { readonly failed: string }

export interface RefusedOutcome extends Refused {
  /** The search index is damaged, and has to be rebuilt. */
  readonly ofIndex?: true
}

/** The outcome of a call that failed with this error and stored nothing. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof Refusal) return asRefused(error)
  if (isFull(error)) return { refused: 'store-full' }
  if (isBusy(error)) return { refused: 'store-busy' }
  if (isConstraint(error)) return { refused: 'store-refused' }
  if (isIndexDamage(error)) return { refused: 'store-damaged', ofIndex: true }
  return isDamage(error) ? { refused: 'store-damaged' } : { failed: String(error) }
}

export function isRefused(outcome: Outcome, code: RefusalCode): boolean {
  return 'refused' in outcome && outcome.refused === code
}

/** Whether the call erased a text. */
export function erases(call: Call, outcome: Outcome | undefined): boolean {
  return outcome !== undefined && 'value' in outcome && hasErased(call, outcome.value)
}
