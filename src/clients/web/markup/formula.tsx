// A formula as MathML, which browsers show and screen readers read. Loaded when the first one is met. Nothing of it is
// parsed as HTML: the tree becomes elements, of a few kinds and with a few attributes.

import { Children, createElement, type ReactNode } from 'react'
import temml from 'temml'
import { isModest } from './formulas.ts'
import { memoized } from './memoized.ts'

interface Node {
  readonly type?: string
  readonly text?: string
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly style?: Readonly<Record<string, string>>
  readonly children?: readonly Node[]
}

const MATHML = /^(?:math|m[a-z]{1,15}|semantics)$/
const ATTRIBUTES = new Set([
  ...[
    'accent',
    'accentunder',
    'columnalign',
    'columnlines',
    'columnspacing',
    'columnspan',
    'depth',
    'display',
  ],
  ...[
    'displaystyle',
    'fence',
    'form',
    'height',
    'largeop',
    'linethickness',
    'lspace',
    'mathvariant',
    'maxsize',
  ],
  ...['minsize', 'movablelimits', 'notation', 'rowlines', 'rowspacing', 'rowspan', 'rspace', 'scriptlevel'],
  ...['separator', 'stretchy', 'symmetric', 'voffset', 'width'],
])
/** In em, of rules and spaces; and how often macros of the parser's own are expanded. */
const BOUNDS = { maxSize: [20, 20] as [number, number], maxExpand: 200 }
/** Formulas whose trees are kept. */
const MOST_KEPT = 300

const elements = memoized(MOST_KEPT, (key: string): ReactNode => {
  const [display, source] = [key.startsWith('$$'), key.replace(/^\$\$?/, '')]
  if (!isModest(source)) return undefined
  try {
    const options = { displayMode: display, throwOnError: true, trust: false, strict: false, ...BOUNDS }
    return elementOf(temml.__renderToMathMLTree(source, options) as Node)
  } catch {
    return undefined // it is shown as it was typed
  }
})

function elementOf({ type, text, attributes = {}, style = {}, children = [] }: Node): ReactNode {
  if (type === undefined && text !== undefined) return text
  const inside = Children.toArray(children.map(elementOf))
  if (type === undefined || !MATHML.test(type)) return inside
  const known = Object.entries(attributes).filter(([name]) => ATTRIBUTES.has(name))
  const content = text === undefined || text === '' ? inside : [text, ...inside]
  return createElement(type, { ...Object.fromEntries(known), style: { ...style } }, ...content)
}

/** @param source with its dollars */
export default function Formula({ source, isBlock }: { source: string; isBlock: boolean }) {
  const signs = isBlock ? 2 : 1
  const made = elements(source.slice(0, signs) + source.slice(signs, -signs).trim())
  return made === undefined ? <code>{source}</code> : made
}

// What is copied is the source: other programs do not read MathML, and a person pastes it into another message.
document.addEventListener('copy', event => {
  const selection = getSelection()
  if (
    !selection ||
    selection.isCollapsed ||
    event.defaultPrevented ||
    event.target instanceof HTMLTextAreaElement
  )
    return
  const copied = document.createElement('div')
  for (let i = 0; i < selection.rangeCount; i++) copied.append(selection.getRangeAt(i).cloneContents())
  const formulas = copied.querySelectorAll<HTMLElement>('[data-formula]')
  if (formulas.length === 0) return
  for (const each of formulas) each.replaceWith(each.dataset.formula ?? '')
  for (const each of copied.querySelectorAll('p, li, div, br, blockquote')) each.after('\n')
  event.clipboardData?.setData('text/plain', (copied.textContent ?? '').trim())
  event.preventDefault()
})
