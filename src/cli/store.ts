// The store that the settings ask for: a file, or a PostgreSQL that several nodes share.

import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Config } from '../config/settings.ts'
import { withoutSecret } from '../config.ts'
import type { FileStorage } from '../core/ports/file-storage.ts'
import type { Store } from '../core/ports/store.ts'
import { descriptors, transferLimit } from '../net/descriptors.ts'
import { FolderFileStorage } from '../store/files/folder.ts'
import type { Lost } from '../store/lost.ts'
import { SqliteStore } from '../store/sqlite/store.ts'
import { Unusable } from '../store/unusable.ts'
import { printableLine } from '../wire/printable.ts'
import { languages } from '../wording/languages.ts'
import type { HealthState } from './health-state.ts'
import { StartFailed } from './start-failed.ts'

export interface OpenStore extends Store {
  /** Resolves if the store fails for good: the process must end, and the next start shows what was stored. */
  readonly lost: Promise<Lost>
  close(): Promise<void>
}

/** An open store, and what the server must know of it. */
export interface StoreHandle {
  readonly store: OpenStore
  /** The bytes of the files that the store knows; to be closed before it. */
  readonly files: FileStorage
  /** For people: a path, or an address without user and password. */
  readonly where: string
  /** Identifies its contents: nodes with another history must not share a bus with us. */
  readonly history: string
  /** Parts of the schema that another program had changed or removed, and that were restored. */
  readonly remade: readonly string[]
  /** Calls back with why reads were refused that a later attempt may get. */
  watchReaders(tell: (error: Error) => void): void
  /** Unlocks the folder; until then no other server can use it. */
  release(): void
}

/** Throws StartFailed if it can't be opened. */
export async function openStore(config: Config, healthState: HealthState): Promise<StoreHandle> {
  const isFile = config.store.length === 0
  const where = isFile ? fileOf(config) : addressOf(config)
  const folder = isFile ? undefined : await holdFolder(config)
  const release = () => folder?.close()
  try {
    if (isFile) {
      const store = await SqliteStore.open(where, (part, wrong) => healthState.reporter(part)(wrong))
      const files = await openFolder(config, healthState).catch(error => closed(store, error))
      const watchReaders = store.watchReaders.bind(store)
      return { store, files, where, history: where, remade: store.remade, watchReaders, release }
    }
    const [{ PostgresStore }, { PostgresFileStorage }] = await Promise.all([
      import('../store/postgres/store.ts'),
      import('../store/files/postgres.ts'),
    ])
    const store = await PostgresStore.open({
      urls: config.store,
      degraded: healthState.reporter('store'),
      damaged: () => healthState.reporter('data')('damaged'),
    })
    const scratch = join(dirname(fileOf(config)), 'scratch')
    const files = await PostgresFileStorage.open(store, scratch).catch(error => closed(store, error))
    return { store, files, where, history: store.epoch, remade: [], watchReaders() {}, release }
  } catch (error) {
    throw asStartFailed(error, where, config)
  }
}

/** Closes the store after an error, which it throws. */
async function closed(store: OpenStore, error: unknown): Promise<never> {
  await store.close()
  throw error
}

/** Opens `files/` beside chat.db. Throws StartFailed. */
async function openFolder(config: Config, healthState: HealthState): Promise<FileStorage> {
  const path = join(dirname(fileOf(config)), 'files')
  const descriptorLimit = transferLimit(descriptors())
  return FolderFileStorage.open(path, { onFull: healthState.reporter('files'), descriptorLimit }).catch(
    error => {
      throw asStartFailed(error, path, config)
    },
  )
}

/** Locks the folder of a node without chat.db: it holds the admin socket and the certificate, of one node alone. */
async function holdFolder(config: Config): Promise<Disposable & { close(): void }> {
  const { lock } = await import('../store/sqlite/file.ts')
  try {
    return lock(fileOf(config))
  } catch (error) {
    throw asStartFailed(error, resolve(config.data), config)
  }
}

/** The path of chat.db, symbolic links resolved: its lock and its write-ahead log lie beside the file itself. */
export function fileOf({ data }: Config): string {
  const path = resolve(data, 'chat.db')
  return existsSync(path) ? realpathSync(path) : path
}

/** The store's URLs for people, without user and password. */
export function addressOf({ store }: Config): string {
  return store.map(withoutSecret).join(', ')
}

/** An Unusable as a StartFailed with its sentence; any other error as it is. */
export function asStartFailed(error: unknown, where: string, { lang }: Config): unknown {
  return error instanceof Unusable
    ? new StartFailed(
        languages[lang].startFailed[error.code](where, printableLine(String(error.cause ?? ''))),
      )
    : error
}
