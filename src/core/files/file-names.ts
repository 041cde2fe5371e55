// What people call files, and what they say of them.

import { refuse } from '../model/refusals.ts'
import { printable } from '../model/rules.ts'
import { normalized } from '../text/normal-forms.ts'

/** Bounds in code points. A name also fits into the 255 bytes of most file systems. */
const LONGEST_NAME = 255
export const LONGEST_ALT = 1500
const LONGEST_NAME_BYTES = 255
/** What file systems and shells give a meaning to. */
const UNSAFE = /[\\/:*?"<>|]/g
/** A name that begins with dots is hidden, or the folder above; one that ends with dots or spaces is no name on Windows. */
const [HIDING, TRAILING] = [/^[.\s]+/, /[.\s]+$/]

/**
 * @param typed as a client calls it, maybe with folders before it
 * @returns the name alone, as it will be stored: printable, in NFC, safe to save under. Refuses 'bad-file-name'.
 */
export function checkFileName(typed: string): string {
  const [last = ''] = typed.toWellFormed().split(/[\\/]/).slice(-1)
  const name = normalized(printable(last), 'NFC', LONGEST_NAME)
    .replace(UNSAFE, '_')
    .trim()
    .replace(HIDING, '')
    .replace(TRAILING, '')
  if (name === '') refuse('bad-file-name')
  return shortened(name)
}

/** Cuts a long name before its extension. */
function shortened(name: string): string {
  if (fits(name)) return name
  const dot = name.lastIndexOf('.')
  const extension = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : ''
  const stem = Array.from(name.slice(0, name.length - extension.length))
  let length = Math.min(stem.length, LONGEST_NAME)
  while (length > 1 && !fits(stem.slice(0, length).join('') + extension)) length--
  return stem.slice(0, length).join('').replace(TRAILING, '') + extension
}

function fits(name: string): boolean {
  return new TextEncoder().encode(name).length <= LONGEST_NAME_BYTES
}

/** @returns the alternative text as it will be stored. Refuses 'long-alt'. */
export function checkAlt(typed: string): string {
  const alt = typed.replace(/\r\n?/g, '\n').replaceAll('\0', '').toWellFormed().trim()
  return Array.from(alt.slice(0, 2 * LONGEST_ALT + 1)).length > LONGEST_ALT ? refuse('long-alt') : alt
}
