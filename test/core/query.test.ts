import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../../src/core/model/refusals.ts'
import { listedTerms, lookedUpTerms } from '../../src/core/search/index-terms.ts'
import { hitsIn, matches } from '../../src/core/search/matching.ts'
import { parseQuery } from '../../src/core/search/query.ts'
import { letters } from '../tools/letters.ts'

function finds(typed: string, text: string): boolean {
  const query = parseQuery(typed, 'UTC')
  const found = matches(query, text)
  const listed = listedTerms(text)
  if (found)
    for (const term of lookedUpTerms(query))
      assert.ok(listed.has(term), `${typed} in ${text}: ${term} is not listed`)
  return found
}

function refusal(typed: string, zone = 'UTC'): string {
  try {
    parseQuery(typed, zone)
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
  return 'none'
}

test('every letter of Unicode is found by itself, in capitals and small, composed or not', () => {
  // A subscript iota is left out as an accent is, and yet has a capital.
  const isOdd = (letter: string) => letter.normalize('NFD').includes('\u0345')
  const all = letters()
  assert.ok(all.length > 25_000, `${all.length}`)
  for (const letter of all.filter(each => !isOdd(each))) {
    const forms = [
      letter,
      letter.toUpperCase(),
      letter.toLowerCase(),
      letter.normalize('NFD'),
      letter.normalize('NFKC'),
    ]
    for (const form of new Set(forms.filter(each => /[\p{L}--\u0640]/v.test(each))))
      assert.ok(finds(form, `x ${letter} y`), `${letter} by ${form}`)
  }
})

test('whatever matches is listed under all that is looked up', () => {
  const letter = fc.constantFrom(
    ...'aAbñÑΛόςßﬁ₂½İжйё東京がカｶﾞกี่ลำहिन्दीខ្មមြန한국لاً👍🏽👩‍💻🇪🇸❤️.,:;!?#@+-_/\\*"\'’…() \n\u00ad\u0301',
  )
  const said = fc.string({ unit: letter, maxLength: 40 })
  fc.assert(
    fc.property(said, said, fc.nat(), fc.nat(), (text, other, from, to) => {
      const part = text.slice(from % (text.length + 1), to % (text.length + 1) || undefined)
      for (const typed of [other, part, `"${part}"`, part.slice(0, 3)])
        if (refusal(typed) === 'none') finds(typed, text)
    }),
    { numRuns: 20_000 },
  )
})

test('a word of a text is found by any of its beginnings, and all of it in quotation marks', () => {
  const letter = fc.constantFrom(...'abcñéΛόςßﬁжйё한국123')
  const word = fc.string({ unit: letter, minLength: 1, maxLength: 80 })
  fc.assert(
    fc.property(word, fc.nat(), (word, length) => {
      const beginning = [...word].slice(0, 1 + (length % [...word].length)).join('')
      assert.ok(finds(beginning, `antes, ${word}! después`), beginning)
      assert.ok(finds(`"${word}"`, `antes, ${word}! después`), word)
      assert.ok(!finds(`"${word}"`, `antes, ${word}x después`))
    }),
  )
})

test('any part is found where no space shows the words', () => {
  for (const text of [
    '東京都に住んでいます',
    'ผมกำลังเรียนภาษาไทย',
    'ຂ້ອຍຮຽນພາສາລາວ',
    'ខ្ញុំរៀនភាសាខ្មែរ',
    'မြန်မာစာသင်နေတယ်',
    'हिन्दी',
    'বাংলা',
    'தமிழ்',
  ])
    for (const { segment, index } of new Intl.Segmenter('en').segment(text)) {
      assert.ok(finds(segment, text), `${segment} in ${text}`)
      assert.ok(finds(text.slice(index), text), `${text.slice(index)} in ${text}`)
    }
  assert.ok(!finds('東都', '東京都'))
  assert.ok(!finds('हन्दी', 'हिन्दी'), 'a vowel is not left out')
  assert.ok(!finds('か', 'が'))
})

/** What is typed, what it finds, what it does not. */
const EXAMPLES: readonly [string, readonly string[], readonly string[]][] = [
  ['λογος', ['ὁ λόγος', 'ΛΌΓΟΣ'], ['λόγου']],
  ['labo', ['El Laboratorio', 'labo'], ['colabora', 'la bo']],
  ['"labo"', ['en el labo.'], ['El laboratorio']],
  ['"que tal"', ['¿Qué, TAL?', 'que… tal'], ['que bien tal', 'que tales', 'tal que']],
  ['“que tal”', ['que tal'], ['tal que']],
  ['lodz strasse', ['Łódź, Straße', 'LODZ STRASSE'], ['lodz']],
  ['Straße', ['strasse', 'STRAẞE'], []],
  ['đ æ œ ﬁ ₂', ['d ae oe fi 2'], []],
  ['C++', ['uso C++.', '(c++)'], ['C', 'C + +', 'C+']],
  ['#42', ['ver #42'], ['42', '#41', '# 42']],
  ['@ana', ['@ana: hola', '@Ana'], ['ana']],
  ['.env', ['el .env', 'a.env'], ['env', '. env']],
  ['snake_case', ['snake_case'], ['snake case', 'snakecase']],
  ['case', ['snake_case'], []],
  [
    'https://a.es/b?x=1#y',
    ['(https://a.es/b?x=1#y)', 'https://a.es/b?x=1#yz'],
    ['https://a.es/b?x=2#y', 'a.es/b'],
  ],
  ['👍', ['ok👍', '👍🏽'], ['👎']],
  ['👍🏽', ['👍'], []],
  ['❤️', ['❤'], ['🧡']],
  ['🇪🇸', ['🇨🇴🇪🇸'], ['🇪🇨🇸🇰']],
  ['👩‍💻', ['👩‍💻'], ['👩 💻', '👩']],
  [':)', ['hola :)'], [':', ')', ': )']],
  ['¿qué?', ['no sé que'], []],
  ['...', ['bueno…', 'bueno...'], ['bueno..']],
  ["don't", ['I don’t'], ['dont', 'don t']],
  ['labo*', ['laboratorio'], []],
  ['--help', ['ls --help'], ['help', '-help']],
  ['sol -mar', ['sol'], ['sol y mar', 'sol, marea', 'mar']],
  ['sol -"mar azul"', ['sol y mar', 'sol, azul mar'], ['sol, mar azul']],
  ['sol -👍', ['sol'], ['sol 👍']],
  ['tiene:enlace', ['a https://a.es', 'HTTP://A.ES'], ['a.es', 'https:']],
  ['mira has:link', ['mira http://a.es'], ['http://a.es', 'mira']],
  ['foo:bar', ['foo:bar', 'foo:bars'], ['foo', 'foo bar']],
  ['한', ['한국에서'], ['국한']],
  ['مرحبا', ['مـرحـبـا', 'مَرْحَبًا'], []],
]

test('what is found, and what is not', () => {
  for (const [typed, found, missed] of EXAMPLES) {
    for (const text of found) assert.ok(finds(typed, text), `${typed} finds ${text}`)
    for (const text of missed) assert.ok(!finds(typed, text), `${typed} does not find ${text}`)
  }
})

test('where it was found is told in whole letters and words', () => {
  const marked = (typed: string, text: string) =>
    hitsIn(parseQuery(typed, 'UTC'), text).map(({ from, to }) => text.slice(from, to))
  assert.deepEqual(marked('labo quim', 'Laboratorio de química; labor'), ['Laboratorio', 'química', 'labor'])
  assert.deepEqual(marked('fin', 'el ﬁnal'), ['ﬁnal'])
  assert.deepEqual(marked('ñandu', 'un n\u0303andu\u0301.'), ['n\u0303andu\u0301'])
  assert.deepEqual(marked('👍', 'a👍🏽b'), ['👍🏽'])
  assert.deepEqual(marked('京都', '東京都'), ['京都'])
  assert.deepEqual(marked('"a b" a', 'a b a'), ['a b', 'a'])
  assert.deepEqual(marked('en:club', 'a b'), [])
})

test('what can’t be sought is refused', () => {
  for (const nothing of ['', '   ', '""', '\u200b', '-sol', '-"sol y mar"', 'tiene:gato', 'sol has:']) {
    const expected = nothing === 'sol has:' ? 'none' : 'bad-query'
    assert.equal(refusal(nothing), expected, nothing)
  }
  assert.equal(refusal(Array(20).fill('sol').join(' ')), 'none')
  assert.equal(refusal(Array(21).fill('sol').join(' ')), 'bad-query')
  assert.equal(refusal('👍'.repeat(500)), 'none')
  assert.equal(refusal('👍'.repeat(4096)), 'bad-query')
  for (const day of ['ayer', '2026-02-30', '2026-13-01', '26-01-01', '2026-1-1'])
    assert.equal(refusal(`antes:${day}`), 'bad-date', day)
})

test('operators are a search by themselves, in both languages, however they are typed', () => {
  const day = Date.UTC(2026, 10, 28)
  const same: [string[], object][] = [
    [['de:beto', 'from:beto', 'DE:@Beto'], { from: 'beto' }],
    [['en:general', 'in:general', 'en:#General'], { in: 'general' }],
    [['antes:2026-11-28', 'before:2026-11-28'], { before: day }],
    [
      ['despues:2026-11-28', 'después:2026-11-28', 'despue\u0301s:2026-11-28', 'after:2026-11-28'],
      { after: day },
    ],
    [['tiene:enlace', 'has:link', 'tiene:enlaces', 'has:links'], { hasLink: true }],
  ]
  for (const [ways, query] of same)
    for (const typed of ways)
      assert.deepEqual(parseQuery(typed, 'UTC'), { wanted: [], without: [], ...query }, typed)
})

test('a day begins and ends where its zone says: it has 23, 24 or 25 hours', () => {
  const hours = (day: string, zone: string) => {
    const next = Temporal.PlainDate.from(day).add({ days: 1 }).toString()
    const from = parseQuery(`despues:${day}`, zone).after ?? 0
    return ((parseQuery(`antes:${next}`, zone).before ?? 0) - from) / 3_600_000
  }
  assert.equal(hours('2026-03-29', 'Europe/Madrid'), 23)
  assert.equal(hours('2026-10-25', 'Europe/Madrid'), 25)
  assert.equal(hours('2026-11-28', 'Europe/Madrid'), 24)
  assert.equal(hours('2026-09-06', 'America/Santiago'), 23)
  assert.equal(hours('2026-04-04', 'America/Santiago'), 25)
  assert.equal(hours('2018-11-04', 'America/Sao_Paulo'), 23)
  assert.equal(hours('2018-02-17', 'America/Sao_Paulo'), 25)
  const began = parseQuery('despues:2018-11-04', 'America/Sao_Paulo').after
  assert.equal(began, Date.UTC(2018, 10, 4, 3), 'that day begins at one o’clock')
})

test('a comparison that was cut short proves nothing, not even that a word is missing', () => {
  const query = parseQuery('hola -secreto', 'UTC')
  assert.equal(matches(query, 'hola, un secreto', { left: 1_000 }), false)
  for (let left = 0; left < 12; left++)
    assert.equal(matches(query, 'hola, un secreto', { left }), false, `${left} left`)
  assert.equal(matches(query, 'hola, ana', { left: 1_000 }), true)
})
