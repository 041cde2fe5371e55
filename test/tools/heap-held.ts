// The memory that a server holds after garbage collection (collect.ts).

import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { patiently } from './patiently.ts'
import type { ServerProcess } from './server.ts'

const COLLECTIONS = 5
export const MEGABYTE = 1 << 20

/** The environment of a server that writes the bytes it holds to that file. */
export function notingHeap(note: string): Record<string, string> {
  const collect = join(import.meta.dirname, 'collect.ts')
  return { NODE_OPTIONS: `--expose-gc --import ${collect}`, HELD_NOTE: note }
}

/**
 * Bytes that the server's main thread holds: its heap, and the buffers of all connections. Not resident memory, since
 * V8 may keep tens of megabytes of empty pages.
 */
export async function heapHeld(server: ServerProcess, note: string): Promise<number> {
  const seen: number[] = []
  // Work in progress during one collection is over by the next.
  for (let i = 0; i < COLLECTIONS; i++) {
    await rm(note, { force: true })
    server.signal('SIGUSR2')
    await patiently(
      () => existsSync(note),
      () => 'nothing was collected',
    )
    seen.push(Number(readFileSync(note, 'utf8')))
    await sleep(200)
  }
  return Math.min(...seen)
}
