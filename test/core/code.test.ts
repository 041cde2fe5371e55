// What is code in a text, and that no text takes long to read.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { looksLikeCode } from '../../src/clients/web/composer/pasted-code.ts'
import { actualTarget } from '../../src/clients/web/markup/links.ts'
import { mentionsIn as mentionsShown } from '../../src/clients/web/markup/names.ts'
import { parse } from '../../src/clients/web/markup/parse.ts'
import { linesOf, withoutCode } from '../../src/core/text/code.ts'
import { mentionsIn } from '../../src/core/text/mentions.ts'
import { readCodes, withCodes } from '../../src/doors/irc/wire/formatting.ts'
import { readMarks } from '../../src/wire/marks.ts'

const LONGEST_TEXT = 4000

test('fences stand alone, in quotes and in lists, and end with as many signs or more', () => {
  const kinds = (text: string) =>
    linesOf(text)
      .map(({ is }) => is[0])
      .join('')
  for (const [text, wanted] of [
    ['```js\na\n```\nb', 'fcft'],
    ['   ~~~\n```\n~~~', 'fcf'],
    ['    ```', 't'],
    ['````\n```\n`````', 'fcf'],
    ['>     ```', 't'],
    ['>    ```\n>```', 'ff'],
    ['> - 12.  ```\na\n- ```', 'fcf'],
    ['-```', 't'],
    ['1234567890. ```', 't'],
    ['``` a`b', 't'],
    ['~~~ a`b', 'c'],
    ['```\n``` a', 'fc'],
  ] as const)
    assert.equal(kinds(text), wanted, JSON.stringify(text))
  assert.deepEqual(linesOf('```no language\nx'), [
    { line: 'no language', is: 'code' },
    { line: 'x', is: 'code' },
  ])
})

test('between backticks there is code up to as many, on the same line, and none behind a backslash', () => {
  for (const [text, wanted] of [
    ['a `b` c', 'a   c'],
    ['``a`b`` c', '  c'],
    ['`a``b', '`a``b'],
    ['`a ``b` c`` d', '  c`` d'],
    ['`a\nb`', '`a\nb`'],
    [String.raw`\`a\` b`, String.raw`\`a\` b`],
    [String.raw`\`a \`b\` c`, String.raw`\`a \`b\` c`],
    ['\\`` a` b`` c', '\\`` a` b`` c'],
  ] as const)
    assert.equal(withoutCode(text), wanted, text)
})

test('no text is long to read, whatever quotes and lists it seems to begin', () => {
  const units = [
    '-    ',
    '*    ',
    '>    ',
    '> ',
    '>',
    '1.    ',
    '- ',
    '> -   ',
    ' ',
    '    ',
    '~~~\u2028',
    '`',
    '```',
    '~',
  ]
  for (const unit of units) {
    const begin = unit.repeat(LONGEST_TEXT / unit.length - 3)
    for (const text of [`${begin}x`, `${begin}*x`, `@a\`\n${begin}`.slice(0, LONGEST_TEXT)]) {
      for (const format of ['plain', 'markdown'] as const) mentionsIn(`@${text}`, format)
      withCodes({ text, format: 'markdown' })
      parse(text)
    }
  }
})

/** Ten times as long as a text may be: what takes the square of the length takes a hundred times as long, some seconds. */
const TOO_LONG = 10 * LONGEST_TEXT
/** Of the processor, which others use too; what takes time in proportion to the length needs some fifty. */
const MOST_MS = 1000

test('the time that a text takes grows with its length, not with its square', () => {
  const marked = (text: string) => readMarks(text)
  const mentions = (text: string) => [mentionsIn(text, 'plain'), [...mentionsShown(text, 'plain')]]
  const place = (text: string) => actualTarget(text, 'https://x.example/')
  const slow: string[] = []
  for (const [read, begin, unit, end] of [
    [marked, 'http://', '*', 'x'],
    [marked, 'mailto:', '*)', 'x'],
    [marked, '', 'http://*', ''],
    [marked, '` ', 'a', '`'],
    [marked, '', '``a', ''],
    [marked, '', '*!', ''],
    [mentions, '@', '.', 'x'],
    [mentions, '@a', '._-', 'x'],
    [mentions, '', '_@', ''],
    [mentions, '', '@a\u0345\u0334.', ''],
    [mentions, '@a', '\u0345\u0334', '....'],
    [place, '', 'a', ''],
    [place, '', 'a.', '!'],
    [readCodes, '', '\x02a', ''],
  ] as const) {
    const text = begin + unit.repeat(TOO_LONG / unit.length) + end
    if (cost(() => read(text)) > MOST_MS) slow.push(JSON.stringify([read.name, begin, unit, end]))
  }
  assert.deepEqual(slow, [])
})

test('words that end with a colon are no schemes that are looked for from the beginning each time', () => {
  const half = LONGEST_TEXT / 2 - 10
  for (const sign of [':', '*'])
    assert.ok(cost(() => parse(`${'a'.repeat(half)}1${sign.repeat(half)}`)) < MOST_MS, sign)
})

test('a paste may be of any length', () => {
  // Of a paste its beginning is looked at: so often that the square of that would show.
  for (const unit of ['f(', ')', ';', ') ', 'a ', ' '])
    assert.ok(
      cost(() => manyTimes(() => looksLikeCode(`${unit.repeat(7990 / unit.length)}x`))) < MOST_MS,
      unit,
    )
})

function manyTimes(work: () => unknown): void {
  for (let i = 0; i < 20; i++) work()
}

function cost(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  return process.cpuUsage(before).user / 1000
}
