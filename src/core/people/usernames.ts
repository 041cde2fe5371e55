// Usernames made from full names: Ana María Pérez Gómez is ana.perez.

import { foldUsername, LONGEST_USERNAME } from '../model/rules.ts'
import { nameKey } from './name-key.ts'

/** Words between names, in any language of the region, that no username needs. */
const PARTICLES = new Set(
  'de del la las los y e da das do dos di du van von der den ter le san santa'.split(' '),
)
/** Letters that Unicode does not decompose, though people write without their strokes. */
const PLAIN: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
}
const STROKED = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g')
/** Room for the number that tells namesakes apart. */
const LONGEST_BASE = LONGEST_USERNAME - 4

/** The parts of a name, as a roster has them: in two columns, or only the full name. */
export interface NameParts {
  readonly first?: string
  readonly last?: string
  readonly name: string
}

/** @returns letters, digits and a dot; empty if the name has none */
export function usernameFor({ first, last, name }: NameParts): string {
  const [given, family] = last ? [wordsOf(first ?? '')[0], wordsOf(last)[0]] : partsOf(wordsOf(name))
  const base = [given, family].filter(word => word !== undefined).join('.')
  return Array.from(foldUsername(base)).slice(0, LONGEST_BASE).join('').replace(/\.+$/, '')
}

/** Of four words or more the third is the first surname, as people write their names in Spanish; else the second. */
function partsOf(words: readonly string[]): readonly (string | undefined)[] {
  return [words[0], words.length >= 4 ? words[2] : words[1]]
}

function wordsOf(name: string): string[] {
  const words = nameKey(name)
    .replace(STROKED, letter => PLAIN[letter] ?? letter)
    .split(' ')
    .map(word => word.replace(/[^\p{L}\p{Nd}]/gu, ''))
    .filter(word => word !== '')
  const telling = words.filter(word => !PARTICLES.has(word))
  return telling.length > 0 ? telling : words
}
