// Which names fit what was typed, and how well: without accents and capitals, by beginnings first, then by letters in order.

/** What was typed, or a name, as it is compared. */
export function plainName(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}

/** Above nothing, and below each other: the name begins so; a word of it does; it is in it; its letters are, in order. */
const [BEGINS, WORD_BEGINS, HOLDS, SCATTERED] = [4, 3, 2, 1]

/**
 * How well a name fits: 0 for not at all. Each word that was typed has to fit; the worst one counts.
 * @param name and @param typed as plainName gives them
 */
export function fitOf(name: string, typed: string): number {
  const words = typed.split(/\s+/).filter(word => word !== '')
  return words.length === 0 ? BEGINS : Math.min(...words.map(word => fitOfWord(name, word)))
}

function fitOfWord(name: string, word: string): number {
  const at = name.indexOf(word)
  if (at === 0) return BEGINS
  if (at > 0) return isWordStart(name, word) ? WORD_BEGINS : HOLDS
  return isScattered(name, word) ? SCATTERED : 0
}

function isWordStart(name: string, word: string): boolean {
  for (let at = name.indexOf(word); at !== -1; at = name.indexOf(word, at + 1))
    if (!/[\p{L}\p{N}]/u.test(name[at - 1] ?? ' ')) return true
  return false
}

/** One letter alone would fit almost everything. */
function isScattered(name: string, word: string): boolean {
  if (word.length < 2) return false
  let at = -1
  for (const letter of word) {
    at = name.indexOf(letter, at + 1)
    if (at === -1) return false
  }
  return true
}
