// Pasted text that looks like code can be formatted as code, so that its spaces, asterisks and underscores stay.

/** A pasted text, and its index in the box. */
export interface Pasted {
  readonly from: number
  readonly text: string
}

/** For lines without trailing spaces. Each takes linear time on any line. */
const SIGNS = [
  /[;{}]$|^\s*[\])}][\])};,]*$/,
  /=>|===|!==|&&|\|\||::|->|\+=|\w\([^)]{0,200}\)\s*[;:{]?$/,
  /^\s*(?:def|class|import|from|function|const|let|var|return|public|private|static|package|using|elif|except)\s+[\w({"'*.]/,
  /^\s*(?:if|for|while|switch|catch)\b.*[:{]$|^\s*(?:else|try|do|finally)\s*[:{]/,
  /^\s*(?:#include|#define|#!|\/\/|\/\*|>>> |\$ |@\w+$|--\s)/,
  /^\s*(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE)\b/i,
  /^\s*<\/?[a-z][^<>]*>/i,
  /^\s*[\w.[\]]+\s*(?::\s*\w+\s*)?[-+*/]?=\s*\S/,
  /__\w+__/,
]
/** A text is code if at least this share of its lines looks like it. */
const SHARE = 0.4

/** UTF-16 units of the beginning that is looked at; a longer text cannot be posted anyway. */
const MOST_SEEN = 8000

export function looksLikeCode(pasted: string): boolean {
  const text = pasted.slice(0, MOST_SEEN)
  const lines = text
    .split('\n')
    .map(line => line.trimEnd())
    .filter(line => line !== '')
  const signed = lines.filter(line => SIGNS.some(sign => sign.test(line)))
  const indented = lines.filter(line => /^(?: {2,}|\t)\S/.test(line)).length
  if (lines.length < 2) return signed.length > 0 && /[;{}()=<>_]/.test(text)
  return signed.length > 0 && Math.max(signed.length, indented) >= lines.length * SHARE
}

/** Whether the pasted text is still in the box, outside of code. */
export function canFormat(box: string, { from, text }: Pasted): boolean {
  const fences = box.slice(0, from).match(/^ {0,3}(?:```|~~~)/gm)?.length ?? 0
  return fences % 2 === 0 && box[from - 1] !== '`' && box.startsWith(text, from)
}

/** @returns the box with the pasted text as code, and the caret after it */
export function formatAsCode(box: string, { from, text }: Pasted): { text: string; caret: number } {
  const [before, after] = [box.slice(0, from), box.slice(from + text.length)]
  const code = text.includes('\n') || text.includes('`') ? fenced(before, text, after) : `\`${text}\``
  return { text: before + code + after, caret: before.length + code.length }
}

/** All of the box as a block of code. @returns the caret where the name of its language is typed */
export function asCodeBlock(box: string): { text: string; caret: number } {
  const text = fenced('', box, '')
  return { text, caret: text.indexOf('\n') }
}

function fenced(before: string, text: string, after: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(ticks => ticks.length))
  const fence = '`'.repeat(longest + 1)
  const begin = before === '' || before.endsWith('\n') ? '' : '\n'
  const end = after === '' || after.startsWith('\n') ? '' : '\n'
  return `${begin}${fence}\n${text.replace(/\n+$/, '')}\n${fence}${end}`
}
