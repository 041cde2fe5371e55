import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Format, Styled } from '../../src/core/model/model.ts'
import { linksIn } from '../../src/core/text/links.ts'

const links = (text: string, format: Format = 'markdown', styles?: Styled[]) =>
  linksIn({ text, format, ...(styles && { styles }) })

test('links as people type them', () => {
  const found: [text: string, links: string[]][] = [
    ['hola', []],
    ['mira https://a.example/b?c=1#d', ['https://a.example/b?c=1#d']],
    ['HTTP://A.Example', ['http://a.example/']],
    ['https://a.example/b. Y https://b.example!', ['https://a.example/b', 'https://b.example/']],
    ['(https://a.example/b), «https://b.example/»', ['https://a.example/b', 'https://b.example/']],
    ['https://es.wikipedia.org/wiki/Rayo_(luz)', ['https://es.wikipedia.org/wiki/Rayo_(luz)']],
    ['[aquí](https://a.example/b)[allí](https://b.example/)', ['https://a.example/b', 'https://b.example/']],
    ['**https://a.example/b**', ['https://a.example/b']],
    ['<https://a.example/b>', ['https://a.example/b']],
    ['https://a.example/ https://a.example', ['https://a.example/']],
    ['|a|b|\n|-|-|\n|https://a.example/b|https://b.example|', ['https://a.example/b', 'https://b.example/']],
    ['https://a.example/b|c', ['https://a.example/b|c']],
    ['https://ñandú.example/ñ', ['https://xn--and-6ma2c.example/%C3%B1']],
    ['https://ana:clave@a.example/', []],
    ['https://ana@a.example/', []],
    ['mailto:ana@a.example ftp://a.example javascript://a.example', []],
    ['http:// https://', []],
    [`https://a.example/${'x'.repeat(3000)}`, []],
  ]
  for (const [text, expected] of found) assert.deepEqual(links(text), expected, text)
})

test('no link in code counts', () => {
  for (const text of [
    '`https://a.example/`',
    '``x https://a.example/ ` y``',
    '```\nhttps://a.example/\n```',
    '~~~js\nfetch("https://a.example/")\n~~~',
    '> ```\n> https://a.example/',
  ])
    assert.deepEqual(links(text), [], text)
  assert.deepEqual(links('`x` https://a.example/ `y`'), ['https://a.example/'])
  assert.deepEqual(links('`https://a.example/`', 'plain'), ['https://a.example/'])
  const code = [{ from: 0, to: 18, style: 'code' }] as const
  assert.deepEqual(links('https://a.example/ https://b.example/', 'plain', [...code]), ['https://b.example/'])
})

test('no text takes long', () => {
  for (const text of [
    'https://'.repeat(500),
    'https://('.repeat(440),
    `https://a${')'.repeat(3990)}`,
    '://'.repeat(1300),
  ])
    links(text)
})
