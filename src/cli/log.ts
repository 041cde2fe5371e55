// The server's log, on stderr: readable text on a terminal, JSON lines elsewhere.

import { type Logger, pino } from 'pino'
import { printable } from '../wire/printable.ts'
import type { HostProcess } from './host-process.ts'

/** @param level undefined: `warn` on a terminal, `info` elsewhere */
export function openLog(level: string | undefined, host: HostProcess): Logger {
  if (!host.stderr.isTTY) return pino({ level: level ?? 'info' }, { write: line => host.stderr.write(line) })
  return pino({ level: level ?? 'warn' }, { write: line => host.stderr.write(readable(line)) })
}

function readable(line: string): string {
  const { level, time, msg, pid, hostname, err, ...rest } = JSON.parse(line)
  const clock = new Date(time).toTimeString().slice(0, 8)
  const details = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : ''
  const trace = err?.stack ? `\n${err.stack}` : ''
  return `${printable(`${clock} ${pino.levels.labels[level] ?? level} ${msg}${details}${trace}`)}\n`
}
