// Runs of quiet entries: what happened between messages, and messages that were deleted. A long run is shown folded, in the
// same way whether its events came one by one or the server had counted them.

import type { Fold } from '../../../wire/history.ts'
import type { Message } from '../../../wire/schemas.ts'
import type { QuietEvent, TimelineEntry } from './timeline.ts'

export type Counts = Fold['counts']
/** An entry of a run. */
export type Quiet = QuietEvent | Message | Fold

/** Shorter runs are shown event by event. */
const SHORT = 5

export function isQuiet(entry: TimelineEntry): entry is Quiet {
  return entry.kind !== 'message' || entry.deleted === true
}

export function isFolded(run: readonly Quiet[]): boolean {
  return run.length > SHORT || run.some(({ kind }) => kind === 'fold')
}

/** The seq of the entry's last event. */
export function lastSeqOf(entry: TimelineEntry): number {
  return entry.kind === 'fold' ? entry.upto : entry.seq
}

/** What happened in the run, as the server counts it (core/model/history.ts). */
export function countsOf(run: readonly Quiet[]): Counts & { readonly more: boolean } {
  const people = { joined: new Set<number>(), left: new Set<number>(), removed: new Set<number>() }
  const counts = { joined: 0, left: 0, removed: 0, erased: 0, other: 0 }
  for (const each of run) {
    if (each.kind === 'fold') for (const what of WHAT) counts[what] += each.counts[what]
    else if (each.kind === 'message') counts.erased++
    else if (each.kind === 'arrival') people.joined.add(each.person.id)
    else if (each.kind === 'removal') people[each.how === 'left' ? 'left' : 'removed'].add(each.person.id)
    else counts.other++
  }
  for (const what of ['joined', 'left', 'removed'] as const) counts[what] += people[what].size
  return { ...counts, more: run.some(each => each.kind === 'fold' && each.more === true) }
}

const WHAT = ['joined', 'left', 'removed', 'erased', 'other'] as const

/** Replaces a run by one entry, for a list that must not hold all of it. */
export function foldRun(run: readonly [Quiet, ...Quiet[]]): Fold {
  const { more, ...counts } = countsOf(run)
  const [{ room, seq, at }] = run
  return {
    kind: 'fold',
    room,
    seq,
    upto: run.map(lastSeqOf).at(-1) ?? seq,
    at,
    counts,
    ...(more && { more }),
  }
}
