// Whether what this process has committed is still in chat.db. Another program may take it back by a commit of its own
// (sqlite3's .restore), or by writing older files over the open ones. The next posts would get the seqs of those that are
// gone, in the same epoch, and whoever has seen those would be shown nothing of the new ones.

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { RoomId } from '../../core/model/model.ts'

const EPOCH = 'SELECT epoch FROM epochs ORDER BY id DESC LIMIT 1'

/** A room of ours that ends earlier by its row, and by its events: those alone may be deleted. */
const SHORTER = `
  SELECT 1 FROM (SELECT CAST(key AS INTEGER) AS room, value AS last FROM json_each(?)) AS ours
  LEFT JOIN rooms ON rooms.id = room
  WHERE COALESCE(last_seq, 0) < last
    AND NOT EXISTS (SELECT 1 FROM messages WHERE messages.id BETWEEN room * 4294967296 + last AND room * 4294967296 + 4294967295)
    AND NOT EXISTS (SELECT 1 FROM changes WHERE changes.id BETWEEN room * 4294967296 + last AND room * 4294967296 + 4294967295)
  LIMIT 1
`

export class Committed {
  readonly #epoch: unknown
  /** Where the rooms end that were moved. */
  readonly #ends = new Map<RoomId, number>()
  readonly #pending = new Map<RoomId, number>()
  readonly #whichVersion: StatementSync
  readonly #whichEpoch: StatementSync
  readonly #findShorter: StatementSync
  /** SQLite's number of the last contents that were looked at: it changes with what others commit, not with our commits. */
  #seen: unknown
  #wasTakenBack = false

  /** @param database in which this process has begun its epoch */
  constructor(database: DatabaseSync) {
    this.#whichVersion = database.prepare('PRAGMA data_version')
    this.#whichEpoch = database.prepare(EPOCH)
    this.#findShorter = database.prepare(SHORTER)
    this.#epoch = this.#whichEpoch.get()?.epoch
  }

  /** The running transaction has moved the ends of these rooms. */
  note(moved: ReadonlyMap<RoomId, number>): void {
    for (const [room, last] of moved) this.#pending.set(room, last)
  }

  /** The transaction has ended. */
  ended(how: 'committed' | 'rolled-back'): void {
    if (how === 'committed') for (const [room, last] of this.#pending) this.#ends.set(room, last)
    this.#pending.clear()
  }

  /** What `isTakenBack` said last. Once true, it stays true: seqs would be used twice. */
  get wasTakenBack(): boolean {
    return this.#wasTakenBack
  }

  /** Within a transaction, of what that sees. What can't be read now says nothing, and is read again the next time. */
  isTakenBack(): boolean {
    try {
      this.#wasTakenBack ||= this.#isAnothers() && this.#isLess()
    } catch {
      this.#seen = undefined
    }
    return this.#wasTakenBack
  }

  #isAnothers(): boolean {
    const version = this.#whichVersion.get()?.data_version
    if (version === this.#seen) return false
    this.#seen = version
    return true
  }

  #isLess(): boolean {
    if (this.#whichEpoch.get()?.epoch !== this.#epoch) return true
    return this.#findShorter.get(JSON.stringify(Object.fromEntries(this.#ends))) !== undefined
  }
}
