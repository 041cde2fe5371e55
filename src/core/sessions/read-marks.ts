// How far people have read, in each of their rooms.

import type { ClusterMessages } from '../cluster/cluster-messages.ts'
import type { Seat } from '../log/seat.ts'
import type { Person, RoomId, Seq } from '../model/model.ts'
import { Refusal } from '../model/refusals.ts'
import type { Parts } from '../parts.ts'
import type { Session, Sessions } from './sessions.ts'

interface ReadMarksDeps extends Pick<Parts, 'store'> {
  readonly cluster: ClusterMessages
  readonly sessions: Sessions
}

export class ReadMarks {
  readonly #deps: ReadMarksDeps

  constructor(deps: ReadMarksDeps) {
    this.#deps = deps
    deps.cluster.on('marked', ({ person, room, seq, back = false }) => {
      for (const session of deps.sessions.of(person)) {
        const seat = session.seat(room)
        if (seat) holdOrRelease(seat, seq, back)
        session.view.readMarkMoved(room, seq, back)
      }
    })
  }

  /**
   * Moves the reader's mark forward, never back, and tells their connections.
   * @returns where it is now. Refuses 'not-a-member'.
   */
  async move({ id }: Pick<Person, 'id'>, room: RoomId, seq: Seq): Promise<Seq> {
    const mark = await this.#deps.store.log.markRead(id, room, seq)
    await this.#deps.cluster.broadcast({ kind: 'marked', person: id, room, seq: mark })
    return mark
  }

  /**
   * Moves the reader's mark to right before a message, so that it and what follows it are unread again, and tells
   * their connections. None of these moves it by what it shows, until the person comes back to the room.
   * @returns where it is now. Refuses 'not-a-member', 'no-such-message'.
   */
  async moveBefore({ id }: Pick<Person, 'id'>, room: RoomId, seq: Seq): Promise<Seq> {
    const mark = await this.#deps.store.log.markUnread(id, room, seq)
    await this.#deps.cluster.broadcast({ kind: 'marked', person: id, room, seq: mark, back: true })
    return mark
  }

  /**
   * Moves the reader's marks to what this connection has been shown, except in rooms that they have left by now.
   * @param seen up to where, for each seat; up to the last seq that was shown without a gap by default
   */
  async moveToShown(session: Session, seen = (seat: Seat): Seq => seat.seen): Promise<void> {
    const unmarked = [...session.seats].filter(seat => !seat.isHeld && seen(seat) > seat.marked)
    await Promise.all(unmarked.map(seat => this.#moveOf(seat, seen(seat))))
  }

  async #moveOf(seat: Seat, seq: Seq): Promise<void> {
    try {
      seat.marked = await this.move(seat.person, seat.room, seq)
    } catch (error) {
      if (!(error instanceof Refusal && error.code === 'not-a-member')) throw error
    }
  }
}

function holdOrRelease(seat: Seat, seq: Seq, back: boolean): void {
  seat.isHeld = back
  if (back) seat.marked = seq
}
