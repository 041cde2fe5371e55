// From arguments to a running server or a command carried out; if neither can be, to one line that says why.

import type { Config } from '../config/settings.ts'
import {
  type BadSetting,
  effective,
  type Invocation,
  languageOf,
  readConfig,
  SettingError,
  type Sources,
} from '../config.ts'
import { Refusal } from '../core/model/refusals.ts'
import { printableLine } from '../wire/printable.ts'
import type { Wording } from '../wording/es.ts'
import { languages } from '../wording/languages.ts'
import { refusedIn } from '../wording/refused.ts'
import { HealthState } from './health-state.ts'
import { type HostProcess, thisProcess } from './host-process.ts'
import { reasonOf, StartFailed } from './start-failed.ts'
import { openStore } from './store.ts'
import { keepPoolSmall } from './thread-pool.ts'

/** @param host of a server; commands use this process */
export async function main(sources: Sources, host: HostProcess = thisProcess): Promise<void> {
  const wording = languages[languageOf(sources)]
  try {
    const invocation = readConfig(sources)
    if (invocation === 'help') host.stdout.write(`${wording.help}\n`)
    else await run(invocation, host)
  } catch (error) {
    host.stderr.write(`${explained(error, wording)}\n`)
    host.exit(1)
  }
}

async function run(invocation: Invocation, host: HostProcess): Promise<void> {
  const { config, words } = invocation
  const [command = 'serve'] = words
  if (command === 'serve' && words.length <= 1) return serveWith(config, host)
  if (command === 'config' && words.length === 1) return showConfig(invocation)
  if (command === 'hash' && words.length === 1) return (await import('./hash.ts')).showHash(config)
  if (command === 'copy' && words.length === 1) return (await import('./copy.ts')).copyToStore(config)
  if (!['users', 'rooms', 'settings', 'check'].includes(command))
    throw new SettingError({ kind: 'unknown-command', name: words.join(' ') })
  const { runAdminCommand } = await import('./admin-cli.ts')
  await runAdminCommand(config, words)
}

/** Opens the store, in other threads, while this one loads the rest. */
async function serveWith(config: Config, host: HostProcess): Promise<void> {
  keepPoolSmall()
  const healthState = new HealthState()
  const store = openStore(config, healthState)
  store.catch(() => {}) // serve awaits it
  const { serve } = await import('./serve.ts')
  await serve(config, { store, healthState, host })
}

function showConfig(invocation: Invocation): void {
  const wording = languages[invocation.config.lang]
  for (const { name, value, origin } of effective(invocation)) {
    const displayed = value === '' ? wording.notSet : printableLine(value)
    process.stdout.write(`${name} = ${displayed}\t(${origin ?? wording.byDefault})\n`)
  }
}

function explained(error: unknown, wording: Wording): string {
  if (error instanceof SettingError) return sentence(error.bad, wording)
  if (error instanceof StartFailed) return error.message
  const why = error instanceof Refusal ? refusedIn(wording, 0)[error.code] : String(error)
  return wording.startFailed.unexpected(why)
}

function sentence(bad: BadSetting, wording: Wording): string {
  const { badSetting, wanted } = wording
  if (bad.kind === 'bad-value')
    return badSetting['bad-value'](bad.name, printableLine(bad.value), wanted[bad.wanted])
  if (bad.kind === 'unreadable-file') {
    const isCode = /^E[A-Z0-9]+$/.test(bad.detail)
    return badSetting['unreadable-file'](bad.name, isCode ? reasonOf(bad.detail, wording) : bad.detail)
  }
  return badSetting[bad.kind](printableLine(bad.name))
}
