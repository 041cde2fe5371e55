// One-time codes that people type in place of a password: to choose one for the first time, or because theirs is forgotten.

import { createHmac, hash as digest } from 'node:crypto'
import type { Instant } from './model.ts'
import { foldCode } from './rules.ts'

/** Letters and digits that nobody confuses. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyz23456789'
/** 12 of 31 signs are 59 bits: too many to be found by trying, or from a stolen hash. */
const LENGTH = 12
const GROUP = 4
const CODE = new RegExp(`^[${SIGNS}]{${LENGTH}}$`)

export const LOGIN_CODE_DAYS = 7
export const MOST_LOGIN_CODE_DAYS = 60

/** As it is stored. */
export interface StoredLoginCode {
  readonly hash: string
  readonly until: Instant
}

/**
 * The code that follows from a key and what it is for, always the same: abcd-efgh-jkmn.
 * @param key that nobody else knows
 */
export function loginCode(key: string, purpose: string): string {
  let number = BigInt(`0x${createHmac('sha256', key).update(purpose).digest('hex')}`)
  let code = ''
  for (let i = 0; i < LENGTH; i++) {
    code += SIGNS[Number(number % BigInt(SIGNS.length))]
    if (i % GROUP === GROUP - 1 && i < LENGTH - 1) code += '-'
    number /= BigInt(SIGNS.length)
  }
  return code
}

/** What is stored of a code. @param typed with capitals, spaces or hyphens or without */
export function hashOfLoginCode(typed: string): string {
  return digest('sha256', foldCode(typed))
}

/** Whether it was typed in place of the password, and still holds. */
export function isLoginCode(typed: string, stored: StoredLoginCode | undefined, now: Instant): boolean {
  if (stored === undefined || stored.until <= now || !CODE.test(foldCode(typed))) return false
  return hashOfLoginCode(typed) === stored.hash
}

// --- accounts without a password --------------------------------------------------------------------------

const NONE = 'none:'

/** What is stored in place of a password's hash, which no password matches. @param secret another one each time */
export function noPassword(secret: string): string {
  return `${NONE}${secret}`
}

/** Whether the account waits for its person to choose a password. @param stored in place of a hash */
export function hasNoPassword(stored: string): boolean {
  return stored.startsWith(NONE)
}
