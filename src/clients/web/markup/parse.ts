// A message's text as a tree of plain objects: what text.tsx shows. Pure and bounded.

import type { Token } from 'markdown-it'
import { LANGUAGE, type Style, type Styled } from '../../../wire/marks.ts'
import { displayText, isFewEmoji } from './display-text.ts'
import { actualTarget } from './links.ts'
import { plainTokens, tokens } from './markdown.ts'
import { mentionsIn, namesIn } from './names.ts'

export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'break' }
  | {
      readonly kind: 'emphasis' | 'strong' | 'struck' | 'underlined'
      readonly inside: readonly Inline[]
    }
  | {
      readonly kind: 'link'
      readonly href: string
      /** Where it really leads, if its text says otherwise. */
      readonly actualTarget: string | undefined
      readonly inside: readonly Inline[]
    }
  /** With its @; folded usernames, one of which it is, or EVERYONE. */
  | { readonly kind: 'mention'; readonly text: string; readonly whom: readonly string[] }
  /** With its #, and without. */
  | { readonly kind: 'room'; readonly text: string; readonly name: string }

export interface Cell {
  readonly align: 'left' | 'center' | 'right' | undefined
  readonly inside: readonly Inline[]
}

/** Of an ordered list each has the number that it was given. */
export interface Item {
  readonly number: number | undefined
  readonly blocks: readonly Block[]
}

export type Block =
  | { readonly kind: 'paragraph'; readonly inside: readonly Inline[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly Item[] }
  | { readonly kind: 'table'; readonly head: readonly Cell[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly kind: 'fence'; readonly code: string; readonly language: string }

export interface Parsed {
  readonly blocks: readonly Block[]
  /** A few emoji alone, which are shown large. */
  readonly jumbo: boolean
}

/** @param text of any kind. Never throws; no character of it is lost but marks. */
export function parse(text: string): Parsed {
  const legible = displayText(text)
  const blocks = new Reader(tokens(legible), mentionsIn(text, 'markdown')).blocks()
  // Somebody who writes --- or ** alone means just that.
  return { blocks: blocks.some(isVisible) ? blocks : [verbatim(legible)], jumbo: isFewEmoji(text) }
}

/** A text that is shown as it was typed, in one paragraph. */
export function parsePlain(text: string, styles: readonly Styled[] = []): Parsed {
  const legible = displayText(text)
  const read = new Reader(plainTokens(legible), mentionsIn(text, 'plain')).line()
  // What is hidden of a text would put them in the wrong places.
  const inside = legible.length === text.length && styles.length > 0 ? applyStyles(read, styles) : read
  return { blocks: [{ kind: 'paragraph', inside }], jumbo: isFewEmoji(text) }
}

/** What a reader sees of it. */
export function plainText(inlines: readonly Inline[]): string {
  return inlines
    .map(each => ('inside' in each ? plainText(each.inside) : 'text' in each ? each.text : '\n'))
    .join('')
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

type Emphasis = 'emphasis' | 'strong' | 'struck' | 'underlined'
const BREAK: Inline = { kind: 'break' }
/** Of emphasis in emphasis. What is deeper shows its asterisks. */
const DEEPEST_EMPHASIS = 8
const EMPHASIS: Readonly<Record<string, Emphasis>> = {
  em_open: 'emphasis',
  strong_open: 'strong',
  s_open: 'struck',
}

/** Reads markdown-it's flat list of tokens once, from its begin to its end. */
class Reader {
  readonly #rest: Iterator<Token>
  readonly #mentioned: ReadonlySet<string>

  constructor(all: readonly Token[], mentioned: ReadonlySet<string>) {
    this.#rest = all.values()
    this.#mentioned = mentioned
  }

  /** All blocks up to the token that ends them. */
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
      default:
        return undefined
    }
  }

  /** The number of one is what it was given, not what its place would give it. */
  #items(end: string): Item[] {
    const items: Item[] = []
    for (const { info } of this.#upto(end))
      items.push({ number: info === '' ? undefined : Number(info), blocks: this.blocks('list_item_close') })
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

  /** What is left, without blocks. */
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
      case 'mention':
        return this.#mention(token)
      case 'room':
        return { kind: 'room', text: token.content, name: token.content.slice(1) }
      default:
        return textNode(token.content)
    }
  }

  /** Never loaded: who sends one would learn who reads, and when. */
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

/** Emphasis and links that are open, and what is in them so far. */
class Spans {
  readonly top: Inline[] = []
  readonly #open: { readonly inside: Inline[]; readonly ends: ((inside: Inline[]) => Inline) | undefined }[] =
    []
  #links = 0

  get inLink(): boolean {
    return this.#links > 0
  }

  add(inline: Inline): void {
    const inside = this.#inside()
    const last = inside.at(-1)
    if (inline.kind !== 'text') inside.push(inline)
    else if (last?.kind === 'text') inside[inside.length - 1] = textNode(last.text + inline.text)
    else if (inline.text !== '') inside.push(inline)
  }

  open(token: Token): void {
    const ends = token.type === 'link_open' ? this.#link(token) : this.#emphasis(token)
    if (!ends) this.add(textNode(markOf(token)))
    this.#open.push({ inside: ends ? [] : this.#inside(), ends })
    if (token.type === 'link_open') this.#links++
  }

  close(token: Token): void {
    if (token.type === 'link_close') this.#links--
    const last = this.#open.pop()
    this.add(last?.ends ? last.ends(last.inside) : textNode(markOf(token)))
  }

  #inside(): Inline[] {
    return this.#open.at(-1)?.inside ?? this.top
  }

  #link(token: Token): ((inside: Inline[]) => Inline) | undefined {
    const href = String(token.attrGet('href') ?? '')
    return href === '' || this.inLink ? undefined : inside => link(href, inside)
  }

  #emphasis(token: Token): ((inside: Inline[]) => Inline) | undefined {
    const kind = EMPHASIS[token.type]
    return kind && this.#open.length < DEEPEST_EMPHASIS ? inside => ({ kind, inside }) : undefined
  }
}

