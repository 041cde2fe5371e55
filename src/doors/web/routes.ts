// The routes of all operations: a slot for each response of one person, and cookies and headers of the response.

import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Chat } from '../../core/chat.ts'
import { Slots } from '../../core/limits/slots.ts'
import type { UserId } from '../../core/model/model.ts'
import { cookieOf, deviceCookieOf, deviceOf, tokenOf } from './credentials.ts'
import { PREFIX } from './operations/openapi.ts'
import { type ApiResponse, bytesOf, type JoinAddresses, type Operation } from './operations/operation.ts'
import type { Pages } from './operations/pages.ts'
import { Problem } from './operations/problems.ts'
import type { RemoteAddresses } from './remote-address.ts'
import type { Display } from './socket/frames.ts'

/** Responses of one person that are held at a time, until they are sent: browsers ask for six, and a page may be 3 MB. */
const MOST_ANSWERS = 8
/** A request that waits longer than this for others of the same person is refused with 'too-fast'. */
const LONGEST_WAIT_MS = 10_000

export interface RouteDeps {
  readonly chat: Chat
  readonly remote: RemoteAddresses
  readonly displays: readonly Display[]
  readonly shortestPassword: number
  readonly join: () => JoinAddresses
  readonly pages: Pages
}

interface Shared extends RouteDeps {
  readonly answers: Slots<UserId>
}

export function addRoutes(app: FastifyInstance, operations: readonly Operation[], deps: RouteDeps): void {
  const answers = new Slots<UserId>(MOST_ANSWERS)
  for (const operation of operations) route(app, operation, { ...deps, answers })
}

function route(app: FastifyInstance, operation: Operation, deps: Shared): void {
  const { remote, chat, pages, answers, displays, shortestPassword, join } = deps
  app.route({
    method: operation.method,
    url: `${PREFIX}${operation.path}`,
    ...(operation.longestBody !== undefined && { bodyLimit: operation.longestBody }),
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
        join,
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
