// Which Markdown a message may have, and how much of it.

import MarkdownIt, { type StateBlock, type StateInline, type Token } from 'markdown-it'
import { hrefOf } from './links.ts'
import { MENTION, ROOM } from './names.ts'

/** Of quotes and lists in one another; a list counts twice. What is deeper is text. */
const DEEPEST_BLOCKS = 12
/** Of a table; the parser fills up short rows, and a text of 4,000 signs could ask for 65,000. */
const MOST_CELLS = 1000

/** @param text as `shown` gives it. Without references: what looks like one stays readable. */
export function tokens(text: string): Token[] {
  return markdown.parse(text, {})
}

// The rules that are off, and why: code by indentation, underlined headings and entities surprise whoever does not
// know them; references and HTML would make written text disappear.
const RULES = [
  ['blockquote', 'fence', 'heading', 'hr', 'list', 'table'],
  ['autolink', 'backticks', 'emphasis', 'escape', 'image', 'link', 'newline', 'strikethrough'],
  ['linkify'],
].flat()

const markdown = new MarkdownIt()
bound('blockquote', ['paragraph', 'blockquote', 'list'], isShallow)
bound('list', ['paragraph', 'blockquote'], isShallow)
bound('table', ['paragraph'], losesNothing)
markdown
  .configure('zero')
  .set({ breaks: true, linkify: true, maxNesting: 4 * DEEPEST_BLOCKS })
  .enable(RULES)
markdown.inline.ruler.push('mention', sign('mention', MENTION))
markdown.inline.ruler.push('room', sign('room', ROOM))
markdown.linkify.set({ fuzzyEmail: false, fuzzyLink: false })
for (const scheme of ['ftp:', '//']) markdown.linkify.add(scheme, null)
markdown.normalizeLink = typed => hrefOf(typed) ?? ''
markdown.normalizeLinkText = typed => typed
markdown.validateLink = href => href !== ''

/** Lets the parser's own rule begin a block only where it is allowed to; else the lines are a paragraph's. */
function bound(
  name: string,
  alt: string[],
  allowed: (state: StateBlock, first: number, end: number) => boolean,
): void {
  const { ruler } = markdown.block
  ruler.enableOnly(name)
  const [rule] = ruler.getRules('')
  if (!rule) throw new Error(`markdown-it has no rule ${name}`)
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

/** Something that begins with a sign of its own; not in a link. */
function sign(type: string, pattern: RegExp) {
  return (state: StateInline, silent: boolean): boolean => {
    if (state.linkLevel > 0) return false
    pattern.lastIndex = state.pos
    const [found] = pattern.exec(state.src) ?? []
    if (!found) return false
    if (!silent) state.push(type, '', 0).content = found
    state.pos += found.length
    return true
  }
}
