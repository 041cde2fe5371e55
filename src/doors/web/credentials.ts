// What a request shows to be let in: a token, or a browser's cookie that holds one.

import type { IncomingHttpHeaders } from 'node:http'

/** Of a cookie; renewed by logging in again. */
const MAX_AGE = 90 * 86_400
/** Ours are 43 characters long. */
const TOKEN = /^[\w-]{43}$/

/** undefined where there is none, or what is none. */
export function tokenOf(headers: IncomingHttpHeaders): string | undefined {
  const { authorization, cookie } = headers
  // RFC 6750, section 2.1
  if (authorization !== undefined) return isToken(/^Bearer +(\S+) *$/i.exec(authorization)?.[1])
  return cookie === undefined ? undefined : tokenIn(cookie)
}

export function isToken(typed: string | undefined): string | undefined {
  return typed !== undefined && TOKEN.test(typed) ? typed : undefined
}

/** The same in a Cookie header (RFC 6265, section 4.2). */
export function tokenIn(cookies: string): string | undefined {
  for (const each of cookies.split(';')) {
    const [name = '', value] = each.trim().split('=', 2)
    if (name === nameOf(true) || name === nameOf(false)) return isToken(value)
  }
  return undefined
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
