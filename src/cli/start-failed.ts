import type { Wording } from '../wording/es.ts'

/** The server can't start; the message is for people, on one line. */
export class StartFailed extends Error {}

/** The system's, such as EADDRINUSE; undefined where there is none. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** What that code means, for people: a clause without its full stop. */
export function reasonOf(code: string, { system }: Wording): string {
  const { other, ...known } = system
  const reasons: Readonly<Record<string, string>> = known
  return reasons[code] ?? other(code)
}
