// The form in which parts of people's names are looked for.

import { LONGEST_NAME } from '../model/rules.ts'
import { normalized } from '../text/normal-forms.ts'

/** Without accents and capitals; words are separated by one space. */
export function nameKey(name: string): string {
  return normalized(name, 'NFKD', LONGEST_NAME)
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\s+/gu, ' ')
    .trim()
}
