// A message on one line, without marks, in at most 140 characters.

import { shortened } from '../../../wire/graphemes.ts'
import type { Message } from '../../../wire/schemas.ts'
import { parse } from '../markup/parse.ts'
import { type Block, plainText } from '../markup/tree.ts'

const LONGEST = 140

export function excerpt({ text, format }: Pick<Message, 'text' | 'format'>): string {
  const read = format === 'markdown' ? parse(text).blocks.map(blockText).join(' ') : text
  const line = read.replace(/\s+/g, ' ').trim()
  const short = shortened(line, LONGEST)
  return short === line ? line : `${short}…`
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return plainText(block.inside)
    case 'quote':
      return block.blocks.map(blockText).join(' ')
    case 'list':
      return block.items.flatMap(({ blocks }) => blocks.map(blockText)).join(' ')
    case 'table':
      return [block.head, ...block.rows]
        .flat()
        .map(cell => plainText(cell.inside))
        .join(' ')
    case 'fence':
      return block.code
  }
}
