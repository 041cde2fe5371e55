// The digest of a representation (RFC 9530): of a file that is sent, and of one that is served.

import type { IncomingHttpHeaders } from 'node:http'
import { Problem } from '../operations/problems.ts'

/**
 * The SHA-256 in a Repr-Digest header, in hexadecimal digits; nothing where there is none. Throws 'bad-request' for a
 * broken one.
 */
export function digestIn(headers: IncomingHttpHeaders): { readonly digest?: string } {
  const header = headers['repr-digest']
  const written = /(?:^|,)\s*sha-256=:([^:]*):/.exec(String(header ?? ''))?.[1]
  if (written === undefined) return {}
  const digest = Buffer.from(written, 'base64')
  if (digest.length !== 32) throw new Problem('bad-request', { detail: 'Repr-Digest: sha-256=:…:' })
  return { digest: digest.toString('hex') }
}

/** @param sha256 in hexadecimal digits */
export function digestHeader(sha256: string): string {
  return `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`
}
