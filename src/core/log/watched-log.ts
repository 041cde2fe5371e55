// The log as the feeds read it. Reports what other programs have done to it meanwhile.

import { type LogEvent, NOBODY, type RoomId, type Seq } from '../model/model.ts'
import type { Head, Log, RowPlace } from '../ports/log.ts'
import { readAround } from './unreadable.ts'

/** What another program has done to a room's rows. */
export type Tampering =
  /** These rows are missing or make no sense; they are shown as deleted messages. */
  | { readonly kind: 'missing'; readonly room: RoomId; readonly seqs: readonly Seq[] }
  /** Rows were written after the room's last one, up to this seq; they are shown from now on. */
  | { readonly kind: 'added'; readonly room: RoomId; readonly upto: Seq }
  /** The room's head was set to a seq without a row; it is now where the rows end. */
  | { readonly kind: 'misplaced'; readonly room: RoomId; readonly end: Seq }
  /** Rows were written far beyond the room's head, the last of them at this seq; nobody is shown them. */
  | { readonly kind: 'lost'; readonly room: RoomId; readonly seq: Seq }

/** Holes and lost rows that are remembered, so that each is reported once. */
const MOST_REPORTED = 10_000

/** Deleted rows asked for at a time. */
const DELETED = 1_000

type Read = Pick<Log, 'read' | 'readInTurn' | 'heads'>
type Watched = Read & Pick<Log, 'mend' | 'deleted' | 'strayed'>

/** Reads through to the log, and reports each finding once. */
export class WatchedLog implements Read {
  readonly #log: Watched
  readonly #found: (tampering: Tampering) => void
  /** What has been reported, as `room/seq`. */
  readonly #reported = new Set<string>()

  constructor(log: Watched, found: (tampering: Tampering) => void) {
    this.#log = log
    this.#found = found
  }

  async read(room: RoomId, after: Seq, upto: Seq, limit: number): Promise<readonly LogEvent[]> {
    const read = async (from: Seq, to: Seq) =>
      this.#look(room, await this.#log.read(room, from, to, Math.min(limit, to - from)))
    return readAround(room, read, [after, Math.min(upto, after + limit) as Seq])
  }

  async readInTurn(room: RoomId, after: Seq, limit: number): Promise<readonly LogEvent[]> {
    return this.#look(room, await this.#log.readInTurn(room, after, limit))
  }

  async heads(rooms: readonly RoomId[]): Promise<readonly Head[]> {
    const heads = await this.#log.heads(rooms)
    for (const { room, head, strays, misplaced, lost } of heads) {
      if (strays || misplaced) await this.#log.mend(room)
      if (strays) this.#found({ kind: 'added', room, upto: head })
      if (misplaced) this.#found({ kind: 'misplaced', room, end: head })
      if (lost && this.#unreported(room, [lost]).length > 0) this.#found({ kind: 'lost', room, seq: lost })
    }
    return heads
  }

  /** Looks for deleted and added rows in all rooms, even those that nobody reads. */
  async inspect(): Promise<void> {
    let places: readonly RowPlace[]
    do {
      places = await this.#log.deleted(DELETED)
      for (const [room, among] of Map.groupBy(places, place => place.room))
        this.#reportMissing(
          room,
          among.map(({ seq }) => seq),
        )
    } while (places.length === DELETED)
    const strayed = await this.#log.strayed()
    if (strayed.length > 0) await this.heads(strayed)
  }

  #look(room: RoomId, events: readonly LogEvent[]): readonly LogEvent[] {
    const holes = events.filter(({ author }) => author.id === NOBODY.id)
    this.#reportMissing(
      room,
      holes.map(({ seq }) => seq),
    )
    return events
  }

  #reportMissing(room: RoomId, seqs: readonly Seq[]): void {
    const fresh = this.#unreported(room, seqs)
    if (fresh.length > 0) this.#found({ kind: 'missing', room, seqs: fresh })
  }

  /** Those of the seqs that have not been reported; from now on they count as reported. */
  #unreported(room: RoomId, seqs: readonly Seq[]): readonly Seq[] {
    if (this.#reported.size >= MOST_REPORTED) return []
    const fresh = seqs.filter(seq => !this.#reported.has(`${room}/${seq}`))
    for (const seq of fresh) this.#reported.add(`${room}/${seq}`)
    return fresh
  }
}
