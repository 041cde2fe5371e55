// Making a text safe to display. Pure.

import { printable } from '../../../wire/printable.ts'

// What the line door hides, except the direction marks U+061C, U+200E and U+200F: people who write Arabic and Hebrew need
// them to put punctuation on the right side, and their effect ends at the element that isolates the text.
const HIDDEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g
/** More combining marks on one letter than any language has: they would cover the lines above and below. */
const PILED_MARKS = /(\p{M}{8})\p{M}+/gu

/** Makes a text well-formed: controls become pictures (␛), direction overrides go, a letter keeps eight marks. */
export function displayText(text: string): string {
  return text.toWellFormed().replace(/\r\n?/g, '\n').replace(HIDDEN, printable).replace(PILED_MARKS, '$1')
}

const FEW_EMOJI = /^(?:\s*\p{RGI_Emoji}){1,5}\s*$/v
/** In UTF-16 units: a family of four is 11, a flag of a region 14. */
const LONGEST_FEW = 100

/** Whether a text is one to five emoji and nothing else. */
export function isFewEmoji(text: string): boolean {
  return text.length <= LONGEST_FEW && FEW_EMOJI.test(text)
}
