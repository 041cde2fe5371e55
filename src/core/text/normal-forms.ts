// Unicode normal forms (UAX 15) of what people send. Sorting a run of marks takes time quadratic in its length, a
// third of a second for four thousand of them; so the length is checked first.

/** UTF-16 units that one code point of a composed text may have come from: ᾂ is four letters and marks. */
const MOST_UNITS = 4

/**
 * @param codePoints the most that the text may have; a text that can't be that short once it is composed stays as it
 * is, and is longer than that
 */
export function normalized(text: string, form: 'NFC' | 'NFD' | 'NFKC' | 'NFKD', codePoints: number): string {
  return text.length > codePoints * MOST_UNITS ? text : text.normalize(form)
}
