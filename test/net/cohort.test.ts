import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Cohort } from '../../src/net/cohort.ts'

test('each thing stands between its ends, in bytes', () => {
  const cohort = new Cohort<string>(text => `${text}\n`)
  const texts = fc.array(fc.oneof(fc.string(), fc.string({ unit: 'grapheme' })))
  fc.assert(
    fc.property(texts, things => {
      const { bytes, ends } = cohort.render(things)
      const shown = things.map((_, i) => Buffer.from(bytes.subarray(ends[i - 1] ?? 0, ends[i])).toString())
      assert.deepEqual(
        shown,
        things.map(thing => `${thing.toWellFormed()}\n`),
      )
    }),
  )
})
