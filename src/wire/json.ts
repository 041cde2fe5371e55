// Parses untrusted JSON, with its nesting bounded first (RFC 8259; RFC 3629 for its bytes).

import { isUtf8 } from 'node:buffer'

/** The deepest nesting of arrays and objects. */
const DEEPEST = 16

export type Fault = 'not-utf8' | 'not-json' | 'too-deep'

export class NotJson extends Error {
  readonly fault: Fault

  constructor(fault: Fault) {
    super(fault)
    this.name = 'NotJson'
    this.fault = fault
  }
}

/** Parses UTF-8 JSON. Throws NotJson. */
export function parseJson(bytes: Uint8Array): unknown {
  if (!isUtf8(bytes)) throw new NotJson('not-utf8')
  const decoded = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
  const text = decoded.startsWith('\ufeff') ? decoded.slice(1) : decoded // a byte order mark may be ignored (RFC 8259, section 8.1)
  if (isTooDeep(text)) throw new NotJson('too-deep')
  try {
    return JSON.parse(text)
  } catch {
    throw new NotJson('not-json')
  }
}

const [QUOTE, BACKSLASH, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [34, 92, 91, 93, 123, 125]

function isTooDeep(text: string): boolean {
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const sign = text.charCodeAt(i)
    if (quoted) {
      if (sign === BACKSLASH) i++
      else if (sign === QUOTE) quoted = false
    } else if (sign === QUOTE) quoted = true
    else if (sign === OPEN_ARRAY || sign === OPEN_OBJECT) {
      if (++depth > DEEPEST) return true
    } else if (sign === CLOSE_ARRAY || sign === CLOSE_OBJECT) depth--
  }
  return false
}
