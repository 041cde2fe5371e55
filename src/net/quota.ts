// How many connections one address has at the same time: nobody takes all the descriptors that this process may open.

import type { Duplex } from 'node:stream'
import { network } from './address.ts'

/** One address may take a quarter of the descriptors; of few, as many as a class behind one address needs, if that leaves half. */
const SHARE = 1 / 4
const CLASS = 200
/** Whoever keeps exceeding it is told of no more often. */
const TOLD_MS = 60_000

/** @param descriptors that the process may open @returns connections that one address may have */
export function shareOf(descriptors: number): number {
  return Math.floor(Math.max(descriptors * SHARE, Math.min(CLASS, descriptors / 2)))
}

/** What is told of an address that wants more. */
export interface QuotaExceeded {
  readonly address: string
  /** Connections turned away since it was told last, of all addresses. */
  readonly refused: number
}

export class Quota {
  /** Connections of one address. */
  readonly most: number
  readonly #exceeded: (told: QuotaExceeded) => void
  readonly #now: () => number
  readonly #counts = new Map<string, number>()
  #refused = 0
  #told = 0
  #toldAt = -TOLD_MS

  /** @param now in milliseconds, of a clock that never goes back */
  constructor(most: number, exceeded: (told: QuotaExceeded) => void, now: () => number) {
    this.most = most
    this.#exceeded = exceeded
    this.#now = now
  }

  /** Turned away so far. */
  get refused(): number {
    return this.#refused
  }

  /** Of the address that has most. */
  get highest(): number {
    return Math.max(0, ...this.#counts.values())
  }

  /** Counts the connection until it closes. @returns false when its address has as many as it may already */
  admit(address: string, connection: Pick<Duplex, 'once'>): boolean {
    const caller = network(address)
    const count = this.#counts.get(caller) ?? 0
    if (count >= this.most) {
      this.#refuse(caller)
      return false
    }
    this.#counts.set(caller, count + 1)
    connection.once('close', () => this.#leave(caller))
    return true
  }

  #leave(caller: string): void {
    const count = (this.#counts.get(caller) ?? 0) - 1
    if (count > 0) this.#counts.set(caller, count)
    else this.#counts.delete(caller)
  }

  #refuse(address: string): void {
    this.#refused++
    const now = this.#now()
    if (now - this.#toldAt < TOLD_MS) return
    this.#exceeded({ address, refused: this.#refused - this.#told })
    this.#told = this.#refused
    this.#toldAt = now
  }
}
