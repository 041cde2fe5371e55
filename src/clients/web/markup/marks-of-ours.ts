// Marks that are the app's own: formulas and spoilers. Other doors show them as they were typed.

import type MarkdownItClass from 'markdown-it'
import type { StateBlock, StateInline } from 'markdown-it'
import { blockEnd, inlineEnd, MOST_FORMULAS } from './formulas.ts'

export function addFormulas({ block, inline }: InstanceType<typeof MarkdownItClass>): void {
  block.ruler.before('paragraph', 'formulas', formulaBlock, { alt: ['paragraph', 'blockquote', 'list'] })
  inline.ruler.push('formula', formula)
}

/** Lines from one that begins with $$ to one that ends with $$; what looks like a list between them is none. */
function formulaBlock(state: StateBlock, first: number, end: number, silent: boolean): boolean {
  const from = (state.bMarks[first] ?? 0) + (state.tShift[first] ?? 0)
  const to = blockEnd(state.src, from)
  if (to === undefined || !takes(state.env)) return false
  let last = first
  while (last < end && (state.eMarks[last] ?? 0) < to) {
    last++
    if (last < end && (state.isEmpty(last) || (state.sCount[last] ?? 0) < state.blkIndent)) return false
  }
  if (last >= end || state.src.slice(to, state.eMarks[last]).trim() !== '') return false
  if (silent) return true
  const token = state.push('formula', '', 0)
  token.content = state.src.slice(from, to)
  token.block = true
  token.map = [first, last + 1]
  count(state.env)
  state.line = last + 1
  return true
}

function formula(state: StateInline, silent: boolean): boolean {
  const { src, pos } = state
  if (src[pos] !== '$' || state.linkLevel > 0 || !takes(state.env)) return false
  const block = blockEnd(src, pos)
  const to = block ?? inlineEnd(src, pos)
  if (to === undefined || to > state.posMax) return false
  if (!silent) {
    const token = state.push('formula', '', 0)
    token.content = src.slice(pos, to)
    token.block = block !== undefined
    count(state.env)
  }
  state.pos = to
  return true
}

/** A text of a thousand formulas would keep the browser busy: the rest of them stays as it was typed. */
const counts = new WeakMap<object, number>()

/** @param env the parser's own object of each text */
function takes(env: object): boolean {
  return (counts.get(env) ?? 0) < MOST_FORMULAS
}

function count(env: object): void {
  counts.set(env, (counts.get(env) ?? 0) + 1)
}

/** ||texto||, on one line, not within a word: a||b is text. */
export function spoiler(state: StateInline, silent: boolean): boolean {
  const { src, pos, posMax } = state
  if (!src.startsWith('||', pos) || /[\p{L}\p{N}|\\)]/u.test(src[pos - 1] ?? '')) return false
  const end = src.indexOf('||', pos + 2)
  if (end < 0 || end + 2 > posMax) return false
  const inside = src.slice(pos + 2, end)
  if (/^\s|\s$|\n|^$/.test(inside) || /[\p{L}\p{N}|]/u.test(src[end + 2] ?? '')) return false
  if (silent) {
    state.pos = end + 2
    return true
  }
  state.push('spoiler_open', '', 1).markup = '||'
  state.pos = pos + 2
  state.posMax = end
  state.md.inline.tokenize(state)
  state.posMax = posMax
  state.push('spoiler_close', '', -1).markup = '||'
  state.pos = end + 2
  return true
}
