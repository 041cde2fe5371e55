// What may be called a name, a password and a text. Pure; every door and both databases share it.

import type { Skeletons } from '../ports/people.ts'
import { normalized } from '../text/normal-forms.ts'
import { refuse } from './refusals.ts'

/** A text's greatest length, in code points. */
const LONGEST_TEXT = 4000
const LONGEST_NAME = 64
export const LONGEST_USERNAME = 32
export const LONGEST_PASSWORD = 256
/** Seconds between two texts of one person, at most. */
export const SLOWEST = 86_400
/** That one person has made or joined, and as many conversations that they have begun; not what others have put them in. */
export const MOST_ROOMS = 1000
/** In which one person has put another who has not left since. */
export const MOST_BROUGHT = 100
/** Of one person to one message: everybody is shown them with it. */
export const MOST_REACTIONS = 20
/** Conversations that one person has begun and nobody has answered yet. */
export const MOST_UNANSWERED = 200

// Letters with their marks (at most two on one, so that no name climbs over the line above), digits, _ - . of which
// the last two don't begin a name: a minus before it means the opposite.
const USERNAME = /^[\p{L}\p{Nd}_]\p{M}{0,2}(?:[\p{L}\p{Nd}_.-]\p{M}{0,2})*$/u
// Letters to Unicode, but nothing is to be seen: Hangul fillers, joiners, variation selectors.
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u
// Controls, separators of lines, lone surrogates, and what turns the direction; joiners are part of words and emoji.
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u
const UNPRINTABLES = new RegExp(`${UNPRINTABLE.source}+`, 'gu')
const VISIBLE = /[^\p{Default_Ignorable_Code_Point}\p{Z}\p{C}]/u
const PILED_MARKS = /\p{M}{3}/u

// Words that doors or people use to address the server or everybody.
const RESERVED = [
  'salir exit todos todas all everyone aqui aquí here sistema system servidor server tertulia',
  'admin administrador root operador operator moderador moderator nickserv chanserv anonimo anónimo anonymous',
  'operserv memoserv hostserv botserv saslserv authserv statserv', // not here, but IRC users tell passwords to such names
]
  .join(' ')
  .split(' ')

/** UTF-16 units, of a name or a mask in any form. */
export const LONGEST_FOLDED = 256

/** The form in which usernames are compared: NFKC, case-folded. What is too long to be one stays as it is (normal-forms.ts). */
export function foldUsername(username: string): string {
  if (username.length > LONGEST_FOLDED) return username
  return username.normalize('NFKC').toLowerCase().normalize('NFKC')
}

/** The folded name of whom somebody means: ana, @Ana. */
export function addressee(typed: string): string {
  return foldUsername(typed.trim().replace(/^@/, ''))
}

/**
 * @param skeletonsOf a name
 * @returns the username as it will be shown. Refuses 'bad-username', 'reserved-username'.
 */
export function checkUsername(typed: string, skeletonsOf: (name: string) => Skeletons): string {
  const username = normalized(typed.trim(), 'NFC', LONGEST_USERNAME)
  if (!isUsername(username)) refuse('bad-username')
  const { skeleton, written, shown } = skeletonsOf(username)
  const skeletons = [skeleton, written, shown]
  const looksLike = (word: string) =>
    // Among capitals a small l is an I: ADMlN.
    skeletons.includes(skeletonsOf(word).skeleton) || shown === skeletonsOf(word.toUpperCase()).shown
  if (RESERVED.some(looksLike)) refuse('reserved-username')
  return username
}

export function isUsername(name: string): boolean {
  return !longerThan(name, LONGEST_USERNAME) && USERNAME.test(name) && !INVISIBLE.test(name)
}

/** @returns the full name as it will be shown. Refuses 'bad-name'. */
export function checkName(typed: string): string {
  const name = normalized(typed.trim(), 'NFC', LONGEST_NAME)
  return isName(name) ? name : refuse('bad-name')
}

export function isName(name: string | undefined): name is string {
  if (name === undefined || !VISIBLE.test(name) || longerThan(name, LONGEST_NAME)) return false
  return !UNPRINTABLE.test(name) && !PILED_MARKS.test(name)
}

/** @param shortest in code points: 1 on a server for this machine alone, else 8. Refuses 'bad-password'. */
export function checkPassword(password: string, shortest: number): void {
  if (!longerThan(password, shortest - 1) || longerThan(password, LONGEST_PASSWORD)) refuse('bad-password')
}

/** Bytes of UTF-8. */
export const LONGEST_DATUM = 400

export function isDatumKey(key: string): boolean {
  return /^[a-z0-9_./-]{1,64}$/.test(key)
}

/** @returns the value as it will be stored. Refuses 'long-text'. */
export function checkDatum(typed: string): string {
  const value = typed.toWellFormed().replace(/[\r\n\0]+/g, ' ')
  return new TextEncoder().encode(value).length > LONGEST_DATUM ? refuse('long-text') : value
}

