// Parsing a message's text into the tree that text.tsx renders. Pure and bounded.

import type { Token } from 'markdown-it'
import { LANGUAGE, type Styled } from '../../../wire/marks.ts'
import { displayText, isFewEmoji } from './display-text.ts'
import { plainTokens, tokens } from './markdown.ts'
import { mentionsIn, namesIn } from './names.ts'
import { link, Spans } from './spans.ts'
import { applyStyles } from './styles.ts'
import { type Block, BREAK, type Cell, type Inline, type Item, plainText, textNode } from './tree.ts'

export interface Parsed {
  readonly blocks: readonly Block[]
  /** The text is a few emoji alone, which are shown large. */
  readonly jumbo: boolean
}

/** Parses Markdown. Never throws, and loses nothing but marks. */
export function parse(text: string): Parsed {
  const legible = displayText(text)
  const blocks = new TreeBuilder(tokens(legible), mentionsIn(text, 'markdown')).blocks()
  // Anyone who writes --- or ** alone means just that.
  return { blocks: blocks.some(isVisible) ? blocks : [verbatim(legible)], jumbo: isFewEmoji(text) }
}

/** Parses a plain text: one paragraph, as it was typed. @param styles ranges in UTF-16 units */
export function parsePlain(text: string, styles: readonly Styled[] = []): Parsed {
  const legible = displayText(text)
  const read = new TreeBuilder(plainTokens(legible), mentionsIn(text, 'plain')).line()
  // Where characters are hidden, the ranges of the styles would be wrong.
  const inside = legible.length === text.length && styles.length > 0 ? applyStyles(read, styles) : read
  return { blocks: [{ kind: 'paragraph', inside }], jumbo: isFewEmoji(text) }
}

function isVisible(block: Block): boolean {
  switch (block.kind) {
    case 'paragraph':
      return plainText(block.inside).trim() !== ''
    case 'quote':
      return block.blocks.some(isVisible)
    case 'list':
      return block.items.flatMap(({ blocks }) => blocks).some(isVisible)
    case 'table':
      return [block.head, ...block.rows].flat().some(cell => plainText(cell.inside) !== '')
    case 'fence':
      return block.code + block.language !== ''
  }
}

function verbatim(text: string): Block {
  const lines = text.split('\n')
  return {
    kind: 'paragraph',
    inside: lines.flatMap((line, at) => (at > 0 ? [BREAK, textNode(line)] : [textNode(line)])),
  }
}

/** Builds the tree from markdown-it's flat list of tokens, in one pass. */
class TreeBuilder {
  readonly #rest: Iterator<Token>
  readonly #mentioned: ReadonlySet<string>

  constructor(all: readonly Token[], mentioned: ReadonlySet<string>) {
    this.#rest = all.values()
    this.#mentioned = mentioned
  }

  /** All blocks up to the token of type `end`. */
  blocks(end?: string): Block[] {
    const blocks: Block[] = []
    for (const token of this.#upto(end)) {
      const block = this.#block(token)
      if (block) blocks.push(block)
    }
    return blocks
  }

