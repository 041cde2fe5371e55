// The store as it is configured: one file, or a PostgreSQL that several nodes share.

import { resolve } from 'node:path'
import type { Config } from '../config/settings.ts'
import { withoutSecret } from '../config.ts'
import type { Store } from '../core/ports.ts'
import { SqliteStore } from '../store/sqlite.ts'
import { Unusable } from '../store/unusable.ts'
import { languages } from '../wording/languages.ts'
import type { Condition } from './condition.ts'
import { StartFailed } from './start-failed.ts'

export interface OpenStore extends Store {
  /** Resolves at most once: the process must end, and the next start shows what survived. */
  readonly lost: Promise<Error>
  close(): Promise<void>
}

/** A store that is open, and where it is. */
export interface Opened {
  readonly store: OpenStore
  /** For people: a path, or an address without who asks. */
  readonly where: string
  /** What it holds is of this history alone: another one's nodes are none of ours. */
  readonly history: string
}

/** Throws StartFailed. */
export async function openStore(config: Config, condition: Condition): Promise<Opened> {
  const where = config.store.length === 0 ? fileOf(config) : addressOf(config)
  try {
    if (config.store.length === 0) return { store: await SqliteStore.open(where), where, history: where }
    const { PostgresStore } = await import('../store/postgres.ts')
    const store = await PostgresStore.open({ urls: config.store, degraded: condition.of('store') })
    return { store, where, history: store.epoch }
  } catch (error) {
    throw asStartFailed(error, where, config)
  }
}

export function fileOf({ data }: Config): string {
  return resolve(data, 'chat.db')
}

/** For people: who asks, and with what password, is nobody's business. */
export function addressOf({ store }: Config): string {
  return store.map(withoutSecret).join(', ')
}

/** What makes a database unusable, in words; anything else as it is. */
export function asStartFailed(error: unknown, where: string, { lang }: Config): unknown {
  return error instanceof Unusable ? new StartFailed(languages[lang].startFailed[error.code](where)) : error
}
