// What a name looks like, by Unicode's table of confusable characters (UTS 39, section 4).

import { createRequire } from 'node:module'
import { foldUsername } from '../core/model/rules.ts'
import type { Skeletons } from '../core/ports/people.ts'

const require = createRequire(import.meta.url)
let table: Readonly<Record<string, string>> | undefined

/**
 * The same for names that look alike across scripts: a Cyrillic а beside a Latin a, В beside B. The small letters of a
 * script look like others than its capitals do, so both are looked at: the name as it is folded and as it is written.
 * ASCII letters and digits stand for themselves (juan1 and juanl are two students), but a capital I is an l, too.
 * @param name as it will be shown (rules.ts, checkUsername, checkRoomName)
 */
export function skeletonsOf(name: string): Skeletons {
  return {
    skeleton: skeletonOf(foldUsername(name), 'i').toLowerCase(),
    written: skeletonOf(name, 'i').toLowerCase(),
    // But for L: ALI does not look like all, nor Ian like Lan.
    shown: skeletonOf(name, 'l')
      .replace(/[^L]+/g, letters => letters.toLowerCase())
      .normalize('NFC'),
  }
}

/** @param capitalI what capitals are that the table has among the l's, as it has I */
function skeletonOf(name: string, capitalI: 'i' | 'l'): string {
  table ??= require('unhomoglyph/data.json') as Readonly<Record<string, string>>
  let skeleton = ''
  for (const sign of name.normalize('NFKD')) {
    const like = sign < '\x80' ? sign : (table[sign] ?? sign)
    const isCapitalI = sign === 'I' || (like === 'l' && /\p{Lu}/u.test(sign))
    skeleton += isCapitalI || (sign === PALOCHKA && capitalI === 'l') ? capitalI : like
  }
  return skeleton.normalize('NFD').replace(DOTTED, '$1')
}

/** The small letter is an i in the table, but most fonts draw it like its capital, which is an l there. */
const PALOCHKA = 'ӏ'
/** A dot above that is there already shows nowhere. */
const DOTTED = /([Iijl]\p{M}*?)\u0307/gu
