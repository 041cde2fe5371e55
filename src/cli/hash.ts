// What is kept of a password: for those that stand in the configuration.

import type { Config } from '../config/settings.ts'
import { Passwords } from '../core/passwords.ts'
import { languages } from '../wording/languages.ts'
import { hidden } from './operate.ts'
import { StartFailed } from './start-failed.ts'

/** Of a line of stdin; on a terminal it is asked for. Throws StartFailed for an empty one. */
export async function showHash({ lang }: Config): Promise<void> {
  const password = await hidden(languages[lang])
  if (password === '') throw new StartFailed(languages[lang].irc.noPassword)
  process.stdout.write(`${await new Passwords(1).hash(password)}\n`)
}
