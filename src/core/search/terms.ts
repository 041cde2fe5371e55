// A text as terms, its words and signs in order: queries and texts are compared by them.

import { type Piece, piecesOf } from './folding.ts'

export interface Term {
  /** word: letters and digits. part: of a text without spaces between words. sign: anything else. */
  readonly kind: 'word' | 'part' | 'sign'
  /** Folded (folding.ts). */
  readonly text: string
  /** It follows the one before without a space. */
  readonly joined: boolean
}

/** A term with its place in the text, in UTF-16 units; `to` is exclusive. */
export interface LocatedTerm extends Term {
  readonly from: number
  readonly to: number
}

/** Plain letters together; else one letter with at most eight marks (folded letters are kept), or a flag. */
const LETTER = /[A-Za-z0-9]+(?!\p{M})|\p{RI}{2}|\P{M}\p{M}{0,8}|\p{M}{1,8}/gu
const PLAIN = /^[A-Za-z0-9]{2}/

export function termsIn(text: string): LocatedTerm[] {
  const terms = new Terms()
  for (const { 0: letter, index } of text.toWellFormed().matchAll(LETTER)) {
    const to = index + letter.length
    if (PLAIN.test(letter)) terms.add({ kind: 'letters', text: letter.toLowerCase() }, index, to)
    else terms.addAll(piecesOf(letter), index, to)
  }
  return terms.all
}

class Terms {
  readonly all: { -readonly [Key in keyof LocatedTerm]: LocatedTerm[Key] }[] = []
  /** Whether the next term follows without a space. */
  #joined = false

  /** Without pieces, a letter that shows nothing by itself, like a skin tone, belongs to what is before it. */
  addAll(pieces: readonly Piece[], from: number, to: number): void {
    for (const piece of pieces) this.add(piece, from, to)
    const last = this.#joined ? this.all.at(-1) : undefined
    if (pieces.length === 0 && last) last.to = to
  }

  add({ kind, text }: Piece, from: number, to: number): void {
    const last = this.#joined ? this.all.at(-1) : undefined
    this.#joined = kind !== 'space'
    if (kind === 'space') return
    const goesOn = kind === 'letters' ? last?.kind === 'word' : kind === 'mark' && last?.kind !== 'sign'
    if (last && goesOn) {
      last.text += text
      last.to = to
    } else {
      const is = kind === 'letters' || kind === 'mark' ? 'word' : kind
      this.all.push({ kind: is, text, joined: last !== undefined, from, to })
    }
  }
}
