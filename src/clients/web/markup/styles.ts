// Bold, italic and the like of plain texts, which come as ranges beside the text.

import type { Style, Styled } from '../../../wire/marks.ts'
import { type Inline, plainText, textNode } from './tree.ts'

type Emphasis = 'emphasis' | 'strong' | 'struck' | 'underlined'

/** From the outermost to the innermost. */
const STYLES: readonly (readonly [Style, Emphasis])[] = [
  ['bold', 'strong'],
  ['italic', 'emphasis'],
  ['underline', 'underlined'],
  ['struck', 'struck'],
]

/** Wraps parts of a line in their styles. Links and mentions are not cut: they take the styles of their beginning. */
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
