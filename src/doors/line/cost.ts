// What showing lines costs of the rate limit.

/** Lines, and UTF-16 units, that cost about as much as a whole other command. */
const LINES_PER_TURN = 128
const UNITS_PER_TURN = 32 << 10

/** Turns that lines cost, besides the one of the command that shows them. */
export function costOf(lines: readonly string[]): number {
  const units = lines.reduce((sum, { length }) => sum + length, 0)
  return Math.floor(lines.length / LINES_PER_TURN + units / UNITS_PER_TURN)
}
