// Cuts texts at grapheme boundaries: never inside what a person sees as one character, such as a flag, a family or a letter
// with its accents (UAX 29, extended grapheme clusters).

const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' })

/**
 * Finds where to cut a text.
 * @param at in UTF-16 units, not between the halves of a surrogate pair
 * @param from where the part that is kept begins
 * @returns the last grapheme boundary up to `at`; `at` itself if the first grapheme is longer than that
 */
export function cutAt(text: string, at: number, from = 0): number {
  if (at >= text.length) return text.length
  const start = GRAPHEMES.segment(text).containing(at)?.index ?? at
  return start > from ? start : at
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
