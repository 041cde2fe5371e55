// The colours of code: runs of text with a tint each, from what highlight.js emits while it reads. Its HTML is never
// made. https://github.com/highlightjs/highlight.js/blob/main/docs/css-classes-reference.rst names the scopes.

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

/** Scope → its tint; none is the ground's. A scope that is not here has that of the scope around it. */
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

/** What takes the place of highlight.js's tree: the calls it makes of one, in version 11. */
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

/** The colours, if they can be had at once. */
export const highlightNow: HighlightCode = (code, language) => loaded?.(code, language)

/** The colours; none for a language that is not known. The first call loads what is needed. */
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

/** Codes whose colours are kept. */
const MOST_HIGHLIGHTED = 100

/** Some languages' rules take time by the square of a line's length; nobody wrote such a line by hand. */
const LONG_LINE = /.{1000}/

type Highlighter = typeof import('./languages.ts')['hljs']

function runsOf(hljs: Highlighter, code: string, language: string): readonly Run[] | undefined {
  const { _emitter: emitter } = hljs.highlight(code, { language, ignoreIllegals: true })
  if (!(emitter instanceof Runs)) return undefined
  // Where it failed half-way the rest is missing.
  return emitter.all.map(run => run.text).join('') === code ? emitter.all : undefined
}