  *#upto(end?: string): Iterable<Token> {
    for (let next = this.#rest.next(); !next.done && next.value.type !== end; next = this.#rest.next()) {
      yield next.value
    }
  }

  #block(token: Token): Block | undefined {
    switch (token.type) {
      case 'paragraph_open':
        return { kind: 'paragraph', inside: this.#line('paragraph_close') }
      case 'blockquote_open':
        return { kind: 'quote', blocks: this.blocks('blockquote_close') }
      case 'bullet_list_open':
        return { kind: 'list', ordered: false, items: this.#items('bullet_list_close') }
      case 'ordered_list_open':
        return { kind: 'list', ordered: true, items: this.#items('ordered_list_close') }
      case 'table_open':
        return this.#table()
      case 'fence':
        return fence(token)
      case 'formula':
        return { kind: 'paragraph', inside: [{ kind: 'formula', text: token.content, isBlock: true }] }
      default:
        return undefined
    }
  }

  /** Items keep the number they were typed with. */
  #items(end: string): Item[] {
    const items: Item[] = []
    for (const { info, map } of this.#upto(end)) {
      const blocks = this.blocks('list_item_close')
      items.push({ number: info === '' ? undefined : Number(info), ...taskOf(blocks, map?.[0]) })
    }
    return items
  }

  #table(): Block {
    const rows: Cell[][] = []
    for (const token of this.#upto('table_close')) {
      if (token.type === 'tr_open') rows.push([])
      const end = CELLS[token.type]
      if (end) rows.at(-1)?.push({ align: alignOf(token), inside: this.#line(end) })
    }
    const [head = [], ...others] = rows
    return { kind: 'table', head, rows: others }
  }

  /** The remaining tokens as one line, without blocks. */
  line(): Inline[] {
    return this.#line('')
  }

  #line(end: string): Inline[] {
    return [...this.#upto(end)].flatMap(token => this.#inlines(token.children ?? []))
  }

  #inlines(all: readonly Token[]): Inline[] {
    const spans = new Spans()
    for (const token of all) {
      if (token.nesting > 0) spans.open(token)
      else if (token.nesting < 0) spans.close(token)
      else spans.add(this.#inline(token, spans))
    }
    return spans.top
  }

  #inline(token: Token, spans: Spans): Inline {
    switch (token.type) {
      case 'softbreak':
      case 'hardbreak':
        return BREAK
      case 'code_inline':
        return { kind: 'code', text: token.content }
      case 'image':
        return this.#image(token, spans)
      case 'formula':
        return { kind: 'formula', text: token.content, isBlock: token.block }
      case 'mention':
        return this.#mention(token)
      case 'room':
        return { kind: 'room', text: token.content, name: token.content.slice(1) }
      default:
        return textNode(token.content)
    }
  }

  /** A link: loading the image would tell its sender who reads the message, and when. */
  #image(token: Token, spans: Spans): Inline {
    const href = String(token.attrGet('src') ?? '')
    const text = textNode(plainText(this.#inlines(token.children ?? [])) || href)
    return href === '' || spans.inLink ? text : link(href, [text])
  }

  #mention({ content, info }: Token): Inline {
    const whom = namesIn(info).filter(name => this.#mentioned.has(name))
    return whom.length > 0 ? { kind: 'mention', text: content, whom } : textNode(content)
  }
}

/** A task begins with a box: [ ] or [x]. @param line where it is written */
function taskOf(blocks: readonly Block[], line: number | undefined): Pick<Item, 'blocks' | 'task'> {
  const [first, ...others] = blocks
  const [box, ...rest] = first?.kind === 'paragraph' ? first.inside : []
  const found = box?.kind === 'text' && line !== undefined ? /^\[([ xX])\]\s+/.exec(box.text) : null
  if (!found || box?.kind !== 'text' || line === undefined) return { blocks }
  const inside = [textNode(box.text.slice(found[0].length)), ...rest]
  return { blocks: [{ kind: 'paragraph', inside }, ...others], task: { isDone: found[1] !== ' ', line } }
}

/** Text after the opening fence that is no language's name belongs to the code: otherwise it would not be seen. */
function fence({ info, content }: Token): Block {
  const code = content.replace(/\n$/, '')
  const behind = info.trim()
  if (behind === '' || LANGUAGE.test(behind)) return { kind: 'fence', code, language: behind }
  return { kind: 'fence', code: `${behind}\n${code}`, language: '' }
}

const CELLS: Readonly<Record<string, string>> = { th_open: 'th_close', td_open: 'td_close' }

function alignOf(cell: Token): Cell['align'] {
  const [found] = /left|center|right/.exec(String(cell.attrGet('style') ?? '')) ?? []
  return found === 'left' || found === 'center' || found === 'right' ? found : undefined
}
