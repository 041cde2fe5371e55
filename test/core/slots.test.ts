import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Slots } from '../../src/core/slots.ts'

test('of one key so many things go on at a time, and the others in the order in which they came', async () => {
  const slots = new Slots<number>(4)
  const begun: string[] = []
  const ends: (() => void)[] = []
  const begin = (key: number, name: string) =>
    slots.during(key, () => {
      begun.push(name)
      return new Promise<void>(resolve => ends.push(resolve))
    })
  const all = ['a', 'b', 'c', 'd', 'e', 'f'].map(name => begin(1, name))
  all.push(begin(2, 'other'))
  await nextTurn()
  assert.deepEqual(begun, ['a', 'b', 'c', 'd', 'other'])
  ends[1]?.()
  await nextTurn()
  assert.deepEqual(begun.slice(5), ['e'])
  await assert.rejects(slots.during(3, () => Promise.reject(new Error('damaged'))))
  for (let i = 0; i < 7; i++) {
    ends[i]?.()
    await nextTurn()
  }
  await Promise.all(all)
  assert.equal(begun.at(-1), 'f')
})
