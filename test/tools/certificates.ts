// Certificates for servers under test.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { selfSigned } from '../../src/cli/certificate.ts'

export interface Files {
  readonly cert: string
  readonly key: string
  /** The certificate, PEM: a client that trusts it trusts the server. */
  readonly ca: string
}

/** Writes a new certificate for localhost and its key, over those that are there. */
export function certificateIn(folder: string): Files {
  const { cert, key } = selfSigned(['localhost', '127.0.0.1'], Date.now())
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem'), ca: cert }
  writeFileSync(files.cert, cert)
  writeFileSync(files.key, key)
  return files
}
