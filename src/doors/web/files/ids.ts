// Ids of files, as they stand in URLs.

import type { FileId } from '../../../core/model/model.ts'

/** Anything else names nothing, and need not reach the store. */
export function isFileId(text: string): text is FileId {
  return /^[\w-]{22}$/.test(text)
}
