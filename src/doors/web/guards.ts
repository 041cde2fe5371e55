// What every request must pass before its operation: headers, body, Host, Origin.

import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { NotJson, parseJson } from '../../wire/json.ts'
import { PROBES } from './health.ts'
import { Problem, type ProblemCode } from './operations/problems.ts'
import { isWebSocket } from './pipeline.ts'
import type { RemoteAddresses } from './remote-address.ts'

/** The most header lines of a request: at the next one, Node's parser ends the connection. */
export const MOST_HEADERS = 100

/** Headers of every response: no sniffing, framing, referrers, or scripts. */
export const SAFE = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
}
/** Sent under the public name only: for localhost it would apply to every port there. */
const HSTS = 'max-age=31536000'

export function parseBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => {
    if (body.length === 0) return done(null, {})
    try {
      done(null, parseJson(body as Buffer))
    } catch (error) {
      done(error instanceof NotJson ? new Problem('bad-request', { detail: error.fault }) : (error as Error))
    }
  })
  app.addContentTypeParser(['text/plain', 'text/markdown'], { parseAs: 'buffer' }, (_, body, done) => {
    try {
      done(null, new TextDecoder('utf-8', { fatal: true }).decode(body as Buffer))
    } catch {
      done(new Problem('bad-request', { detail: 'not-utf8' }))
    }
  })
}

/** Returns what is wrong with the headers of a request or an upgrade. */
export function badHeaders({ headersDistinct }: IncomingMessage): ProblemCode | undefined {
  return (headersDistinct.host?.length ?? 0) > 1 ? 'bad-request' : undefined // RFC 9112, section 3.2
}

/** An absolute URI in the request line counts more than the Host header (RFC 9112, section 3.2.2). */
function takeHostOfTarget({ url = '', headers }: IncomingMessage): void {
  if (!url.startsWith('/') && URL.canParse(url)) headers.host = new URL(url).host
}

const READING = new Set(['GET', 'HEAD'])

export function guard(app: FastifyInstance, remote: RemoteAddresses): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { raw } = request
    takeHostOfTarget(raw)
    reply.headers(SAFE)
    if (remote.isPublic(raw)) reply.header('Strict-Transport-Security', HSTS)
    const bad = badHeaders(raw)
    if (bad) return done(new Problem(bad))
    const { 'content-encoding': encoding = 'identity' } = raw.headers
    if (isWebSocket(raw.headers)) return done(new Problem('bad-request')) // an upgrade that cannot be accepted here
    if (encoding.toLowerCase() !== 'identity') return done(new Problem('wrong-type')) // RFC 9110, section 15.5.16
    if (!remote.hosts.knows(raw.headers.host) && !PROBES.has(raw.url ?? ''))
      return done(new Problem('wrong-host'))
    if (!READING.has(raw.method ?? '') && !remote.hosts.isOurs(raw.headers))
      return done(new Problem('foreign-origin'))
    done()
  })
}
