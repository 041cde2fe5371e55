import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { printable } from '../../src/wire/printable.ts'

test('ordinary text is unchanged', () => {
  for (const text of ['hola', 'ñandú 😀 👨‍👩‍👧', 'שלום', 'a\tb\nc', '']) assert.equal(printable(text), text)
})

test('nothing that controls a terminal gets through', () => {
  const any = fc.string({ unit: fc.nat(0xffff).map(code => String.fromCharCode(code)) })
  const nasty = fc.string({
    unit: fc.constantFrom(
      '\x1b',
      '\x9b',
      '\x07',
      '\0',
      '\u202e',
      '\u2066',
      '\u200f',
      '\u2028',
      '\ud800',
      '\udc00',
      'a',
    ),
  })
  fc.assert(
    fc.property(fc.oneof(any, nasty), text => {
      const shown = printable(text)
      assert.ok(shown.isWellFormed())
      for (const sign of shown)
        assert.ok(/[\t\n]|[^\p{Cc}\p{Bidi_Control}\u2028\u2029]/u.test(sign), JSON.stringify(shown))
    }),
    { numRuns: 1000 },
  )
})
