import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Proxies } from '../../src/net/proxies.ts'

const proxies = new Proxies(['127.0.0.1', '::1', '10.0.0.0/8', 'fd00::/8'])

test('the client is the last address that is no trusted proxy', () => {
  const cases: [remote: string, forwardedFor: string | undefined, client: string][] = [
    ['203.0.113.9', undefined, '203.0.113.9'],
    ['203.0.113.9', '1.2.3.4', '203.0.113.9'],
    ['127.0.0.1', undefined, '127.0.0.1'],
    ['127.0.0.1', '', '127.0.0.1'],
    ['127.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['::ffff:127.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['127.0.0.1', '6.6.6.6, 203.0.113.9', '203.0.113.9'],
    ['127.0.0.1', '6.6.6.6,203.0.113.9 ,  10.1.2.3', '203.0.113.9'],
    ['127.0.0.1', '10.9.9.9, 10.1.2.3', '10.9.9.9'],
    ['127.0.0.1', '6.6.6.6, unknown, 10.1.2.3', '10.1.2.3'],
    ['127.0.0.1', '6.6.6.6, ', '127.0.0.1'],
    ['fd00::7', '2001:DB8:0::9', '2001:db8::9'],
    ['127.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
    ['127.0.0.1', '203.0.113.9:51234', '203.0.113.9'],
    ['127.0.0.1', '[2001:db8::9]:51234', '2001:db8::9'],
    ['127.0.0.1', '203.0.113.9:x', '127.0.0.1'],
    ['127.0.0.1', '"203.0.113.9"', '127.0.0.1'],
  ]
  for (const [remote, forwardedFor, client] of cases) {
    assert.equal(proxies.resolve(remote, forwardedFor).address, client, `${remote} <- ${forwardedFor}`)
  }
})

test('an address is vouched for if all proxies are trusted and name nobody beyond it', () => {
  for (const [forwardedFor, isKnown] of [
    ['203.0.113.9', true],
    ['203.0.113.9, 10.1.2.3', true],
    ['10.9.9.9, 10.1.2.3', true],
    ['6.6.6.6, 192.168.0.9', false],
    ['unknown, 10.1.2.3', false],
    ['127.0.0.1', false],
    ['', false],
    [undefined, false],
  ] as const)
    assert.equal(proxies.resolve('127.0.0.1', forwardedFor).isVouched, isKnown, `${forwardedFor}`)
  assert.equal(proxies.resolve('203.0.113.9', '10.1.2.3').isVouched, false, 'nobody trusts who tells')
})

test('no proxy is trusted unless it is listed', () => {
  assert.equal(new Proxies([]).resolve('127.0.0.1', '1.2.3.4').address, '127.0.0.1')
})

const byte = fc.integer({ min: 0, max: 255 })
const trustedHop = fc.tuple(byte, byte, byte).map(([a, b, c]) => `10.${a}.${b}.${c}`)
const stranger = fc.tuple(fc.integer({ min: 11, max: 99 }), byte, byte, byte).map(bytes => bytes.join('.'))
const hostile = fc.oneof(
  fc.string(),
  fc.array(fc.oneof(trustedHop, stranger, fc.ipV6(), fc.string())).map(hops => hops.join(', ')),
)

test('a peer that is not trusted never chooses its address', () => {
  fc.assert(
    fc.property(stranger, fc.option(hostile, { nil: undefined }), (peer, said) => {
      assert.equal(proxies.resolve(peer, said).address, peer)
    }),
  )
})

test('nor does it through trusted proxies, which append its address', () => {
  fc.assert(
    fc.property(stranger, fc.array(trustedHop), hostile, (peer, hops, said) => {
      assert.equal(proxies.resolve('127.0.0.1', [said, peer, ...hops].join(', ')).address, peer)
    }),
  )
})
