// `tertulia users`, `tertulia rooms`, `tertulia settings` and `tertulia check`: sends a command to the running server and prints its reply.

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Config } from '../config/settings.ts'
import { LONGEST_ROSTER_FILE, rosterText } from '../wire/roster.ts'
import type { Wording } from '../wording/es.ts'
import { languages } from '../wording/languages.ts'
import { AdminSocketError, sendAdminRequest } from './admin-socket.ts'
import { StartFailed } from './start-failed.ts'

/**
 * Prints the reply, on stderr if the server refused. The exit code is 1 then, and where it found something wrong. Throws StartFailed when no server runs on that
 * data.
 */
export async function runAdminCommand(config: Config, words: readonly string[]): Promise<void> {
  const wording = languages[config.lang]
  const asksForPassword = words[0] === 'users' && words[1] === 'password' && words.length > 2
  const secret = asksForPassword ? await readSecret(wording) : ''
  const input = words[0] === 'users' && words[1] === 'import' ? await readRoster(words[2], wording) : ''
  const answer = await sendAdminRequest(config.data, { words, secret, input, language: config.lang }).catch(
    error => {
      if (!(error instanceof AdminSocketError)) throw error
      throw new StartFailed(
        error.why === 'none'
          ? wording.noServer(resolve(config.data))
          : wording.noSocket(resolve(config.data)),
      )
    },
  )
  const stream = answer.ok ? process.stdout : process.stderr
  for (const line of answer.lines) stream.write(`${line}\n`)
  process.exitCode = answer.ok && answer.isWell ? 0 : 1
}

/** The text of a list of people. Throws StartFailed if it cannot be read. */
async function readRoster(file: string | undefined, wording: Wording): Promise<string> {
  if (file === undefined) return ''
  try {
    const bytes = await readFile(file)
    if (bytes.length > LONGEST_ROSTER_FILE) throw new StartFailed(wording.refusals['long-roster'])
    return rosterText(bytes)
  } catch (error) {
    if (error instanceof StartFailed) throw error
    throw new StartFailed(wording.noRoster(file))
  }
}

/** Reads a line of stdin; on a terminal with a prompt, and without echo. */
export async function readSecret(wording: Wording): Promise<string> {
  const { stdin, stderr } = process
  const discard = new Writable({ write: (_chunk, _encoding, done) => done() })
  if (stdin.isTTY) stderr.write(wording.askNewPassword)
  const lines = createInterface({ input: stdin, output: discard, terminal: stdin.isTTY })
  try {
    for await (const line of lines) return line
    return ''
  } finally {
    lines.close()
    if (stdin.isTTY) stderr.write('\n')
  }
}
