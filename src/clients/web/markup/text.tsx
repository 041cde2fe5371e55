// Rendering a message's text. Whatever others wrote becomes text nodes and attributes of our elements: no HTML is parsed.

import { Children, createElement, type ReactNode } from 'react'
import type { Format, Styled } from '../../../wire/schemas.ts'
import { lazyWithRetry } from '../ui/lazy.ts'
import { type CodeWords, Fence } from './code.tsx'
import { memoized } from './memoized.ts'
import { EVERYONE, foldUsername } from './names.ts'
import { parse, parsePlain } from './parse.ts'
import { Spoiler } from './spoiler.tsx'
import { type Block, type Cell, type Inline, type Item, plainText } from './tree.ts'
import './text.css'

export interface TextWords extends CodeWords {
  /** The name of what one has to want to see. */
  readonly spoiler: string
  /** The name of a table, which scrolls. */
  readonly table: string
  /** The title of links: they open in another tab. */
  readonly externalLink: string
}

export interface TextProps {
  readonly text: string
  readonly format: Format
  readonly styles?: readonly Styled[] | undefined
  /** The reader's username: a mention of it looks different. */
  readonly me: string
  /** The folded names of the reader's teams that it mentions. */
  readonly teams?: readonly string[]
  readonly words: TextWords
  /** @param name without the #. Without this callback, rooms are no buttons. */
  readonly onRoom?: ((name: string) => void) | undefined
  /** Ticks a task that is written in that line. Without this callback, nobody can. */
  readonly onTick?: ((line: number) => void) | undefined
}

// Until it is loaded, the source stands there.
const Formula = lazyWithRetry(() => import('./formula.tsx'))

/** Texts whose trees are kept, of each format. */
const MOST_PARSED = 500
const inMarkdown = memoized(MOST_PARSED, parse)
const asTyped = memoized(MOST_PARSED, parsePlain)

export function Text({ text, format, styles, ...reader }: TextProps) {
  const { blocks, jumbo } =
    format === 'markdown' ? inMarkdown(text) : styles ? parsePlain(text, styles) : asTyped(text)
  return (
    <div className={jumbo ? 'text jumbo' : 'text'} dir="auto">
      {renderAll(blocks, block => renderBlock(block, reader))}
    </div>
  )
}

type Reader = Omit<TextProps, 'text' | 'format' | 'styles'>

function renderAll<Node>(nodes: readonly Node[], render: (node: Node) => ReactNode): ReactNode {
  return Children.toArray(nodes.map(render))
}

function renderLine(inlines: readonly Inline[], reader: Reader): ReactNode {
  return renderAll(inlines, inline => renderInline(inline, reader))
}

function renderBlock(block: Block, reader: Reader): ReactNode {
  switch (block.kind) {
    case 'paragraph':
      return <p dir="auto">{renderLine(block.inside, reader)}</p>
    case 'quote':
      return <blockquote dir="auto">{renderBlocks(block.blocks, reader)}</blockquote>
    case 'list':
      return renderList(block.ordered, block.items, reader)
    case 'table':
      return renderTable(block.head, block.rows, reader)
    case 'fence':
      return <Fence code={block.code} language={block.language} words={reader.words} />
  }
}

/** The first paragraph of an item or a quote has no `dir`: the parent's dir="auto" would skip it otherwise. */
function renderBlocks([first, ...others]: readonly Block[], reader: Reader): ReactNode {
  if (first?.kind !== 'paragraph')
    return renderAll(first ? [first, ...others] : [], each => renderBlock(each, reader))
  return (
    <>
      <p>{renderLine(first.inside, reader)}</p>
      {renderAll(others, each => renderBlock(each, reader))}
    </>
  )
}

function renderList(ordered: boolean, items: readonly Item[], reader: Reader): ReactNode {
  const rendered = renderAll(items, ({ number, blocks, task }) => (
    <li dir="auto" value={number} className={task && 'task'}>
      {task && <Task task={task} name={nameOf(blocks)} onTick={reader.onTick} />}
      {renderBlocks(blocks, reader)}
    </li>
  ))
  return ordered ? <ol>{rendered}</ol> : <ul>{rendered}</ul>
}

interface TaskProps {
  readonly task: NonNullable<Item['task']>
  readonly name: string
  readonly onTick: Reader['onTick']
}

function Task({ task: { isDone, line }, name, onTick }: TaskProps) {
  return (
    <input
      type="checkbox"
      checked={isDone}
      disabled={!onTick}
      aria-label={name}
      onChange={() => onTick?.(line)}
    />
  )
}

function nameOf([first]: readonly Block[]): string {
  return first?.kind === 'paragraph' ? plainText(first.inside) : ''
}

function renderTable(head: readonly Cell[], rows: readonly (readonly Cell[])[], reader: Reader): ReactNode {
  const cell = (tag: 'th' | 'td') => (each: Cell) =>
    createElement(
      tag,
      { dir: 'auto', className: each.align && `align-${each.align}` },
      renderLine(each.inside, reader),
    )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by the keyboard, too
    <section className="table" tabIndex={0} aria-label={reader.words.table}>
      <table>
        <thead>
          <tr>{renderAll(head, cell('th'))}</tr>
        </thead>
        <tbody>
          {renderAll(rows, row => (
            <tr>{renderAll(row, cell('td'))}</tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function renderInline(inline: Inline, reader: Reader): ReactNode {
  switch (inline.kind) {
    case 'text':
      return inline.text
    case 'break':
      return <br />
    case 'code':
      return <code dir="auto">{inline.text}</code>
    case 'emphasis':
      return <em>{renderLine(inline.inside, reader)}</em>
    case 'strong':
      return <strong>{renderLine(inline.inside, reader)}</strong>
    case 'underlined':
      return <u>{renderLine(inline.inside, reader)}</u>
    case 'struck':
      return <s>{renderLine(inline.inside, reader)}</s>
    case 'spoiler':
      return <Spoiler label={reader.words.spoiler}>{renderLine(inline.inside, reader)}</Spoiler>
    case 'formula':
      return renderFormula(inline)
    case 'link':
      return renderLink(inline, reader)
    case 'mention':
      return (
        <span className={mentions(inline.whom, reader) ? 'mention me' : 'mention'}>
          <bdi>{inline.text}</bdi>
        </span>
      )
    case 'room':
      return renderRoom(inline.text, inline.name, reader.onRoom)
  }
}

function renderFormula({ text, isBlock }: Extract<Inline, { kind: 'formula' }>): ReactNode {
  return (
    <span className={isBlock ? 'formula block' : 'formula'} data-formula={text}>
      <Formula fallback={<code>{text}</code>} source={text} isBlock={isBlock} />
    </span>
  )
}

function renderLink(link: Extract<Inline, { kind: 'link' }>, reader: Reader): ReactNode {
  return (
    <a
      href={link.href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      title={reader.words.externalLink}
      dir="auto"
    >
      {renderLine(link.inside, reader)}
      {link.actualTarget !== undefined && (
        <bdi className="actual-target" dir="ltr">
          {` (${link.actualTarget})`}
        </bdi>
      )}
    </a>
  )
}

function renderRoom(text: string, name: string, onRoom: Reader['onRoom']): ReactNode {
  if (!onRoom) return <bdi className="room">{text}</bdi>
  return (
    <button type="button" className="room" onClick={() => onRoom(name)}>
      <bdi>{text}</bdi>
    </button>
  )
}

function mentions(whom: readonly string[], { me, teams = [] }: Reader): boolean {
  return whom.some(each => each === EVERYONE || each === foldUsername(me) || teams.includes(each))
}
