/** The server can't start; the message is for people, on one line. */
export class StartFailed extends Error {}

/** The system's, such as EADDRINUSE; undefined where there is none. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
