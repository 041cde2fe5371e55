import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import { Quota, type QuotaExceeded, shareOf } from '../../src/net/quota.ts'

function quotaOf(most: number) {
  const told: QuotaExceeded[] = []
  const time = { now: 0 }
  const quota = new Quota(
    most,
    each => told.push(each),
    () => time.now,
  )
  const open = (address: string) => {
    const connection = new EventEmitter()
    return quota.admit(address, connection as never) ? connection : undefined
  }
  return { quota, told, time, open }
}

test('an address has its quota, an IPv6 network too; a closed connection makes room', () => {
  const { quota, open } = quotaOf(2)
  const first = open('198.51.100.7')
  assert.ok(open('::ffff:198.51.100.7'), 'the same address')
  assert.equal(open('198.51.100.7'), undefined)
  assert.ok(open('198.51.100.8'))
  assert.ok(open('2001:db8::1') && open('2001:db8::2'))
  assert.equal(open('2001:db8:0:0:ffff::1'), undefined)
  assert.ok(open('2001:db8:0:1::1'), 'another network')
  assert.deepEqual([quota.highest, quota.refused], [2, 2])
  first?.emit('close')
  assert.ok(open('198.51.100.7'))
  assert.equal(open('198.51.100.7'), undefined)
})

test('excess is reported once a minute, with its number', () => {
  const { told, time, open } = quotaOf(1)
  open('192.0.2.1')
  for (let i = 0; i < 5; i++) open('192.0.2.1')
  time.now = 59_999
  open('192.0.2.1')
  assert.deepEqual(told, [{ address: '192.0.2.1', refused: 1 }])
  time.now = 60_000
  open('192.0.2.1')
  assert.deepEqual(told[1], { address: '192.0.2.1', refused: 6 })
})

test('a share of the descriptors that leaves most to others, and is enough for a class', () => {
  assert.deepEqual([256, 1024, 20_000, 1_048_576].map(shareOf), [128, 256, 5000, 262_144])
})
