import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { main } from '../../src/cli/start.ts'
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

/** What a server says that refuses to start. */
async function refusal(args: readonly string[]): Promise<string> {
  let said = ''
  const exited = Promise.withResolvers<void>()
  const stderr = { write: (text: string) => (said += text) }
  const host = { stderr, stdout: stderr, exit: () => exited.resolve() } as unknown as Parameters<
    typeof main
  >[1]
  await main({ args, env: {} }, host)
  await exited.promise
  return said
}

test('what cannot be a setting is shown as it was written, without passwords', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'tertulia-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'it.toml')
  for (const [text, shown] of [
    ['[port]\na = 1\n', 'port no puede ser «{"a":1}»: '],
    ['[[listen]]\nat = "irc://127.0.0.1"\n', 'listen no puede ser «[{"at":"irc://127.0.0.1"}]»: '],
    ['[irc-operators]\nana = 3\n', 'irc-operators no puede ser «{"ana":3}»: '],
    ['store = "postgress://ana:secreto@h/db"\n', 'store no puede ser «postgress://ana:…@h/db»: '],
    ['store = ["postgress://ana:se@creto@h/db"]\n', 'store no puede ser «["postgress://ana:…@h/db"]»: '],
  ] as const) {
    writeFileSync(file, text)
    assert.ok((await refusal(['--config', file])).startsWith(shown), text)
  }
  assert.equal(await refusal(['--config', folder]), `No se puede leer ${folder}: es una carpeta\n`)
  const missing = join(folder, 'nada')
  assert.equal(await refusal(['--config', missing]), `No se puede leer ${missing}: no existe\n`)
})
