// A node's lease, renewed in the database. A session without a token ends with its connection, so the sessions of a node
// whose lease has expired are removed by any other.

import { setTimeout as sleep } from 'node:timers/promises'
import { number, sql } from '../scripts/sql.ts'
import type { Connection } from './connection.ts'
import type { Database } from './database.ts'
import type { FreeSpace } from './free-space.ts'
import { ReconnectingConnection } from './reconnecting-connection.ts'
import { isFull } from './run-script.ts'

/** Interval of renewals. */
const EVERY_MS = 15_000
/** A lease expires this long after its last renewal. */
export const SILENT_SECONDS = 60

export class Lease {
  readonly #database: Database
  readonly #space: FreeSpace
  readonly #connection: ReconnectingConnection
  readonly #ended = new AbortController()
  #keeping: Promise<void> = Promise.resolve()

  private constructor(database: Database, space: FreeSpace) {
    this.#database = database
    this.#space = space
    this.#connection = new ReconnectingConnection(database)
  }

  static async begin(database: Database, space: FreeSpace): Promise<Lease> {
    const lease = new Lease(database, space)
    await lease.#renew().catch(async error => {
      await lease.#connection.close()
      throw error
    })
    lease.#keeping = lease.#keep()
    return lease
  }

  async #keep(): Promise<void> {
    const { signal } = this.#ended
    for (;;) {
      await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => {})
      if (signal.aborted) return
      // A failure is retried at the next interval.
      await this.#renew().catch(error => {
        if (isFull(error)) this.#space.ranOut()
        else this.#database.reportProblem(this.#connection, error)
      })
    }
  }

  async #renew(): Promise<void> {
    const connection = await this.#connection.connection()
    const { node } = this.#database
    await this.#database.checkContents(connection)
    await connection.ask(
      sql`INSERT INTO nodes (id, seen_at) VALUES (${node}, clock_timestamp())
          ON CONFLICT (id) DO UPDATE SET seen_at = EXCLUDED.seen_at`,
    )
    await connection.ask(sql`INSERT INTO rounds (node, round) VALUES (${node}, 0) ON CONFLICT DO NOTHING`)
    await removeSilent(connection)
    await this.#hearTime(connection)
    this.#database.reportProblem(this.#connection, undefined)
  }

  async #hearTime(connection: Connection): Promise<void> {
    const sentAt = performance.now()
    const [found] = await connection.ask(
      sql`SELECT CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT) AS now`,
    )
    if (found) this.#database.hear({ now: number(found, 'now'), sentAt, receivedAt: performance.now() })
  }

  /** Ends the lease, and the node's sessions without a token. */
  async end(): Promise<void> {
    this.#ended.abort()
    await this.#keeping
    await this.#leave().catch(() => {}) // the database is away: the lease will expire
    await this.#connection.close()
  }

  async #leave(): Promise<void> {
    const connection = await this.#connection.connection()
    const { node } = this.#database
    await connection.askAll([
      sql`DELETE FROM sessions WHERE hash IS NULL AND node = ${node}`,
      sql`DELETE FROM rounds WHERE node = ${node}`,
      sql`DELETE FROM nodes WHERE id = ${node}`,
    ])
  }
}

async function removeSilent(connection: Connection): Promise<void> {
  await connection.askAll([
    sql`DELETE FROM sessions WHERE hash IS NULL AND NOT EXISTS (
          SELECT 1 FROM nodes WHERE nodes.id = sessions.node
            AND seen_at > clock_timestamp() - make_interval(secs => ${SILENT_SECONDS}))`,
    // Guests are there no longer than their sessions; those who are just arriving have none yet.
    sql`DELETE FROM memberships USING users, rooms
        WHERE users.id = user_id AND rooms.id = room_id AND guest = 1 AND disabled = 0 AND rooms.kind <> 'direct'
          AND users.created_at < extract(epoch FROM clock_timestamp() - make_interval(secs => ${SILENT_SECONDS})) * 1000
          AND NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.user_id = users.id)`,
    sql`UPDATE users SET disabled = 1, folded = '~' || id, skeleton = '~' || id, shown = ''
        WHERE guest = 1 AND disabled = 0
          AND created_at < extract(epoch FROM clock_timestamp() - make_interval(secs => ${SILENT_SECONDS})) * 1000
          AND NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.user_id = users.id)`,
    // Kept for a day: a node that was only cut off asks for the number of its last round.
    sql`DELETE FROM nodes WHERE seen_at < clock_timestamp() - interval '1 day'`,
    sql`DELETE FROM rounds WHERE NOT EXISTS (SELECT 1 FROM nodes WHERE nodes.id = rounds.node)`,
  ])
}
