// Ids of files and of pictures of people and rooms, as they stand in URLs.

import type { AvatarId, FileId } from '../../../core/model/model.ts'

/** Anything else names nothing, and need not reach the store. */
export function isId<Id extends FileId | AvatarId>(text: string): text is Id {
  return /^[\w-]{22}$/.test(text)
}
