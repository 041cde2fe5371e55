import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Edits } from '../../src/pictures/edits.ts'

const PUT = Buffer.from('free')
const SIZE = 200_000
const edit = fc.record({
  from: fc.oneof(fc.nat(40), fc.nat(SIZE - 1)),
  length: fc.oneof(fc.nat(20), fc.nat(SIZE)),
  isPut: fc.boolean(),
})

test('each byte that is named is written once, in the order of the file, and no other', () => {
  fc.assert(
    fc.property(fc.array(edit), made => {
      const edits = new Edits()
      const named = new Uint8Array(SIZE)
      for (const { from, length, isPut } of made) {
        const to = Math.min(SIZE, from + length)
        edits.add({ from, to }, isPut && to - from >= PUT.length ? PUT : undefined)
        named.fill(1, from, to)
      }
      const written = new Uint8Array(SIZE)
      let end = 0
      for (const { at, bytes } of edits.writes()) {
        assert.ok(at >= end && bytes.length > 0)
        end = at + bytes.length
        written.fill(1, at, end)
      }
      assert.ok(Buffer.from(written).equals(named))
      assert.equal(edits.isEmpty, end === 0)
    }),
  )
})

test('what is put stands at the beginning of its range', () => {
  const edits = new Edits()
  edits.add({ from: 10, to: 20 }, PUT)
  edits.add({ from: 0, to: 10 })
  edits.add({ from: 30, to: 34 }, PUT)
  const bytes = Buffer.alloc(40, 'x')
  for (const write of edits.writes()) write.bytes.copy(bytes, write.at)
  assert.equal(
    bytes.toString(),
    `${'\0'.repeat(10)}free${'\0'.repeat(6)}${'x'.repeat(10)}free${'x'.repeat(6)}`,
  )
})
