// How long a silent connection may still be a browser's. A silent `nc` and a slow browser look the same, so waiting longer
// than the minimum takes evidence: how busy this machine is meanwhile, and how late the first bytes of others have been.

import type { Socket } from 'node:net'
import { isLoopbackAddress } from './private.ts'

/** The least wait for connections from this machine, which lose no packets. */
const LOCAL_MS = 600
/**
 * The least wait for others: a first packet that is lost is sent again after 200 ms and a round trip, one lost twice after
 * 600 ms and a round trip (RFC 6298 with Linux's minimum timeout of 200 ms).
 */
const REMOTE_MS = 1_450
/** The longest wait for a greeting, whatever the evidence. */
const LONGEST_MS = 4_300
const LOOK_MS = 100
/** Shares of the time in which processes waited for a processor or for memory: normal, and overloaded. */
const [CALM, BUSY] = [0.2, 0.5]
/** How many times a known lateness is waited out. */
const MARGIN = 1.5
/** How long an observed lateness counts. */
const LATELY_MS = 5 * 60_000
const MOST_ADDRESSES = 200
/** The lateness of this many addresses counts for everyone; of fewer, for each of them alone. */
const ENOUGH_ADDRESSES = 5

/** How busy the machine is. */
export interface Gauge {
  /** @returns a function that gives the share of the time since now in which processes had to wait, from 0 to 1 */
  begin(): () => number
}

/** The part of a clock that is used here. */
interface Clock {
  /** Milliseconds. */
  elapsed(): number
  /** @returns a function that cancels the call */
  after(milliseconds: number, call: () => void): () => void
}

/** The lateness of one address. */
interface Late {
  readonly at: number
  readonly ms: number
}

/** Decides when a silent connection counts as a line client. */
export interface SilencePolicy {
  /**
   * Calls `over` when the connection counts as a line client.
   * @returns a function that ends the wait; its argument tells whether the client spoke first, as only programs do
   */
  wait(socket: Socket, over: () => void): (spokeFirst: boolean) => void
}

/** A fixed wait. */
export function fixed(ms: number): SilencePolicy {
  return {
    wait(_, over) {
      const timer = setTimeout(over, ms)
      return () => clearTimeout(timer)
    },
  }
}

export class Patience implements SilencePolicy {
  readonly #gauge: Gauge
  readonly #clock: Clock
  /** How late each address was last; the most recent last. */
  readonly #late = new Map<string, Late>()

  constructor(gauge: Gauge, clock: Clock) {
    this.#gauge = gauge
    this.#clock = clock
  }

  wait(socket: Socket, over: () => void): (spokeFirst: boolean) => void {
    const began = this.#clock.elapsed()
    const address = socket.remoteAddress ?? ''
    const isLocal = isLoopbackAddress(address) || address === socket.localAddress
    const least = isLocal ? LOCAL_MS : this.#leastRemote(address, began)
    const share = this.#gauge.begin()
    let due = began + least
    let overdue = 0
    let cancel: () => void
    const look = () => {
      const now = this.#clock.elapsed()
      overdue += now - due // late timers are evidence too: this process is busy
      const busy = Math.max(share(), overdue / (now - began))
      const longest = least + ramp(busy) * (LONGEST_MS - least)
      if (now - began >= longest) return over()
      due = Math.min(began + longest, now + LOOK_MS)
      cancel = this.#clock.after(due - now, look)
    }
    cancel = this.#clock.after(least, look)
    return spokeFirst => {
      cancel()
      const at = this.#clock.elapsed()
      if (spokeFirst && !isLocal) this.#note(address, { at, ms: at - began })
    }
  }

  #note(address: string, late: Late): void {
    this.#late.delete(address)
    this.#late.set(address, late)
    const [oldest] = this.#late.keys()
    if (this.#late.size > MOST_ADDRESSES && oldest !== undefined) this.#late.delete(oldest)
  }

  /** The least wait for another machine: by its own last lateness, and by the 90th percentile of all. */
  #leastRemote(address: string, now: number): number {
    const lately = [...this.#late].filter(([, { at }]) => now - at < LATELY_MS)
    const own = lately.find(([each]) => each === address)?.[1].ms ?? 0
    const all = lately.map(([, { ms }]) => ms).toSorted((a, b) => a - b)
    const most = all.length < ENOUGH_ADDRESSES ? 0 : (all[Math.floor(all.length * 0.9)] ?? 0)
    return Math.min(LONGEST_MS, Math.max(REMOTE_MS, MARGIN * Math.max(own, most)))
  }
}

/** Maps a share to 0 (CALM or less) … 1 (BUSY or more). */
function ramp(share: number): number {
  return Math.min(1, Math.max(0, (share - CALM) / (BUSY - CALM)))
}