function link(href: string, inside: readonly Inline[]): Inline {
  // [](https://…) would be a link that nobody sees.
  const text = plainText(inside)
  const seen = text.trim() === '' ? [textNode(href)] : inside
  return { kind: 'link', href, actualTarget: actualTarget(text, href), inside: seen }
}

function textNode(text: string): Inline {
  return { kind: 'text', text }
}

/** The asterisks of emphasis that is too deep. A link's is the parser's name for it. */
function markOf(token: Token): string {
  return token.type.startsWith('link_') ? '' : token.markup
}

/** What stands behind the opening fence and is no language's name is code: else nobody would see it. */
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

// --- how parts of a plain text look ----------------------------------------------------------------------

/** From the outside to the inside. */
const STYLES: readonly (readonly [Style, Emphasis])[] = [
  ['bold', 'strong'],
  ['italic', 'emphasis'],
  ['underline', 'underlined'],
  ['struck', 'struck'],
]

/** A link or a mention looks as its beginning does. */
function applyStyles(inlines: readonly Inline[], styles: readonly Styled[]): Inline[] {
  const edges = [...new Set(styles.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b)
  let at = 0
  return inlines.flatMap(inline => {
    const from = at
    at += plainText([inline]).length
    const cuts = inline.kind === 'text' ? edges.filter(edge => from < edge && edge < at) : []
    return [from, ...cuts].map((begin, i) => {
      const piece =
        inline.kind === 'text' ? textNode(inline.text.slice(begin - from, (cuts[i] ?? at) - from)) : inline
      return wrapInStyles(
        piece,
        new Set(styles.flatMap(each => (each.from <= begin && begin < each.to ? each.style : []))),
      )
    })
  })
}

function wrapInStyles(inline: Inline, styles: ReadonlySet<Style>): Inline {
  const core: Inline =
    inline.kind === 'text' && styles.has('code') ? { kind: 'code', text: inline.text } : inline
  return STYLES.reduceRight<Inline>(
    (inside, [style, kind]) => (styles.has(style) ? { kind, inside: [inside] } : inside),
    core,
  )
}
