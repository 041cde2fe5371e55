// A server whose people come and go at once, and sources of theirs.

import { build, type Edit, noRest } from '../tools/build.ts'
import { type Server, startServer } from '../tools/server.ts'

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
  const told = await build(noRest, ...edits)
  const server = await startServer({ sources: told.sources, args: ['--no-limits', ...args] })
  t.after(async () => {
    await server[Symbol.asyncDispose]()
    await told[Symbol.asyncDispose]()
  })
  return server
}
