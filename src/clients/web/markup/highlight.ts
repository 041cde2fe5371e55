// Syntax highlighting: runs of text with a tint each, from the events of highlight.js's parser. Its HTML is never built.
// https://github.com/highlightjs/highlight.js/blob/main/docs/css-classes-reference.rst names the scopes.

import type { Emitter } from 'highlight.js'
import { memoized } from './memoized.ts'

export interface Run {
  readonly text: string
  readonly tint: Tint | undefined
}

/** Each is a class `tint-…` and a custom property `--code-…` in text.css. */
export type Tint = (typeof TINTS)[number]

export const TINTS = [
  'keyword',
  'string',
  'number',
  'comment',
  'title',
  'type',
  'meta',
  'addition',
  'deletion',
] as const

/** Scope → tint; `none` is the plain colour. A scope that is not listed has the tint of the scope around it. */
const SCOPES: Readonly<Record<string, Tint | 'none'>> = {
  addition: 'addition',
  attr: 'number',
  attribute: 'number',
  built_in: 'type',
  bullet: 'keyword',
  char: 'number',
  class: 'type',
  code: 'string',
  comment: 'comment',
  deletion: 'deletion',
  doctag: 'keyword',
  keyword: 'keyword',
  link: 'string',
  literal: 'number',
  meta: 'meta',
  name: 'title',
  number: 'number',
  operator: 'keyword',
  quote: 'comment',
  regexp: 'string',
  section: 'title',
  'selector-attr': 'number',
  'selector-class': 'title',
  'selector-id': 'title',
  'selector-pseudo': 'number',
  'selector-tag': 'keyword',
  string: 'string',
  subst: 'none',
  symbol: 'number',
  tag: 'none',
  'template-tag': 'keyword',
  'template-variable': 'type',
  title: 'title',
  type: 'type',
  variable: 'type',
}

/** Takes the place of highlight.js's token tree: the methods that version 11 calls on one. */
class Runs implements Emitter {
  readonly all: Run[] = []
  readonly #open: (Tint | undefined)[] = []

  addText(text: string): void {
    const tint = this.#open.at(-1)
    const last = this.all.at(-1)
    if (last && last.tint === tint) this.all[this.all.length - 1] = { text: last.text + text, tint }
    else if (text !== '') this.all.push({ text, tint })
  }

  openNode(scope: string): void {
    const [name = ''] = scope.split('.', 1)
    const tint = Object.hasOwn(SCOPES, name) ? SCOPES[name] : this.#open.at(-1)
    this.#open.push(tint === 'none' ? undefined : tint)
  }

  closeNode(): void {
    this.#open.pop()
  }

  startScope(scope: string): void {
    this.openNode(scope)
  }

  endScope(): void {
    this.closeNode()
  }

  __addSublanguage(inner: Emitter): void {
    if (inner instanceof Runs) this.all.push(...inner.all)
  }

  finalize(): void {}

  toHTML(): string {
    return ''
  }
}

type HighlightCode = (code: string, language: string) => readonly Run[] | undefined

let loading: Promise<HighlightCode> | undefined
let loaded: HighlightCode | undefined

/** Highlights if the highlighter is loaded. */
export const highlightNow: HighlightCode = (code, language) => loaded?.(code, language)

/** Highlights; the first call loads the highlighter. @returns undefined for an unknown language */
export async function highlight(code: string, language: string): Promise<readonly Run[] | undefined> {
  loading ??= load()
  const painter = await loading
  return painter(code, language)
}

async function load(): Promise<HighlightCode> {
  const { hljs } = await import('./languages.ts')
  hljs.configure({ __emitter: Runs })
  const of = memoized(MOST_HIGHLIGHTED, key => {
    const [language = '', ...lines] = key.split('\n')
    return runsOf(hljs, lines.join('\n'), language)
  })
  loaded = (code, language) =>
    hljs.getLanguage(language) && !LONG_LINE.test(code) ? of(`${language}\n${code}`) : undefined
  return loaded
}

/** Code blocks whose runs are kept. */
const MOST_HIGHLIGHTED = 100

/**
 * Code with a line this long is not highlighted: some languages' rules take quadratic time in the length of a line, and
 * nobody writes such lines by hand.
 */
const LONG_LINE = /.{1000}/

type Highlighter = typeof import('./languages.ts')['hljs']

function runsOf(hljs: Highlighter, code: string, language: string): readonly Run[] | undefined {
  const { _emitter: emitter } = hljs.highlight(code, { language, ignoreIllegals: true })
  if (!(emitter instanceof Runs)) return undefined
  // When the highlighter fails half-way, the rest of the code is missing.
  return emitter.all.map(run => run.text).join('') === code ? emitter.all : undefined
}
