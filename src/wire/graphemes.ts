// Where a text may be cut: never inside what a person sees as one sign, such as a flag, a family, a letter with its
// accents (UAX 29, extended grapheme clusters).

const SIGNS = new Intl.Segmenter('und', { granularity: 'grapheme' })

/**
 * @param at in UTF-16 units, not between two halves of a code point
 * @param from what is kept begins there
 * @returns the last place up to `at` where no sign is broken; `at` itself where the first sign is longer than that
 */
export function cutAt(text: string, at: number, from = 0): number {
  if (at >= text.length) return text.length
  const start = SIGNS.segment(text).containing(at)?.index ?? at
  return start > from ? start : at
}

/** Empty for an empty text. */
export function lastGrapheme(text: string): string {
  return SIGNS.segment(text).containing(text.length - 1)?.segment ?? ''
}

/** The beginning of a text, of at most so many code points. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text
  const kept = [...text.slice(0, 2 * most)].slice(0, most).join('')
  return text.slice(0, cutAt(text, kept.length))
}
