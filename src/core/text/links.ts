// The links of a text. Anybody may send any text, so they are found in time linear in its length.

import type { Format, Styled } from '../model/model.ts'
import { withoutCode } from './code.ts'

export const SCHEME = /https?:\/\/|mailto:/iuy
const WORD = /[^\s<>]*/uy
/** Punctuation that may follow a URL; from the first delimiter in it on it is not part of the URL. */
const TRAILING = new Set('*_~`)]}.,;:!?"\'»”’')
const MARK = new Set('*_~`')

/** Returns where the URL that begins at `from` ends; undefined if none does. */
export function addressEnd(text: string, from: number): number | undefined {
  SCHEME.lastIndex = from
  if (!SCHEME.test(text)) return undefined
  WORD.lastIndex = SCHEME.lastIndex
  WORD.test(text)
  let end = WORD.lastIndex
  for (let at = end - 1; at >= SCHEME.lastIndex && TRAILING.has(text.charAt(at)); at--) {
    if (MARK.has(text.charAt(at))) end = at
  }
  return end
}

/** UTF-16 units of a URL that is followed. */
const LONGEST_LINK = 2048
const TO_THE_WEB = /https?:\/\//giu
/** Of a table, whose cells end at bars. */
const ROW = /^[ >]*\|/u
const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }
const PUNCTUATION = /[.,;:!?"'»”’]+$/u

/**
 * The URLs of the web in a text, as the URL standard writes them, each once, in order; without those in code, and those
 * with user names.
 */
export function linksIn(message: {
  readonly text: string
  readonly format: Format
  readonly styles?: readonly Styled[] | undefined
}): string[] {
  if (!message.text.includes('://')) return [] // true of most
  const text = message.format === 'markdown' ? withoutCode(message.text) : withoutStyledCode(message)
  const links = new Set<string>()
  for (const line of text.split('\n')) {
    const isRow = message.format === 'markdown' && ROW.test(line)
    let done = 0
    for (const { index } of line.matchAll(TO_THE_WEB)) {
      if (index < done) continue
      const typed = line.slice(index, addressEnd(line, index)).slice(0, LONGEST_LINK + 1)
      const bare = withoutTrailing(isRow ? (typed.split('|', 1)[0] ?? '') : typed)
      done = index + bare.length
      const url = bare.length > LONGEST_LINK ? null : URL.parse(bare)
      if (url && url.username === '' && url.password === '' && url.href.length <= LONGEST_LINK)
        links.add(url.href)
    }
  }
  return [...links]
}

/** Without what closes a bracket that the URL has not opened, with all after it, and without the end of a sentence. */
function withoutTrailing(typed: string): string {
  const open: string[] = []
  for (let at = 0; at < typed.length; at++) {
    const sign = typed.charAt(at)
    const opening = OPENING[sign]
    if (sign === '(' || sign === '[' || sign === '{') open.push(sign)
    else if (opening !== undefined && open.pop() !== opening)
      return typed.slice(0, at).replace(PUNCTUATION, '')
  }
  return typed.replace(PUNCTUATION, '')
}

function withoutStyledCode({ text, styles }: Parameters<typeof linksIn>[0]): string {
  const codes = (styles ?? []).filter(({ style }) => style === 'code')
  return codes.reduce(
    (bare, { from, to }) => bare.slice(0, from) + ' '.repeat(bare.slice(from, to).length) + bare.slice(to),
    text,
  )
}
