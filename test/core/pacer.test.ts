import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pacer } from '../../src/core/log/pacer.ts'
import type { Instant } from '../../src/core/model/model.ts'

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

/** A room whose deliveries cost so much and hold so many happenings. */
function room(clock: { time: number }, { cost, happenings }: { cost: number; happenings: number }) {
  const delivered: number[] = []
  return {
    delivered,
    deliver() {
      delivered.push(clock.time)
      clock.time += cost
      return happenings
    },
  }
}

test('an idle room delivers as soon as the sockets have been served; then half of what that cost passes', () => {
  const clock = stoppedClock()
  const pacer = new Pacer(clock)
  const busy = room(clock, { cost: 10, happenings: 1_000_000 })
  pacer.ready(busy)
  assert.deepEqual(busy.delivered, [], 'not in the middle of what told it')
  clock.next()
  pacer.ready(busy)
  pacer.ready(busy)
  assert.deepEqual(busy.delivered, [0], 'it waits, and asks once')
  clock.next()
  assert.deepEqual(busy.delivered.map(Math.round), [0, 15])
  clock.time = 1000
  pacer.ready(busy)
  clock.next()
  assert.deepEqual(busy.delivered.map(Math.round), [0, 15, 1000])
})

test('a few happenings wait for company, for 2 ms at most', () => {
  const rest = (cost: number, happenings: number) => {
    const clock = stoppedClock()
    const pacer = new Pacer(clock)
    const each = room(clock, { cost, happenings })
    pacer.ready(each)
    clock.next()
    pacer.ready(each)
    return clock.next() - 2 * cost
  }
  assert.ok(Math.abs(rest(10, 1) - 7) < 1e-9, 'half of 10, and 2')
  assert.ok(Math.abs(rest(0.1, 1) - 0.95) < 1e-9, 'half of 0.1, and nine times 0.1')
  assert.ok(Math.abs(rest(0.1, 9) - 0.15) < 1e-9, 'nine are company for each other')
})

test('nobody waits for longer than 100 ms, whatever a delivery cost', () => {
  const clock = stoppedClock()
  const pacer = new Pacer(clock)
  const slow = room(clock, { cost: 5000, happenings: 1 })
  pacer.ready(slow)
  clock.next()
  pacer.ready(slow)
  assert.equal(clock.next(), 5100 + 5000)
})

test('rooms take turns, and who has more to say queues behind the others', () => {
  const clock = stoppedClock()
  const pacer = new Pacer(clock)
  const turns: string[] = []
  const talking = (name: string, batches: number) => ({
    deliver() {
      turns.push(name)
      clock.time += 1
      if (--batches > 0) pacer.ready(this)
      return 1
    },
  })
  pacer.ready(talking('a', 3))
  pacer.ready(talking('b', 2))
  pacer.ready(talking('c', 1))
  for (let i = 0; i < 6; i++) clock.next()
  assert.deepEqual(turns, ['a', 'b', 'c', 'a', 'b', 'a'])
  assert.throws(() => clock.next(), /nobody waits/)
})

test('who catches up gets half a millisecond at a time, in order, and leaves two to the others', () => {
  const clock = stoppedClock()
  const pacer = new Pacer(clock)
  const done: [number, number][] = []
  for (let i = 0; i < 3; i++) {
    pacer.spare(() => {
      done.push([i, clock.time])
      clock.time += 0.5
    })
  }
  assert.deepEqual(done, [])
  clock.next()
  clock.next()
  assert.deepEqual(done, [
    [0, 0],
    [1, 0.5],
    [2, 3],
  ])
})
