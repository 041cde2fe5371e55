// How long whoever calls and says nothing may still be a browser. A silent `nc` and a slow browser look the same, so
// patience beyond the least is earned by evidence: how busy this machine is meanwhile, and how late others' first bytes
// have been.

import type { Socket } from 'node:net'
import { isLoopbackAddress } from './private.ts'

/** From this machine no packet gets lost. */
const HERE_MS = 600
/**
 * From others, a first packet that is lost comes again after 200 ms and a way there and back, and one lost twice after
 * 600 ms and one (RFC 6298 with Linux's least timeout of 200 ms).
 */
const ELSEWHERE_MS = 1_450
/** Nobody waits longer to be greeted, whatever the evidence. */
const LONGEST_MS = 4_300
const LOOK_MS = 100
/** A share of the time that processes have waited for a processor or for memory: what is usual, and what is too much. */
const [CALM, BUSY] = [0.2, 0.5]
/** What is late twice as often as not is waited out so many times. */
const MARGIN = 1.5
/** Lateness counts for so long. */
const LATELY_MS = 5 * 60_000
const MOST_ADDRESSES = 200
/** So many addresses make a rule; fewer speak for themselves alone. */
const ENOUGH_ADDRESSES = 5

/** How busy the machine is. */
export interface Gauge {
  /** @returns what tells the share since now of the time in which processes had to wait, from 0 to 1 */
  begin(): () => number
}

/** The part of a clock that waiting needs. */
interface Clock {
  /** Milliseconds. */
  elapsed(): number
  /** @returns how to cancel */
  after(milliseconds: number, call: () => void): () => void
}

/** Of an address. */
interface Late {
  readonly at: number
  readonly ms: number
}

/** Decides when whoever calls and has said nothing is a line client. */
export interface SilencePolicy {
  /**
   * Calls `over` when it is time.
   * @returns what ends the wait; told whether they spoke as only programs do that speak first
   */
  wait(socket: Socket, over: () => void): (spokeFirst: boolean) => void
}

/** @param ms whatever the evidence */
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
  /** The address → how late it was last, the latest last. */
  readonly #late = new Map<string, Late>()

  constructor(gauge: Gauge, clock: Clock) {
    this.#gauge = gauge
    this.#clock = clock
  }

  wait(socket: Socket, over: () => void): (spokeFirst: boolean) => void {
    const began = this.#clock.elapsed()
    const address = socket.remoteAddress ?? ''
    const isHere = isLoopbackAddress(address) || address === socket.localAddress
    const least = isHere ? HERE_MS : this.#elsewhere(address, began)
    const share = this.#gauge.begin()
    let due = began + least
    let overdue = 0
    let cancel: () => void
    const look = () => {
      const now = this.#clock.elapsed()
      overdue += now - due // timers that come late tell, too: of this process
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
      if (spokeFirst && !isHere) this.#note(address, { at, ms: at - began })
    }
  }

  #note(address: string, late: Late): void {
    this.#late.delete(address)
    this.#late.set(address, late)
    const [oldest] = this.#late.keys()
    if (this.#late.size > MOST_ADDRESSES && oldest !== undefined) this.#late.delete(oldest)
  }

  /** After its own first byte of the last time, and after nine of ten of the others'. */
  #elsewhere(address: string, now: number): number {
    const lately = [...this.#late].filter(([, { at }]) => now - at < LATELY_MS)
    const own = lately.find(([each]) => each === address)?.[1].ms ?? 0
    const all = lately.map(([, { ms }]) => ms).toSorted((a, b) => a - b)
    const most = all.length < ENOUGH_ADDRESSES ? 0 : (all[Math.floor(all.length * 0.9)] ?? 0)
    return Math.min(LONGEST_MS, Math.max(ELSEWHERE_MS, MARGIN * Math.max(own, most)))
  }
}

/** From 0 for what is calm to 1 for what is busy. */
function ramp(share: number): number {
  return Math.min(1, Math.max(0, (share - CALM) / (BUSY - CALM)))
}
