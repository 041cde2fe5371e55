// The part of Markdown that messages may use, and its limits (docs/markdown.md).

import MarkdownIt, { type StateBlock, type StateInline, type Token } from 'markdown-it'
import { addressEnd, type Mark, marksIn, type Style } from '../../../wire/marks.ts'
import { hrefOf } from './links.ts'
import { addFormulas, spoiler } from './marks-of-ours.ts'
import { END, MENTION, ROOM } from './names.ts'

/** The deepest nesting of quotes and lists, of which a list counts twice. Anything deeper is text. */
const DEEPEST_BLOCKS = 12
/** The parser pads short rows, so a text of 4,000 characters could make a table of 65,000 cells. */
const MOST_CELLS = 1000

/** @param text from `displayText`. References are off: text that looks like one stays readable. */
export function tokens(text: string): Token[] {
  return markdown.parse(text, {})
}

/** The tokens of a plain text: addresses, mentions, rooms and line ends, but no marks. */
export function plainTokens(text: string): Token[] {
  return plain.parseInline(text, {})
}

// Rules that are off: headings, rulers, code by indentation, underlined headings and entities surprise anyone who does not
// know them; references and HTML would make text disappear. Emphasis, code and line ends have rules of our own.
const RULES = [
  ['blockquote', 'fence', 'list', 'table', 'unquoted'],
  ['autolink', 'image', 'link'],
  ['linkify'],
].flat()

const markdown = new MarkdownIt()
bound(
  'blockquote',
  ['paragraph', 'blockquote', 'list'],
  (state, at) => isShallow(state) && isQuote(state, at),
)
bound('list', ['paragraph', 'blockquote'], (state, at) => isShallow(state) && isItem(state, at))
bound('table', ['paragraph'], losesNothing)
keepLeadingSpaces()
endQuotes()
endAddresses()
endTextAtBars()
markdown
  .configure('zero')
  .set({ breaks: true, linkify: true, maxNesting: 4 * DEEPEST_BLOCKS })
  .enable(RULES)
markdown.inline.ruler.push('marks', mark)
addFormulas(markdown)
markdown.inline.ruler.push('spoiler', spoiler)
const plain = new MarkdownIt().configure('zero').set({ linkify: true }).enable('linkify')
for (const each of [markdown, plain]) {
  each.inline.ruler.push('line', lineEnd)
  each.inline.ruler.push('mention', mention)
  each.inline.ruler.push('room', room)
  each.linkify.set({ fuzzyEmail: false, fuzzyLink: false })
  for (const scheme of ['ftp:', '//']) each.linkify.add(scheme, null)
  each.normalizeLink = typed => hrefOf(typed) ?? ''
  each.normalizeLinkText = typed => typed
  each.validateLink = href => href !== ''
}

/** Restricts one of the parser's block rules to where it is allowed; elsewhere its lines belong to a paragraph. */
function bound(
  name: string,
  alt: string[],
  allowed: (state: StateBlock, first: number, end: number) => boolean,
): void {
  const { ruler } = markdown.block
  const rule = ruleOf(ruler, name)
  ruler.at(
    name,
    (state, first, end, silent) =>
      rule(state, first, end, true) &&
      allowed(state, first, end) &&
      (silent || rule(state, first, end, false)),
    { alt },
  )
}

function isShallow(state: StateBlock): boolean {
  return state.level < DEEPEST_BLOCKS
}

/** A row longer than the head would lose its last cells. */
function losesNothing(state: StateBlock, first: number, end: number): boolean {
  const columns = cells(state, first)
  if (columns * (end - first) > MOST_CELLS) return false
  for (let line = first + 2; line < end && !state.isEmpty(line); line++) {
    if (cells(state, line) > columns) return false
  }
  return true
}

function cells(state: StateBlock, line: number): number {
  const text = state.getLines(line, line + 1, 0, false).trim()
  return text.replace(/^\||(?<!\\)\|$/g, '').split(/(?<!\\)\|/).length
}

/** One of the parser's own rules. Disables all others of the ruler. */
function ruleOf<Rule>(
  ruler: { enableOnly(name: string): void; getRules(chain: string): Rule[] },
  name: string,
): Rule {
  ruler.enableOnly(name)
  const [rule] = ruler.getRules('')
  if (!rule) throw new Error(`markdown-it has no rule ${name}`)
  return rule
}

/** A quote begins with > and a space: >>> and >:( are text. */
function isQuote(state: StateBlock, first: number): boolean {
  return /^>(?:[ \t]|$)/.test(lineAt(state, first))
}

/** `+ 3` and `1)` are no list items: they would not be shown as they were typed. */
function isItem(state: StateBlock, first: number): boolean {
  return !/^(?:\+|\d+\))/.test(lineAt(state, first))
}

function lineAt({ src, bMarks, tShift, eMarks }: StateBlock, line: number): string {
  return src.slice((bMarks[line] ?? 0) + (tShift[line] ?? 0), eMarks[line])
}

