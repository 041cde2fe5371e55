// The inline marks of Markdown: tells emphasis from what only looks like it (docs/markdown.md). The web app renders texts by
// it, and the IRC door turns marks into its formatting codes. Pure, and linear in the length of a text.

import { codeEnds, linesOf } from '../core/text/code.ts'
import { addressEnd, SCHEME } from '../core/text/links.ts'

// For clients, which may not import the core.
export { LANGUAGE, withoutCode } from '../core/text/code.ts'
export { addressEnd, linksIn } from '../core/text/links.ts'

export type Style = 'bold' | 'italic' | 'underline' | 'struck' | 'code'

/** A styled range of a text, in UTF-16 units; `to` is exclusive. */
export interface Styled {
  readonly from: number
  readonly to: number
  readonly style: Style
}

/** A marked range of a text: `inside` without its delimiters. */
export interface Mark {
  readonly from: number
  readonly to: number
  readonly inside: { readonly from: number; readonly to: number }
  /** The outermost first. */
  readonly styles: readonly Style[]
}

const SIGNS: Readonly<Record<string, readonly Style[]>> = {
  '*': ['italic'],
  '**': ['bold'],
  '***': ['bold', 'italic'],
  _: ['italic'],
  '~~': ['struck'],
}
/** The most delimiters of one line that are open at a time. */
const MOST_OPEN = 64

// Where to look: line ends, backticks, beginnings of URLs, runs of one delimiter.
const PIECE = new RegExp(`\\n|(?<ticks>\`+)|${SCHEME.source}|(?<run>\\*+|_+|~+)`, 'giu')
// Not a delimiter inside words, paths and arithmetic, nor after a backslash.
const NOT_BEFORE = /[\p{L}\p{N}\p{M}\p{Co}.:/\\=<>@#$%^+&)\]}-]$/u
const NOT_BEHIND = /^[\p{L}\p{N}\p{M}\p{Co}/\\=<>@#$^+&([{]/u
/** Nor with these at its inner side. */
const NOT_FIRST = /^[\s.,;:!?)\]}»”’%|/\\=-]/u
const NOT_LAST = /[\s([{«“‘¿¡/\\=-]$/u
const SOMETHING = /[\p{L}\p{N}\p{S}`]/gu

interface Run {
  readonly sign: string
  readonly from: number
  readonly to: number
  readonly before: string
  readonly after: string
  /** Where the first character after it is that is more than punctuation. */
  readonly something: number
}

/** Returns the marks of a text in order. They do not cross line ends, and nest without overlapping. */
export function marksIn(text: string): Mark[] {
  if (!/[*_~`]/.test(text)) return []
  const marks: Mark[] = []
  const codes = codeEnds(text)
  const somethingFrom = seeker(SOMETHING, text)
  let open: Run[] = []
  let done = 0
  for (const { 0: found, index, groups } of text.matchAll(PIECE)) {
    if (index < done) continue
    const end = codes.get(index)
    if (found === '\n') open = []
    else if (groups?.run !== undefined) {
      const something = somethingFrom(index + found.length)
      open = taken({ ...runAt(text, index, found), something }, { open, marks })
    } else if (groups?.ticks === undefined) done = addressEnd(text, index) ?? done
    else if (end !== undefined) {
      marks.push(codeAt(index, found.length, text.slice(index, end)))
      done = end
    }
  }
  return marks.sort((a, b) => a.from - b.from)
}

/** Returns a function that finds the first match at or after an index. The indexes must not decrease: the text is read once. */
function seeker(pattern: RegExp, text: string): (from: number) => number {
  let found = -1
  return from => {
    if (found < from) {
      pattern.lastIndex = from
      found = pattern.exec(text)?.index ?? Number.POSITIVE_INFINITY
    }
    return found
  }
}

/** A code span: one space at each side belongs to the backticks, as the code may begin with one. */
function codeAt(from: number, ticks: number, found: string): Mark {
  const code = found.slice(ticks, -ticks)
  const margin = code.startsWith(' ') && code.endsWith(' ') && /[^ ]/.test(code) ? 1 : 0
  const to = from + found.length
  return { from, to, inside: { from: from + ticks + margin, to: to - ticks - margin }, styles: ['code'] }
}

function runAt(text: string, from: number, sign: string): Omit<Run, 'something'> {
  const to = from + sign.length
  return { sign, from, to, before: text.slice(Math.max(0, from - 2), from), after: text.slice(to, to + 2) }
}

/** Closes or opens a mark. @returns the delimiters that are open after it */
function taken(run: Run, { open, marks }: { open: Run[]; marks: Mark[] }): Run[] {
  const styles = SIGNS[run.sign]
  if (!styles) return open
  const at = closes(run) ? open.findLastIndex(({ sign }) => sign === run.sign) : -1
  const first = open[at]
  if (first && first.something < run.from) {
    marks.push({ from: first.from, to: run.to, inside: { from: first.to, to: run.from }, styles })
    return open.slice(0, at)
  }
  return opens(run) && open.length < MOST_OPEN ? [...open, run] : open
}

/** Whether a run may open a mark; not if it is quoted, as in "*". */
function opens({ before, after }: Run): boolean {
  const isQuoted = before !== '' && before.at(-1) === after[0]
  return after !== '' && !isQuoted && !NOT_BEFORE.test(before) && !NOT_FIRST.test(after)
}

function closes({ before, after }: Run): boolean {
  return before !== '' && !NOT_LAST.test(before) && !NOT_BEHIND.test(after)
}

// --- a whole text ----------------------------------------------------------------------------------------

export interface PlainText {
  readonly text: string
  /** In order, the outer ones first. */
  readonly styles: readonly Styled[]
}

/**
 * Removes the marks of a text and returns its styles; fenced code is styled as code, without its fences. If nothing would be
 * left, the text stays as it is.
 */
export function readMarks(source: string): PlainText {
  if (!/[*_~`]/.test(source)) return { text: source, styles: [] }
  const reading = new Reading()
  for (const { line, is } of linesOf(source)) {
    if (is === 'text') reading.line(line)
    else if (is === 'code') reading.code(line)
  }
  const { read } = reading
  return read.text.trim() === '' ? { text: source, styles: [] } : read
}

class Reading {
  #lines: string[] = []
  #styles: Styled[] = []
  /** The length of the lines so far, with their ends. */
  #length = 0

  get read(): PlainText {
    return { text: this.#lines.join('\n'), styles: this.#styles }
  }

  code(line: string): void {
    if (line !== '') this.#styles.push({ from: this.#length, to: this.#length + line.length, style: 'code' })
    this.#add(line)
  }

  line(line: string): void {
    const marks = marksIn(line)
    if (marks.length === 0) return this.#add(line)
    const signs = marks.flatMap(({ from, to, inside }) => [
      { from, to: inside.from },
      { from: inside.to, to },
    ])
    signs.sort((a, b) => a.from - b.from)
    let [text, done] = ['', 0]
    const places = new Map<number, number>()
    for (const sign of signs) {
      text += line.slice(done, sign.from)
      places.set(sign.from, text.length).set(sign.to, text.length)
      done = sign.to
    }
    const placeOf = (at: number) => this.#length + (places.get(at) ?? 0)
    for (const { inside, styles } of marks) {
      for (const style of styles)
        this.#styles.push({ from: placeOf(inside.from), to: placeOf(inside.to), style })
    }
    this.#add(text + line.slice(done))
  }

  #add(line: string): void {
    this.#lines.push(line)
    this.#length += line.length + 1
  }
}
