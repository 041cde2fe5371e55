// A certificate and its key, from files that somebody else may renew while they are in use.

import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import { createSecureContext } from 'node:tls'

/** PEM; `cert` holds its chain too. */
export interface KeyPair {
  readonly cert: Buffer
  readonly key: Buffer
}

/** Where they are. */
export interface KeyPairFiles {
  readonly cert: string
  readonly key: string
}

export class BadKeyPair extends Error {
  readonly code: 'unreadable' | 'no-certificate' | 'no-key' | 'mismatch' | 'unfit'
  /** The file at fault; of a mismatch, the key's. */
  readonly path: string

  constructor(code: BadKeyPair['code'], path: string, cause?: unknown) {
    super(`${code}: ${path}`, { cause })
    this.code = code
    this.path = path
  }
}

/** Throws BadKeyPair. A key with a passphrase is 'no-key'; a broken chain or a key that is too weak, 'unfit'. */
export function readKeyPair(files: KeyPairFiles): KeyPair {
  const [cert, key] = [contents(files.cert), contents(files.key)]
  const privateKey = attempt(() => createPrivateKey(key), 'no-key', files.key)
  const certificate = attempt(() => new X509Certificate(cert), 'no-certificate', files.cert)
  if (!certificate.checkPrivateKey(privateKey)) throw new BadKeyPair('mismatch', files.key)
  attempt(() => createSecureContext({ cert, key }), 'unfit', files.cert)
  return { cert, key }
}

function contents(path: string): Buffer {
  return attempt(() => readFileSync(path), 'unreadable', path)
}

function attempt<T>(make: () => T, code: BadKeyPair['code'], path: string): T {
  try {
    return make()
  } catch (error) {
    throw new BadKeyPair(code, path, error)
  }
}

/** Files are looked at so often: by name, so that links and what is moved into place are followed. */
const LOOK_MS = 1_000
/** Two files are never written at once. */
const SETTLE_MS = 500

/** Tells when either file has changed. Keeps no process alive. @returns what ends it */
export function watchKeyPair({ cert, key }: KeyPairFiles, changed: () => void): () => void {
  let settling: NodeJS.Timeout | undefined
  const look = () => {
    clearTimeout(settling)
    settling = setTimeout(changed, SETTLE_MS).unref()
  }
  for (const path of [cert, key]) watchFile(path, { interval: LOOK_MS, persistent: false }, look)
  return () => {
    clearTimeout(settling)
    for (const path of [cert, key]) unwatchFile(path, look)
  }
}
