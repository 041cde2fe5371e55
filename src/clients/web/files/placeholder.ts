// What a picture looks like until it has come: its ThumbHash (evanw.github.io/thumbhash).

import { thumbHashToDataURL } from 'thumbhash'

const MOST_KEPT = 500
const kept = new Map<string, string>()

/** @returns an image of some 32 pixels as a data URL; undefined for what is no ThumbHash */
export function placeholderImage(hash: string): string | undefined {
  let url = kept.get(hash)
  if (url !== undefined) return url
  try {
    url = thumbHashToDataURL(Uint8Array.from(atob(hash), letter => letter.charCodeAt(0)))
  } catch {
    return undefined
  }
  if (kept.size >= MOST_KEPT) kept.clear()
  kept.set(hash, url)
  return url
}
