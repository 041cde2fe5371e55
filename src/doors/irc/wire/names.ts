// Nicks and channel names, as clients write them.

import { matchesMask } from '../../../core/model/masks.ts'
import { foldUsername } from '../../../core/model/rules.ts'

/** Folds a name. CASEMAPPING is ascii: names that are equal to clients are equal here, and more are. */
export const foldName = foldUsername

export function isChannel(target: string): boolean {
  return target.startsWith('#')
}

/** Whether a mask with * and ? matches, folded. */
export function matches(mask: string, text: string): boolean {
  return matchesMask(foldName(mask), foldName(text))
}
