import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { Patience } from '../../src/net/patience.ts'
import { pressureGauge } from '../../src/net/pressure.ts'
import { HandClock } from '../core/hand-clock.ts'

/** A server at 192.168.1.2, and its clients. */
class Port {
  /** The share of time in which processes wait. */
  busy = 0
  readonly clock = new HandClock()
  readonly #patience = new Patience({ begin: () => () => this.busy }, this.clock)

  /** @returns milliseconds after which a silent client is greeted */
  silence(from: string): number {
    let isGreeted = false
    const began = this.clock.elapsed()
    this.#patience.wait(socketFrom(from), () => {
      isGreeted = true
    })
    while (!isGreeted) this.clock.pass(10)
    return this.clock.elapsed() - began
  }

  /** A browser whose first byte comes this late. */
  browser(from: string, ms: number): void {
    const end = this.#patience.wait(socketFrom(from), () => assert.fail('greeted'))
    this.clock.pass(ms)
    end(true)
  }
}

function socketFrom(remoteAddress: string): Socket {
  return { remoteAddress, localAddress: '192.168.1.2' } as Socket
}

test('on a calm machine, silent clients are greeted soon, local ones first', () => {
  const port = new Port()
  for (const here of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '192.168.1.2']) {
    const ms = port.silence(here)
    assert.ok(ms >= 600 && ms <= 650, `${here}: ${ms}`)
  }
  for (const elsewhere of ['192.168.1.7', '203.0.113.9', '2001:db8::9']) {
    const ms = port.silence(elsewhere)
    assert.ok(ms > 1_200 && ms <= 1_550, `${elsewhere}: ${ms}`)
  }
})

test('on a busy machine everybody waits longer, the more so the busier; nobody for five seconds', () => {
  const port = new Port()
  const waits = [0, 0.1, 0.3, 0.4, 0.6, 1].map(busy => {
    port.busy = busy
    return port.silence('127.0.0.1')
  })
  assert.deepEqual(waits.slice(0, 2), [600, 600])
  assert.deepEqual(
    waits,
    waits.toSorted((a, b) => a - b),
  )
  assert.ok((waits[2] ?? 0) > 1_000)
  assert.ok((waits.at(-1) ?? 0) > 4_000 && (waits.at(-1) ?? 0) < 4_700, `${waits.at(-1)}`)
  assert.ok(port.silence('203.0.113.9') < 4_700)
})

test('when the machine calms down, the wait ends', () => {
  const port = new Port()
  port.busy = 1
  port.clock.after(1_000, () => {
    port.busy = 0
  })
  assert.ok(port.silence('127.0.0.1') <= 1_100)
})

test('a late timer shows that this process is busy', () => {
  const late = new HandClock()
  const { after } = late
  late.after = (ms, call) => after.call(late, ms * 2, call) // each takes twice as long
  const patience = new Patience({ begin: () => () => 0 }, late)
  let isGreeted = false
  patience.wait(socketFrom('127.0.0.1'), () => {
    isGreeted = true
  })
  late.pass(2_000)
  assert.ok(!isGreeted)
})

test('a late client is waited for longer the next time, and so are all if most are late', () => {
  const port = new Port()
  port.browser('192.168.1.7', 1_300)
  assert.ok(port.silence('192.168.1.7') >= 1_950)
  assert.ok(port.silence('192.168.1.8') < 1_550, 'one address makes no rule')
  for (const last of [9, 10, 11, 12]) port.browser(`192.168.1.${last}`, 1_400)
  assert.ok(port.silence('192.168.1.8') >= 2_100)
  assert.equal(port.silence('127.0.0.1'), 600, 'nothing is lost on the way from here')
  port.clock.pass(6 * 60_000)
  assert.ok(port.silence('192.168.1.8') < 1_550, 'it is forgotten')
})

test('quick clients are remembered as quick, and the number of addresses is bounded', () => {
  const port = new Port()
  port.browser('192.168.1.7', 1_300)
  port.browser('192.168.1.7', 20)
  assert.ok(port.silence('192.168.1.7') < 1_550)
  for (let i = 0; i < 1_000; i++) port.browser(`10.0.${i >> 8}.${i & 255}`, 1)
  assert.ok(port.silence('192.168.1.7') < 1_550)
})

test('the gauge of this machine gives a share', () => {
  const share = pressureGauge().begin()
  const until = performance.now() + 50
  while (performance.now() < until);
  assert.ok(share() >= 0 && share() <= 1.5, `${share()}`)
})
