// Parsing and making lines of the protocol (modern.ircdocs.horse, Message Format; IRCv3 message-tags). Pure functions.

import { Buffer } from 'node:buffer'
import { boundaryUpTo, cutAt } from '../../../wire/graphemes.ts'
import { printable } from '../../../wire/printable.ts'

/** The most bytes of a line without its tags, line end included. */
export const LONGEST_LINE = 512
/** The most bytes of the tags that a client sends, including the @ before and the space after them. */
export const LONGEST_TAGS = 4096

export type Tags = ReadonlyMap<string, string>

export interface Message {
  readonly tags: Tags
  /** In capitals; empty for an empty line. */
  readonly command: string
  readonly params: readonly string[]
}

const NO_TAGS: Tags = new Map()

/** Parses a line; a source is ignored, since clients speak for themselves. @param line without its line end */
export function parse(line: string): Message {
  let [at, tags] = [0, NO_TAGS]
  if (line.startsWith('@')) {
    const end = endOf(line, 0)
    tags = tagsIn(line.slice(1, end))
    at = past(line, end)
  }
  if (line[at] === ':') at = past(line, endOf(line, at))
  const end = endOf(line, at)
  return { tags, command: line.slice(at, end).toUpperCase(), params: paramsIn(line, past(line, end)) }
}

function paramsIn(line: string, from: number): string[] {
  const params: string[] = []
  for (let at = from; at < line.length; ) {
    if (line[at] === ':') {
      params.push(line.slice(at + 1))
      break
    }
    const end = endOf(line, at)
    params.push(line.slice(at, end))
    at = past(line, end)
  }
  return params
}

function endOf(line: string, from: number): number {
  const space = line.indexOf(' ', from)
  return space === -1 ? line.length : space
}

/** The index after the spaces at `from`. */
function past(line: string, from: number): number {
  let at = from
  while (line[at] === ' ') at++
  return at
}

/** If a key comes twice, the last one counts. */
function tagsIn(data: string): Tags {
  const tags = new Map<string, string>()
  for (const tag of data.split(';')) {
    const equals = tag.indexOf('=')
    const key = equals === -1 ? tag : tag.slice(0, equals)
    if (key !== '') tags.set(key, equals === -1 ? '' : unescaped(tag.slice(equals + 1)))
  }
  return tags
}

const ESCAPES: Readonly<Record<string, string>> = { ':': ';', s: ' ', '\\': '\\', r: '\r', n: '\n' }
const ESCAPED: Readonly<Record<string, string>> = {
  ';': '\\:',
  ' ': '\\s',
  '\\': '\\\\',
  '\r': '\\r',
  '\n': '\\n',
}

/** A backslash before a character that needs none is dropped, and so is one at the end. */
function unescaped(value: string): string {
  return value.includes('\\') ? value.replace(/\\(.?)/gsu, (_, sign: string) => ESCAPES[sign] ?? sign) : value
}

export function escaped(value: string): string {
  return value.replace(/[; \\\r\n]/g, sign => ESCAPED[sign] ?? sign)
}

/** The tags before a line: @, the tags, a space; empty without tags. Empty values are left out. */
export function tagPrefix(tags: Iterable<readonly [string, string]>): string {
  const all = [...tags].map(([key, value]) => (value === '' ? key : `${key}=${escaped(value)}`))
  return all.length === 0 ? '' : `@${all.join(';')} `
}

/**
 * A line without its line end. Only the last parameter may be empty, contain spaces or begin with a colon: others are
 * changed to fit. Line ends and NUL are removed from all, so that no text becomes a line of its own. Bytes beyond 510 are
 * cut off.
 */
export function lineOf(source: string, command: string, params: readonly string[]): string {
  const last = params.length - 1
  const parts = params.map((param, i) => (i === last ? trailing(param) : middle(param)))
  return withinLine([...(source === '' ? [] : [`:${source}`]), command, ...parts].join(' '))
}

const LONGEST = LONGEST_LINE - 2

/** Cuts a line to its limit, between graphemes. */
function withinLine(line: string): string {
  if (line.length * 3 <= LONGEST || Buffer.byteLength(line) <= LONGEST) return line
  return line.slice(0, cutAt(line, fitting(line, LONGEST)))
}

function middle(param: string): string {
  const safe = whole(param).replaceAll(' ', '_').replace(/^:+/, '')
  return safe === '' ? '*' : safe
}

function trailing(param: string): string {
  const safe = visible(whole(param))
  return safe === '' || safe.startsWith(':') || safe.includes(' ') ? `:${safe}` : safe
}

const BREAKS = /[\r\n\0]/
/** Everything but formatting codes (modern.ircdocs.horse, formatting), which a message of the day may have. */
const PLAIN = /[^\x02-\x04\x0f\x11\x16\x1d-\x1f]+/g

function whole(text: string): string {
  return BREAKS.test(text) ? text.replace(/[\r\n\0]+/g, ' ') : text
}

/** Makes control characters visible: texts of other people are last parameters, and must not move a reader's cursor. */
function visible(line: string): string {
  return printable(line) === line ? line : line.replace(PLAIN, printable)
}

/**
 * Splits a text into pieces of at most `bytes` bytes, which joined are the text. No code point is broken, no grapheme
 * unless it is longer than a piece, nor a word (an address, say): the space between two stays with the first.
 * @param bytes at least 4, so that any code point fits; fewer are taken for 4
 */
export function pieces(text: string, bytes: number): string[] {
  const most = Math.max(4, bytes)
  if (text.length * 3 <= most || Buffer.byteLength(text) <= most) return [text]
  const found: string[] = []
  let from = 0
  while (from < text.length) {
    const end = cutAt(text, from + fitting(text.slice(from, from + most), most), from)
    const word = end === text.length ? end : from + text.slice(from, end).lastIndexOf(' ') + 1
    const between = word > from && isWordWithin(text, word, most) ? boundaryUpTo(text, word, from) : end
    const cut = between > from ? between : end
    found.push(text.slice(from, cut))
    from = cut
  }
  return found
}

function isWordWithin(text: string, from: number, bytes: number): boolean {
  const rest = text.slice(from, from + bytes + 1)
  const end = rest.indexOf(' ')
  return Buffer.byteLength(end < 0 ? rest : rest.slice(0, end)) <= bytes
}

/** How many UTF-16 units of the text fit into `most` bytes. */
function fitting(text: string, most: number): number {
  let [bytes, units] = [0, 0]
  for (const sign of text) {
    bytes += bytesOf(sign.codePointAt(0) ?? 0)
    if (bytes > most) break
    units += sign.length
  }
  return units
}

/** The length of a code point in UTF-8. */
function bytesOf(point: number): number {
  if (point < 0x80) return 1
  if (point < 0x800) return 2
  return point < 0x10000 ? 3 : 4
}

/** The most bytes of a list in one line. */
const LIST_IN_LINE = 320

/** Distributes words over lines that are not too long. */
export function* listLines(words: readonly string[], between: string): Generator<string> {
  let line = ''
  for (const word of words) {
    if (line !== '' && Buffer.byteLength(line) + Buffer.byteLength(word) >= LIST_IN_LINE) {
      yield line
      line = ''
    }
    line = line === '' ? word : `${line}${between}${word}`
  }
  if (line !== '') yield line
}
