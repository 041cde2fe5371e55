// The sentences for all refusals, those that the wording holds elsewhere included.

import type { Wording } from './es.ts'
import { clockTime } from './times.ts'

/** @param shortestPassword in code points */
export function refusedIn(wording: Wording, shortestPassword: number) {
  return {
    ...wording.refusals,
    'bad-password': wording.passwordLength(shortestPassword),
    'name-taken': wording.nameTaken,
    'wrong-credentials': wording.wrongCredentials,
  }
}

/** The sentence, and when the room opens if the refusal says so. @param zone empty for this machine's */
export function withOpening(
  sentence: string,
  opens: number | undefined,
  wording: Wording,
  zone = '',
): string {
  if (opens === undefined) return sentence
  return `${sentence} ${wording.opensAgain(zone === '' ? clockTime(opens) : clockTime(opens, zone))}`
}
