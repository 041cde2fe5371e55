// The console's sentences about the store.

import type { Tampering } from '../core/log/watched-log.ts'
import type { Oddity } from '../core/ports/upkeep.ts'
import { printableLine } from '../wire/printable.ts'
import type { Wording } from '../wording/es.ts'
import type { Component } from './health-state.ts'

/** Rows that one sentence names. */
const MOST_NAMED = 10

/** The sentence for a change of health; undefined for one that only the log tells. */
export function healthSentence(
  part: Component,
  problem: string | undefined,
  { where, wording }: { where: string; wording: Wording },
): string | undefined {
  const { storeIs } = wording
  if (part === 'bus' || problem === 'odd') return undefined // oddSentences names the rows
  if (part === 'files') return problem === undefined ? storeIs.roomForFiles : storeIs.noRoomForFiles
  if (problem === undefined) return storeIs.wellAgain(where)
  if (
    problem === 'full' ||
    problem === 'moved' ||
    problem === 'overwritten' ||
    problem === 'taken-back' ||
    problem === 'held' ||
    problem === 'broken' ||
    problem === 'damaged' ||
    problem === 'index' ||
    problem === 'index-again' ||
    problem === 'remade' ||
    problem === 'refusing'
  )
    return storeIs[problem](where)
  return storeIs.away(where, problem)
}

export function tamperingSentence(tampering: Tampering, { tampered }: Wording): string {
  const { kind, room } = tampering
  if (kind === 'added') return tampered.added(room, tampering.upto)
  if (kind === 'misplaced') return tampered.misplaced(room, tampering.end)
  return kind === 'lost' ? tampered.lost(room, tampering.seq) : tampered.missing(room, ranges(tampering.seqs))
}

/** One sentence for each column. */
export function oddSentences(odd: readonly Oddity[], { tampered }: Wording): string[] {
  const columns = Map.groupBy(odd, ({ table, column }) => `${table}.${column}`)
  return Array.from(columns, ([column, found]) => {
    const named = found.slice(0, MOST_NAMED).map(({ row }) => printableLine(row))
    return tampered.odd(column, named.join(', ') + (found.length > MOST_NAMED ? ', …' : ''))
  })
}

/** Ascending integers as ranges: `3–7, 9`. */
export function ranges(numbers: readonly number[]): string {
  const found: { first: number; last: number }[] = []
  for (const number of numbers) {
    const before = found.at(-1)
    if (before && before.last === number - 1) before.last = number
    else found.push({ first: number, last: number })
  }
  return found.map(({ first, last }) => (first === last ? `${first}` : `${first}–${last}`)).join(', ')
}
