// Unicode's normal forms (UAX 15) of what people send. Marks are put in their order one by one, so a run of them takes the
// square of its length: four thousand of them a third of a second. So the length is looked at first.

/** UTF-16 units that one code point of a composed text may have taken before: ᾂ is four letters and marks. */
const MOST_UNITS = 4

/**
 * @param codePoints the most that a text may have; one that cannot be so short once it is composed stays as it is, and is
 * longer than that
 */
export function normalized(text: string, form: 'NFC' | 'NFD' | 'NFKC', codePoints: number): string {
  return text.length > codePoints * MOST_UNITS ? text : text.normalize(form)
}
