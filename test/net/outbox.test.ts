import assert from 'node:assert/strict'
import { Duplex } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { Outbox } from '../../src/net/outbox.ts'

/** A peer that reads a piece when told to. */
class Slow extends Duplex {
  #took: (() => void) | undefined

  takeOne(): void {
    const took = this.#took
    this.#took = undefined
    took?.()
  }

  override _read(): void {}

  override _write(_: Buffer, __: BufferEncoding, done: () => void): void {
    this.#took = done
  }
}

/** The clock stands still until told to go on. */
function withClock(t: TestContext): (milliseconds: number) => void {
  let now = 0
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  t.mock.method(performance, 'now', () => now)
  return milliseconds => {
    for (const end = now + milliseconds; now < end; ) {
      now += 1000
      t.mock.timers.tick(1000)
    }
  }
}

test('a peer that is sent away and reads slowly has a minute for it', t => {
  const pass = withClock(t)
  const peer = new Slow()
  const outbox = new Outbox(peer, () => {})
  for (let i = 0; i < 1000; i++) outbox.write('x'.repeat(1000))
  outbox.end()
  for (let second = 0; second < 59; second++) {
    peer.takeOne()
    pass(1000)
    assert.ok(!peer.destroyed, `after ${second + 1} s`)
  }
  pass(1000)
  assert.ok(peer.destroyed)
})

test('a peer that takes nothing is disconnected, whatever else it is sent meanwhile', t => {
  const pass = withClock(t)
  const peer = new Slow()
  const outbox = new Outbox(peer, () => {})
  outbox.write('x'.repeat(100_000))
  for (let second = 0; second < 60; second++) {
    assert.ok(!peer.destroyed, `after ${second} s`)
    outbox.write('a notice')
    pass(1000)
  }
  assert.ok(peer.destroyed)
})

test('a peer that takes as much as it is sent stays', t => {
  const pass = withClock(t)
  const peer = new Slow()
  const outbox = new Outbox(peer, () => {})
  for (let i = 0; i < 100; i++) outbox.write('x'.repeat(1000))
  for (let second = 0; second < 120; second++) {
    peer.takeOne()
    outbox.write('x'.repeat(1000))
    pass(1000)
  }
  assert.ok(!peer.destroyed)
})

test('a full outbox that is written to while it drains says so when it is empty', () => {
  const peer = new Slow()
  let drained = 0
  const outbox = new Outbox(peer, () => drained++)
  const [first, last] = [20, 10].map(count => Array.from({ length: count }, () => 'x'.repeat(20_000)))
  for (const each of first ?? []) outbox.write(each)
  for (const _ of last ?? []) peer.takeOne()
  assert.equal(outbox.write('a notice'), false, 'it is full until it is empty')
  for (let i = 0; i < 20; i++) peer.takeOne()
  assert.equal(drained, 1)
})

test('an answer may be large; what others go on to do for a peer that does not read may not', t => {
  const pass = withClock(t)
  const peer = new Slow()
  const outbox = new Outbox(peer, () => {})
  for (let i = 0; i < 100; i++) outbox.write('x'.repeat(20_000))
  pass(10_000)
  for (let i = 0; i < 13; i++) {
    peer.takeOne()
    assert.ok(!peer.destroyed, `after ${i} notices`)
    outbox.write('x'.repeat(20_200))
  }
  assert.ok(peer.destroyed)
})
