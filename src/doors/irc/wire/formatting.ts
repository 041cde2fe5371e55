// Between IRC's formatting codes (modern.ircdocs.horse/formatting) and CTCP ACTION, and the core's plain text with
// styles. Colours and reverse are dropped on the way in: no other door could show them, and none is ever sent.

import type { Format, Message, Style, Styled } from '../../../core/model/model.ts'
import { readMarks } from '../../../wire/marks.ts'
import { printable } from '../../../wire/printable.ts'

const CODES: Readonly<Record<Style, string>> = {
  bold: '\x02',
  italic: '\x1d',
  underline: '\x1f',
  struck: '\x1e',
  code: '\x11',
}
const STYLES = new Map(Object.entries(CODES).map(([style, code]) => [code, style as Style]))
const RESET = '\x0f'
/** Colour codes with their numbers, and reverse. */
const COLOURS = /\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[\da-f]{6}(?:,[\da-f]{6})?)?|\x16/gi
const ANY = /[\x01-\x04\x0f\x11\x16\x1d-\x1f]/
const ACTION = /^\x01ACTION(?: ([\s\S]*?))?\x01?$/
/** The most styled ranges of one text; the rest of it is plain. */
const MOST_STYLES = 500

export interface FormattedText {
  readonly text: string
  readonly styles?: readonly Styled[]
  readonly action?: true
}

/**
 * Reads a text with codes. @returns undefined for CTCP other than ACTION, which is meant for a client and not stored
 */
export function readCodes(typed: string): FormattedText | undefined {
  if (!ANY.test(typed)) return { text: typed }
  const action = ACTION.exec(typed)
  if (!action && typed.startsWith('\x01')) return undefined
  const formatted = withoutCodes(action ? (action[1] ?? '') : typed)
  return action ? { ...formatted, action: true } : formatted
}

/** Styles end at the end of a line, as IRC's end with the message. */
export function withoutCodes(coded: string): FormattedText {
  const open = new Map<Style, number>()
  const styles: Styled[] = []
  const lasts = new Map<Style, number>() // the last index of each style in `styles`
  let text = ''
  const close = (style: Style) => {
    const from = open.get(style) ?? text.length
    const last = lasts.get(style) ?? -1
    const goesOn = styles[last]?.to === from
    const at = goesOn ? last : styles.length
    if (from < text.length) {
      styles[at] = { from: goesOn ? (styles[last]?.from ?? from) : from, to: text.length, style }
      lasts.set(style, at)
    }
    open.delete(style)
  }
  for (const sign of coded.replace(COLOURS, '')) {
    const style = STYLES.get(sign)
    if (style !== undefined) open.has(style) ? close(style) : open.set(style, text.length)
    else {
      if (sign === RESET || sign === '\n') for (const each of [...open.keys()]) close(each)
      if (sign !== RESET) text += sign
    }
  }
  for (const each of [...open.keys()]) close(each)
  const kept = styles.slice(0, MOST_STYLES).sort(inOrder)
  return kept.length === 0 ? { text } : { text, styles: kept }
}

/** Orders by begin, longer ones first. */
function inOrder(one: Styled, other: Styled): number {
  return one.from - other.from || other.to - one.to || (one.style < other.style ? -1 : 1)
}

/** A text with codes, complete in each of its lines; other control characters are made visible. */
export function withCodes({
  text,
  format,
  styles = [],
}: Pick<Message, 'text' | 'styles'> & { format: Format }): string {
  const read = format === 'markdown' ? readMarks(text) : { text, styles }
  return read.styles.length === 0 ? printable(read.text) : coded(read.text, read.styles)
}

function coded(text: string, styles: readonly Styled[]): string {
  const changes = new Map<number, string>()
  const note = (at: number, code: string) => changes.set(at, (changes.get(at) ?? '') + code)
  for (const { from, to, style } of byLine(text, styles)) {
    note(from, CODES[style])
    note(to, CODES[style])
  }
  let [all, done] = ['', 0]
  for (const at of [...changes.keys()].sort((a, b) => a - b)) {
    all += printable(text.slice(done, at)) + onceEach(changes.get(at) ?? '')
    done = at
  }
  return all + printable(text.slice(done))
}

/** Removes codes that would end a style and begin it again at the same place. */
function onceEach(codes: string): string {
  return [...new Set(codes)].filter(code => codes.split(code).length % 2 === 0).join('')
}

/** Cuts styles at line ends, and where they overlap another of their kind. */
function byLine(text: string, styles: readonly Styled[]): Styled[] {
  const ends = new Map<Style, number>()
  return styles.flatMap(({ from, to, style }) => {
    const pieces: Styled[] = []
    let begin = Math.max(from, ends.get(style) ?? 0)
    ends.set(style, Math.max(to, begin))
    while (begin < to) {
      const end = text.indexOf('\n', begin)
      const upto = end === -1 ? to : Math.min(end, to)
      if (begin < upto) pieces.push({ from: begin, to: upto, style })
      begin = upto + 1
    }
    return pieces
  })
}

/** Opens the styles that are open at the end of a piece of a line again at the beginning of the next. */
export function carryCodes(pieces: readonly string[]): string[] {
  let open = ''
  return pieces.map(piece => {
    const whole = open + piece
    open = [...STYLES.keys()].filter(code => whole.split(code).length % 2 === 0).join('')
    return whole
  })
}

/** The most bytes that `carryCodes` puts before a piece. */
export const LONGEST_CODES = STYLES.size

/** A CTCP ACTION. */
export function actionOf(text: string): string {
  return `\x01ACTION ${text}\x01`
}

/** Bytes that `actionOf` adds. */
export const ACTION_BYTES = actionOf('').length
