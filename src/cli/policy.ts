// The policy for accounts that follows from the settings: how to register, and with which code.

import { randomInt } from 'node:crypto'
import type { Config } from '../config/settings.ts'
import { isExposed } from '../config.ts'
import type { Policy } from '../core/parts.ts'
import { languages } from '../wording/languages.ts'

const SHORTEST_PASSWORD = 8

/** @param hasOwner whether the server has an owner already: if not, a code decides who becomes it */
export function policyOf(config: Config, hasOwner: boolean): Policy {
  const languageNames = Object.keys(languages)
  const { limits, registration, lan, ircGuests: guests } = config
  const always = { limits, guests, languages: languageNames }
  if (!isExposed(config)) return { ...always, shortestPassword: 1, registration: registration ?? 'open' }
  const policy = { ...always, registration: registration ?? 'invite' } as const
  const ownerCode = hasOwner ? {} : { ownerCode: randomCode() }
  const classCode = lan && registration === undefined ? { classCode: randomCode() } : {}
  return { ...policy, ...ownerCode, ...classCode, shortestPassword: SHORTEST_PASSWORD }
}

/** Whether links are looked at: where others can connect, their pages would learn of it, so the owner must want it. */
export function looksAtLinks(config: Config): boolean {
  return (config.previews ?? (isExposed(config) ? 'off' : 'on')) === 'on'
}

/** Eight letters and digits that nobody confuses: 8 of 31 are 40 bits, and guessing is throttled. */
export function randomCode(): string {
  const signs = 'abcdefghjkmnpqrstuvwxyz23456789'
  return Array.from({ length: 8 }, () => signs[randomInt(signs.length)]).join('')
}
