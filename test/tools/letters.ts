/** Scripts with thousands of letters that are all treated alike, of which one letter in EVERY is taken. */
const [VAST, EVERY] = [/[\p{sc=Han}\p{sc=Hangul}\p{sc=Tangut}\p{sc=Egyptian_Hieroglyphs}]/u, 16]

/** Unicode's letters, without the invisible ones and the Arabic tatweel. */
export function letters(): string[] {
  const found: string[] = []
  for (let code = 0; code <= 0x10ffff; code++) {
    const letter = String.fromCodePoint(code)
    if (!/^[\p{L}--[\p{Default_Ignorable_Code_Point}\u0640]]$/v.test(letter)) continue
    if (!VAST.test(letter) || code % EVERY === 0) found.push(letter)
  }
  return found
}
