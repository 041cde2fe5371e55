// A server whose people log in, come and go at once.

import { type Edit, impatient, noRest, quickHashes } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import type { Server } from '../tools/server.ts'

export const HOST = 'tertulia.local'

export function source(nick: string): string {
  return `:${nick}!${nick}@${HOST}`
}

interface Options {
  readonly edits?: readonly Edit[]
  readonly args?: readonly string[]
  /** Another server's, which is stopped by then. */
  readonly data?: string
}

interface Cleaning {
  after(clean: () => Promise<void>): void
}

/** Without limits; who comes and goes is told of at once. */
export async function quickServer(
  t: Cleaning,
  { edits = [], args = [], data }: Options = {},
): Promise<Server> {
  const server = await openServer({
    edits: [noRest, ...quickHashes, impatient, ...edits],
    args: ['--no-limits', ...args],
    ...(data !== undefined && { data }),
  })
  t.after(() => server[Symbol.asyncDispose]())
  return server
}
