// How letters are compared in a search: one rule for what is indexed on either database, what is not indexed yet, and
// what is typed. It ignores case, accents, strokes and ligatures; what is a letter of its own stays one.

/** A piece of what one letter with its marks is folded to. Mostly there is one; ½ has three: 1, / and 2. */
export interface Piece {
  /**
   * letters: part of a word, which a space or a sign ends. part: a letter, vowel or tone that is found by itself, in
   * scripts that put no spaces between words and in those of India. mark: belongs to what is before it. sign:
   * anything else that is visible.
   */
  readonly kind: 'letters' | 'part' | 'mark' | 'sign' | 'space'
  readonly text: string
}

// Ignored marks: accents, which many scripts share, and the points of scripts that are mostly written without them. A
// kana's voicing (U+3099, U+309A) makes another letter, and so do marks of one script alone: the vowels of Hindi,
// Thai's tones.
const UNHEEDED =
  /[\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}\u0640[[\p{M}&&[\p{sc=Inherited}\p{sc=Arabic}\p{sc=Hebrew}\p{sc=Syriac}\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Coptic}]]--[\u3099\u309a]]]/gv
/** Any letter but the one that only stretches others. */
const SEEN = /^[\p{L}--[\p{Default_Ignorable_Code_Point}\u0640]]/v
const LETTER = /[\p{L}\p{N}\p{Co}]/u
const VOICING = /[\u3099\u309a]/
const MARK = /\p{M}/u
const SPACE = /[\s\p{Z}\p{Cc}]/u
/** Two regional indicators are one flag. */
const UNIT = /\p{RI}{2}|./gsu

// Letters that Unicode does not decompose (NFKD), but people write without: strokes, hooks, descenders; ligatures;
// letters of neighbours' keyboards; the many quotation marks and dashes. Before the space is what those after it
// become.
const ALIKE = [
  ...['a ᶏⱥɑ', 'b ƀƃɓᵬᶀꞗ', 'c ƈȼɕꞓꞔ', 'd đƌȡɖɗᵭᶁᶑꟈðꝺ', 'e ɇᶒⱸꬴꬳ', 'f ƒᵮᶂꞙꝼ', 'g ǥɠᶃꞡɡᵹꬶ', 'h ħɦⱨꞕ'],
  ...['i ıɨᶖ', 'j ɉʝȷɟʄ', 'k ƙᶄⱪꝁꝃꝅꞣ', 'l łƚȴɫɬɭᶅⱡꝉꞎꬷꬸꬹꝇ', 'm ɱᵯᶆꬺ', 'n ƞȵɲɳᵰᶇꞑꞥꬻŋꬼ', 'o øⱺꝋꝍɵ', 'p ƥᵱᵽᶈꝑꝓꝕ'],
  ...[
    'q ɋʠꝗꝙĸ',
    'r ɍɼɽɾᵲᵳᶉꞧꭉꝛꞃ',
    's ȿʂᵴᶊꞩꟊẜẝꞅ',
    't ŧƫƭȶʈᵵⱦꞇ',
    'u ᶙꞹꭎꭒʉꭏ',
    'v ʋᶌⱱⱴꝟ',
    'w ⱳ',
    'x ᶍꭖꭗꭘꭙ',
    'y ƴɏỿꭚ',
  ],
  ...['z ƶȥɀʐʑᵶᶎⱬꝣ', 'ʒ ƺʓᶚ', 'ʃ ʆᶋᶘ', 'ɔ ᶗꬿ', 'ə ɚᶕ', 'ɛ ᶓ', 'ɜ ɝᶔ'],
  ...[
    'aa ꜳ',
    'ae æ',
    'ao ꜵ',
    'au ꜷ',
    'av ꜹꜻ',
    'ay ꜽ',
    'db ȸ',
    'dz ʣʥꭦ',
    'et ꝫ',
    'hv ƕ',
    'll ỻ',
    'ls ʪ',
    'lz ʫ',
  ],
  ...[
    'oe œ',
    'oi ƣ',
    'oo ꝏ',
    'ou ȣ',
    'qp ȹ',
    'tc ʨ',
    'th þᵺꝥꝧ',
    'ts ʦꭧ',
    'tz ꜩ',
    'ue ᵫ',
    'ui ꭐ',
    'uo ꭣ',
    'vy ꝡ',
  ],
  ...[
    'г ґғҕӷӻ',
    'ж җ',
    'з ҙ',
    'и ҋ',
    'к қҝҟӄ',
    'л ӆԓԡԯ',
    'м ӎ',
    'н ңӈӊԣԩ',
    'п ҧԥ',
    'р ҏ',
    'с ҫ',
    'т ҭꚋ',
    'ү ұ',
    'х ҳӽӿ',
  ],
  ...['ч ҷҹ', 'ҽ ҿ', 'һ ԧ', 'ѡ ѽ', 'ا ٱ', 'ك ک', 'ه ة', 'ي ىی'],
  ...["' ‘’‚‛‹›ʻʼꞌ", '" “”„‟«»', '- ‐‑‒–—―−', '/ ⁄∕'],
]
const PLAIN = new Map(
  ALIKE.map(each => each.split(' ')).flatMap(([plain = '', others = '']) =>
    [...others].map(letter => [letter, plain] as const),
  ),
)

