// WebSocket frames as a server sends them (RFC 6455, section 5.2): unfragmented and unmasked.

import { Buffer } from 'node:buffer'

const FINAL = 0x80
const [TEXT, PING, PONG] = [0x1, 0x9, 0xa]
const SHORT = 125

/** Makes a text message of one frame. */
export function textFrame(payload: Buffer | string): Buffer {
  return frame(TEXT, typeof payload === 'string' ? Buffer.from(payload) : payload)
}

/** Makes a pong. @param payload at most 125 bytes (section 5.5) */
export function pongFrame(payload: Buffer): Buffer {
  return frame(PONG, payload)
}

export const pingFrame: Uint8Array = Uint8Array.of(FINAL | PING, 0)

function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload
  const header = length <= SHORT ? 2 : length < 2 ** 16 ? 4 : 10
  const bytes = Buffer.allocUnsafe(header + length)
  bytes[0] = FINAL | opcode
  if (header === 2) bytes[1] = length
  else if (header === 4) {
    bytes[1] = 126
    bytes.writeUInt16BE(length, 2)
  } else {
    bytes[1] = 127
    bytes.writeBigUInt64BE(BigInt(length), 2)
  }
  payload.copy(bytes, header)
  return bytes
}
