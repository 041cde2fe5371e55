// TLS as the settings ask for it: which certificate, and what happens when its files change.

import { X509Certificate } from 'node:crypto'
import type { Logger } from 'pino'
import type { Config } from '../config/settings.ts'
import { BadKeyPair, type KeyPairFiles, readKeyPair, watchKeyPair } from '../net/key-pair.ts'
import type { SilencePolicy } from '../net/patience.ts'
import type { OnConnection } from '../net/port.ts'
import { Tls } from '../net/tls.ts'
import type { Wording } from '../wording/es.ts'
import { keepSelfSigned } from './self-signed.ts'
import { StartFailed } from './start-failed.ts'

const DAY_MS = 86_400_000

export interface Encryption {
  readonly tls: Tls
  /** SHA-256 of the certificate that the server made itself; undefined for one from --tls-cert. */
  readonly fingerprint: string | undefined
}

export interface EncryptionDeps {
  /** The folder of chat.db, for the self-signed certificate. */
  readonly folder: string
  readonly log: Logger
  readonly wording: Wording
  readonly patience: SilencePolicy
  /** Takes the decrypted connections. */
  readonly answer: OnConnection
}

/** @returns undefined if no certificate is configured. Throws StartFailed for files that are unusable. */
export function openEncryption(config: Config, deps: EncryptionDeps): Encryption | undefined {
  try {
    const files = filesOf(config, deps)
    if (!files) return undefined
    const pair = readKeyPair(files)
    const tls = new Tls(pair, deps.patience, deps.answer)
    reloadWhenChanged(tls, files, deps.log)
    const own = config.tls === 'self-signed'
    return { tls, fingerprint: own ? new X509Certificate(pair.cert).fingerprint256 : undefined }
  } catch (error) {
    if (error instanceof BadKeyPair) throw new StartFailed(deps.wording.badKeyPair[error.code](error.path))
    throw error
  }
}

function filesOf(config: Config, { folder, log }: EncryptionDeps): KeyPairFiles | undefined {
  const { tls, tlsCert, tlsKey, publicUrl } = config
  if (tlsCert !== undefined && tlsKey !== undefined) return { cert: tlsCert, key: tlsKey }
  if (tls === undefined) return undefined
  const keep = () => keepSelfSigned({ folder, publicUrl }, Date.now())
  setInterval(() => {
    try {
      keep()
    } catch (err) {
      log.error({ err }, 'the self-signed certificate could not be renewed')
    }
  }, DAY_MS).unref()
  return keep()
}

/** Unusable files, such as a new certificate without its key, leave the old certificate in use. */
function reloadWhenChanged(tls: Tls, files: KeyPairFiles, log: Logger): void {
  watchKeyPair(files, () => {
    try {
      tls.renew(readKeyPair(files))
      log.info({ cert: files.cert }, 'the certificate was renewed')
    } catch (err) {
      log.error({ err }, 'the new certificate is unusable: the old one stays in use')
    }
  })
}
