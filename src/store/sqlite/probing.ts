// Whether a text can be stored, tried in transactions that are rolled back.

import type { DatabaseSync } from 'node:sqlite'
import { isDamage } from './file.ts'

/** Rooms in which it is tried, the liveliest first: what is damaged may be the end of one. */
const ROOMS = 'SELECT id FROM rooms ORDER BY last_at DESC LIMIT 20'

/** Takes pages beyond the row's own, too. */
const TEXT = `
  INSERT INTO messages (id, user_id, message, created_at, epoch_id)
  SELECT (SELECT COALESCE(max(id), ?1) + 1 FROM messages WHERE id BETWEEN ?1 AND ?1 + 4294967294),
         min(id), hex(zeroblob(8192)), 0, 0
  FROM users
`

/** @returns false when damage refuses a text in every room that was tried */
export function canStore(database: DatabaseSync): boolean {
  try {
    const rooms = database.prepare(ROOMS).all()
    return rooms.length === 0 || rooms.some(({ id }) => takesText(database, Number(id)))
  } catch (error) {
    return !isDamage(error)
  }
}

function takesText(database: DatabaseSync, room: number): boolean {
  try {
    database.exec('BEGIN IMMEDIATE')
    database.prepare(TEXT).run(room * 2 ** 32)
    return true
  } catch (error) {
    return !isDamage(error)
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK')
  }
}
