// The HTTP server: the guards and the error handling of all operations, and the pages about the API.

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import type { Chat } from '../../core/chat.ts'
import { Slots } from '../../core/limits/slots.ts'
import type { UserId } from '../../core/model/model.ts'
import { Refusal } from '../../core/model/refusals.ts'
import { sayAndEnd } from '../../net/farewell.ts'
import { createServer } from '../../net/http.ts'
import { NotJson, parseJson } from '../../wire/json.ts'
import { type AppFiles, serveApp } from './app/files.ts'
import { cookieOf, deviceCookieOf, deviceOf, tokenOf } from './credentials.ts'
import { type Health, PROBES, serveHealth } from './health.ts'
import { messageOperations } from './operations/messages.ts'
import { openApi, PREFIX } from './operations/openapi.ts'
import { type ApiResponse, bytesOf, type Operation } from './operations/operation.ts'
import { Pages } from './operations/pages.ts'
import { peopleOperations } from './operations/people.ts'
import { Problem, type ProblemCode, type Problems } from './operations/problems.ts'
import { reference } from './operations/reference.ts'
import { roomOperations } from './operations/rooms.ts'
import { sessionOperations } from './operations/sessions.ts'
import { isWebSocket, Pipeline } from './pipeline.ts'
import type { RemoteAddresses } from './remote-address.ts'
import type { Display } from './socket/frames.ts'

/** Header lines of a request: names and values count one each. */
export const MOST_HEADERS = 2 * 100

export const operations: readonly Operation[] = [
  ...sessionOperations,
  ...peopleOperations,
  ...roomOperations,
  ...messageOperations,
]

/** Responses of one person that are held at a time, until they are sent: browsers ask for six, and a page may be 3 MB. */
const MOST_ANSWERS = 8
/** A request that waits longer than this for others of the same person is refused with 'too-fast'. */
const LONGEST_WAIT_MS = 10_000
const LONGEST_BODY = 64 << 10
const LONGEST_HEADERS = 16 << 10
const HEADERS_MS = 10_000
const REQUEST_MS = 30_000
const IDLE_MS = 75_000
/** A client that takes nothing of a response for this long is disconnected. Longer than any wait for a response. */
export const STALLED_MS = 120_000

/** Headers of every response: no sniffing, framing, referrers, or scripts. */
const SAFE = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
}
/** Sent under the public name only: for localhost it would apply to every port there. */
const HSTS = 'max-age=31536000'

/** Operations validate themselves (operation.ts), so that Fastify does not load its schema compilers. */
const NO_SCHEMAS = {
  buildValidator: () => noSchema,
  buildSerializer: () => noSchema,
}

function noSchema(): never {
  throw new Error('routes have no schemas')
}

export interface ApiDeps {
  readonly chat: Chat
  readonly problems: Problems
  readonly remote: RemoteAddresses
  /** How each door shows a message. */
  readonly displays: readonly Display[]
  /** The files of the web app. */
  readonly files: AppFiles
  readonly shortestPassword: number
  readonly version: string
  readonly health: Health
  readonly onError: (error: unknown) => void
}

export interface ApiServer {
  readonly app: FastifyInstance
  readonly server: Server
  readonly pipeline: Pipeline
}

/** Makes the server. It does not listen: connections are handed to it. */
export async function openApiServer(deps: ApiDeps): Promise<ApiServer> {
  const { problems } = deps
  const pipeline = new Pipeline()
  let server: Server | undefined
  const app = Fastify({
    serverFactory: answer => {
      server = createServer(
        {
          maxHeaderSize: LONGEST_HEADERS,
          headersTimeout: HEADERS_MS,
          requestTimeout: REQUEST_MS,
          keepAliveTimeout: IDLE_MS,
          connectionsCheckingInterval: HEADERS_MS / 2,
          noDelay: true,
          requireHostHeader: false, // a missing Host is refused like an unknown one
          // Some clients offer HTTP/2 on any request: it is declined.
          shouldUpgradeCallback: request => pipeline.mayUpgrade(request),
        },
        pipeline.serialize(answer),
      )
      server.maxHeadersCount = 0 // no limit here: headers are counted, not dropped
      server.timeout = STALLED_MS
      Object.assign(server, { httpAllowHalfOpen: true }) // clients may end their side before the response
      return server
    },
    bodyLimit: LONGEST_BODY,
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
    schemaController: { compilersFactory: NO_SCHEMAS },
    frameworkErrors(error, _, reply) {
      problems.send(reply.headers(SAFE), new Problem(OF_FASTIFY[error.code] ?? 'bad-request'))
    },
    clientErrorHandler(error, socket) {
      pipeline.afterAnswers(socket, () => refuseBroken(socket, error, problems))
    },
  })
  parseBodies(app)
  guard(app, deps)
  catchAll(app, deps)
  const pages = new Pages(deps.chat)
  const answers = new Slots<UserId>(MOST_ANSWERS)
  for (const operation of operations) route(app, operation, { ...deps, pages, answers })
  serveReference(app, deps.version)
  serveHealth(app, deps.health, request => deps.remote.isLocal(request))
  await serveApp(app, deps.files)
  await app.ready()
  if (!server) throw new Error('there is no server')
  server.emit('listening') // starts its timeouts, as it never listens
  return { app, server, pipeline }
}

