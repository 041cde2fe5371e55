// Comparing secrets with what people try: passwords, codes, tokens. Anyone who guesses is held back (throttles.ts), and
// nobody who has come from there before waits for them.

import type { ClusterMessages } from '../cluster/messages.ts'
import type { Instant, Person } from '../model/model.ts'
import { Refusal } from '../model/refusals.ts'
import { foldUsername, isUsername } from '../model/rules.ts'
import type { Parts } from '../parts.ts'
import { hashOf } from '../sessions/tokens.ts'
import { KnownOrigins, LATELY_MS, MOST_KNOWN } from './known-origins.ts'
import type { GuessOptions, Tally, Throttles } from './throttles.ts'

/** Whose password OPER asks for: no username. */
export const OPERATOR = ' oper'

/** From where a password is tried. */
export interface Source {
  /** As far as one subscriber has it (net/address.ts). */
  readonly address: string
  /** What a browser shows that somebody has logged in with before, and nobody else has. */
  readonly device?: string | undefined
}

/** Whose account, and who wants it from where. */
export interface Attempt {
  /** Folded, or what was typed in its place. */
  readonly account: string
  readonly from: Source
}

export interface BruteForceGuardDeps extends Pick<Parts, 'store' | 'clock' | 'policy'> {
  readonly cluster: ClusterMessages
  readonly throttles: Throttles
}

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
   * Compares somebody's secret. From where the account was logged in to lately only what was guessed wrong at that
   * account from there makes wait; from elsewhere also what was guessed at it from anywhere, and at any account from
   * there. Refuses 'too-many-attempts', and what the work refuses.
   */
  async attempt<T>({ account, from }: Attempt, work: () => Promise<T>): Promise<T> {
    if (!this.#deps.policy.limits) return work()
    await this.#learnt()
    const { address, device } = from
    const name = isUsername(account) || account === OPERATOR ? account : ''
    const places = [placeOf(name, address), ...(device === undefined ? [] : [placeOf(name, hashOf(device))])]
    const place = places.findLast(each => this.#known.has(each))
    const everywhere: Tally[] = [
      ['accounts', name],
      ['addresses', address],
    ]
    const options = { until: this.#throttles.deadline() }
    const done = await (place === undefined
      ? this.#throttles.guess([['attempts', placeOf(name, address)], ...everywhere], work, options)
      : this.#fromKnown({ place, everywhere, options }, work))
    for (const each of places) this.#known.add(name, each)
    return done
  }

  /** Whoever guesses wrong waits as long as elsewhere: how long it takes tells nobody that the place is known. */
  #fromKnown<T>({ place, everywhere, options }: KnownAttempt, work: () => Promise<T>): Promise<T> {
    const tried = () => this.#throttles.guess([['attempts', place]], work, options)
    return this.#throttles.delayWrong(everywhere, tried, options)
  }

  /**
   * Codes are nobody's, and a class that uses one shares its address with who guesses. They are so long that trying
   * many finds none (Parts, `code`): so the right one is taken at once, and the wrong ones wait.
   * Refuses 'too-many-attempts', and what the work refuses.
   */
  async code<T>(address: string, work: () => Promise<T>): Promise<T> {
    return this.#deps.policy.limits ? this.#throttles.delayWrong([['codes', address]], work) : work()
  }

  /**
   * A password that many share is nobody's either, but people have chosen it: whoever tries waits first.
   * Refuses 'too-many-attempts', and what the work refuses.
   */
  async shared<T>(address: string, work: () => Promise<T>): Promise<T> {
    return this.#deps.policy.limits ? this.#throttles.guess([['codes', address]], work) : work()
  }

  /** The same for a token, by its hash. Refuses 'too-many-attempts', and what the work refuses. */
  async token<T>(hash: string, address: string, work: () => Promise<T>): Promise<T> {
    await this.#learnt()
    const isHeld = this.#deps.policy.limits && !this.#known.has(placeOfToken(hash))
    return isHeld ? this.#throttles.guess([['strangers', address]], work, { counts: isNoToken }) : work()
  }

  /** Whoever comes with that token does not guess. */
  knowToken({ username }: Person, hash: string): void {
    this.#known.add(foldUsername(username), placeOfToken(hash))
  }

  /** Whoever tries that account from there does not guess. @param account folded */
  know(account: string, { address, device }: Partial<Source>): void {
    if (address !== undefined) this.#known.add(account, placeOf(account, address))
    if (device !== undefined) this.#known.add(account, placeOf(account, hashOf(device)))
  }

  /** From where people came before this server began is asked of the store once, when somebody first wants in. */
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
      this.#known.learn(account, placeOf(account, address), now - used)
      if (hash !== undefined) this.#known.learn(account, placeOfToken(hash), now - used)
    }
  }
}

interface KnownAttempt {
  readonly place: string
  readonly everywhere: readonly Tally[]
  readonly options: GuessOptions
}

/** An account, from an address or with a device. */
function placeOf(account: string, from: string): string {
  return `${account}\n${from}`
}

function placeOfToken(hash: string): string {
  return `token ${hash}`
}

function isNoToken(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'no-such-session'
}
