// What is a valid name, password and text. Pure; every door and both databases share it.

import type { Skeletons } from '../ports/people.ts'
import { normalized } from '../text/normal-forms.ts'
import { refuse } from './refusals.ts'

/** Code points of a text, at most. */
const LONGEST_TEXT = 4000
export const LONGEST_NAME = 64
export const LONGEST_USERNAME = 32
export const LONGEST_PASSWORD = 256
/** The longest slow mode that a room may set: seconds between two texts of one person. */
export const SLOWEST = 86_400
/**
 * Rooms that one person has made or joined, at most; as many again for direct rooms that they have opened. Those that
 * others have put them in do not count.
 */
export const MOST_ROOMS = 1000
/** Rooms into which one person has brought the same other person, who has not left since. */
export const MOST_BROUGHT = 100
/** People in a direct room, at most. */
export const MOST_DIRECT = 12
/** Reactions by one person to one message: everybody is shown them with it. The refusal's sentences name the number. */
export const MOST_REACTIONS = 20
/** Teams of the server, and people in one of them. The refusals' sentences name the numbers. */
export const [MOST_TEAMS, MOST_TEAM_MEMBERS] = [200, 500]
/** Whoever may write may mention a team of this many people; to mention a larger one takes the right to call everyone. */
export const MOST_CALLED = 50
/** Messages that one person has saved. The refusal's sentences name the number. */
export const MOST_SAVED = 1000
/** Sections in one person's list of rooms. The refusal's sentences name the number. */
export const MOST_SECTIONS = 50
/** Direct rooms that one person has opened and nobody has answered yet. */
export const MOST_UNANSWERED = 200

/** In bytes: a file that is said to be larger makes no sense. */
export const LARGEST_FILE = 2 ** 44
/** Uploads of one person that no message has yet. */
export const MOST_UPLOADS = 100
/** Attachments of one message. The refusal's sentences name the number. */
export const MOST_ATTACHMENTS = 10
/** Of a picture of a person or a room, in bytes: a thumbnail of it is all that is shown. */
export const MOST_AVATAR_BYTES = 8 << 20

// Letters with their marks (two at most, so that no name reaches into the line above), digits, and `_`, `-` and `.`.
// A name begins with neither `-`, which negates in a search, nor `.`, which ends a sentence.
const USERNAME = /^[\p{L}\p{Nd}_]\p{M}{0,2}(?:[\p{L}\p{Nd}_.-]\p{M}{0,2})*$/u
// Letters to Unicode, but invisible: Hangul fillers, joiners, variation selectors.
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u
// Controls, line separators, lone surrogates, and bidirectional controls; joiners are part of words and emoji.
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u
const UNPRINTABLES = new RegExp(`${UNPRINTABLE.source}+`, 'gu')
const VISIBLE = /[^\p{Default_Ignorable_Code_Point}\p{Z}\p{C}]/u
const PILED_MARKS = /\p{M}{3}/u

// Words that doors or people use to address the server or everybody.
const RESERVED = [
  'salir exit todos todas all everyone aqui aquí here sistema system servidor server tertulia',
  'admin administrador root operador operator moderador moderator nickserv chanserv anonimo anónimo anonymous',
  'operserv memoserv hostserv botserv saslserv authserv statserv', // not served here, but IRC users send passwords to such names
]
  .join(' ')
  .split(' ')

/** UTF-16 units of a name or a mask in any form. */
export const LONGEST_FOLDED = 256

/**
 * The form in which usernames are compared: NFKC, case-folded. A text that is too long to be one stays as it is
 * (normal-forms.ts).
 */
export function foldUsername(username: string): string {
  if (username.length > LONGEST_FOLDED) return username
  return username.normalize('NFKC').toLowerCase().normalize('NFKC')
}

/** The folded username that somebody refers to: ana, @Ana. */
export function addressee(typed: string): string {
  return foldUsername(typed.trim().replace(/^@/, ''))
}

/**
 * @param skeletonsOf gives a name's skeletons
 * @returns the username as it will be shown. Refuses 'bad-username', 'reserved-username'.
 */
export function checkUsername(typed: string, skeletonsOf: (name: string) => Skeletons): string {
  const username = normalized(typed.trim(), 'NFC', LONGEST_USERNAME)
  if (!isUsername(username)) refuse('bad-username')
  const { skeleton, written, shown } = skeletonsOf(username)
  const reserved = reservedLooks(skeletonsOf)
  const isReserved = [skeleton, written, shown].some(each => reserved.skeletons.has(each))
  if (isReserved || reserved.shown.has(shown)) refuse('reserved-username')
  return username
}

/** What the reserved words look like: worked out once, since a roster has thousands of names to compare. */
const looks = new WeakMap<(name: string) => Skeletons, ReturnType<typeof looksOfReserved>>()

function reservedLooks(skeletonsOf: (name: string) => Skeletons) {
  const known = looks.get(skeletonsOf) ?? looksOfReserved(skeletonsOf)
  looks.set(skeletonsOf, known)
  return known
}

