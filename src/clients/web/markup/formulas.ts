// Where a formula begins and ends in a text, by a rule under which prices and shell variables stay text. Pure, and bounded
// before anything is parsed.

/** UTF-16 units of a formula. */
const LONGEST = 1500
/** Commands, groups and scripts of a formula: what makes it large. */
const MOST_SIGNS = 400
/** Groups within groups. */
const DEEPEST = 30
/** Formulas of one text. */
export const MOST_FORMULAS = 60

/** What defines macros, loads something or leads somewhere. */
const UNWANTED =
  /\\(?:def|gdef|edef|xdef|let|futurelet|global|(?:re)?newcommand|providecommand|(?:re)?newenvironment|DeclareMathOperator|href|url|includegraphics|html\w*|class|id|data|style|require|input|include)(?![a-zA-Z])/
const IS_MATHS = /[\\^_={}+<>|*/-]/

/** A formula of its own: $$…$$. @returns the index behind it; undefined where none begins */
export function blockEnd(text: string, from: number): number | undefined {
  if (!text.startsWith('$$', from) || text[from - 1] === '\\') return undefined
  const end = text.indexOf('$$', from + 2)
  if (end < 0 || end - from > LONGEST || text.slice(from + 2, end).trim() === '') return undefined
  return end + 2
}

/**
 * A formula in a line: $…$. As in Pandoc, nothing but a space may not follow the first sign, none stand before the last,
 * and no digit follow that; nor a letter here, so that $HOME/$USER is text. What has spaces must look like maths.
 * @returns the index behind it; undefined where none begins
 */
export function inlineEnd(text: string, from: number): number | undefined {
  if (text[from] !== '$' || text[from + 1] === '$' || /[\p{L}\p{N}$\\]/u.test(text[from - 1] ?? ''))
    return undefined
  if (/[\s$]/.test(text[from + 1] ?? ' ')) return undefined
  for (let at = from + 1; at < Math.min(text.length, from + LONGEST); at++) {
    if (text[at] === '\n') return undefined
    if (text[at] !== '$' || text[at - 1] === '\\') continue
    if (/\s/.test(text[at - 1] ?? '') || /[\p{L}\p{N}$({[]/u.test(text[at + 1] ?? '')) return undefined
    const inside = text.slice(from + 1, at)
    return !/\s/.test(inside) || IS_MATHS.test(inside) ? at + 1 : undefined
  }
  return undefined
}

/** Whether it may be given to the parser of formulas: it costs nothing noticeable, and defines nothing. */
export function isModest(source: string): boolean {
  if (source.length > LONGEST || UNWANTED.test(source)) return false
  let [signs, depth] = [0, 0]
  for (const sign of source) {
    if (sign === '{') depth++
    if (sign === '}') depth--
    if (sign === '\\' || sign === '{' || sign === '^' || sign === '_' || sign === '&') signs++
    if (depth > DEEPEST || signs > MOST_SIGNS) return false
  }
  return true
}
