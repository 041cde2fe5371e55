// The HTTP server: what it is made of, the problems that it answers errors with, and the documentation of the API.

import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Chat } from '../../core/chat.ts'
import { Refusal } from '../../core/model/refusals.ts'
import { createServer } from '../../net/http.ts'
import { sayAndEnd } from '../../net/say-and-end.ts'
import type { Language } from '../../wording/languages.ts'
import { type AppFiles, serveApp } from './app/files.ts'
import { BodyDeadlines } from './body-deadlines.ts'
import { continueOnceRead } from './expect-continue.ts'
import { addFileRoutes } from './files/routes.ts'
import { guard, MOST_HEADERS, parseBodies, SAFE } from './guards.ts'
import { type Health, serveHealth } from './health.ts'
import { accountOperations } from './operations/accounts.ts'
import { actOperations } from './operations/acts.ts'
import { avatarOperations } from './operations/avatars.ts'
import { fileOperations } from './operations/files.ts'
import { historyOperations } from './operations/history.ts'
import { invitationOperations } from './operations/invitations.ts'
import { keepingOperations } from './operations/keeping.ts'
import { memberOperations } from './operations/members.ts'
import { messageOperations } from './operations/messages.ts'
import { openApi, PREFIX } from './operations/openapi.ts'
import type { JoinAddresses, Operation } from './operations/operation.ts'
import { Pages } from './operations/pages.ts'
import { peopleOperations } from './operations/people.ts'
import { pollOperations } from './operations/polls.ts'
import { Problem, type ProblemCode, type Problems } from './operations/problems.ts'
import { reactionOperations } from './operations/reactions.ts'
import { reference } from './operations/reference.ts'
import { reminderOperations } from './operations/reminders.ts'
import { reportOperations } from './operations/reports.ts'
import { roomOperations } from './operations/rooms.ts'
import { rosterOperations } from './operations/rosters.ts'
import { scheduledOperations } from './operations/scheduled.ts'
import { serverSettingsOperations } from './operations/server-settings.ts'
import { sessionOperations } from './operations/sessions.ts'
import { teamOperations } from './operations/teams.ts'
import { threadOperations } from './operations/threads.ts'
import { Pipeline } from './pipeline.ts'
import type { RemoteAddresses } from './remote-address.ts'
import { addRoutes } from './routes.ts'
import type { Display } from './socket/frames.ts'

export const operations: readonly Operation[] = [
  ...sessionOperations,
  ...peopleOperations,
  ...accountOperations,
  ...invitationOperations,
  ...rosterOperations,
  ...roomOperations,
  ...memberOperations,
  ...messageOperations,
  ...historyOperations,
  ...pollOperations,
  ...scheduledOperations,
  ...reminderOperations,
  ...threadOperations,
  ...teamOperations,
  ...reactionOperations,
  ...actOperations,
  ...keepingOperations,
  ...fileOperations,
  ...avatarOperations,
  ...serverSettingsOperations,
  ...reportOperations,
]

const LONGEST_BODY = 64 << 10
const LONGEST_HEADERS = 16 << 10
const HEADERS_MS = 10_000
const IDLE_MS = 75_000
/** A client that takes nothing of a response for this long is disconnected. Longer than any wait for a response. */
export const STALLED_MS = 120_000

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
  /** The language of people who have chosen none. */
  readonly language: Language
  /** The address by which others reach this door: https://chat.example.org. */
  readonly webUrl: () => string
  /** The same for all doors; known once they listen. */
  readonly join: () => JoinAddresses
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
  const deadlines = new BodyDeadlines()
  let server: Server | undefined
  const app = Fastify({
    serverFactory: answer => {
      const answerInTurn = pipeline.serialize(answer)
      const take: typeof answerInTurn = (request, response) => {
        deadlines.start(request)
        answerInTurn(request, response)
      }
      server = createServer(
        {
          maxHeaderSize: LONGEST_HEADERS,
          headersTimeout: HEADERS_MS,
          requestTimeout: 0, // a file may take longer: body-deadlines.ts
          keepAliveTimeout: IDLE_MS,
          connectionsCheckingInterval: HEADERS_MS / 2,
          noDelay: true,
          requireHostHeader: false, // a missing Host is refused like an unknown one
          // Some clients offer HTTP/2 on any request: it is declined.
          shouldUpgradeCallback: request => pipeline.mayUpgrade(request),
        },
        take,
      )
      server.maxHeadersCount = MOST_HEADERS
      server.timeout = STALLED_MS
      server.on('checkContinue', (request, response) => {
        continueOnceRead(request, response)
        take(request, response)
      })
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
  guard(app, deps.remote)
  catchAll(app, deps)
  const pages = new Pages(deps.chat)
  await addFileRoutes(app, { ...deps, deadlines }) // first: of HEAD and GET on an upload, HEAD is tus's
  addRoutes(app, operations, { ...deps, pages })
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

// --- errors ----------------------------------------------------------------------------------------------

function catchAll(app: FastifyInstance, { problems, onError }: ApiDeps): void {
  app.setErrorHandler((error, _, reply) => {
    const problem = problemOf(error)
    if (problem.code === 'failed') onError(error)
    return problems.send(reply, problem)
  })
  app.setNotFoundHandler((request, reply) => {
    const there = operations.filter(({ path }) => sameShape(`${PREFIX}${path}`, request.url))
    if (there.length === 0) return problems.send(reply, new Problem('not-found'))
    // One of its parameters is longer than the router takes.
    if (there.some(({ method }) => method === request.method))
      return problems.send(reply, new Problem('bad-request'))
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
  if (error instanceof Refusal) return new Problem(error.code, { opens: error.opens })
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return new Problem(OF_FASTIFY[code] ?? 'failed')
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
