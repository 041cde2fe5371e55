import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Cohort } from '../../src/doors/shared/cohort.ts'

test('each thing stands between its ends, in bytes', () => {
  const cohort = new Cohort<string>(text => `${text}\n`)
  const texts = fc.array(fc.oneof(fc.string(), fc.string({ unit: 'grapheme' })))
  fc.assert(
    fc.property(texts, things => {
      const rendering = cohort.render(things)
      const shown = things.map((_, i) => text(rendering.part(i, i + 1)))
      assert.deepEqual(
        shown,
        things.map(thing => `${thing.toWellFormed()}\n`),
      )
      assert.equal(text(rendering.part(0, things.length)), shown.join(''))
      const odd = things.flatMap((_, i) => (i % 2 === 1 ? [{ from: i, to: i + 1 }] : []))
      assert.equal(text(rendering.part(0, things.length, odd)), shown.filter((_, i) => i % 2 === 1).join(''))
    }),
  )
})

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString()
}
