import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig, SettingError } from '../../src/config.ts'

/** The setting that stops the start, and what is wrong with it. */
function stopped(args: readonly string[]): readonly [kind: string, name: string] {
  try {
    readConfig({ args, env: {} })
  } catch (error) {
    assert.ok(error instanceof SettingError, String(error))
    return [error.bad.kind, error.bad.name]
  }
  return assert.fail('it would have started')
}

test('--no-limits where others come, too, names the setting by which they come', () => {
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

test('--no-limits on this machine alone starts', () => {
  assert.notEqual(readConfig({ args: ['--no-limits', '--listen', 'irc://127.0.0.1:6667'], env: {} }), 'help')
})
