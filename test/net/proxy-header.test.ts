import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { proxyHeader } from '../../src/net/proxy-header.ts'
import { binaryHeader as binary } from '../tools/proxied.ts'

const SIGNATURE = binary(0, 0, []).subarray(0, 12)
const PORTS = [0xc8, 0x22, 0x1f, 0x40]
const FOUR = binary(0x21, 0x11, [192, 0, 2, 1, 198, 51, 100, 7, ...PORTS])
const SIX = binary(0x21, 0x21, [0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 1, ...Array(16).fill(0), ...PORTS])

const right: readonly (readonly [Buffer, string | undefined])[] = [
  [Buffer.from('PROXY TCP4 192.0.2.1 198.51.100.7 51234 8000\r\n'), '192.0.2.1'],
  [Buffer.from('PROXY TCP6 2001:db8::1 2001:db8::2 51234 8000\r\n'), '2001:db8::1'],
  [Buffer.from('PROXY UNKNOWN whatever\r\n'), ''],
  [FOUR, '192.0.2.1'],
  [SIX, '2001:db8:0:0:0:0:0:1'],
  [binary(0x20, 0, []), undefined],
  [binary(0x21, 0x31, [1, 2, 3]), ''],
]

test('a header of either version gives the client and its own length', () => {
  for (const [header, address] of right) {
    const bytes = Buffer.concat([header, Buffer.from('NICK ana\r\n')])
    assert.deepEqual(proxyHeader(bytes), { length: header.length, address })
  }
})

test('an incomplete header is undecided', () => {
  for (const [header] of right)
    for (let end = 0; end < header.length; end++)
      assert.equal(proxyHeader(header.subarray(0, end)), 'undecided', `${header.subarray(0, end)}`)
})

test('anything else is no header', () => {
  for (const wrong of [
    'NICK ana\r\n',
    'PROXY TCP4 192.0.2.1 198.51.100.7 51234\r\n',
    'PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n',
    'PROXY TCP4 ana beto 1 2\r\n',
    'PROXY HTTP 1 2 3 4\r\n',
    `PROXY TCP4 ${'1'.repeat(120)}`,
  ])
    assert.equal(proxyHeader(Buffer.from(wrong)), 'none', wrong)
  assert.equal(proxyHeader(binary(0x21, 0x11, [1, 2])), 'none')
  assert.equal(proxyHeader(binary(0x22, 0x11, Array(12).fill(1))), 'none')
  assert.equal(proxyHeader(Buffer.concat([SIGNATURE, Buffer.from([0x21, 0x11, 0xff, 0xff])])), 'none')
})

test('any bytes give one of the three results', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, signed) => {
      const answer = proxyHeader(signed ? Buffer.concat([SIGNATURE, bytes]) : Buffer.from(bytes))
      if (typeof answer === 'object') assert.ok(answer.length <= bytes.length + SIGNATURE.length)
    }),
  )
})
