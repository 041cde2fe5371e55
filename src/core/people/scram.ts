// Logging in without saying the password: SCRAM-SHA-256, the server's side (RFC 5802, RFC 7677). A verifier is kept as
// RFC 5803 has it. Pure, but for the time that PBKDF2 takes.

import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { LONGEST_PASSWORD } from '../model/rules.ts'
import { normalized } from '../text/normal-forms.ts'

/**
 * RFC 7677 wants at least 4,096; whoever steals a verifier guesses that much more slowly. Cyrus SASL, which Pidgin and
 * Finch are built on, refuses a server that wants more than 65,536.
 */
const ITERATIONS = 60_000
const SALT_BYTES = 16
const KEY_BYTES = 32

interface Verifier {
  readonly iterations: number
  /** Base64. */
  readonly salt: string
  readonly storedKey: Buffer
  readonly serverKey: Buffer
}

/** What is kept of a password so that its holder may log in by SCRAM. */
export async function verifierOf(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const salted = await derive(prepared(password), salt)
  const storedKey = sha256(hmac(salted, 'Client Key')).toString('base64')
  const serverKey = hmac(salted, 'Server Key').toString('base64')
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}

/** Whether a log-in can be done with it: those that were made for more iterations than clients take are made anew. */
export function isCurrent(kept: string): boolean {
  return parse(kept)?.iterations === ITERATIONS
}

function parse(kept: string): Verifier | undefined {
  const [, iterations, salt = '', storedKey = '', serverKey = ''] =
    /^SCRAM-SHA-256\$(\d+):([\w+/=]+)\$([\w+/=]+):([\w+/=]+)$/.exec(kept) ?? []
  if (iterations === undefined) return undefined
  const keys = { storedKey: Buffer.from(storedKey, 'base64'), serverKey: Buffer.from(serverKey, 'base64') }
  const fit = keys.storedKey.length === KEY_BYTES && keys.serverKey.length === KEY_BYTES
  return fit ? { iterations: Number(iterations), salt, ...keys } : undefined
}

/** What a client's first message says. */
export interface ClientFirst {
  /** As whom; whose password is shown is said in `username`. */
  readonly authzid: string
  readonly username: string
  readonly nonce: string
  /** The channel-binding header, and the rest, which goes into the proof. */
  readonly header: string
  readonly bare: string
}

/** n,,n=ana,r=nonce; undefined for what is none, also for one that wants its channel bound or an extension. */
export function clientFirst(message: string): ClientFirst | undefined {
  const [, header = '', a = '', bare = '', n = '', nonce = ''] =
    /^([ny],(?:a=([^,]*))?,)(n=([^,]*),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)$/su.exec(message) ?? []
  if (header === '' || !isName(n) || !isName(a)) return undefined
  return { authzid: unescaped(a), username: unescaped(n), nonce, header, bare }
}

/** p=tls-unique,,n=ana,r=nonce: a client that goes on only where its channel is bound. */
export function wantsBinding(message: string): boolean {
  return /^p=[\w.-]+,/.test(message)
}

/** RFC 5802, section 5.1: an equals sign begins =2C or =3D, or the message is none. */
function isName(escaped: string): boolean {
  return !/=(?!2C|3D)/.test(escaped)
}

function unescaped(name: string): string {
  return name.replaceAll('=2C', ',').replaceAll('=3D', '=')
}

interface Chance {
  /** Printable ASCII without commas. */
  readonly nonce: string
  readonly secret: Buffer
}

/** One log-in: what is asked of the client, and whether the answer is right. */
export class Scram {
  readonly #first: ClientFirst
  readonly #verifier: Verifier
  readonly #known: boolean
  readonly #nonce: string

  /**
   * @param kept what verifierOf made; where there is none nobody learns it: the same is asked each time, and nothing is right
   * @param chance the server's part of the nonce; and a secret of the chat's, of which the salt of who has no verifier is made
   */
  constructor(first: ClientFirst, kept: string, { nonce, secret }: Chance) {
    const verifier = parse(kept)
    this.#first = first
    this.#known = verifier !== undefined
    this.#verifier = verifier ?? invented(first.username, secret)
    this.#nonce = first.nonce + nonce
  }

  /** The server's first message. */
  get challenge(): string {
    const { salt, iterations } = this.#verifier
    return `r=${this.#nonce},s=${salt},i=${iterations}`
  }

  /** Whether it is a message that answers the challenge, be its proof right or wrong. */
  isAnswer(final: string): boolean {
    const [without] = parted(final)
    const binding = Buffer.from(this.#first.header).toString('base64')
    const wanted = `c=${binding},r=${this.#nonce}`
    return without === wanted || without.startsWith(`${wanted},`)
  }

  /** @returns the server's last message; undefined where the proof is wrong */
  verify(final: string): string | undefined {
    const [without, proof] = parted(final)
    const message = `${this.#first.bare},${this.challenge},${without}`
    const { storedKey, serverKey } = this.#verifier
    const clientKey = xor(Buffer.from(proof, 'base64'), hmac(storedKey, message))
    const isRight = clientKey !== undefined && timingSafeEqual(sha256(clientKey), storedKey)
    if (!this.isAnswer(final) || !isRight || !this.#known) return undefined
    return `v=${hmac(serverKey, message).toString('base64')}`
  }
}

/** A client's last message: what it proves, and the proof. */
function parted(final: string): readonly [without: string, proof: string] {
  const [, without = '', proof = ''] = /^(.*),p=([\w+/=]+)$/s.exec(final) ?? []
  return [without, proof]
}

function invented(username: string, secret: Buffer): Verifier {
  const salt = hmac(secret, username).subarray(0, SALT_BYTES).toString('base64')
  return {
    iterations: ITERATIONS,
    salt,
    storedKey: randomBytes(KEY_BYTES),
    serverKey: randomBytes(KEY_BYTES),
  }
}

/** RFC 3454, table B.1. */
const MAPPED_TO_NOTHING =
  /\u00ad|\u034f|\u1806|[\u180b-\u180d]|[\u200b-\u200d]|\u2060|[\ufe00-\ufe0f]|\ufeff/gu

/**
 * SASLprep (RFC 4013), as far as it says what a password becomes; what it forbids was refused, or let in, when the
 * password was chosen.
 */
function prepared(password: string): string {
  const mapped = password.replace(MAPPED_TO_NOTHING, '').replace(/\p{Zs}/gu, ' ')
  return normalized(mapped, 'NFKC', LONGEST_PASSWORD)
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  pbkdf2(password, salt, ITERATIONS, KEY_BYTES, 'sha256', (error, key) =>
    error ? reject(error) : resolve(key),
  )
  return promise
}

function hmac(key: Buffer, message: string): Buffer {
  return createHmac('sha256', key).update(message).digest()
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}

/** undefined where they are not as long as each other. */
function xor(a: Buffer, b: Buffer): Buffer | undefined {
  return a.length === b.length ? Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0))) : undefined
}
