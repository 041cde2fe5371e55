// Ticking a task of a list in the text that it was written in.

const BOX = /^((?:\s|>|[-*]\s|\d+\.\s)*?(?:[-*]|\d+\.)\s+)\[([ xX])\](?=\s)/

/** @param line its number in the text, from 0. @returns undefined where there is no task */
export function ticked(text: string, line: number): string | undefined {
  const lines = text.replace(/\r\n?/g, '\n').split('\n')
  const found = BOX.exec(lines[line] ?? '')
  if (!found) return undefined
  const [all, before = '', mark] = found
  lines[line] = `${before}[${mark === ' ' ? 'x' : ' '}]${(lines[line] ?? '').slice(all.length)}`
  return lines.join('\n')
}
