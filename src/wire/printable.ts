// Makes untrusted text safe for terminals.

// C0 except tab and newline, DEL, C1; bidirectional overrides, embeddings, isolates and marks; line and paragraph
// separators, which some terminals obey; lone surrogates, which are not text.
const UNSAFE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/
const UNSAFE_ALL =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Replaces control characters by their pictures (␛) and removes direction marks: no text can move another's cursor. */
export function printable(text: string): string {
  return UNSAFE.test(text) ? text.replace(UNSAFE_ALL, picture) : text
}

/** Removes them without pictures, for programs. */
export function withoutControls(text: string): string {
  return UNSAFE.test(text) ? text.replace(UNSAFE_ALL, '') : text
}

/** Like `printable`, on one line. */
export function printableLine(text: string): string {
  return printable(text).replace(/[\n\t]+/g, ' ')
}

function picture(unsafe: string): string {
  const code = unsafe.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  if (code < 0xa0 || code >= 0xd800) return '\ufffd'
  return ''
}