/** Returns a whole HTTP response with a problem document, for connections that have no request to answer. */
export function rawProblem(problems: Problems, code: ProblemCode): string {
  const document = problems.document(new Problem(code), undefined)
  const body = JSON.stringify(document)
  const headers = [
    `HTTP/1.1 ${document.status} ${code}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ]
  return `${headers.join('\r\n')}\r\n\r\n${body}`
}

/** Answers a broken request and ends the connection. */
export function refuseBroken(socket: Socket, { code = '' }: NodeJS.ErrnoException, problems: Problems): void {
  if (socket.writable) sayAndEnd(socket, rawProblem(problems, BROKEN[code] ?? 'bad-request'))
  else socket.destroy()
}

/** Problems of Node's HTTP parser, by error code. */
const BROKEN: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'too-many-headers',
  ERR_HTTP_REQUEST_TIMEOUT: 'too-slow',
}

// --- guards ----------------------------------------------------------------------------------------------

function parseBodies(app: FastifyInstance): void {
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
export function badHeaders({ rawHeaders, headersDistinct }: IncomingMessage): ProblemCode | undefined {
  if (rawHeaders.length > MOST_HEADERS) return 'too-many-headers'
  return (headersDistinct.host?.length ?? 0) > 1 ? 'bad-request' : undefined // RFC 9112, section 3.2
}

const READING = new Set(['GET', 'HEAD'])

function guard(app: FastifyInstance, { remote }: ApiDeps): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { raw } = request
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

function catchAll(app: FastifyInstance, { problems, onError }: ApiDeps): void {
  app.setErrorHandler((error, _, reply) => {
    const problem = problemOf(error)
    if (problem.code === 'failed') onError(error)
    return problems.send(reply, problem)
  })
  app.setNotFoundHandler((request, reply) => {
    const there = operations.filter(({ path }) => sameShape(`${PREFIX}${path}`, request.url))
    if (there.length === 0) return problems.send(reply, new Problem('not-found'))
    reply.header('Allow', there.map(({ method }) => method).join(', '))
    return problems.send(reply, new Problem('wrong-method'))
  })
}

function sameShape(path: string, url: string): boolean {
  const [wanted, there] = [path.split('/'), (url.split('?', 1)[0] ?? '').split('/')]
  return (
    wanted.length === there.length && wanted.every((part, i) => part.startsWith(':') || part === there[i])
  )
}

/** Problems of Fastify, by error code. */
const OF_FASTIFY: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'wrong-type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad-request',
  FST_ERR_BAD_URL: 'bad-request',
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: 'bad-request', // for QUERY (RFC 10008, section 2)
  ECONNRESET: 'bad-request', // the client has gone
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof Refusal) return new Problem(error.code)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return new Problem(OF_FASTIFY[code] ?? 'failed')
}

// --- routes ----------------------------------------------------------------------------------------------

interface RouteDeps extends ApiDeps {
  readonly pages: Pages
  readonly answers: Slots<UserId>
}

function route(app: FastifyInstance, operation: Operation, deps: RouteDeps): void {
  const { remote, chat, pages, answers, displays, shortestPassword } = deps
  app.route({
    method: operation.method,
    url: `${PREFIX}${operation.path}`,
    handler: async (request, reply) => {
      const { raw, params, query, body, headers } = request
      const isSecure = remote.isSecure(raw)
      const credentials = {
        address: remote.addressOf(raw),
        token: tokenOf(headers, isSecure),
        device: deviceOf(headers, isSecure),
      }
      let release: (() => void) | undefined
      const waitForSlot = async (person: UserId) => {
        release = await takeSlot(answers, person, reply.raw)
      }
      const apiRequest = {
        chat,
        pages,
        displays,
        params,
        query,
        body,
        headers,
        ...credentials,
        waitForSlot,
        shortestPassword,
      }
      try {
        return finish(await operation.answer(apiRequest), reply, isSecure)
      } finally {
        if (release) onceTaken(reply.raw, release)
      }
    },
  })
}

/** Waits for a slot of the person; a request whose client hangs up meanwhile is dropped. @returns how to release it */
async function takeSlot(
  answers: Slots<UserId>,
  person: UserId,
  response: ServerResponse,
): Promise<() => void> {
  const gone = new AbortController()
  const hungUp = () => gone.abort(new Problem('too-slow'))
  if (response.closed) hungUp()
  response.once('close', hungUp)
  const late = setTimeout(() => gone.abort(new Problem('too-fast', { retryAfter: 1 })), LONGEST_WAIT_MS)
  try {
    return await answers.take(person, gone.signal)
  } finally {
    clearTimeout(late)
    response.off('close', hungUp)
  }
}

/** Releases the slot once the response is sent or the client is gone, but not before the work for it is done. */
function onceTaken(response: ServerResponse, release: () => void): void {
  if (response.closed) release()
  else response.once('close', release)
}

function finish(
  { status, body, headers, cookie, device }: ApiResponse,
  reply: FastifyReply,
  isSecure: boolean,
): FastifyReply {
  reply.header('Cache-Control', 'no-store')
  if (headers) reply.headers(headers)
  if (cookie !== undefined) reply.header('Set-Cookie', cookieOf(cookie, isSecure))
  if (device !== undefined) reply.header('Set-Cookie', deviceCookieOf(device, isSecure)) // in addition to the token's
  if (body === undefined) return reply.code(status ?? 204).send()
  return reply
    .code(status ?? 200)
    .header('Content-Type', 'application/json; charset=utf-8')
    .send(bytesOf(body))
}

// --- documentation ---------------------------------------------------------------------------------------

/** Serves the OpenAPI document and the page at /api, made at the first request. */
function serveReference(app: FastifyInstance, version: string): void {
  let json: string | undefined
  let html: string | undefined
  app.get(`${PREFIX}/openapi.json`, (_, reply) => {
    json ??= JSON.stringify(openApi(operations, version))
    return reply.type('application/json').send(json)
  })
  app.get('/api', (_, reply) => {
    html ??= reference(operations)
    return reply.type('text/html; charset=utf-8').send(html)
  })
}
