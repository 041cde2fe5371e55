// A message's text on the page. All that others wrote becomes text nodes and attributes of ours: no HTML is ever read.

import { Children, createElement, type ReactNode } from 'react'
import type { Format, Styled } from '../../../wire/schemas.ts'
import { type CodeWords, Fence } from './code.tsx'
import { EVERYONE, foldUsername } from './names.ts'
import { type Block, type Cell, type Inline, type Item, parse, parsePlain } from './parse.ts'
import { remembered } from './remembered.ts'
import './text.css'

export interface TextWords extends CodeWords {
  /** What a link says of itself: it opens elsewhere. */
  readonly externalLink: string
}

export interface TextProps {
  readonly text: string
  readonly format: Format
  readonly styles?: readonly Styled[] | undefined
  /** The reader's username: a mention of it looks different. */
  readonly me: string
  readonly words: TextWords
  /** @param name without #. Without this, rooms are just named. */
  readonly onRoom?: ((name: string) => void) | undefined
}

/** Texts whose tree is kept. */
const MOST_PARSED = 500
const inMarkdown = remembered(MOST_PARSED, parse)
const asTyped = remembered(MOST_PARSED, parsePlain)

export function Text({ text, format, styles, ...reader }: TextProps) {
  const { blocks, jumbo } =
    format === 'markdown' ? inMarkdown(text) : styles ? parsePlain(text, styles) : asTyped(text)
  return (
    <div className={jumbo ? 'text jumbo' : 'text'} dir="auto">
      {all(blocks, block => shownBlock(block, reader))}
    </div>
  )
}

type Reader = Omit<TextProps, 'text' | 'format' | 'styles'>

function all<Node>(nodes: readonly Node[], show: (node: Node) => ReactNode): ReactNode {
  return Children.toArray(nodes.map(show))
}

function line(inlines: readonly Inline[], reader: Reader): ReactNode {
  return all(inlines, inline => shownInline(inline, reader))
}

function shownBlock(block: Block, reader: Reader): ReactNode {
  switch (block.kind) {
    case 'paragraph':
      return <p dir="auto">{line(block.inside, reader)}</p>
    case 'quote':
      return <blockquote dir="auto">{shownBlocks(block.blocks, reader)}</blockquote>
    case 'list':
      return shownList(block.ordered, block.items, reader)
    case 'table':
      return shownTable(block.head, block.rows, reader)
    case 'fence':
      return <Fence code={block.code} language={block.language} words={reader.words} />
  }
}

/** What stands first in an item or a quote has no direction of its own: dir="auto" would not look into it. */
function shownBlocks([first, ...others]: readonly Block[], reader: Reader): ReactNode {
  if (first?.kind !== 'paragraph')
    return all(first ? [first, ...others] : [], each => shownBlock(each, reader))
  return (
    <>
      <p>{line(first.inside, reader)}</p>
      {all(others, each => shownBlock(each, reader))}
    </>
  )
}

function shownList(ordered: boolean, items: readonly Item[], reader: Reader): ReactNode {
  const shown = all(items, ({ number, blocks }) => (
    <li dir="auto" value={number}>
      {shownBlocks(blocks, reader)}
    </li>
  ))
  return ordered ? <ol>{shown}</ol> : <ul>{shown}</ul>
}

function shownTable(head: readonly Cell[], rows: readonly (readonly Cell[])[], reader: Reader): ReactNode {
  const cell = (tag: 'th' | 'td') => (each: Cell) =>
    createElement(
      tag,
      { dir: 'auto', className: each.align && `align-${each.align}` },
      line(each.inside, reader),
    )
  return (
    <div className="table">
      <table>
        <thead>
          <tr>{all(head, cell('th'))}</tr>
        </thead>
        <tbody>
          {all(rows, row => (
            <tr>{all(row, cell('td'))}</tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function shownInline(inline: Inline, reader: Reader): ReactNode {
  switch (inline.kind) {
    case 'text':
      return inline.text
    case 'break':
      return <br />
    case 'code':
      return <code dir="auto">{inline.text}</code>
    case 'emphasis':
      return <em>{line(inline.inside, reader)}</em>
    case 'strong':
      return <strong>{line(inline.inside, reader)}</strong>
    case 'underlined':
      return <u>{line(inline.inside, reader)}</u>
    case 'struck':
      return <s>{line(inline.inside, reader)}</s>
    case 'link':
      return shownLink(inline, reader)
    case 'mention':
      return (
        <span className={isFor(inline.whom, reader.me) ? 'mention me' : 'mention'}>
          <bdi>{inline.text}</bdi>
        </span>
      )
    case 'room':
      return shownRoom(inline.text, inline.name, reader.onRoom)
  }
}

function shownLink(link: Extract<Inline, { kind: 'link' }>, reader: Reader): ReactNode {
  return (
    <a
      href={link.href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      title={reader.words.externalLink}
      dir="auto"
    >
      {line(link.inside, reader)}
      {link.place !== undefined && (
        <bdi className="place" dir="ltr">
          {` (${link.place})`}
        </bdi>
      )}
    </a>
  )
}

function shownRoom(text: string, name: string, onRoom: Reader['onRoom']): ReactNode {
  if (!onRoom) return <bdi className="room">{text}</bdi>
  return (
    <button type="button" className="room" onClick={() => onRoom(name)}>
      <bdi>{text}</bdi>
    </button>
  )
}

function isFor(whom: readonly string[], me: string): boolean {
  return whom.includes(EVERYONE) || whom.includes(foldUsername(me))
}
