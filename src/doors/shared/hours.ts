// When a room is open, in a person's language.

import { type Day, type Hours, hoursText, parseHours, spansText } from '../../core/text/hours.ts'
import { normalized } from '../../core/text/normal-forms.ts'
import type { Wording } from '../../wording/es.ts'
import { languages } from '../../wording/languages.ts'

/** @param stored as in alterations and settings */
export function shownHours(stored: string, { dayNames }: Pick<Wording, 'dayNames'>): string {
  const hours = parseHours(stored)
  return hours ? `${spansText(hours.spans, dayNames)} (${hours.zone})` : ''
}

/** What a person types, as it is stored; as it was typed if it is none, which is refused then. @param zone theirs */
export function typedHours(typed: string, zone: string): string {
  const hours: Hours | undefined = parseHours(typed, zone, dayNamed)
  return hours ? hoursText(hours) : typed
}

/** In letters: miércoles, wednesday. */
const LONGEST_DAY = 9

/** In any language, with or without accents, and with letters to spare: sáb, sabado. */
function dayNamed(word: string): Day | undefined {
  if (!/^\p{L}{3,9}$/u.test(word)) return undefined
  const short = (name: string) =>
    normalized(name.toLowerCase(), 'NFD', LONGEST_DAY).replace(/\p{M}/gu, '').slice(0, 3)
  for (const { dayNames } of Object.values(languages))
    for (const [day, name] of Object.entries(dayNames) as [Day, string][])
      if (short(name) === short(word)) return day
  return undefined
}
