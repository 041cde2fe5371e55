import type { Wording } from '../wording/es.ts'

/** The server or a command can't run. The message is a sentence for people, on one line. */
export class StartFailed extends Error {}

/** The system's error code, such as EADDRINUSE; undefined if it has none. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** The meaning of a system error code, for people: a clause without a full stop. */
export function reasonOf(code: string, { system }: Wording): string {
  const { other, ...known } = system
  const reasons: Readonly<Record<string, string>> = known
  return reasons[code] ?? other(code)
}
