// A certificate and its key, from files that may be renewed while they are in use.

import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import { createSecureContext } from 'node:tls'

/** PEM. `cert` includes the chain. */
export interface KeyPair {
  readonly cert: Buffer
  readonly key: Buffer
}

/** The paths of the two files. */
export interface KeyPairFiles {
  readonly cert: string
  readonly key: string
}

export class BadKeyPair extends Error {
  readonly code: 'unreadable' | 'no-certificate' | 'no-key' | 'mismatch' | 'unfit'
  /** The file at fault; for a mismatch, the key's. */
  readonly path: string

  constructor(code: BadKeyPair['code'], path: string, cause?: unknown) {
    super(`${code}: ${path}`, { cause })
    this.code = code
    this.path = path
  }
}

/** Reads and checks both. Throws BadKeyPair: a key with a passphrase is 'no-key', a broken chain or a weak key 'unfit'. */
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

/** How often the files are checked: by name, so that symbolic links and renamed files are followed. */
const LOOK_MS = 1_000
/** How long to wait for the other file: the two are not written at the same instant. */
const SETTLE_MS = 500

/** Calls `changed` when either file has changed. Does not keep the process alive. @returns a function that stops it */
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
