// What is code in a Markdown text (docs/markdown.md): lines between fences, and text between backticks. The only copy
// of these rules, which src/wire/marks.ts re-exports. Anybody may send any text, so they take time linear in its
// length: no pattern can backtrack.

export interface Line {
  readonly line: string
  readonly is: 'text' | 'code' | 'fence'
}

export function linesOf(source: string): Line[] {
  let fence = ''
  return source.split('\n').map(line => {
    const { sign, behind } = fenceOf(line)
    if (fence === '' && sign === '') return { line, is: 'text' }
    if (fence !== '' && !(sign.startsWith(fence) && behind === '')) return { line, is: 'code' }
    fence = fence === '' ? sign : ''
    return fence === '' || behind === '' || LANGUAGE.test(behind)
      ? { line, is: 'fence' }
      : { line: behind, is: 'code' }
  })
}

/** What may follow the first fence; anything else is code, or nobody would see it. */
export const LANGUAGE = /^[\p{L}\d_+#.-]{1,20}$/u

/**
 * Quotes and lists in which a fence may stand. Each sign takes the spaces after it, and begins with what neither
 * another one nor a fence begins with, so there is one way to read a line.
 */
const AROUND = /^ {0,3}(?:> {0,4}|(?:[-*]|\d{1,9}\.) +)*/
const FENCE = /^(?:`{3,}|~{3,})/

/** The sign is empty if the line is not a fence. */
function fenceOf(line: string): { sign: string; behind: string } {
  const inside = line.replace(AROUND, '')
  const [sign = ''] = FENCE.exec(inside) ?? []
  const behind = inside.slice(sign.length).trim()
  return sign.startsWith('`') && behind.includes('`') ? { sign: '', behind } : { sign, behind }
}

/** Removes code from a Markdown text, line by line. */
export function withoutCode(source: string): string {
  if (!/`|~~~/.test(source)) return source
  return linesOf(source)
    .map(({ line, is }) => (is === 'text' ? withoutTicks(line) : ''))
    .join('\n')
}

function withoutTicks(line: string): string {
  let [bare, done] = ['', 0]
  for (const [from, to] of [...codeEnds(line)].sort(([one], [other]) => one - other)) {
    if (from < done) continue
    bare += `${line.slice(done, from)} `
    done = to
  }
  return bare + line.slice(done)
}

const TICKS = /`+|[\n\r\u2028\u2029]/g

/**
 * For each run of backticks that opens code outside other code, where that code ends: after the next run of the same
 * length in its line. A run after a backslash opens nothing.
 */
export function codeEnds(text: string): Map<number, number> {
  const ends = new Map<number, number>()
  const open = new Map<number, number>() // the index of each open run, by its length
  for (const { 0: found, index } of text.matchAll(TICKS)) {
    if (found[0] !== '`') {
      open.clear()
      continue
    }
    const from = open.get(found.length)
    if (from !== undefined) ends.set(from, index + found.length)
    if (text[index - 1] === '\\') open.delete(found.length)
    else open.set(found.length, index)
  }
  return ends
}
