// What comes of a call in one of SQLite's threads, as it crosses to the main thread.

import { Refusal, type RefusalCode } from '../../core/model/refusals.ts'
import { isBusy, isConstraint, isDamage, isFull, isIndexDamage } from './file.ts'

export type Outcome =
  | { readonly value: unknown }
  /** @property ofIndex the index of words is damaged, and is to be made anew */
  | { readonly refused: RefusalCode; readonly ofIndex?: true }
  | { readonly failed: string }

/** Of a call that failed, and of which nothing was stored. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof Refusal) return { refused: error.code }
  if (isFull(error)) return { refused: 'store-full' }
  if (isBusy(error)) return { refused: 'store-busy' }
  if (isConstraint(error)) return { refused: 'store-refused' }
  if (isIndexDamage(error)) return { refused: 'store-damaged', ofIndex: true }
  return isDamage(error) ? { refused: 'store-damaged' } : { failed: String(error) }
}

export function isRefused(outcome: Outcome, code: RefusalCode): boolean {
  return 'refused' in outcome && outcome.refused === code
}
