// What is kept of a password: for those that stand in the configuration.

import type { Config } from '../config/settings.ts'
import { Refusal } from '../core/model/refusals.ts'
import { Passwords } from '../core/people/passwords.ts'
import { languages } from '../wording/languages.ts'
import { readSecret } from './admin-cli.ts'
import { StartFailed } from './start-failed.ts'

/** Of a line of stdin; on a terminal it is asked for. Throws StartFailed for an empty one, and for one that is no UTF-8. */
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
