// Logging in without sending the password: the server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677). A verifier is
// kept in the form of RFC 5803. Pure, except for the time that PBKDF2 takes.

import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { LONGEST_PASSWORD } from '../model/rules.ts'
import { normalized } from '../text/normal-forms.ts'

/**
 * RFC 7677 asks for at least 4,096; each one makes guessing from a stolen verifier slower. Cyrus SASL, on which
 * Pidgin and Finch are built, refuses a server that asks for more than 65,536.
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

/** @returns what is kept of a password so that its holder can log in with SCRAM */
export async function verifierOf(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const salted = await derive(prepared(password), salt)
  const storedKey = sha256(hmac(salted, 'Client Key')).toString('base64')
  const serverKey = hmac(salted, 'Server Key').toString('base64')
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}

/** Whether it can be used: a verifier made with more iterations than clients accept is replaced. */
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

/** A client's first message. */
export interface ClientFirst {
  /** Whom to log in as; the password is that of `username`. */
  readonly authzid: string
  readonly username: string
  readonly nonce: string
  /** The channel-binding header, and the rest, which becomes part of the proof. */
  readonly header: string
  readonly bare: string
}

/** Parses n,,n=ana,r=nonce. @returns undefined if it is malformed, or requires channel binding or an extension */
export function clientFirst(message: string): ClientFirst | undefined {
  const [, header = '', a = '', bare = '', n = '', nonce = ''] =
    /^([ny],(?:a=([^,]*))?,)(n=([^,]*),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)$/su.exec(message) ?? []
  if (header === '' || !isName(n) || !isName(a)) return undefined
  return { authzid: unescaped(a), username: unescaped(n), nonce, header, bare }
}

/** Recognizes p=tls-unique,,n=ana,r=nonce: a client that requires channel binding. */
export function wantsBinding(message: string): boolean {
  return /^p=[\w.-]+,/.test(message)
}

/** RFC 5802, section 5.1: an equals sign must begin =2C or =3D. */
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

/** One log-in: the challenge, and whether the answer is right. */
export class Scram {
  readonly #first: ClientFirst
  readonly #verifier: Verifier
  readonly #known: boolean
  readonly #nonce: string

  /**
   * @param kept made by verifierOf; without one the challenge is the same each time, and no answer is right, so
   * nobody learns of it
   * @param chance the server's part of the nonce, and a secret of the chat from which the salt of an unknown account
   * is made
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

  /** Whether the message answers the challenge, with a right or a wrong proof. */
  isAnswer(final: string): boolean {
    const [without] = parted(final)
    const binding = Buffer.from(this.#first.header).toString('base64')
    const wanted = `c=${binding},r=${this.#nonce}`
    return without === wanted || without.startsWith(`${wanted},`)
  }

  /** @returns the server's last message; undefined if the proof is wrong */
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

/** Splits a client's last message into the part that is proved and the proof. */
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
 * SASLprep (RFC 4013), as far as it says what a password becomes. What it prohibits was refused or accepted when the
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

/** @returns undefined if their lengths differ */
function xor(a: Buffer, b: Buffer): Buffer | undefined {
  return a.length === b.length ? Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0))) : undefined
}
