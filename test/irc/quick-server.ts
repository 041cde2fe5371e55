// A server without delays: logging in, coming and going show at once.

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
  /** The data folder of an earlier server, which is stopped. */
  readonly data?: string
}

interface Cleaning {
  after(clean: () => Promise<void>): void
}

/** Starts a server without limits and without delays of presence. */
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
