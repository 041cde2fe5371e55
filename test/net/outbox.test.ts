import assert from 'node:assert/strict'
import { Duplex } from 'node:stream'
import { mock, test } from 'node:test'
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

test('a peer that is sent away and reads slowly has a minute for it', () => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  try {
    const peer = new Slow()
    const outbox = new Outbox(peer, () => {})
    for (let i = 0; i < 1000; i++) outbox.write('x'.repeat(1000))
    outbox.end()
    for (let second = 0; second < 59; second++) {
      peer.takeOne()
      mock.timers.tick(1000)
      assert.ok(!peer.destroyed, `after ${second + 1} s`)
    }
    mock.timers.tick(1000)
    assert.ok(peer.destroyed)
  } finally {
    mock.timers.reset()
  }
})
