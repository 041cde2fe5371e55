// Masks over usernames: * stands for any number of characters, ? for one.

import { refuse } from './refusals.ts'
import { foldUsername } from './rules.ts'

/** On each list of a room. */
export const MOST_MASKS = 100
const LONGEST_MASK = 64
// The characters of a username (rules.ts), and the two wildcards.
const MASK = /^(?!.*\p{Default_Ignorable_Code_Point})(?:[\p{L}\p{Nd}_.*?-]\p{M}{0,2})+$/u

/** @returns the mask folded, as it is kept. Refuses 'bad-mask'. */
export function checkMask(typed: string): string {
  const mask = foldUsername(typed.trim().replace(/^@/, '')).replace(/\*{2,}/g, '*')
  return [...mask].length <= LONGEST_MASK && MASK.test(mask) ? mask : refuse('bad-mask')
}

/** Whether it may match more than one name. */
export function isWild(mask: string): boolean {
  return /[*?]/.test(mask)
}

/** Whether a folded text matches a folded mask. Takes time proportional to the product of their lengths at most. */
export function matchesMask(mask: string, text: string): boolean {
  const [wanted, there] = [[...mask], [...text]]
  let [at, star, from] = [0, -1, 0]
  for (let i = 0; i < there.length; ) {
    if (wanted[at] === '*') {
      star = at++
      from = i
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === there[i])) {
      at++
      i++
    } else if (star !== -1) {
      at = star + 1
      i = ++from
    } else return false
  }
  while (wanted[at] === '*') at++
  return at === wanted.length
}
