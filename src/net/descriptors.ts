// File descriptors: how many this process may open, and how many of them others must leave. A new descriptor is the lowest
// number that is free (POSIX.1-2017, 2.14), so its number tells how many are open, whatever they are open for.

import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'

/** Assumed where the system does not say how many descriptors a process may open. */
const USUAL_DESCRIPTORS = 10_240
/**
 * File descriptors that connections leave free for transfers, and for what the server opens later. A thread that reads
 * the store takes 10, the process for pictures 6 while it starts, PostgreSQL and NATS about 30, links that are read 8.
 */
const RESERVE = 128
/** At most this share of all descriptors. */
const RESERVED_PART = 1 / 4

/** How many descriptors this process may have open (proc_pid_limits(5)). */
export function descriptors(): number {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return Number(soft ?? USUAL_DESCRIPTORS)
  } catch {
    return USUAL_DESCRIPTORS
  }
}

/** @param all descriptors that the process may open @returns the first number that no connection may have */
export function connectionLimit(all: number): number {
  return all - reserveOf(all)
}

/** @returns the first number that no file may have which somebody sends or is sent: half of the reserve is for the server */
export function transferLimit(all: number): number {
  return all - Math.ceil(reserveOf(all) / 2)
}

function reserveOf(all: number): number {
  return Math.min(RESERVE, Math.ceil(all * RESERVED_PART))
}

/** The number of a socket's descriptor, which Node does not document; -1 where it has none. */
export function descriptorOf(socket: Socket): number {
  const { _handle: handle } = socket as { _handle?: { fd?: unknown } | null }
  return typeof handle?.fd === 'number' ? handle.fd : -1
}
