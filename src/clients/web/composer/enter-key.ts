/** Whether Enter sends: on a phone it begins a new line, and a button sends. */
export function sendsByEnter(): boolean {
  return !isTouch()
}

/** Whether one points with fingers: then a field that takes the focus brings up a keyboard. */
export function isTouch(): boolean {
  return matchMedia('(pointer: coarse)').matches
}

/** What `keyCode` says of a key that an input method takes. */
const TAKEN = 229

/** Whether an input method takes the key. Safari ends the composition before the Enter that ends it. */
export function isComposing({ isComposing, keyCode }: KeyboardEvent): boolean {
  return isComposing || keyCode === TAKEN
}
