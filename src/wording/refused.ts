// The sentences for all refusals, those that the wording holds elsewhere included.

import type { Wording } from './es.ts'

/** @param shortestPassword in code points */
export function refusedIn(wording: Wording, shortestPassword: number) {
  return {
    ...wording.refusals,
    'bad-password': wording.passwordLength(shortestPassword),
    'name-taken': wording.nameTaken,
    'wrong-credentials': wording.wrongCredentials,
  }
}
