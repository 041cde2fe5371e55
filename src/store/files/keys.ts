// The keys of stored bytes: nothing else may become part of a path.

import type { FileKey } from '../../core/ports/file-storage.ts'

/** 22 characters of base64url, and after a dot what was made of them. No file name of this kind is special on any system. */
const KEY = /^[\w-]{22}(?:\.[a-z][a-z\d-]{0,15})?$/

export function isKey(name: string): boolean {
  return KEY.test(name)
}

/** Throws a RangeError for anything that is no key. */
export function checkKey(key: FileKey): void {
  if (!isKey(key)) throw new RangeError('not a key of a file')
}
