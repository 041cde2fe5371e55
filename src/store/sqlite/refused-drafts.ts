// When another program's trigger refuses a draft, that draft alone is refused.

import { Refusal } from '../../core/model/refusals.ts'
import type { Draft, Receipt } from '../../core/ports/log.ts'
import { bulkOf, type Call } from '../scripts/scripts.ts'
import { isConstraint } from './file.ts'
import type { Outcome } from './outcomes.ts'

const REFUSED = { refused: 'store-refused' } as const

export function draftsIn(call: Call): readonly Draft[] {
  const bulk = bulkOf(call)
  return bulk?.kind === 'append' ? bulk.drafts : []
}

/** Whether another program's trigger has refused a write. */
export function isTriggerRefusal(error: unknown): boolean {
  return isConstraint(error) || (error instanceof Refusal && error.code === REFUSED.refused)
}

/** Runs the call's drafts one by one, after one of them was refused. @returns the outcome of the whole call */
export function splitDrafts(call: Call, run: (call: Call) => readonly Outcome[]): Outcome {
  const drafts = draftsIn(call)
  if (drafts.length === 1) return { value: [REFUSED] }
  const outcomes = drafts.flatMap(draft => run({ ...call, args: [[draft], ...call.args.slice(1)] }))
  return { value: outcomes.flatMap(each => ('value' in each ? each.value : each)) }
}

/** Whether the outcome holds a trigger's refusal: of the call, or of one of its drafts. */
export function hasTriggerRefusal(call: Call, outcome: Outcome | undefined): boolean {
  if (!outcome || 'failed' in outcome) return false
  if ('refused' in outcome) return outcome.refused === REFUSED.refused
  const receipts = draftsIn(call).length > 0 ? (outcome.value as readonly Receipt[]) : []
  return receipts.some(receipt => 'refused' in receipt && receipt.refused === REFUSED.refused)
}
