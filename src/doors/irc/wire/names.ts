// Names of people and channels as clients write them.

import { matchesMask } from '../../../core/model/masks.ts'
import { foldUsername } from '../../../core/model/rules.ts'

/** CASEMAPPING is ascii: what clients take for the same is the same here, and more. */
export const foldName = foldUsername

export function isChannel(target: string): boolean {
  return target.startsWith('#')
}

/** Whether a mask of * and ? matches. */
export function matches(mask: string, text: string): boolean {
  return matchesMask(foldName(mask), foldName(text))
}
