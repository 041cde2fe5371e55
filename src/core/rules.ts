// What may be called a name, a password and a text. Pure; every door and both databases share it.

import { refuse } from './refusals.ts'

/** A text's greatest length, in code points. */
const LONGEST_TEXT = 4000
const LONGEST_NAME = 64
const LONGEST_USERNAME = 32
const LONGEST_PASSWORD = 256

// Letters with their marks (at most two on one, so that no name climbs over the line above), digits, _ - .
const USERNAME = /^(?:[\p{L}\p{Nd}_.-]\p{M}{0,2})+$/u
// Letters to Unicode, but nothing is to be seen: Hangul fillers, joiners, variation selectors.
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u
const PILED_MARKS = /\p{M}{3}/u

// Words that doors or people use to address the server or everybody.
const RESERVED = new Set(
  [
    'salir exit todos todas all everyone aqui aquí here sistema system servidor server tertulia',
    'admin administrador root operador operator moderador moderator nickserv chanserv anonimo anónimo anonymous',
  ]
    .join(' ')
    .split(' '),
)

/** The form in which usernames are compared: NFKC, case-folded. */
export function foldUsername(username: string): string {
  return username.normalize('NFKC').toLowerCase().normalize('NFKC')
}

/** @returns the username as it will be shown. Refuses 'bad-username', 'reserved-username'. */
export function checkUsername(typed: string): string {
  const username = typed.trim().normalize('NFC')
  if (!isUsername(username)) refuse('bad-username')
  if (RESERVED.has(foldUsername(username))) refuse('reserved-username')
  return username
}

export function isUsername(name: string): boolean {
  return !longerThan(name, LONGEST_USERNAME) && USERNAME.test(name) && !INVISIBLE.test(name)
}

/** @returns the full name as it will be shown. Refuses 'bad-name'. */
export function checkName(typed: string): string {
  const name = typed.trim().normalize('NFC')
  if (name === '' || UNPRINTABLE.test(name) || PILED_MARKS.test(name) || longerThan(name, LONGEST_NAME)) {
    refuse('bad-name')
  }
  return name
}

/** @param shortest in code points: 1 on a server for this machine alone, else 8. Refuses 'bad-password'. */
export function checkPassword(password: string, shortest: number): void {
  if (!longerThan(password, shortest - 1) || longerThan(password, LONGEST_PASSWORD)) refuse('bad-password')
}

/**
 * @returns the text as it will be stored: well-formed Unicode, lines ended by \n, no NUL (PostgreSQL stores
 * none). What else a terminal must not be sent is each door's to hide. Refuses 'empty-text', 'long-text'.
 */
export function checkText(typed: string): string {
  const text = UNSTORABLE.test(typed)
    ? typed.replace(/\r\n?/g, '\n').replaceAll('\0', '\ufffd').toWellFormed()
    : typed
  if (text.length > LONGEST_TEXT && longerThan(text, LONGEST_TEXT)) refuse('long-text')
  if (text.trim() === '') refuse('empty-text')
  return text
}

const UNSTORABLE = /[\0\r\ud800-\udfff]/

function longerThan(text: string, codePoints: number): boolean {
  if (text.length <= codePoints) return false
  let count = 0
  for (const _ of text) if (++count > codePoints) return true
  return false
}
