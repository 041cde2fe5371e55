// What a server holds in memory, its garbage collected (collect.ts).

import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { patiently } from './patiently.ts'
import type { ServerProcess } from './server.ts'

const COLLECTIONS = 5
export const MEGABYTE = 1 << 20

/** The environment of a server that writes into that file what it holds. */
export function noting(note: string): Record<string, string> {
  const collect = join(import.meta.dirname, 'collect.ts')
  return { NODE_OPTIONS: `--expose-gc --import ${collect}`, HELD_NOTE: note }
}

/**
 * What the server's event loop holds, in bytes: its heap, and the buffers of all connections.
 * Not what is resident: V8 keeps tens of megabytes that it has emptied, as it pleases.
 */
export async function held(server: ServerProcess, note: string): Promise<number> {
  const seen: number[] = []
  // What was on its way when one collection began is gone after the next.
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
