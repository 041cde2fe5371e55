// Every refusal in words; one without words does not compile.

import type { RefusalCode } from '../../core/refusals.ts'
import type { Wording } from '../../wording/es.ts'

export type Refused = Readonly<Record<RefusalCode, string>>

/** @param shortestPassword in code points */
export function refusedIn(wording: Wording, shortestPassword: number): Refused {
  return {
    ...wording.refusals,
    'bad-password': wording.passwordLength(shortestPassword),
    'name-taken': wording.nameTaken,
    'wrong-credentials': wording.wrongCredentials,
  }
}
