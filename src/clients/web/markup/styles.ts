// Bold, italic and the like of a plain text, which come beside it as ranges.

import type { Style, Styled } from '../../../wire/marks.ts'
import { type Inline, plainText, textNode } from './tree.ts'

type Emphasis = 'emphasis' | 'strong' | 'struck' | 'underlined'

/** From the outside to the inside. */
const STYLES: readonly (readonly [Style, Emphasis])[] = [
  ['bold', 'strong'],
  ['italic', 'emphasis'],
  ['underline', 'underlined'],
  ['struck', 'struck'],
]

/** A link or a mention looks as its beginning does. */
export function applyStyles(inlines: readonly Inline[], styles: readonly Styled[]): Inline[] {
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
