// What a request shows to be let in: a token, or a browser's cookie that holds one.

import type { IncomingHttpHeaders } from 'node:http'

/** Of a cookie; renewed by logging in again. */
const MAX_AGE = 90 * 86_400
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
  const named = cookies.split(';').map(each => each.trim().split('=', 2))
  const mine = named.filter(([name]) => name === nameOf(isSecure))
  return mine.map(([, value]) => isToken(value)).find(token => token !== undefined)
}

/** A Set-Cookie header. @param token 'none': the browser forgets it */
export function cookieOf(token: string, isSecure: boolean): string {
  const [value, age] = token === 'none' ? ['', 0] : [token, MAX_AGE]
  const secure = isSecure ? '; Secure' : ''
  return `${nameOf(isSecure)}=${value}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${secure}`
}

/** The prefix binds it to this host and to TLS (draft-ietf-httpbis-rfc6265bis, section 4.1.3.2). */
function nameOf(isSecure: boolean): string {
  return isSecure ? '__Host-tertulia' : 'tertulia'
}
