// Cuts texts at grapheme boundaries: never inside what a person sees as one character, such as a flag, a family or a letter
// with its accents (UAX 29, extended grapheme clusters).

/** In UTF-16 units. Whether a grapheme ends depends on no more than the next one. */
const LONGEST_CODE_POINT = 2
const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' })

/**
 * Finds where to cut a text.
 * @returns the last grapheme boundary up to `at`; `at` itself if the first grapheme is longer than that
 */
export function cutAt(text: string, at: number, from = 0): number {
  const boundary = boundaryUpTo(text, at, from)
  return boundary > from ? boundary : at
}

/**
 * Finds the last grapheme boundary. It looks only at what lies between `from` and `at`: in a text of flags, say, the
 * segmenter would go back to its beginning each time.
 * @param at in UTF-16 units, not between the halves of a surrogate pair
 * @param from where the part that is kept begins: a boundary, or inside a grapheme that is longer than a part
 * @returns the last boundary up to `at`; `from` if there is none between
 */
export function boundaryUpTo(text: string, at: number, from: number): number {
  if (at >= text.length) return text.length
  const part = text.slice(from, at + LONGEST_CODE_POINT)
  return from + (GRAPHEMES.segment(part).containing(at - from)?.index ?? 0)
}

/** The last grapheme; empty for an empty text. */
export function lastGrapheme(text: string): string {
  return GRAPHEMES.segment(text).containing(text.length - 1)?.segment ?? ''
}

/** Cuts a text to at most `most` code points. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text
  const kept = [...text.slice(0, 2 * most)].slice(0, most).join('')
  return text.slice(0, cutAt(text, kept.length))
}