const LONGEST_EMAIL = 254
/** As much as tells an address from what is none: whether it can be written to shows when it is. */
const EMAIL = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+\.[^\s@<>,;:"()[\]\\]+$/u

/** @returns the address; empty is none. Refuses 'bad-email'. */
export function checkEmail(typed: string): string {
  const email = typed.trim()
  if (email !== '' && (email.length > LONGEST_EMAIL || UNPRINTABLE.test(email) || !EMAIL.test(email)))
    refuse('bad-email')
  return email
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

const LONGEST_TOPIC = 300
export const LONGEST_ROOM_NAME = 32
const ROOM_NAME = /^(?:[\p{L}\p{Nd}_-]\p{M}{0,2})+$/u

/** The form in which names of rooms are compared; a # before it is not part of it. */
export function foldRoomName(name: string): string {
  return foldUsername(name.replace(/^#/, ''))
}

/** @returns the name as it will be shown. Refuses 'bad-room-name'. */
export function checkRoomName(typed: string): string {
  const name = normalized(typed.trim().replace(/^#/, ''), 'NFC', LONGEST_ROOM_NAME)
  if (longerThan(name, LONGEST_ROOM_NAME) || !ROOM_NAME.test(name) || INVISIBLE.test(name))
    refuse('bad-room-name')
  return name
}

/** @returns the topic as it will be shown; empty is none. Refuses 'long-topic'. */
export function checkTopic(typed: string): string {
  const topic = oneLine(typed, LONGEST_TOPIC)
  if (longerThan(topic, LONGEST_TOPIC)) refuse('long-topic')
  return topic
}

const LONGEST_KEY = 32

/** The form in which keys of rooms are compared. */
export function foldKey(typed: string): string {
  return normalized(typed.trim(), 'NFC', LONGEST_KEY)
}

/** @returns the key of a room as it will be asked for; empty is none. Refuses 'bad-key'. */
export function checkKey(typed: string): string {
  const key = foldKey(typed)
  if (longerThan(key, LONGEST_KEY) || /[\s,]/.test(key) || UNPRINTABLE.test(key) || INVISIBLE.test(key))
    refuse('bad-key')
  return key
}

const LONGEST_STATUS = 100

/** @returns the line that somebody says of themselves; empty is none. Refuses 'long-status'. */
export function checkStatus(typed: string): string {
  const status = oneLine(typed, LONGEST_STATUS)
  return longerThan(status, LONGEST_STATUS) ? refuse('long-status') : status
}

/** @returns IANA's name of a time zone; empty is the server's. Refuses 'bad-zone'. */
export function checkZone(typed: string): string {
  const zone = typed.trim()
  return zone === '' ? '' : (zoneNamed(zone) ?? refuse('bad-zone'))
}

/** Asking for one takes as long as reading many people, who live in few of them. */
const knownZones = new Set<string>()

export function isZone(name: string): boolean {
  if (knownZones.has(name)) return true
  if (zoneNamed(name) === undefined) return false
  knownZones.add(name)
  return true
}

function zoneNamed(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}

/** The form in which codes are compared: people type them in capitals, with spaces or hyphens. */
export function foldCode(typed: string): string {
  return typed.toLowerCase().replace(/[\s-]/g, '').slice(0, LONGEST_CODE)
}

const LONGEST_CODE = 32

/**
 * @returns one emoji, as UTS 51 would have it written: the same for all who mean it, whether their keyboard puts U+FE0F
 * where it belongs, everywhere or nowhere. Refuses 'bad-emoji'.
 */
export function checkEmoji(typed: string): string {
  const bare = typed.trim().replace(/[\ufe0e\ufe0f]/g, '')
  const emoji = bare.replace(SHOWN_AS_TEXT, '$&\ufe0f')
  return isEmoji(emoji) ? emoji : refuse('bad-emoji')
}

/** A picture only with U+FE0F behind it, or with a tone of skin. */
const SHOWN_AS_TEXT = /(?!\p{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier})/gu

let oneEmoji: RegExp | undefined

/** A sequence that is shown as one picture (UTS 51, RGI_Emoji); keycaps and flags are some. */
function isEmoji(text: string): boolean {
  oneEmoji ??= /^\p{RGI_Emoji}$/v // takes 30 ms: not at every start, in every thread
  return oneEmoji.test(text)
}

/** Without what would move a cursor. */
export function printable(text: string): string {
  return UNPRINTABLE.test(text) ? text.replace(UNPRINTABLES, ' ') : text
}

/** Composed, where it is not too long; without what would move a cursor, and no more than two marks on a letter. */
function oneLine(typed: string, codePoints: number): string {
  const line = normalized(typed.replace(UNPRINTABLES, ' ').trim(), 'NFC', codePoints)
  return normalized(line.replace(/(\p{M}{2})\p{M}+/gu, '$1'), 'NFC', codePoints)
}

const UNSTORABLE = /[\0\r\ud800-\udfff]/

function longerThan(text: string, codePoints: number): boolean {
  if (text.length <= codePoints) return false
  let count = 0
  for (const _ of text) if (++count > codePoints) return true
  return false
}
