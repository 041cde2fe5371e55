// Skeletons of names, by Unicode's table of confusable characters (UTS 39, section 4). It is handed to the core, which
// imports no table; names that are taken are refused in store/scripts/room-names.ts and people.ts.

import { createRequire } from 'node:module'
import { foldUsername } from '../core/model/rules.ts'
import type { Skeletons } from '../core/ports/people.ts'

const require = createRequire(import.meta.url)
let table: Readonly<Record<string, string>> | undefined

/**
 * Equal for names that look alike across scripts: a Cyrillic а and a Latin a, В and B. Small letters have other
 * lookalikes than capitals, so there is one of the folded name and one of the name as written. ASCII letters and
 * digits are not confused with each other (juan1 and juanl are two students), except that a capital I is also an l.
 * @param name as it will be shown (rules.ts, checkUsername, checkRoomName)
 */
export function skeletonsOf(name: string): Skeletons {
  return {
    skeleton: skeletonOf(foldUsername(name), 'i').toLowerCase(),
    written: skeletonOf(name, 'i').toLowerCase(),
    // L stays: ALI does not look like all, nor Ian like Lan.
    shown: skeletonOf(name, 'l')
      .replace(/[^L]+/g, letters => letters.toLowerCase())
      .normalize('NFC'),
  }
}

/** @param capitalI stands for I, and for the other capitals that the table maps to l */
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

/** A small letter, which the table maps to i. Most fonts draw it like its capital, Ӏ, which the table maps to l. */
const PALOCHKA = 'ӏ'
/** A combining dot above a letter that has a dot already is not visible. */
const DOTTED = /([Iijl]\p{M}*?)\u0307/gu
