// Holds back people who guess passwords, codes and tokens (throttles.ts), without making those wait who have logged
// in from the same origin before.

import type { ClusterMessages } from '../cluster/cluster-messages.ts'
import type { Instant, Person } from '../model/model.ts'
import { Refusal } from '../model/refusals.ts'
import { foldUsername, isUsername } from '../model/rules.ts'
import type { Parts } from '../parts.ts'
import { hashOf } from '../sessions/tokens.ts'
import { KnownOrigins, LATELY_MS, MOST_KNOWN } from './known-origins.ts'
import type { GuessOptions, Tally, Throttles } from './throttles.ts'

/** The account of the operator password (IRC's OPER). Not a username. */
export const OPERATOR = ' oper'

/** Where a password is tried from. */
export interface Source {
  /** Its subscriber's part of the address (net/address.ts). */
  readonly address: string
  /** A secret of a browser that somebody has logged in with before. */
  readonly device?: string | undefined
}

/** A log-in that is tried. */
export interface Attempt {
  /** The folded username, or what was typed in its place. */
  readonly account: string
  readonly from: Source
}

export interface BruteForceGuardDeps extends Pick<Parts, 'store' | 'clock' | 'policy'> {
  readonly cluster: ClusterMessages
  readonly throttles: Throttles
}

/** Decides for each kind of secret which tallies an attempt is counted by. Does nothing where `policy.limits` is off. */
export class BruteForceGuard {
  readonly #deps: BruteForceGuardDeps
  readonly #throttles: Throttles
  readonly #known: KnownOrigins
  #learning: Promise<void> | undefined

  constructor(deps: BruteForceGuardDeps) {
    this.#deps = deps
    this.#throttles = deps.throttles
    this.#known = new KnownOrigins(deps.clock, deps.cluster)
  }

  /**
   * Compares somebody's secret. From an origin from which the account was lately logged in to, only wrong guesses at
   * that account from there make it wait; from elsewhere also those at the account from anywhere, and those at any
   * account from there. Refuses 'too-many-attempts', and what the work refuses.
   */
  async attempt<T>({ account, from }: Attempt, work: () => Promise<T>): Promise<T> {
    if (!this.#deps.policy.limits) return work()
    await this.#learnt()
    const { address, device } = from
    const name = isUsername(account) || account === OPERATOR ? account : ''
    const origins = [
      originKey(name, address),
      ...(device === undefined ? [] : [originKey(name, hashOf(device))]),
    ]
    const origin = origins.findLast(each => this.#known.has(each))
    const everywhere: Tally[] = [
      ['accounts', name],
      ['addresses', address],
    ]
    const options = { until: this.#throttles.deadline() }
    const done = await (origin === undefined
      ? this.#throttles.guess([['attempts', originKey(name, address)], ...everywhere], work, options)
      : this.#fromKnown({ origin, everywhere, options }, work))
    for (const each of origins) this.#known.add(name, each)
    return done
  }

  /**
   * From a known origin the right password is answered at once. A wrong one waits as from an unknown origin, so that the
   * time taken does not tell that the origin is known.
   */
  #fromKnown<T>({ origin, everywhere, options }: KnownAttempt, work: () => Promise<T>): Promise<T> {
    const tried = () => this.#throttles.guess([['attempts', origin]], work, options)
    return this.#throttles.delayWrong(everywhere, tried, options)
  }

  /**
   * For a code. A class that uses one shares its address with people who guess. Codes are too long to be found by
   * trying (Parts, `code`), so the right one is taken at once, and wrong ones wait. Refuses 'too-many-attempts', and
   * what the work refuses.
   */
  async code<T>(address: string, work: () => Promise<T>): Promise<T> {
    return this.#deps.policy.limits ? this.#throttles.delayWrong([['codes', address]], work) : work()
  }

  /**
   * For a password shared by many, which people have chosen: every attempt waits first. Refuses 'too-many-attempts',
   * and what the work refuses.
   */
  async shared<T>(address: string, work: () => Promise<T>): Promise<T> {
    return this.#deps.policy.limits ? this.#throttles.guess([['codes', address]], work) : work()
  }

  /** For a token. @param hash its hash. Refuses 'too-many-attempts', and what the work refuses. */
  async token<T>(hash: string, address: string, work: () => Promise<T>): Promise<T> {
    await this.#learnt()
    const isHeld = this.#deps.policy.limits && !this.#known.has(tokenKey(hash))
    return isHeld ? this.#throttles.guess([['strangers', address]], work, { counts: isNoToken }) : work()
  }

  /** Notes that the token is not guessed. */
  knowToken({ username }: Person, hash: string): void {
    this.#known.add(foldUsername(username), tokenKey(hash))
  }

  /** Notes that attempts at the account from there are not guesses. @param account folded */
  know(account: string, { address, device }: Partial<Source>): void {
    if (address !== undefined) this.#known.add(account, originKey(account, address))
    if (device !== undefined) this.#known.add(account, originKey(account, hashOf(device)))
  }

  /** Asks the store once, before the first attempt, where people came from before this server began. */
  #learnt(): Promise<void> {
    this.#learning ??= this.#learn().catch(error => {
      this.#learning = undefined
      throw error
    })
    return this.#learning
  }

  async #learn(): Promise<void> {
    const { store, clock } = this.#deps
    const now = clock.now()
    const found = await store.sessions.loginOrigins((now - LATELY_MS) as Instant, MOST_KNOWN)
    for (const { account, address, hash, used } of found.toReversed()) {
      this.#known.learn(account, originKey(account, address), now - used)
      if (hash !== undefined) this.#known.learn(account, tokenKey(hash), now - used)
    }
  }
}

interface KnownAttempt {
  readonly origin: string
  readonly everywhere: readonly Tally[]
  readonly options: GuessOptions
}

/** An account with an address or a device. */
function originKey(account: string, from: string): string {
  return `${account}\n${from}`
}

function tokenKey(hash: string): string {
  return `token ${hash}`
}

function isNoToken(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'no-such-session'
}
