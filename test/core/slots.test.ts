import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Slots } from '../../src/core/limits/slots.ts'

test('of one key so many things go on at a time, and the others in the order in which they came', async () => {
  const slots = new Slots<number>(4)
  const begun: string[] = []
  const ends: (() => void)[] = []
  const begin = (key: number, name: string) =>
    slots.run(key, () => {
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
  await assert.rejects(slots.run(3, () => Promise.reject(new Error('damaged'))))
  for (let i = 0; i < 7; i++) {
    ends[i]?.()
    await nextTurn()
  }
  await Promise.all(all)
  assert.equal(begun.at(-1), 'f')
})

test('whoever does not wait any more leaves nothing, and nobody behind them waits longer', async () => {
  const slots = new Slots<number>(1)
  const leave = await slots.take(1)
  const gone = new AbortController()
  const waiting = slots.take(1, gone.signal)
  const next = slots.take(1, new AbortController().signal)
  gone.abort(new Error('gone'))
  await assert.rejects(waiting, /gone/)
  await assert.rejects(slots.take(1, gone.signal), /gone/)
  leave()
  const leaveNext = await next
  leaveNext()
  const again = await slots.take(1, gone.signal)
  again()
})