function looksOfReserved(skeletonsOf: (name: string) => Skeletons) {
  return {
    skeletons: new Set(RESERVED.map(word => skeletonsOf(word).skeleton)),
    // Among capitals a small l is an I: ADMlN.
    shown: new Set(RESERVED.map(word => skeletonsOf(word.toUpperCase()).shown)),
  }
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

/** The key under which IRC shows a picture's address. */
export const AVATAR_KEY = 'avatar'

/** @returns the value as it will be stored. Refuses 'long-text'. */
export function checkDatum(typed: string): string {
  const value = typed.toWellFormed().replace(/[\r\n\0]+/g, ' ')
  return new TextEncoder().encode(value).length > LONGEST_DATUM ? refuse('long-text') : value
}

const LONGEST_EMAIL = 254
/** Enough to tell an address from anything else; whether mail arrives is another matter. */
const EMAIL = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+\.[^\s@<>,;:"()[\]\\]+$/u

/** @returns the address; empty for none. Refuses 'bad-email'. */
export function checkEmail(typed: string): string {
  const email = typed.trim()
  if (email !== '' && (email.length > LONGEST_EMAIL || UNPRINTABLE.test(email) || !EMAIL.test(email)))
    refuse('bad-email')
  return email
}

/**
 * @returns the text as it will be stored: well-formed Unicode, lines separated by \n, no NUL (PostgreSQL can't store
 * it). Each door hides what else its terminals must not be sent. Refuses 'empty-text', 'long-text'.
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

/** The form in which room names are compared; a leading # is not part of it. */
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

/** @returns the topic as it will be shown; empty for none. Refuses 'long-topic'. */
export function checkTopic(typed: string): string {
  const topic = oneLine(typed, LONGEST_TOPIC)
  if (longerThan(topic, LONGEST_TOPIC)) refuse('long-topic')
  return topic
}

const LONGEST_KEY = 32

/** The form in which room keys are compared. */
export function foldKey(typed: string): string {
  return normalized(typed.trim(), 'NFC', LONGEST_KEY)
}

/** @returns the key as it will be stored; empty for none. Refuses 'bad-key'. */
export function checkKey(typed: string): string {
  const key = foldKey(typed)
  if (longerThan(key, LONGEST_KEY) || /[\s,]/.test(key) || UNPRINTABLE.test(key) || INVISIBLE.test(key))
    refuse('bad-key')
  return key
}

const LONGEST_TITLE = 60

/** @returns what a group conversation is to be called; empty for nothing. Refuses 'bad-title'. */
export function checkTitle(typed: string): string {
  const title = oneLine(typed, LONGEST_TITLE)
  return longerThan(title, LONGEST_TITLE) ? refuse('bad-title') : title
}

const LONGEST_SECTION_NAME = 40

/** @returns the name of a section as it will be shown. Refuses 'bad-section-name'. */
export function checkSectionName(typed: string): string {
  const name = oneLine(typed, LONGEST_SECTION_NAME)
  return name === '' || longerThan(name, LONGEST_SECTION_NAME) ? refuse('bad-section-name') : name
}

const LONGEST_STATUS = 100

/** @returns the status message as it will be shown; empty for none. Refuses 'long-status'. */
export function checkStatus(typed: string): string {
  const status = oneLine(typed, LONGEST_STATUS)
  return longerThan(status, LONGEST_STATUS) ? refuse('long-status') : status
}

/** @returns the IANA time zone; empty for the server's. Refuses 'bad-zone'. */
export function checkZone(typed: string): string {
  const zone = typed.trim()
  return zone === '' ? '' : (zoneNamed(zone) ?? refuse('bad-zone'))
}

/** Looking one up takes as long as reading many people, who share a few of them. */
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

/** The form in which codes are compared: people type them with capitals, spaces or hyphens. */
export function foldCode(typed: string): string {
  return typed.toLowerCase().replace(/[\s-]/g, '').slice(0, LONGEST_CODE)
}

const LONGEST_CODE = 32

/**
 * @returns one emoji as UTS 51 writes it: the same whether a keyboard puts U+FE0F where it belongs, everywhere or
 * nowhere. Refuses 'bad-emoji'.
 */
export function checkEmoji(typed: string): string {
  const bare = typed.trim().replace(/[\ufe0e\ufe0f]/g, '')
  const emoji = bare.replace(SHOWN_AS_TEXT, '$&\ufe0f')
  return isEmoji(emoji) ? emoji : refuse('bad-emoji')
}

/** Shown as a picture only with U+FE0F after it, or with a skin tone. */
const SHOWN_AS_TEXT = /(?!\p{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier})/gu

let oneEmoji: RegExp | undefined

/** Whether it is a sequence shown as one picture (UTS 51, RGI_Emoji), such as a keycap or a flag. */
function isEmoji(text: string): boolean {
  oneEmoji ??= /^\p{RGI_Emoji}$/v // takes 30 ms: not at every start, nor in every thread
  return oneEmoji.test(text)
}

/** Replaces what would move a cursor. */
export function printable(text: string): string {
  return UNPRINTABLE.test(text) ? text.replace(UNPRINTABLES, ' ') : text
}

/**
 * On one line and composed, unless it is too long; without what would move a cursor, and with at most two marks per
 * letter.
 */
export function oneLine(typed: string, codePoints: number): string {
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
