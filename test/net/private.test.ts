import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLoopbackAddress, isPrivate } from '../../src/net/private.ts'

const LOOPBACK = ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1']

const NEAR = [
  ...['10.0.0.0', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '169.254.7.7'],
  ...['fc00::1', 'fdff:ffff::1', 'FD12:3456::1', 'fe80::1', 'fe80::1%eth0', 'febf::1'],
  ...['::ffff:10.0.0.1', '::ffff:192.168.1.5', '::FFFF:C0A8:0105'],
]

const FAR = [
  ...['8.8.8.8', '9.255.255.255', '11.0.0.0', '172.15.255.255', '172.32.0.0', '192.167.1.1', '192.169.0.1'],
  ...['100.64.0.1', '100.127.255.255', '169.253.0.1', '0.0.0.0', '255.255.255.255', '128.0.0.1'],
  ...['2001:db8::1', 'fbff::1', 'fe00::1', 'fec0::1', 'ff02::1', '::', '::2'],
  ...['::ffff:8.8.8.8', '::ffff:100.64.0.1', '::10.0.0.1', '64:ff9b::10.0.0.1'],
  ...['', 'localhost', '10.0.0', '10.0.0.1.', '010.0.0.1', '10.0.0.1:80', '10.0.0.1/8', 'fe80::1::2'],
]

test('loopback addresses', () => {
  for (const address of LOOPBACK) assert.ok(isLoopbackAddress(address), address)
  for (const address of [...NEAR, ...FAR]) assert.ok(!isLoopbackAddress(address), address)
})

test('private addresses, and public ones', () => {
  for (const address of [...LOOPBACK, ...NEAR]) assert.ok(isPrivate(address), address)
  for (const address of FAR) assert.ok(!isPrivate(address), address)
})
