// Settings, language, console and log of a running server, for all of its parts.

import type { Logger } from 'pino'
import type { Config } from '../config/settings.ts'
import { isOfTheStore, Refusal } from '../core/model/refusals.ts'
import type { Wording } from '../wording/es.ts'
import { languages } from '../wording/languages.ts'
import type { HostProcess } from './host-process.ts'
import { openLog } from './log.ts'

export interface ServerContext {
  readonly config: Config
  /** The console's language. */
  readonly wording: Wording
  readonly host: HostProcess
  readonly log: Logger
  /** Prints a line on stdout, for the person who runs the server. */
  readonly console: (line: string) => void
  /** Logs an error that nobody is waiting for. */
  readonly onError: (error: unknown) => void
}

export function serverContext(config: Config, host: HostProcess): ServerContext {
  const log = openLog(config.logLevel, host)
  return {
    config,
    wording: languages[config.lang],
    host,
    log,
    console: line => void host.stdout.write(`${line}\n`),
    onError(err) {
      // The store's own failure has been logged as degraded; these errors only follow from it.
      if (err instanceof Refusal && isOfTheStore(err)) log.debug({ err }, 'not stored')
      else log.error({ err }, 'unexpected error')
    },
  }
}
