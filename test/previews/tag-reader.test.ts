// Tags and texts of pages, however they come.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { TagReader } from '../../src/previews/tag-reader.ts'

/** Everything that is said of a page, texts that follow each other as one. */
function said(pieces: readonly string[], wanted = ['a', 'content'], stopAt = 'body'): string[] {
  const heard: string[] = []
  const reader = new TagReader(new Set(wanted), {
    opened(name, attributes) {
      heard.push(`<${[name, ...[...attributes].map(([key, value]) => `${key}=${value}`)].join(' ')}>`)
      if (name === stopAt) reader.stop()
    },
    text(text) {
      const last = heard.at(-1)
      if (last?.startsWith('"')) heard[heard.length - 1] = last + text
      else heard.push(`"${text}`)
    },
    closed: name => heard.push(`</${name}>`),
  })
  for (const piece of pieces) reader.write(piece)
  reader.end()
  return heard
}

test('tags, texts and the attributes that are wanted, the first of each name', () => {
  const page =
    '<!doctype html><HTML lang=x><title>a &amp; <b></title><meta A="1 &gt; 0" content a=2 b=3/>x</P>'
  const tags = ['<html>', '<title>', '"a & <b>', '</title>', '<meta a=1 > 0 content=>', '"x', '</p>']
  assert.deepEqual(said([page]), tags)
})

test('what is open counts for nothing: whatever closes is told', () => {
  assert.deepEqual(said(['</b><p><p></i></p></p>']), ['</b>', '<p>', '<p>', '</i>', '</p>', '</p>'])
})

test('nothing is said after the end that the listener has set', () => {
  assert.deepEqual(said(['<p>a<body>b<p>', '<p>c', '</p>']), ['<p>', '"a', '<body>'])
})

test('a value is kept up to its bound, in however many pieces it comes', () => {
  const pieces = ['<meta content="', ...Array.from({ length: 5000 }, () => '&gt;>'), '">']
  const [only = ''] = said(pieces)
  assert.equal(only.length, '<meta content=>'.length + 4096)
})

test('a page says the same in whatever pieces it comes', () => {
  const part = fc.constantFrom(
    ...['<title>', '</title>', '<meta ', 'content=', 'a="', '"', "'", '>', '/>', '</', '<', '<!--', '-->'],
    ...[
      '<p>',
      '</p>',
      '<script>',
      '</script',
      '&amp;',
      '&am',
      '&#62;',
      '&#x3e',
      '&',
      'hola',
      ' ',
      'ñ😀',
      '<![CDATA[',
    ],
  )
  const cuts = fc.array(fc.nat(400), { maxLength: 20 })
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), cuts, (parts, at) => {
      const page = parts.join('')
      const places = [0, ...at.filter(each => each < page.length).toSorted((a, b) => a - b), page.length]
      const pieces = places.slice(1).map((end, i) => page.slice(places[i], end))
      assert.deepEqual(said(pieces), said([page]))
    }),
    { numRuns: 2000 },
  )
})
