// Prepares a file for a server's start: removes what ended with the last one, and begins an epoch.

import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { GUESTS_GONE } from '../scripts/guests.ts'
import { LAST_ID } from '../scripts/open-room.ts'
import { pragma } from './schema.ts'

/**
 * Another program may have given rows ids after which none can follow: then no epoch could begin, and no session.
 */
const SESSIONS_WITHIN_REACH = `
  DELETE FROM sessions WHERE id NOT BETWEEN 0 AND ${LAST_ID};
  UPDATE sqlite_sequence SET seq = (SELECT COALESCE(max(id), 0) FROM sessions)
    WHERE name = 'sessions' AND seq NOT BETWEEN 0 AND ${LAST_ID};
`

/** To be called once, before the first call. */
export function beginEpoch(database: DatabaseSync): void {
  // A session without a token ended with its connection to the last server.
  database.exec('DELETE FROM sessions WHERE hash IS NULL')
  database.exec(GUESTS_GONE)
  // Another program may have emptied the table; without a secret nobody can log in by SCRAM.
  database.exec(
    'INSERT INTO secrets SELECT lower(hex(randomblob(32))) WHERE NOT EXISTS (SELECT 1 FROM secrets)',
  )
  database.exec(`DELETE FROM epochs WHERE id NOT BETWEEN 0 AND ${LAST_ID}; ${SESSIONS_WITHIN_REACH}`)
  database.prepare('INSERT INTO epochs (epoch, began_at) VALUES (?, ?)').run(randomUUID(), Date.now())
  // Writes the first page, with a change counter that no copy from before this start has (contents.ts).
  database.exec(`PRAGMA user_version = ${pragma(database, 'user_version')}`)
}

/**
 * The same while the server runs, in a transaction. SQLite says of a table without a further id that the disk is full.
 * @returns whether there were such ids of sessions: then what failed can be tried again
 */
export function bringWithinReach(database: DatabaseSync): boolean {
  const changes = database.prepare('SELECT total_changes() AS count')
  const before = changes.get()?.count
  database.exec(SESSIONS_WITHIN_REACH)
  return changes.get()?.count !== before
}
