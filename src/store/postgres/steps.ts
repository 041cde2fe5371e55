// Groups the calls of a round into steps: neighbouring calls of the same kind become one (method.ts, Bulk).

import type { Instant } from '../../core/model/model.ts'
import type { Draft } from '../../core/ports/log.ts'
import { bulkOf, type Call } from '../scripts/scripts.ts'
import type { Mark } from './read-marks.ts'

/** Consecutive appends, consecutive marks, or one other call. */
export type Step = Appends | Marks | Call

export interface Appends {
  readonly drafts: Draft[]
  readonly at: Instant
  /** How many of the drafts belong to each call. */
  readonly counts: number[]
}

export interface Marks {
  readonly marks: Mark[]
  /** The call of each mark. */
  readonly calls: Call[]
}

export function stepsOf(calls: readonly Call[]): Step[] {
  const steps: Step[] = []
  for (const call of calls) {
    const bulk = bulkOf(call)
    const last = steps.at(-1)
    if (bulk?.kind === 'append') joinAppends(steps, last, bulk)
    else if (bulk?.kind === 'mark') joinMarks(steps, last, { mark: bulk, call })
    else steps.push(call)
  }
  return steps
}

function joinAppends(
  steps: Step[],
  last: Step | undefined,
  { drafts, at }: { readonly drafts: readonly Draft[]; readonly at: Instant },
): void {
  if (last && 'drafts' in last && last.at === at) {
    last.drafts.push(...drafts)
    last.counts.push(drafts.length)
  } else steps.push({ drafts: [...drafts], at, counts: [drafts.length] })
}

function joinMarks(
  steps: Step[],
  last: Step | undefined,
  { mark, call }: { readonly mark: Mark; readonly call: Call },
): void {
  if (last && 'marks' in last) {
    last.marks.push(mark)
    last.calls.push(call)
  } else steps.push({ marks: [mark], calls: [call] })
}
