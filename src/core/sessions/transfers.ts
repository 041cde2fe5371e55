// Short codes by which a session goes on through another door, at the same room and place, on whatever node.

import type { ClusterMessages, SeatPosition, SessionTransfer } from '../cluster/messages.ts'
import type { Instant, RoomId, SessionId } from '../model/model.ts'
import type { Clock } from '../ports/clock.ts'
import type { Session } from './sessions.ts'

export const OFFERED_MS = 2 * 60_000
/** A node that does not answer in this time has made no such offer. */
const LONGEST_ANSWER_MS = 2000

interface Offer {
  readonly session: Session
  readonly room: RoomId
  readonly until: Instant
}

/** A code that somebody has typed here, while the nodes are asked whose it is. */
interface Asking {
  /** Nodes that have not answered yet. */
  left: number
  readonly answer: (moving: SessionTransfer | undefined) => void
}

export class SessionTransfers {
  readonly #clock: Clock
  readonly #cluster: ClusterMessages
  readonly #code: () => string
  readonly #offers = new Map<string, Offer>()
  readonly #asking = new Map<string, Asking>()
  #claims = 0

  /** @param code a new one, that nobody guesses in two minutes */
  constructor({ clock, cluster, code }: { clock: Clock; cluster: ClusterMessages; code: () => string }) {
    this.#clock = clock
    this.#cluster = cluster
    this.#code = code
    cluster.on('claim', ({ claim, code }) => this.#answer(claim, code))
    cluster.on('claimed', ({ claim, moving }) => this.#answered(claim, moving))
  }

  /** A code for one use within two minutes, as people read it: abcd-2345. The session's earlier one is void. */
  offer(session: Session, room: RoomId): string {
    const now = this.#clock.now()
    this.#dropWhere(({ until }) => until <= now)
    this.withdraw(session)
    const code = this.#code()
    this.#offers.set(code, { session, room, until: (now + OFFERED_MS) as Instant })
    return `${code.slice(0, 4)}-${code.slice(4)}`
  }

  /** Whether it may go on elsewhere. */
  offers(session: Session): boolean {
    const now = this.#clock.now()
    return [...this.#offers.values()].some(offer => isSame(offer.session, session) && offer.until > now)
  }

  withdraw(session: Session): void {
    this.#dropWhere(offer => isSame(offer.session, session))
  }

  /** The offers of these sessions are void, whether their connections are still there or not. */
  drop(ids: ReadonlySet<SessionId>): void {
    this.#dropWhere(({ session: { id } }) => id !== undefined && ids.has(id))
  }

  /**
   * Whose code it is, once; undefined for one that is none, or none any more. The session has ended where it was, on
   * all its connections: who has redeemed the code goes on with it, or nobody does.
   */
  redeem(code: string): Promise<SessionTransfer | undefined> {
    const claim = `${this.#cluster.node}/${++this.#claims}`
    const { promise, resolve } = Promise.withResolvers<SessionTransfer | undefined>()
    const cancel = this.#clock.after(LONGEST_ANSWER_MS, () => this.#answered(claim, undefined, 'all'))
    this.#asking.set(claim, { left: 1 + this.#cluster.others.size, answer: resolve })
    this.#cluster.notify({ kind: 'claim', claim, code })
    return promise.finally(cancel)
  }

  async #answer(claim: string, code: string): Promise<void> {
    const moving = this.#handOver(code)
    if (moving) {
      const { person, session } = moving
      await this.#cluster.broadcast({ kind: 'moved', person: person.id, session })
    }
    await this.#cluster.broadcast({ kind: 'claimed', claim, ...(moving && { moving }) })
  }

  #answered(claim: string, moving: SessionTransfer | undefined, by: 'one' | 'all' = 'one'): void {
    const asking = this.#asking.get(claim)
    if (!asking) return
    asking.left -= 1
    if (!moving && asking.left > 0 && by === 'one') return
    this.#asking.delete(claim)
    asking.answer(moving)
  }

  #handOver(code: string): SessionTransfer | undefined {
    const offer = this.#offers.get(code)
    this.#offers.delete(code)
    if (!offer || offer.until <= this.#clock.now()) return undefined
    const { session, room } = offer
    const { id, person, grant, away, view } = session
    if (id === undefined || session.endReason) return undefined
    session.handedOver = true
    return { session: id, person, grant, away, lasts: view.lasts, room, places: placesOf(session) }
  }

  #dropWhere(isVoid: (offer: Offer) => boolean): void {
    for (const [code, offer] of this.#offers) if (isVoid(offer)) this.#offers.delete(code)
  }
}

function placesOf({ seats }: Session): SeatPosition[] {
  return [...seats].map(({ room, lastShown, seen }) => ({ room, place: lastShown, seen }))
}

/** Connections of one stored session offer one code. */
function isSame(one: Session, other: Session): boolean {
  return one === other || (one.id !== undefined && one.id === other.id)
}
