// What is code in a text, and that no text takes long to read: the pattern that was here before took for ever.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from '../../src/clients/web/markup/parse.ts'
import { linesOf, withoutCode } from '../../src/core/code.ts'
import { mentionsIn } from '../../src/core/mentions.ts'
import { withCodes } from '../../src/doors/irc/formatting.ts'

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
