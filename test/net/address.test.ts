import assert from 'node:assert/strict'
import { test } from 'node:test'
import { network } from '../../src/net/address.ts'

test('an IPv4 address counts as one, an IPv6 address as its /64', () => {
  const networks: Record<string, string> = {
    '127.0.0.1': '127.0.0.1',
    '::ffff:10.0.0.7': '10.0.0.7',
    '::ffff:a00:7': '10.0.0.7',
    '0:0:0:0:0:ffff:a00:7': '10.0.0.7',
    '2001:0DB8:1:2::9': '2001:db8:1:2::/64',
    '2001:db8:1:2::/64': '2001:db8:1:2::/64',
    '::1': '0:0:0:0::/64',
    '2001:db8:1:2:3:4:5:6': '2001:db8:1:2::/64',
    '2001:db8:1:2::9': '2001:db8:1:2::/64',
    '2001:db8::1:2:3:4:5': '2001:db8:0:1::/64',
    'fe80::1%eth0': 'fe80:0:0:0::/64',
    '': '',
  }
  for (const [address, wanted] of Object.entries(networks)) assert.equal(network(address), wanted)
})
