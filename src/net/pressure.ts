// How busy the machine is right now.

import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import type { Gauge } from './patience.ts'

/** Linux's pressure stall information: microseconds in which some process waited for the resource (accounting/psi.rst). */
const FILES = ['/proc/pressure/cpu', '/proc/pressure/memory']
/** Without pressure information: with a smaller idle share than this, processes count as waiting. */
const LEAST_IDLE = 0.05
/** Connections that arrive together share one reading. */
const FRESH_MS = 20

interface Look {
  readonly at: number
  /** Milliseconds waited, by resource. */
  readonly waited: readonly number[]
}

/** Measures by the kernel's pressure information, or else by how idle the processors are. */
export function pressureGauge(): Gauge {
  const look = waitedFor() ? fresh(() => waitedFor() ?? []) : undefined
  return { begin: look ? () => sharesSince(look) : idleSince }
}

function sharesSince(look: () => Look): () => number {
  const begun = look()
  return () => {
    const { at, waited } = look()
    const elapsed = Math.max(1, at - begun.at)
    return Math.max(...waited.map((ms, i) => (ms - (begun.waited[i] ?? 0)) / elapsed))
  }
}

function fresh(read: () => readonly number[]): () => Look {
  let last: Look | undefined
  return () => {
    const at = performance.now()
    if (!last || at - last.at > FRESH_MS) last = { at, waited: read() }
    return last
  }
}

function waitedFor(): readonly number[] | undefined {
  try {
    const waited = FILES.map(
      file => Number(/^some .*total=(\d+)/.exec(readFileSync(file, 'utf8'))?.[1]) / 1000,
    )
    return waited.every(Number.isFinite) ? waited : undefined
  } catch {
    return undefined // another system, or a kernel without it
  }
}

function idleSince(): () => number {
  const begun = times()
  return () => {
    const now = times()
    const all = now.all - begun.all
    return all > 0 && (now.idle - begun.idle) / all < LEAST_IDLE ? 1 : 0
  }
}

/** The times of all processors together, in milliseconds. */
function times(): { readonly idle: number; readonly all: number } {
  const each = cpus().map(({ times }) => times)
  const idle = each.reduce((sum, { idle }) => sum + idle, 0)
  return { idle, all: each.reduce((sum, of) => sum + of.idle + of.user + of.sys + of.nice + of.irq, 0) }
}
