// The client's side of SCRAM-SHA-256 (RFC 5802, section 3).

import assert from 'node:assert/strict'
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'

/** The client's final message, and the server's expected answer. */
export interface Proof {
  readonly message: string
  readonly signature: string
}

/** @param first the client's first message, with its GS2 header, such as n,, */
export function proofFor({
  first,
  challenge,
  password,
}: Record<'first' | 'challenge' | 'password', string>): Proof {
  const [, nonce = '', salt = '', iterations = ''] =
    /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(challenge) ?? assert.fail(challenge)
  const [, header = '', bare = ''] = /^([^,]*,[^,]*,)(.*)$/s.exec(first) ?? assert.fail(first)
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256')
  const clientKey = hmac(salted, 'Client Key')
  const without = `c=${Buffer.from(header).toString('base64')},r=${nonce}`
  const whole = `${bare},${challenge},${without}`
  const signed = hmac(createHash('sha256').update(clientKey).digest(), whole)
  const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (signed[i] ?? 0)))
  return {
    message: `${without},p=${proof.toString('base64')}`,
    signature: `v=${hmac(hmac(salted, 'Server Key'), whole).toString('base64')}`,
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
