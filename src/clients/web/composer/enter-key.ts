/** Whether Enter sends: on a phone it begins a new line, and a button sends. */
export function sendsByEnter(): boolean {
  return !matchMedia('(pointer: coarse)').matches
}
