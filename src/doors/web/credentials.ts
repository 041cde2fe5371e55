// The credentials of a request: a token, or a browser's cookie that holds one.

import type { IncomingHttpHeaders } from 'node:http'

/** The lifetime of the token cookie in seconds; logging in renews it. */
const MAX_AGE = 90 * 86_400
const DEVICE_MAX_AGE = 365 * 86_400
const [TOKEN_NAME, DEVICE_NAME] = ['tertulia', 'tertulia-device']
/** Tokens have 43 characters: 32 bytes in base64url. */
const TOKEN = /^[\w-]{43}$/

/** The token of a request, if any is valid in form. @param isSecure on encrypted connections only secure cookies count */
export function tokenOf(headers: IncomingHttpHeaders, isSecure: boolean): string | undefined {
  const { authorization, cookie } = headers
  // RFC 6750, section 2.1
  if (authorization !== undefined) return isToken(/^Bearer +(\S+) *$/i.exec(authorization)?.[1])
  return cookie === undefined ? undefined : tokenIn(cookie, isSecure)
}

/** Returns the text if it has the form of a token. */
export function isToken(typed: string | undefined): string | undefined {
  return typed !== undefined && TOKEN.test(typed) ? typed : undefined
}

/** The token in a Cookie header (RFC 6265, section 4.2). */
function tokenIn(cookies: string, isSecure: boolean): string | undefined {
  return cookieNamed(cookies, nameOf(TOKEN_NAME, isSecure))
}

/** The device cookie: it marks a browser in which somebody has logged in before, and survives logging out. */
export function deviceOf({ cookie = '' }: IncomingHttpHeaders, isSecure: boolean): string | undefined {
  return cookieNamed(cookie, nameOf(DEVICE_NAME, isSecure))
}

function cookieNamed(cookies: string, wanted: string): string | undefined {
  const named = cookies.split(';').map(each => each.trim().split('=', 2))
  const mine = named.filter(([name]) => name === wanted)
  return mine.map(([, value]) => isToken(value)).find(token => token !== undefined)
}

/** Makes a Set-Cookie header. @param token 'none' deletes the cookie */
export function cookieOf(token: string, isSecure: boolean): string {
  return setCookie(nameOf(TOKEN_NAME, isSecure), token === 'none' ? ['', 0] : [token, MAX_AGE], isSecure)
}

/** Makes the Set-Cookie header of the device cookie. */
export function deviceCookieOf(device: string, isSecure: boolean): string {
  return setCookie(nameOf(DEVICE_NAME, isSecure), [device, DEVICE_MAX_AGE], isSecure)
}

function setCookie(name: string, [value, age]: readonly [string, number], isSecure: boolean): string {
  const secure = isSecure ? '; Secure' : ''
  return `${name}=${value}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${secure}`
}

/** The __Host- prefix binds a cookie to this host and to TLS (draft-ietf-httpbis-rfc6265bis, section 4.1.3.2). */
function nameOf(name: string, isSecure: boolean): string {
  return isSecure ? `__Host-${name}` : name
}