/** Keeps the spaces before a paragraph's first letter, which the parser drops. */
function keepLeadingSpaces(): void {
  const { ruler } = markdown.block
  const rule = ruleOf(ruler, 'paragraph')
  ruler.at('paragraph', (state, first, end, silent) => {
    const done = rule(state, first, end, silent)
    const inline = state.tokens.at(-2)
    if (done && inline) inline.content = state.getLines(first, state.line, state.blkIndent, false).trimEnd()
    return done
  })
}

const LONGEST_SCHEME = 'mailto'.length

/** Ends addresses by our own rule: the parser's includes the punctuation and marks after an address. */
function endAddresses(): void {
  const { ruler } = markdown.inline
  const rule = ruleOf(ruler, 'linkify')
  ruler.at('linkify', (state, silent) => {
    const { src, pos, posMax } = state
    if (src[pos] !== ':') return false
    const [scheme = ''] = /[a-z]*$/i.exec(src.slice(Math.max(0, pos - LONGEST_SCHEME - 1), pos)) ?? []
    state.src = src.slice(0, Math.min(posMax, addressEnd(src, pos - scheme.length) ?? posMax))
    const done = rule(state, silent)
    state.src = src
    return done
  })
}

/** The parser's text goes on over bars, which begin a spoiler. */
function endTextAtBars(): void {
  const { ruler } = markdown.inline
  const rule = ruleOf(ruler, 'text')
  let next = { src: '', from: 0, at: -1 }
  ruler.at('text', (state, silent) => {
    const { src, pos, posMax } = state
    const isKnown = next.src === src && next.from <= pos && (next.at < 0 || next.at >= pos)
    if (!isKnown) next = { src, from: pos, at: src.indexOf('||', pos) }
    if (next.at === pos) return false
    state.posMax = next.at < 0 ? posMax : Math.min(posMax, next.at)
    const done = rule(state, silent)
    state.posMax = posMax
    return done
  })
}

/** A quote ends with its last > line: the answer below it does not belong to it. */
function endQuotes(): void {
  const isBelow = ({ parentType }: StateBlock, _first: number, _end: number, silent: boolean) =>
    silent && parentType === 'blockquote'
  markdown.block.ruler.before('paragraph', 'unquoted', isBelow, { alt: ['blockquote'] })
}

// --- within a line ---------------------------------------------------------------------------------------

const TAGS: Readonly<Record<Style, readonly [type: string, tag: string]>> = {
  bold: ['strong', 'strong'],
  italic: ['em', 'em'],
  struck: ['s', 's'],
  underline: ['u', 'u'],
  code: ['code', 'code'],
}

let marked: { readonly text: string; readonly marks: ReadonlyMap<number, Mark> } | undefined

function markAt(text: string, at: number): Mark | undefined {
  if (marked?.text !== text) marked = { text, marks: new Map(marksIn(text).map(each => [each.from, each])) }
  return marked.marks.get(at)
}

function mark(state: StateInline, silent: boolean): boolean {
  const found = markAt(state.src, state.pos)
  if (!found || found.to > state.posMax) return false
  if (!silent) pushTokens(found, state)
  state.pos = found.to
  return true
}

function pushTokens({ styles, from, inside }: Mark, state: StateInline): void {
  if (styles[0] === 'code') {
    state.push('code_inline', 'code', 0).content = state.src.slice(inside.from, inside.to)
    return
  }
  const { posMax } = state
  const signs = state.src.slice(from, inside.from)
  const sign = (i: number) => (styles.length === 1 ? signs : i === 0 ? signs.slice(1) : signs.slice(0, 1))
  styles.forEach((style, i) => {
    const [type, tag] = TAGS[style]
    state.push(`${type}_open`, tag, 1).markup = sign(i)
  })
  state.pos = inside.from
  state.posMax = inside.to
  state.md.inline.tokenize(state)
  state.posMax = posMax
  for (const [i, style] of [...styles.entries()].reverse()) {
    const [type, tag] = TAGS[style]
    state.push(`${type}_close`, tag, -1).markup = sign(i)
  }
}

/** Like the parser's rule, but keeps the spaces around the line end. */
function lineEnd(state: StateInline, silent: boolean): boolean {
  if (state.src[state.pos] !== '\n') return false
  if (!silent) state.push('softbreak', 'br', 0)
  state.pos++
  return true
}

/** Punctuation that ends a sentence or an emphasis is not part of the name. */
function mention(state: StateInline, silent: boolean): boolean {
  const [found, typed = ''] = foundAt(state, MENTION)
  if (found === undefined) return false
  const name = found.slice(0, state.posMax - state.pos).replace(END, '')
  const content = name === '@' ? found.slice(0, state.posMax - state.pos) : name
  if (!silent) {
    const token = state.push('mention', '', 0)
    token.content = content
    token.info = typed
  }
  state.pos += content.length
  return true
}

function room(state: StateInline, silent: boolean): boolean {
  const [found] = foundAt(state, ROOM)
  if (found === undefined || found.length > state.posMax - state.pos) return false
  if (!silent) state.push('room', '', 0).content = found
  state.pos += found.length
  return true
}

/** Matches at the current position, except in a link. */
function foundAt(state: StateInline, pattern: RegExp): readonly (string | undefined)[] {
  if (state.linkLevel > 0) return []
  pattern.lastIndex = state.pos
  return pattern.exec(state.src) ?? []
}
