import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostsWithPorts } from '../../src/config/decode.ts'

test('--allow-internal names hosts with their ports, as URLs will have them', () => {
  const read: [raw: unknown, hosts: readonly string[]][] = [
    ['wiki.local:8080', ['wiki.local:8080']],
    ['Wiki.Local:080, 10.0.0.5:80', ['wiki.local:80', '10.0.0.5:80']],
    [
      ['127.1:9', '[0:0::1]:443'],
      ['127.0.0.1:9', '[::1]:443'],
    ],
    ['ñandú.example:1', ['xn--and-6ma2c.example:1']],
  ]
  for (const [raw, hosts] of read) assert.deepEqual(hostsWithPorts(raw), { value: hosts })
  const wrong = [
    'wiki.local',
    'wiki.local:',
    ':80',
    'a:0',
    'a:65536',
    'http://a:80',
    'a:80/b',
    'x@a:80',
    '::1:80',
    '*:80',
    7,
    [7],
  ]
  for (const raw of wrong) assert.deepEqual(hostsWithPorts(raw), { wanted: 'hostsWithPorts' }, `${raw}`)
})
