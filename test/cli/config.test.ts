import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig, SettingError } from '../../src/config.ts'

/** Why these settings are refused. */
function stopped(args: readonly string[]): readonly [kind: string, name: string] {
  try {
    readConfig({ args, env: {} })
  } catch (error) {
    assert.ok(error instanceof SettingError, String(error))
    return [error.bad.kind, error.bad.name]
  }
  return assert.fail('it would have started')
}

test('--no-limits on a server that others can reach names the setting that lets them in', () => {
  const cert = ['--tls', 'self-signed']
  for (const [args, name] of [
    [['--trusted-proxies', '127.0.0.1,::1'], '--trusted-proxies 127.0.0.1,::1'],
    [['--public-url', 'https://chat.example.org'], 'https://chat.example.org'],
    [
      ['--public-url', 'http://localhost:8000', '--trusted-proxies', '10.0.0.0/8'],
      '--trusted-proxies 10.0.0.0/8',
    ],
    [['--lan'], '0.0.0.0'],
    [['--host', '192.0.2.1', ...cert], '192.0.2.1'],
    [['--listen', 'ircs://192.0.2.1:6697', ...cert], 'ircs://192.0.2.1:6697'],
  ] as const)
    assert.deepEqual(stopped([...args, '--no-limits']), ['limits-needed', name])
})

test('--no-limits is accepted on a server that only this machine can reach', () => {
  assert.notEqual(readConfig({ args: ['--no-limits', '--listen', 'irc://127.0.0.1:6667'], env: {} }), 'help')
})
