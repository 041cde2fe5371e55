// A server whose people log in, come and go at once.

import { type Edit, impatient, noRest, quickHashes } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import type { Server } from '../tools/server.ts'

export const HOST = 'tertulia.local'

export function source(nick: string): string {
  return `:${nick}!${nick}@${HOST}`
}

interface Cleaning {
  after(clean: () => Promise<void>): void
}

/** Without limits; who comes and goes is told of at once. */
export async function quickServer(
  t: Cleaning,
  { edits = [], args = [] }: { edits?: readonly Edit[]; args?: readonly string[] } = {},
): Promise<Server> {
  const server = await openServer({
    edits: [noRest, quickHashes, impatient, ...edits],
    args: ['--no-limits', ...args],
  })
  t.after(() => server[Symbol.asyncDispose]())
  return server
}
