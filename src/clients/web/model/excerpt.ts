// A text on one line, as it reads, where there is no room for more.

import { shortened } from '../../../wire/cutting.ts'
import { type Block, parse, plain } from '../markup/parse.ts'

const LONGEST = 140

export function excerpt(text: string): string {
  const line = parse(text).blocks.map(read).join(' ').replace(/\s+/g, ' ').trim()
  const short = shortened(line, LONGEST)
  return short === line ? line : `${short}…`
}

function read(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return plain(block.inside)
    case 'quote':
      return block.blocks.map(read).join(' ')
    case 'list':
      return block.items.flat().map(read).join(' ')
    case 'table':
      return [block.head, ...block.rows]
        .flat()
        .map(cell => plain(cell.inside))
        .join(' ')
    case 'fence':
      return block.code
    case 'rule':
      return ''
  }
}
