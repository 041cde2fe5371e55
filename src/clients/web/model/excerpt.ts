// A message on one line, without marks, in at most 140 characters; for files without a text, their names.

import { shortened } from '../../../wire/graphemes.ts'
import type { Message } from '../../../wire/schemas.ts'
import { parse } from '../markup/parse.ts'
import { type Block, plainText } from '../markup/tree.ts'

const LONGEST = 140

export function excerpt({
  text,
  format,
  attachments = [],
}: Pick<Message, 'text' | 'format' | 'attachments'>): string {
  if (text === '') return shortLine(attachments.map(({ name }) => name).join(', '))
  const read = format === 'markdown' ? parse(text).blocks.map(blockText).join(' ') : text
  return shortLine(read.replace(/\s+/g, ' ').trim())
}

function shortLine(line: string): string {
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
