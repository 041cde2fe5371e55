// The part of DER (ITU-T X.690) that a certificate needs.

/** Identifier octets: class, form and number of the type (X.690, 8.1.2). */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([Uint8Array.of(tag), length(content.length), content])
}

/** Length octets: short form up to 127, else long form, up to 65,535 (X.690, 8.1.3). */
function length(of: number): Uint8Array {
  if (of < 0x80) return Uint8Array.of(of)
  return of < 0x100 ? Uint8Array.of(0x81, of) : Uint8Array.of(0x82, of >> 8, of & 0xff)
}

export function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(TAG.sequence, ...parts)
}

/** A bit string of whole bytes: no unused bits in the last one (X.690, 8.6). */
export function bits(bytes: Uint8Array): Buffer {
  return der(TAG.bits, Uint8Array.of(0), bytes)
}

/** @param dotted such as 1.2.840.10045.4.3.2; the first two arcs share a byte (X.690, 8.19.4) */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...arcs] = dotted.split('.').map(Number)
  return der(TAG.oid, Uint8Array.of(first * 40 + second, ...arcs.flatMap(base128)))
}

function base128(arc: number): number[] {
  const low = arc & 0x7f
  return arc < 0x80 ? [low] : [...base128(arc >> 7).map(byte => byte | 0x80), low]
}

/** UTCTime, with a year of two digits, until 2049; GeneralizedTime, with four, from then on (RFC 5280, 4.1.2.5). */
export function time(at: Date): Buffer {
  const digits = `${at.toISOString().replace(/[-:T]|\.\d+/g, '')}`
  const early = at.getUTCFullYear() < 2050
  return der(early ? TAG.utcTime : TAG.generalizedTime, Buffer.from(early ? digits.slice(2) : digits))
}
