// The self-signed certificate, in files beside chat.db.

import { X509Certificate } from 'node:crypto'
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { type KeyPairFiles, readKeyPair } from '../net/key-pair.ts'
import { ownAddresses } from './addresses.ts'
import { selfSigned } from './certificate.ts'

const DAY_MS = 86_400_000
const RENEWED_BEFORE_MS = 30 * DAY_MS

export interface SelfSignedOptions {
  /** Where tls-cert.pem and tls-key.pem lie. */
  readonly folder: string
  readonly publicUrl: string | undefined
}

/**
 * Makes the files if there are none, and renews them in the last 30 days of the certificate. Until then it is kept
 * even if the machine's addresses change: people compare its fingerprint. Throws BadKeyPair.
 */
export function keepSelfSigned({ folder, publicUrl }: SelfSignedOptions, now: number): KeyPairFiles {
  const files = { cert: join(folder, 'tls-cert.pem'), key: join(folder, 'tls-key.pem') }
  const isThere = existsSync(files.cert) || existsSync(files.key)
  if (isThere && expiry(files) - now > RENEWED_BEFORE_MS) return files
  const { cert, key } = selfSigned(namesOf(publicUrl), now)
  write(files.key, key, 0o600)
  write(files.cert, cert, 0o644)
  return files
}

function expiry(files: KeyPairFiles): number {
  return new X509Certificate(readKeyPair(files).cert).validToDate.getTime()
}

function namesOf(publicUrl: string | undefined): string[] {
  const host = publicUrl === undefined ? [] : [new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')]
  const machine = /^[a-z\d.-]+$/i.test(hostname()) ? [hostname()] : []
  const addresses = [...ownAddresses('IPv4'), ...ownAddresses('IPv6')]
  return [...new Set(['localhost', ...machine, ...host, '127.0.0.1', '::1', ...addresses])]
}

/** Writes the file whole or not at all. */
function write(path: string, text: string, mode: number): void {
  const fresh = `${path}.new`
  writeFileSync(fresh, text, { mode })
  renameSync(fresh, path)
}
