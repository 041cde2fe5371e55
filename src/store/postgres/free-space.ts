// Whether the database's disk has space again after a write has found it full. Small writes that fit into a page which is
// there already succeed on a full disk, too: if each of them ended the problem, it would come and go with every long text.

import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from '../scripts/sql.ts'
import { Unusable } from '../unusable.ts'
import { BEGIN, ConnectionLost, ROLLBACK } from './connection.ts'
import type { Database } from './database.ts'
import { ReconnectingConnection } from './reconnecting-connection.ts'
import { isFull, isTransient } from './run-script.ts'

/** How often free space is looked for while the disk is full. */
const PROBE_MS = 1_000
/** Makes a megabyte of new pages where the database's tables lie, and takes them back. */
const PROBE = [
  BEGIN,
  sql`SET LOCAL temp_tablespaces = ''`,
  sql`CREATE TEMPORARY TABLE free_space (filling TEXT) ON COMMIT DROP`,
  sql`INSERT INTO free_space SELECT repeat('x', 1000) FROM generate_series(1, 1000)`,
]

export class FreeSpace {
  readonly #database: Database
  readonly #closing = new AbortController()
  #probing: Promise<void> | undefined

  constructor(database: Database) {
    this.#database = database
  }

  /** Reports a full disk, until a probe finds space. */
  ranOut(): void {
    this.#probing ??= this.#probe().finally(() => {
      this.#probing = undefined
    })
  }

  async #probe(): Promise<void> {
    const { signal } = this.#closing
    const connection = new ReconnectingConnection(this.#database)
    this.#database.reportProblem(this, 'full')
    do await sleep(PROBE_MS, undefined, { signal, ref: false }).catch(() => {})
    while (!signal.aborted && (await isStillFull(connection)))
    if (!signal.aborted) this.#database.reportProblem(this, undefined)
    await connection.close()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#probing
  }
}

async function isStillFull(reconnecting: ReconnectingConnection): Promise<boolean> {
  try {
    const connection = await reconnecting.connection()
    await connection.askAll(PROBE).finally(() => connection.ask(ROLLBACK))
    return false
  } catch (error) {
    // Other errors say nothing about space: an account that may not create tables would find it full for ever.
    return isFull(error) || isTransient(error) || error instanceof ConnectionLost || error instanceof Unusable
  }
}
