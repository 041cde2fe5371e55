// The Store port on PostgreSQL: a write queue, a pool of readers and one reader for search, with separate connections.

import { randomUUID } from 'node:crypto'
import type { Lost } from '../lost.ts'
import { StoreProxy } from '../proxy.ts'
import type { Queue } from '../scripts/method.ts'
import { queuesOfMethods } from '../scripts/scripts.ts'
import { sql, text } from '../scripts/sql.ts'
import { ConnectionPool } from './connection-pool.ts'
import { Database, type Options } from './database.ts'
import { FreeSpace } from './free-space.ts'
import { Lease } from './lease.ts'
import { ReadPool } from './read-pool.ts'
import { ReconnectingConnection } from './reconnecting-connection.ts'
import { WriteQueue } from './write-queue.ts'

const READERS = 3

type Runners = Readonly<Record<Queue, WriteQueue | ReadPool>>

/**
 * Several nodes may open one on the same database. What was answered is neither lost nor written twice when PostgreSQL
 * restarts or a connection breaks; calls wait meanwhile, and are refused with 'store-failed' after PATIENCE_MS.
 */
export class PostgresStore extends StoreProxy {
  /** Resolves, at most once, when the database continues from another history: the process must restart. */
  readonly lost: Promise<Lost>
  /** The epoch in which its nodes write: nodes of another epoch do not belong to this chat. */
  readonly epoch: string
  readonly #database: Database
  readonly #runners: Runners
  readonly #lease: Lease
  readonly #space: FreeSpace

  private constructor(database: Database, { runners, lease, space, epoch }: OpenedStore) {
    super(queuesOfMethods(), runners)
    this.epoch = epoch
    this.#database = database
    this.#runners = runners
    this.#lease = lease
    this.#space = space
    this.lost = database.lost
  }

  /** Opens the database, and migrates it to this version. Throws Unusable. */
  static async open(options: Options): Promise<PostgresStore> {
    const database = new Database(options, randomUUID())
    await database.prepare()
    const space = new FreeSpace(database)
    const lease = await Lease.begin(database, space)
    const runners = {
      write: new WriteQueue(database, space),
      read: new ReadPool(database, { most: READERS }),
      search: new ReadPool(database, { most: 1, planning: 'each' }),
    }
    const epoch = await epochOf(database)
    database.epoch = epoch
    return new PostgresStore(database, { runners, lease, space, epoch })
  }

  /** Further connections to the database, to be closed before the store. */
  pool(most: number): ConnectionPool {
    return new ConnectionPool(this.#database, this.#space, most)
  }

  /** Answers all calls, ends the lease and closes the connections. */
  async close(): Promise<void> {
    const { write, read, search } = this.#runners
    await Promise.all([read.close(), search.close()])
    await write.close()
    await this.#space.close()
    await this.#lease.end()
  }
}

interface OpenedStore {
  readonly runners: Runners
  readonly lease: Lease
  readonly space: FreeSpace
  readonly epoch: string
}

async function epochOf(database: Database): Promise<string> {
  const reconnecting = new ReconnectingConnection(database)
  try {
    const connection = await reconnecting.connection()
    const [found] = await connection.ask(sql`SELECT epoch FROM epochs ORDER BY id DESC LIMIT 1`)
    if (!found) throw new Error('no epoch has begun')
    return text(found, 'epoch')
  } finally {
    await reconnecting.close()
  }
}