/** Folded letters that are kept: people write with few, and each is folded once. */
const MOST_KEPT = 10_000
const kept = new Map<string, readonly Piece[]>()

/** @param letter one code point with its marks, or the two of a flag */
export function piecesOf(letter: string): readonly Piece[] {
  const known = kept.get(letter)
  if (known) return known
  if (kept.size === MOST_KEPT) kept.clear()
  const pieces = cut(fold(letter))
  kept.set(letter, pieces)
  return pieces
}

function fold(letter: string): string {
  const bare = (text: string) => text.normalize('NFKD').replace(UNHEEDED, '')
  // Down, up and down again: ẞ and ß are SS in capitals, and ſ is S.
  const small = bare(bare(letter).toLowerCase().toUpperCase().toLowerCase())
  if (small.trim() === '' && SEEN.test(letter)) return letter // Arabic's vowels, each as a letter by itself
  return Array.from(small, each => PLAIN.get(each) ?? each).join('')
}

function cut(folded: string): Piece[] {
  const pieces: { kind: Piece['kind']; text: string }[] = []
  for (const [text] of folded.matchAll(UNIT)) {
    const kind = kindOf(text)
    const last = pieces.at(-1)
    const goesOn =
      (kind === 'letters' && last?.kind === 'letters') ||
      (kind === 'mark' && (last?.kind === 'letters' || last?.kind === 'part'))
    if (goesOn && last) last.text += text
    else pieces.push({ kind, text })
  }
  return pieces
}

function kindOf(unit: string): Piece['kind'] {
  if (VOICING.test(unit)) return 'mark'
  if (isPart(unit)) return 'part'
  if (MARK.test(unit)) return 'mark'
  if (LETTER.test(unit)) return 'letters'
  return SPACE.test(unit) ? 'space' : 'sign'
}

/** No code point before it belongs to these scripts. */
const FIRST_PART = '\u02bc'
let parts: RegExp | undefined

/** Thirty scripts take 3 ms to compile in every thread: this is done when somebody first writes in one of them. */
function isPart(unit: string): boolean {
  if (unit < FIRST_PART) return false
  parts ??=
    /[[\p{L}\p{N}\p{M}]&&[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Yi}\p{scx=Nushu}\p{scx=Tangut}\p{scx=Khitan_Small_Script}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}\p{scx=Tai_Le}\p{scx=New_Tai_Lue}\p{scx=Tai_Tham}\p{scx=Tai_Viet}\p{scx=Cham}\p{scx=Javanese}\p{scx=Balinese}\p{scx=Devanagari}\p{scx=Bengali}\p{scx=Gurmukhi}\p{scx=Gujarati}\p{scx=Oriya}\p{scx=Tamil}\p{scx=Telugu}\p{scx=Kannada}\p{scx=Malayalam}\p{scx=Sinhala}]]/v
  return parts.test(unit)
}
