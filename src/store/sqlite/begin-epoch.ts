// What a writer does to its file before it takes the first call.

import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { GUESTS_GONE } from '../scripts/guests.ts'
import { LAST_ID } from '../scripts/open-room.ts'

/**
 * Another program may have given rows numbers behind which none can come: the server could not begin its epoch, nor anybody
 * a session.
 */
const WITHIN_REACH = `
  DELETE FROM epochs WHERE id NOT BETWEEN 0 AND ${LAST_ID};
  DELETE FROM sessions WHERE id NOT BETWEEN 0 AND ${LAST_ID};
  UPDATE sqlite_sequence SET seq = (SELECT COALESCE(max(id), 0) FROM sessions)
    WHERE name = 'sessions' AND seq NOT BETWEEN 0 AND ${LAST_ID};
`

/** Takes away what ended with the server before, and begins an epoch. */
export function beginEpoch(database: DatabaseSync): void {
  // Without a token they were held by connections to a server that is gone.
  database.exec('DELETE FROM sessions WHERE hash IS NULL')
  database.exec(GUESTS_GONE)
  // Another program may have emptied the table; without one nobody logs in by SCRAM.
  database.exec(
    'INSERT INTO secrets SELECT lower(hex(randomblob(32))) WHERE NOT EXISTS (SELECT 1 FROM secrets)',
  )
  database.exec(WITHIN_REACH)
  database.prepare('INSERT INTO epochs (epoch, began_at) VALUES (?, ?)').run(randomUUID(), Date.now())
}
