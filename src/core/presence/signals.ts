// What people's programs tell each other while they are connected, and nobody keeps: typing, and IRC's tags.

import { Buckets } from '../limits/buckets.ts'
import type { Seat } from '../log/seat.ts'
import type { Signal, Tag, UserId } from '../model/model.ts'
import type { Parts } from '../parts.ts'
import { CROWD } from './presence.ts'

/** How often one person's typing is shown. */
const TYPING_PER_SECOND = 1 / 3

export class Signals {
  readonly #parts: Pick<Parts, 'store' | 'bus' | 'clock'>
  readonly #typing: Buckets<UserId>

  constructor(parts: Pick<Parts, 'store' | 'bus' | 'clock'>) {
    this.#parts = parts
    this.#typing = new Buckets(parts.clock, { capacity: 1, perSecond: TYPING_PER_SECOND })
  }

  /**
   * Shows the others in the room that the person is typing: at most once in three seconds, and not in large rooms.
   */
  typing({ person, room, feed, state }: Seat): void {
    if (state === 'gone' || feed.size > CROWD || this.#typing.take(person.id) > 0) return
    const { id, username } = person
    this.#parts.bus.publish(room, [{ kind: 'typing', room, person: { id, username } }])
  }

  /**
   * Sends tags to the programs of the others in the room, as far as they are connected now. Refuses what a text there
   * would be refused.
   */
  async send({ person, room }: Seat, tags: readonly Tag[]): Promise<Signal> {
    const { store, bus, clock } = this.#parts
    const at = clock.now()
    await store.log.mayPost(person.id, room, at)
    const signal = {
      kind: 'signal',
      room,
      person: { id: person.id, username: person.username },
      at,
      tags,
    } as const
    bus.publish(room, [signal])
    return signal
  }
}
