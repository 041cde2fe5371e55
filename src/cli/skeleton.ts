// What a username looks like, by Unicode's table of confusable characters (UTS 39, section 4).

import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
let table: Readonly<Record<string, string>> | undefined

/**
 * The same for names that look alike across scripts (a Cyrillic а beside a Latin a). ASCII letters and digits stand
 * for themselves: juan1 and juanl are two students.
 * @param folded rules.ts, foldUsername
 */
export function skeleton(folded: string): string {
  table ??= require('unhomoglyph/data.json') as Readonly<Record<string, string>>
  let shown = ''
  for (const sign of folded.normalize('NFD')) shown += sign < '\x80' ? sign : (table[sign] ?? sign)
  return shown.toLowerCase().normalize('NFD')
}
