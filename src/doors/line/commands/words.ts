// Parses the words of commands, in every language.

import type { Seq } from '../../../core/model/model.ts'
import { refuse } from '../../../core/model/refusals.ts'
import { normalized } from '../../../core/text/normal-forms.ts'
import type { Wording } from '../../../wording/es.ts'
import { languages } from '../../../wording/languages.ts'

/** The most letters that are compared; no known word is longer. */
const LONGEST_WORD = 32

/** Folds case and accents. */
export function plain(word: string): string {
  return normalized(word, 'NFD', LONGEST_WORD).replace(/\p{M}/gu, '').toLowerCase()
}

/** A table of words of all languages. */
export function wordsOfAll<Meaning>(
  pick: (wording: Wording) => readonly (readonly [word: string, meaning: Meaning])[],
): ReadonlyMap<string, Meaning> {
  return new Map(Object.values(languages).flatMap(pick))
}

/** The key that this word names in any language. */
export function meaning<Key extends string>(
  pick: (wording: Wording) => Readonly<Record<Key, string>>,
  word: string,
): Key | undefined {
  const wanted = plain(word)
  for (const wording of Object.values(languages)) {
    for (const [key, name] of Object.entries(pick(wording)) as [Key, string][]) {
      if (plain(name) === wanted) return key
    }
  }
  return undefined
}

/** The word that was probably meant, if any is close. */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  const word = plain(typed.slice(0, LONGEST_WORD))
  const [near] = words.map(each => ({ each, away: distance(word, each) })).sort((a, b) => a.away - b.away)
  return near && near.away <= Math.max(1, Math.floor(word.length / 3)) ? near.each : undefined
}

/** The edit distance: letters to insert, delete or replace. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** Parses a message's number: #41 or 41. Refuses 'no-such-message'. */
export function numberOf(word: string): Seq {
  const digits = /^#?(\d{1,10})$/.exec(word)?.[1]
  return digits === undefined ? refuse('no-such-message') : (Number(digits) as Seq)
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Parses 30m, 2h, 7d or 0, in milliseconds; undefined for any other word. */
export function duration(word: string): number | undefined {
  if (word === '0') return 0
  const [, digits, unit = ''] = /^(\d{1,5})([mhd])$/.exec(word) ?? []
  return digits === undefined ? undefined : Number(digits) * (UNITS[unit] ?? 0)
}

const USES = 1
const INVITATION_MS = 7 * 86_400_000

/** Parses 30 7d #sala: uses, duration, rooms; each may be left out. undefined for any other words. */
export function invitationOf(
  words: readonly string[],
): { uses: number; milliseconds: number; rooms: readonly string[] } | undefined {
  const uses = words.find(word => /^[1-9]\d{0,5}$/.test(word))
  const time = words.find(word => /^[1-9]\d{0,4}[mhd]$/.test(word))
  const rooms = words.filter(word => word !== uses && word !== time)
  const milliseconds = time === undefined ? INVITATION_MS : duration(time)
  if (milliseconds === undefined || rooms.some(name => !name.startsWith('#'))) return undefined
  return { uses: uses === undefined ? USES : Number(uses), milliseconds, rooms }
}
