// What a request shows to be let in: a token, or a browser's cookie that holds one.

import type { IncomingHttpHeaders } from 'node:http'

/** Of a cookie; renewed by logging in again. */
const MAX_AGE = 90 * 86_400
const DEVICE_MAX_AGE = 365 * 86_400
const [TOKEN_NAME, DEVICE_NAME] = ['tertulia', 'tertulia-device']
/** Ours are 43 characters long. */
const TOKEN = /^[\w-]{43}$/

/** undefined where there is none, or what is none. @param isSecure a cookie of a plain connection does not count on one that is encrypted */
export function tokenOf(headers: IncomingHttpHeaders, isSecure: boolean): string | undefined {
  const { authorization, cookie } = headers
  // RFC 6750, section 2.1
  if (authorization !== undefined) return isToken(/^Bearer +(\S+) *$/i.exec(authorization)?.[1])
  return cookie === undefined ? undefined : tokenIn(cookie, isSecure)
}

export function isToken(typed: string | undefined): string | undefined {
  return typed !== undefined && TOKEN.test(typed) ? typed : undefined
}

/** The same in a Cookie header (RFC 6265, section 4.2). */
function tokenIn(cookies: string, isSecure: boolean): string | undefined {
  return cookieNamed(cookies, nameOf(TOKEN_NAME, isSecure))
}

/** What a browser shows that somebody has logged in with before, however long ago they logged out. */
export function deviceOf({ cookie = '' }: IncomingHttpHeaders, isSecure: boolean): string | undefined {
  return cookieNamed(cookie, nameOf(DEVICE_NAME, isSecure))
}

function cookieNamed(cookies: string, wanted: string): string | undefined {
  const named = cookies.split(';').map(each => each.trim().split('=', 2))
  const mine = named.filter(([name]) => name === wanted)
  return mine.map(([, value]) => isToken(value)).find(token => token !== undefined)
}

/** A Set-Cookie header. @param token 'none': the browser forgets it */
export function cookieOf(token: string, isSecure: boolean): string {
  return setCookie(nameOf(TOKEN_NAME, isSecure), token === 'none' ? ['', 0] : [token, MAX_AGE], isSecure)
}

/** The same for what `deviceOf` finds. */
export function deviceCookieOf(device: string, isSecure: boolean): string {
  return setCookie(nameOf(DEVICE_NAME, isSecure), [device, DEVICE_MAX_AGE], isSecure)
}

function setCookie(name: string, [value, age]: readonly [string, number], isSecure: boolean): string {
  const secure = isSecure ? '; Secure' : ''
  return `${name}=${value}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${secure}`
}

/** The prefix binds it to this host and to TLS (draft-ietf-httpbis-rfc6265bis, section 4.1.3.2). */
function nameOf(name: string, isSecure: boolean): string {
  return isSecure ? `__Host-${name}` : name
}
