// The log as the feeds read it, and what other programs have done to it meanwhile: whoever runs the server is told.

import { type LogEvent, NOBODY, type RoomId, type Seq } from '../model/model.ts'
import type { Head, Log, RowPlace } from '../ports/log.ts'

/** What another program has done to a room's rows. */
export type Tampering =
  /** These rows are missing, or make no sense: they are shown as deleted messages. */
  | { readonly kind: 'missing'; readonly room: RoomId; readonly seqs: readonly Seq[] }
  /** Rows were written behind the room's last one, up to this: they are shown from now on. */
  | { readonly kind: 'added'; readonly room: RoomId; readonly upto: Seq }
  /** The room's end was set where it has no rows: it is where they end. */
  | { readonly kind: 'misplaced'; readonly room: RoomId; readonly end: Seq }
  /** Rows were written far behind the room's last one, the last of them there: nobody is shown them. */
  | { readonly kind: 'lost'; readonly room: RoomId; readonly seq: Seq }

/** So many holes and lost rows are remembered, so that each is told once. */
const MOST_TOLD = 10_000

/** Deleted rows are asked for so many at a time. */
const DELETED = 1_000

type Read = Pick<Log, 'read' | 'readInTurn' | 'heads'>
type Watched = Read & Pick<Log, 'mend' | 'deleted' | 'strayed'>

export class WatchedLog implements Read {
  readonly #log: Watched
  readonly #found: (tampering: Tampering) => void
  /** Of what has been told already: `room/seq`. */
  readonly #told = new Set<string>()

  constructor(log: Watched, found: (tampering: Tampering) => void) {
    this.#log = log
    this.#found = found
  }

  async read(room: RoomId, after: Seq, upto: Seq, limit: number): Promise<readonly LogEvent[]> {
    return this.#look(room, await this.#log.read(room, after, upto, limit))
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
      if (lost && this.#untold(room, [lost]).length > 0) this.#found({ kind: 'lost', room, seq: lost })
    }
    return heads
  }

  /** Also in rooms that nobody reads. */
  async inspect(): Promise<void> {
    let places: readonly RowPlace[]
    do {
      places = await this.#log.deleted(DELETED)
      for (const [room, among] of Map.groupBy(places, place => place.room))
        this.#tellMissing(
          room,
          among.map(({ seq }) => seq),
        )
    } while (places.length === DELETED)
    const strayed = await this.#log.strayed()
    if (strayed.length > 0) await this.heads(strayed)
  }

  #look(room: RoomId, events: readonly LogEvent[]): readonly LogEvent[] {
    const holes = events.filter(({ author }) => author.id === NOBODY.id)
    this.#tellMissing(
      room,
      holes.map(({ seq }) => seq),
    )
    return events
  }

  #tellMissing(room: RoomId, seqs: readonly Seq[]): void {
    const fresh = this.#untold(room, seqs)
    if (fresh.length > 0) this.#found({ kind: 'missing', room, seqs: fresh })
  }

  /** Those of them that were not told yet: they are now. */
  #untold(room: RoomId, seqs: readonly Seq[]): readonly Seq[] {
    if (this.#told.size >= MOST_TOLD) return []
    const fresh = seqs.filter(seq => !this.#told.has(`${room}/${seq}`))
    for (const seq of fresh) this.#told.add(`${room}/${seq}`)
    return fresh
  }
}
