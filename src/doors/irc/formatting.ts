// What IRC clients put into texts, as everybody else reads it: Markdown (modern.ircdocs.horse/formatting).

const BOLD = '\x02'
const ITALIC = '\x1d'
const STRUCK = '\x1e'
const MONOSPACE = '\x11'
const SIGNS: Readonly<Record<string, string>> = {
  [BOLD]: '**',
  [ITALIC]: '_',
  [STRUCK]: '~~',
  [MONOSPACE]: '`',
}
const RESET = '\x0f'
// Colours with their numbers, underline and reverse: nothing of it is Markdown.
const COLOURS = /\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[\da-f]{6}(?:,[\da-f]{6})?)?|[\x1f\x16]/gi
const ANY = /[\x01-\x04\x0f\x11\x16\x1d-\x1f]/
const ACTION = /^\x01ACTION ([\s\S]*?)\x01?$/

/** @returns undefined for what is meant for a client alone, and is not kept: CTCP but for /me */
export function markdownOf(text: string): string | undefined {
  if (!ANY.test(text)) return text
  const [, action] = ACTION.exec(text) ?? []
  if (action !== undefined) return `_${plain(action)}_`
  if (text.startsWith('\x01')) return undefined
  return marked(text.replace(COLOURS, ''))
}

function plain(text: string): string {
  return text.replace(COLOURS, '').replace(/[\x01-\x08\x0e-\x1f]/g, '')
}

/** What is open at the end is closed, the last first. */
function marked(text: string): string {
  const open: string[] = []
  let all = ''
  for (const sign of text) {
    const mark = SIGNS[sign]
    if (mark !== undefined) {
      const at = open.lastIndexOf(mark)
      if (at === -1) open.push(mark)
      else open.splice(at, 1)
      all += mark
    } else if (sign === RESET) all += open.splice(0).reverse().join('')
    else all += sign
  }
  return all + open.reverse().join('')
}
