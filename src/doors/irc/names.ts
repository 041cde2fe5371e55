// Names of people and channels as clients write them.

import { foldUsername } from '../../core/rules.ts'

/** CASEMAPPING is ascii: what clients take for the same is the same here, and more. */
export const foldName = foldUsername

export function isChannel(target: string): boolean {
  return target.startsWith('#') || target.startsWith('&')
}

/** Whether a mask of * and ? matches; in time proportional to both. */
export function matches(mask: string, text: string): boolean {
  const [wanted, there] = [[...foldName(mask)], [...foldName(text)]]
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
