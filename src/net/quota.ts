// Limits the connections of one address, so that nobody takes all the file descriptors of this process.

import type { Duplex } from 'node:stream'
import { network } from './address.ts'

/**
 * The share of the descriptors that one address may take. If that is too few for a class behind one address, it may take
 * CLASS connections, as long as half of the descriptors are left.
 */
const SHARE = 1 / 4
const CLASS = 200
/** The least time between two reports. */
const REPORT_INTERVAL_MS = 60_000

/** @param descriptors that the process may open @returns the connections that one address may have */
export function shareOf(descriptors: number): number {
  return Math.floor(Math.max(descriptors * SHARE, Math.min(CLASS, descriptors / 2)))
}

/** Reported of an address that exceeds its quota. */
export interface QuotaExceeded {
  readonly address: string
  /** Connections of all addresses that were turned away since the last report. */
  readonly refused: number
}

export class Quota {
  /** The most connections of one address. */
  readonly most: number
  readonly #exceeded: (report: QuotaExceeded) => void
  readonly #now: () => number
  readonly #counts = new Map<string, number>()
  #refused = 0
  #reported = 0
  #reportedAt = -REPORT_INTERVAL_MS

  /** @param exceeded called at most once in REPORT_INTERVAL_MS. @param now in milliseconds, of a monotonic clock */
  constructor(most: number, exceeded: (report: QuotaExceeded) => void, now: () => number) {
    this.most = most
    this.#exceeded = exceeded
    this.#now = now
  }

  /** The connections that were turned away so far. */
  get refused(): number {
    return this.#refused
  }

  /** The connections of the address that has most. */
  get highest(): number {
    return Math.max(0, ...this.#counts.values())
  }

  /** Counts a connection until it closes. @returns false if its address has as many as it may */
  admit(address: string, connection: Pick<Duplex, 'once'>): boolean {
    const subscriber = network(address)
    const count = this.#counts.get(subscriber) ?? 0
    if (count >= this.most) {
      this.#refuse(subscriber)
      return false
    }
    this.#counts.set(subscriber, count + 1)
    connection.once('close', () => this.#release(subscriber))
    return true
  }

  #release(subscriber: string): void {
    const count = (this.#counts.get(subscriber) ?? 0) - 1
    if (count > 0) this.#counts.set(subscriber, count)
    else this.#counts.delete(subscriber)
  }

  #refuse(address: string): void {
    this.#refused++
    const now = this.#now()
    if (now - this.#reportedAt < REPORT_INTERVAL_MS) return
    this.#exceeded({ address, refused: this.#refused - this.#reported })
    this.#reported = this.#refused
    this.#reportedAt = now
  }
}
