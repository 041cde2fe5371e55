// The store as it is configured: one file, or a PostgreSQL that several nodes share.

import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Config } from '../config/settings.ts'
import { withoutSecret } from '../config.ts'
import type { Store } from '../core/ports/store.ts'
import type { Lost } from '../store/lost.ts'
import { SqliteStore } from '../store/sqlite/store.ts'
import { Unusable } from '../store/unusable.ts'
import { printableLine } from '../wire/printable.ts'
import { languages } from '../wording/languages.ts'
import type { HealthState } from './health-state.ts'
import { StartFailed } from './start-failed.ts'

export interface OpenStore extends Store {
  /** Resolves at most once: the process must end, and the next start shows what survived. */
  readonly lost: Promise<Lost>
  close(): Promise<void>
}

/** A store that is open, and where it is. */
export interface StoreHandle {
  readonly store: OpenStore
  /** For people: a path, or an address without who asks. */
  readonly where: string
  /** What it holds is of this history alone: another one's nodes are none of ours. */
  readonly history: string
  /** What of it another program had taken away or changed, and is as before. */
  readonly remade: readonly string[]
  /** Lets go of the folder, which no other server uses until then. */
  release(): void
}

/** Throws StartFailed. */
export async function openStore(config: Config, healthState: HealthState): Promise<StoreHandle> {
  const isFile = config.store.length === 0
  const where = isFile ? fileOf(config) : addressOf(config)
  const folder = isFile ? undefined : await holdFolder(config)
  const release = () => folder?.close()
  try {
    if (isFile) {
      const store = await SqliteStore.open(where, (part, wrong) => healthState.reporter(part)(wrong))
      return { store, where, history: where, remade: store.remade, release }
    }
    const { PostgresStore } = await import('../store/postgres/store.ts')
    const store = await PostgresStore.open({
      urls: config.store,
      degraded: healthState.reporter('store'),
      damaged: () => healthState.reporter('data')('damaged'),
    })
    return { store, where, history: store.epoch, remade: [], release }
  } catch (error) {
    throw asStartFailed(error, where, config)
  }
}

/** There is no file, but the socket of `tertulia users`, and a certificate: each node has a folder of its own. */
async function holdFolder(config: Config): Promise<Disposable & { close(): void }> {
  const { lock } = await import('../store/sqlite/file.ts')
  try {
    return lock(fileOf(config))
  } catch (error) {
    throw asStartFailed(error, resolve(config.data), config)
  }
}

/** The file itself, where a link leads to it: its lock and its log lie beside it. */
export function fileOf({ data }: Config): string {
  const path = resolve(data, 'chat.db')
  return existsSync(path) ? realpathSync(path) : path
}

/** For people: who asks, and with what password, is nobody's business. */
export function addressOf({ store }: Config): string {
  return store.map(withoutSecret).join(', ')
}

/** What makes a database unusable, in words; anything else as it is. */
export function asStartFailed(error: unknown, where: string, { lang }: Config): unknown {
  return error instanceof Unusable
    ? new StartFailed(
        languages[lang].startFailed[error.code](where, printableLine(String(error.cause ?? ''))),
      )
    : error
}
