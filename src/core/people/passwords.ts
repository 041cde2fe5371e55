// Passwords are kept as argon2id hashes (RFC 9106) in the PHC string format.

import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { Refusal, refuse } from '../model/refusals.ts'
import { LONGEST_PASSWORD } from '../model/rules.ts'
import { normalized } from '../text/normal-forms.ts'
import { verifierOf } from './scram.ts'

// OWASP's parameters for argon2id (Password Storage Cheat Sheet).
const MEMORY_KIB = 19_456
const PASSES = 2
const COST = { memory: MEMORY_KIB, passes: PASSES, parallelism: 1 }
const TAG_BYTES = 32
/** Memory of a stored hash, at most: it may have been made elsewhere, at a higher cost. */
const HIGHEST_MEMORY_KIB = 1 << 18
const SALT_BYTES = 16
/**
 * Log-ins that may wait; one takes about 50 ms. When more come, the last one of the address with the most is refused.
 */
const LONGEST_QUEUE = 1000

type Cost = typeof COST

interface Waiting {
  readonly begin: () => void
  readonly giveUp: (why: Refusal) => void
}

/**
 * Makes hashes in turns, one for each address that wants some, so that nobody waits for everything wanted elsewhere.
 */
export class Passwords {
  readonly #atOnce: number
  /** By address, the next one first. */
  readonly #queues = new Map<string, Waiting[]>()
  #waiting = 0
  #running = 0

  /** @param atOnce hashes computed at the same time; each keeps a core busy */
  constructor(atOnce: number) {
    this.#atOnce = atOnce
  }

  /**
   * @param address of the client: addresses take turns
   * @returns a PHC string. Refuses 'garbled-password', and 'busy' when too many wait.
   */
  async hash(password: string, address = ''): Promise<string> {
    checkUnicode(password)
    const salt = randomBytes(SALT_BYTES)
    return phc(COST, salt, await this.#inTurn(address, () => derived(password, salt, COST)))
  }

  /**
   * @returns false for a wrong password and, just as slowly, if there is no hash to compare with. Refuses
   * 'garbled-password', 'busy'.
   */
  async verify(password: string, stored: string | undefined, address = ''): Promise<boolean> {
    checkUnicode(password)
    const { cost, salt, tag } = parsePhc(stored) ?? {
      cost: COST,
      salt: randomBytes(SALT_BYTES),
      tag: undefined,
    }
    const made = await this.#inTurn(address, () => derived(password, salt, cost))
    return tag !== undefined && tag.length === made.length && timingSafeEqual(tag, made)
  }

  /** @returns a SCRAM verifier (scram.ts), which is stored beside the hash. Refuses 'busy' when too many wait. */
  async verifier(password: string, address = ''): Promise<string> {
    return this.#inTurn(address, () => verifierOf(password))
  }

  async #inTurn<T>(address: string, work: () => Promise<T>): Promise<T> {
    await this.#turn(address)
    try {
      return await work()
    } finally {
      const next = this.#next()
      if (next) next.begin()
      else this.#running--
    }
  }

  async #turn(address: string): Promise<void> {
    if (this.#running < this.#atOnce) {
      this.#running++
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const queue = this.#queues.get(address) ?? []
    this.#queues.set(address, queue)
    queue.push({ begin: resolve, giveUp: reject })
    if (++this.#waiting > LONGEST_QUEUE) this.#refuseOne()
    await promise
  }

  #next(): Waiting | undefined {
    const [address, queue] = first(this.#queues) ?? ['', []]
    const next = queue.shift()
    this.#queues.delete(address)
    if (queue.length > 0) this.#queues.set(address, queue)
    if (next) this.#waiting--
    return next
  }

  #refuseOne(): void {
    const [[address, queue] = ['', []]] = [...this.#queues]
      .reverse()
      .sort(([, a], [, b]) => b.length - a.length)
    const last = queue.pop()
    if (queue.length === 0) this.#queues.delete(address)
    this.#waiting--
    last?.giveUp(new Refusal('busy'))
  }
}

function first<T>(items: Iterable<T>): T | undefined {
  const [item] = items
  return item
}

/**
 * Bytes that are not UTF-8 become U+FFFD when decoded, and so do lone surrogates when encoded: all such passwords of
 * one length would be the same.
 */
function checkUnicode(password: string): void {
  if (!password.isWellFormed() || password.includes('\ufffd')) refuse('garbled-password')
}

function derived(password: string, nonce: Buffer, cost: Cost): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const message = normalized(password, 'NFC', LONGEST_PASSWORD)
  const parameters = { message, nonce, tagLength: TAG_BYTES, ...cost }
  argon2('argon2id', parameters, (error, tag) => (error ? reject(error) : resolve(tag)))
  return promise
}

function phc({ memory, passes, parallelism }: Cost, salt: Buffer, tag: Buffer): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`
}

function parsePhc(text: string | undefined): { cost: Cost; salt: Buffer; tag: Buffer } | undefined {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(text ?? '')
  if (!match) return undefined
  const [memory = 0, passes = 0, parallelism = 0] = match.slice(1, 4).map(Number)
  const cost = { memory, passes, parallelism }
  const [salt, tag] = [Buffer.from(match[4] ?? '', 'base64'), Buffer.from(match[5] ?? '', 'base64')]
  return isBearable(cost) && salt.length >= 8 ? { cost, salt, tag } : undefined
}

/** Keeps a hash written by another program from costing gigabytes or hours, and from being less than Argon2 takes. */
function isBearable({ memory, passes, parallelism }: Cost): boolean {
  const few = parallelism >= 1 && parallelism <= 16 && passes >= 1 && passes <= 16
  return few && memory >= 8 * parallelism && memory <= HIGHEST_MEMORY_KIB
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
