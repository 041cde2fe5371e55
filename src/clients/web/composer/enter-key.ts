/** Where there is a keyboard. On a phone Enter makes a line, and a button sends. */
export function sendsByEnter(): boolean {
  return !matchMedia('(pointer: coarse)').matches
}
