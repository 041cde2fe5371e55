import type { Message } from '../../../wire/schemas.ts'
import { parse, parsePlain } from './parse.ts'
import type { Block, Inline } from './tree.ts'

/** The addresses to which a message links, each once, in order. */
export function linksIn({ text, format }: Pick<Message, 'text' | 'format'>): readonly string[] {
  const { blocks } = format === 'markdown' ? parse(text) : parsePlain(text)
  return [...new Set(blocks.flatMap(linksOfBlock))]
}

function linksOfBlock(block: Block): readonly string[] {
  switch (block.kind) {
    case 'paragraph':
      return linksOf(block.inside)
    case 'quote':
      return block.blocks.flatMap(linksOfBlock)
    case 'list':
      return block.items.flatMap(({ blocks }) => blocks.flatMap(linksOfBlock))
    case 'table':
      return [block.head, ...block.rows].flat().flatMap(({ inside }) => linksOf(inside))
    case 'fence':
      return []
  }
}

function linksOf(inlines: readonly Inline[]): readonly string[] {
  return inlines.flatMap(each => {
    if (each.kind === 'link') return [each.href]
    return 'inside' in each ? linksOf(each.inside) : []
  })
}
