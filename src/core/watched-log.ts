// The log as the feeds read it, and what other programs have done to it meanwhile: whoever runs the server is told.

import { type LogEvent, NOBODY, type RoomId, type Seq } from './model.ts'
import type { Head, Log } from './ports.ts'

/** What another program has done to a room's rows. */
export type Tampering =
  /** These rows are missing, or make no sense: they are shown as deleted messages. */
  | { readonly kind: 'missing'; readonly room: RoomId; readonly seqs: readonly Seq[] }
  /** Rows were written behind the room's last one, up to this: they are shown from now on. */
  | { readonly kind: 'added'; readonly room: RoomId; readonly upto: Seq }

/** So many holes are remembered, so that each is told once. */
const MOST_HOLES = 10_000

type Read = Pick<Log, 'read' | 'readInTurn' | 'heads'>

export class WatchedLog implements Read {
  readonly #log: Read & Pick<Log, 'mend'>
  readonly #found: (tampering: Tampering) => void
  /** Told of already: `room/seq`. */
  readonly #holes = new Set<string>()

  constructor(log: Read & Pick<Log, 'mend'>, found: (tampering: Tampering) => void) {
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
    for (const { room, head, strays } of heads) {
      if (!strays) continue
      await this.#log.mend(room)
      this.#found({ kind: 'added', room, upto: head })
    }
    return heads
  }

  #look(room: RoomId, events: readonly LogEvent[]): readonly LogEvent[] {
    const seqs = events.filter(({ author }) => author.id === NOBODY.id).map(({ seq }) => seq)
    const fresh = seqs.filter(seq => !this.#holes.has(`${room}/${seq}`))
    if (fresh.length === 0 || this.#holes.size >= MOST_HOLES) return events
    for (const seq of fresh) this.#holes.add(`${room}/${seq}`)
    this.#found({ kind: 'missing', room, seqs: fresh })
    return events
  }
}
