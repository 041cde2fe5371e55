// Short codes that transfer a session to another door, in the same rooms at the same cursors, on any node.

import type { ClusterMessages, SeatPosition, SessionTransfer } from '../cluster/cluster-messages.ts'
import type { Instant, RoomId, SessionId } from '../model/model.ts'
import type { Clock } from '../ports/clock.ts'
import type { Session } from './sessions.ts'

export const OFFERED_MS = 2 * 60_000
/** A node that does not answer within this time has made no such offer. */
const LONGEST_ANSWER_MS = 2000

interface Offer {
  readonly session: Session
  readonly room: RoomId
  readonly until: Instant
}

/** A code that was typed here, while the nodes are asked whose it is. */
interface Asking {
  /** Nodes that have not answered yet. */
  left: number
  readonly answer: (transfer: SessionTransfer | undefined) => void
}

/** Offers and redeems codes. The node that has the session answers for it; the others answer that they do not. */
export class SessionTransfers {
  readonly #clock: Clock
  readonly #cluster: ClusterMessages
  readonly #code: () => string
  readonly #offers = new Map<string, Offer>()
  readonly #asking = new Map<string, Asking>()
  #claims = 0

  /** @param code makes a code that nobody guesses in two minutes */
  constructor({ clock, cluster, code }: { clock: Clock; cluster: ClusterMessages; code: () => string }) {
    this.#clock = clock
    this.#cluster = cluster
    this.#code = code
    cluster.on('claim', ({ claim, code }) => this.#answer(claim, code))
    cluster.on('claimed', ({ claim, moving }) => this.#answered(claim, moving))
  }

  /**
   * @returns a code for one use within two minutes, as people read it: abcd-2345. Voids the session's earlier one.
   */
  offer(session: Session, room: RoomId): string {
    const now = this.#clock.now()
    this.#dropWhere(({ until }) => until <= now)
    this.withdraw(session)
    const code = this.#code()
    this.#offers.set(code, { session, room, until: (now + OFFERED_MS) as Instant })
    return `${code.slice(0, 4)}-${code.slice(4)}`
  }

  /** Whether the session may continue elsewhere. */
  offers(session: Session): boolean {
    const now = this.#clock.now()
    return [...this.#offers.values()].some(offer => isSame(offer.session, session) && offer.until > now)
  }

  withdraw(session: Session): void {
    this.#dropWhere(offer => isSame(offer.session, session))
  }

  /** Voids the offers of these sessions, whether or not they are connected. */
  drop(ids: ReadonlySet<SessionId>): void {
    this.#dropWhere(({ session: { id } }) => id !== undefined && ids.has(id))
  }

  /**
   * @returns the session that the code was offered for, once; undefined for a wrong, used or expired code. All its
   * connections have ended: whoever redeemed the code continues it, or nobody does.
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
    const transfer = this.#release(code)
    if (transfer) {
      const { person, session } = transfer
      await this.#cluster.broadcast({ kind: 'moved', person: person.id, session })
    }
    await this.#cluster.broadcast({ kind: 'claimed', claim, ...(transfer && { moving: transfer }) })
  }

  #answered(claim: string, transfer: SessionTransfer | undefined, by: 'one' | 'all' = 'one'): void {
    const asking = this.#asking.get(claim)
    if (!asking) return
    asking.left -= 1
    if (!transfer && asking.left > 0 && by === 'one') return
    this.#asking.delete(claim)
    asking.answer(transfer)
  }

  #release(code: string): SessionTransfer | undefined {
    const offer = this.#offers.get(code)
    this.#offers.delete(code)
    if (!offer || offer.until <= this.#clock.now()) return undefined
    const { session, room } = offer
    const { id, person, grant, away, view } = session
    if (id === undefined || session.endReason) return undefined
    session.handedOver = true
    return { session: id, person, grant, away, lasts: view.lasts, room, places: positionsOf(session) }
  }

  #dropWhere(isVoid: (offer: Offer) => boolean): void {
    for (const [code, offer] of this.#offers) if (isVoid(offer)) this.#offers.delete(code)
  }
}

function positionsOf({ seats }: Session): SeatPosition[] {
  return [...seats].map(({ room, lastShown, seen }) => ({ room, place: lastShown, seen }))
}

/** Connections of one stored session share one code. */
function isSame(one: Session, other: Session): boolean {
  return one === other || (one.id !== undefined && one.id === other.id)
}
