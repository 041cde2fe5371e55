// `tertulia hash`: the hash of a password, for those in the configuration (irc-operators).

import type { Config } from '../config/settings.ts'
import { Refusal } from '../core/model/refusals.ts'
import { Passwords } from '../core/people/passwords.ts'
import { languages } from '../wording/languages.ts'
import { readSecret } from './admin-cli.ts'
import { StartFailed } from './start-failed.ts'

/** Prints the hash of a line of stdin; a terminal is prompted. Throws StartFailed if it is empty or not UTF-8. */
export async function showHash({ lang }: Config): Promise<void> {
  const wording = languages[lang]
  const password = await readSecret(wording)
  if (password === '') throw new StartFailed(wording.irc.noPassword)
  const kept = await new Passwords(1).hash(password).catch(error => {
    throw error instanceof Refusal && error.code === 'garbled-password'
      ? new StartFailed(wording.refusals[error.code])
      : error
  })
  process.stdout.write(`${kept}\n`)
}
