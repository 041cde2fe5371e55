/** The length of a value's JSON in UTF-8 bytes, as frames are measured. */
export function jsonBytes(value: object): number {
  return new TextEncoder().encode(JSON.stringify(value)).length
}
