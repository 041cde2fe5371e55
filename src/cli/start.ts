// From arguments to a running server, or to one line that says why not.

import { type BadSetting, languageOf, readConfig, SettingError, type Sources } from '../config.ts'
import { printableLine } from '../wire/printable.ts'
import type { Wording } from '../wording/es.ts'
import { languages } from '../wording/languages.ts'
import { StartFailed, serve } from './serve.ts'

export async function main(sources: Sources): Promise<void> {
  const wording = languages[languageOf(sources)]
  try {
    const config = readConfig(sources)
    if (config === 'help') process.stdout.write(`${wording.help}\n`)
    else await serve(config)
  } catch (error) {
    process.stderr.write(`${explained(error, wording)}\n`)
    process.exit(1)
  }
}

function explained(error: unknown, wording: Wording): string {
  if (error instanceof SettingError) return sentence(error.bad, wording)
  if (error instanceof StartFailed) return error.message
  return wording.startFailed.unexpected(String(error))
}

function sentence(bad: BadSetting, { badSetting, wanted }: Wording): string {
  if (bad.kind === 'bad-value')
    return badSetting['bad-value'](bad.name, printableLine(bad.value), wanted[bad.wanted])
  if (bad.kind === 'unreadable-file') return badSetting['unreadable-file'](bad.name, bad.detail)
  return badSetting[bad.kind](printableLine(bad.name))
}
