import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Buckets } from '../../src/core/limits/buckets.ts'
import type { Instant } from '../../src/core/model/model.ts'

function clockAt(time: { now: number }) {
  return { now: () => 0 as Instant, elapsed: () => time.now, after: () => () => {} }
}

test('so many at once, then so many a second; the wait is told', () => {
  const time = { now: 0 }
  const buckets = new Buckets<string>(clockAt(time), { capacity: 3, perSecond: 2 })
  assert.deepEqual(
    [1, 2, 3, 4].map(() => buckets.take('ana')),
    [0, 0, 0, 500],
  )
  assert.equal(buckets.take('beto'), 0, 'each key has its own')
  time.now = 250
  assert.equal(buckets.take('ana'), 250)
  time.now = 500
  assert.equal(buckets.take('ana'), 0)
  time.now = 60_000
  assert.deepEqual(
    [1, 2, 3, 4].map(() => buckets.take('ana')),
    [0, 0, 0, 500],
    'it never holds more than its capacity',
  )
  buckets.giveBack('ana')
  assert.equal(buckets.take('ana'), 0)
})

test('full buckets are forgotten, others are not', () => {
  const time = { now: 0 }
  const buckets = new Buckets<number>(clockAt(time), { capacity: 1, perSecond: 1 })
  buckets.take(-1)
  time.now = 500
  for (let key = 0; key < 30_000; key++) {
    buckets.take(key)
    buckets.giveBack(key)
  }
  assert.ok(buckets.size <= 10_001, `${buckets.size} are held`)
  assert.equal(buckets.take(-1), 500)
})
