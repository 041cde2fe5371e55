// What an operation of the HTTP API is, with the validation, authentication and charging that all of them share.

import type { Chat } from '../../../core/chat.ts'
import type { Profile, RoomId, Scope, UserId } from '../../../core/model/model.ts'
import { Refusal, refuse } from '../../../core/model/refusals.ts'
import type { TokenSession } from '../../../core/sessions/tokens.ts'
import type { ObjectSchema, Properties, Schema, Static } from '../../../wire/json-schema.ts'
import { validatorOf } from '../../../wire/validate.ts'
import type { Display } from '../socket/frames.ts'
import type { Pages } from './pages.ts'
import { Problem } from './problems.ts'

/** How others reach the server, as the console prints it. */
export interface JoinAddresses {
  readonly url: string
  /** A command for a terminal. */
  readonly line: string
  readonly irc: { readonly host: string; readonly port: number; readonly tls: boolean }
  /** Only programs on its own machine reach it. */
  readonly isLocal: boolean
}

/** A request before validation. */
export interface ApiRequest {
  readonly chat: Chat
  readonly pages: Pages
  /** How each door shows a message, in the order in which people see them. */
  readonly displays: readonly Display[]
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The client's network: an IPv4 address or an IPv6 /64. */
  readonly address: string
  /** Resolves when the person has a free slot: the number of responses that are held for one person is bounded. */
  readonly waitForSlot: (person: UserId) => Promise<void>
  readonly shortestPassword: number
  readonly join: () => JoinAddresses
  /** The token that was sent, if any. */
  readonly token: string | undefined
  /** The device cookie of a browser in which somebody has logged in before. */
  readonly device: string | undefined
}

export interface ApiResponse {
  /** Default: 200, or 204 without a body. */
  readonly status?: number
  /** A value as the operation's schema describes it; bytes are JSON already. */
  readonly body?: unknown
  /** The number of bytes that were made but are not sent: they are charged too. */
  readonly unsent?: number
  readonly headers?: Readonly<Record<string, string>>
  /** A token to set as a cookie; 'none' deletes the cookie. */
  readonly cookie?: string
  /** The device cookie to set. */
  readonly device?: string | undefined
}

/** The description of an operation, from which the OpenAPI document is made. */
interface OperationDescription {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** The path below /api/v1, with :parameters. */
  readonly path: string
  /** The operationId. */
  readonly id: string
  readonly summary: string
  readonly params?: ObjectSchema
  readonly query?: ObjectSchema
  readonly body?: Schema
  readonly reply?: Schema
  readonly status?: number
  /** Bytes of the body, where more than usual may be sent. */
  readonly longestBody?: number
}

export interface Operation extends OperationDescription {
  /** The scope that the token needs; undefined if no log-in is needed. */
  readonly scope?: Scope
  /** Throws Problem and Refusal. */
  answer(request: ApiRequest): Promise<ApiResponse>
}

interface TypedDescription<P extends Properties, Q extends Properties, B extends Schema>
  extends OperationDescription {
  readonly params?: ObjectSchema<P>
  readonly query?: ObjectSchema<Q>
  readonly body?: B
}

/** A request after validation, typed by the schemas. */
interface TypedRequest<P extends Properties, Q extends Properties, B extends Schema>
  extends Omit<ApiRequest, 'params' | 'query' | 'body'> {
  readonly params: Static<ObjectSchema<P>>
  readonly query: Static<ObjectSchema<Q>>
  readonly body: Static<B>
}

/** Who sent a request. */
interface Authenticated {
  readonly tokenSession: TokenSession
  readonly person: Profile
}

/** Defines an operation that needs no log-in. */
export function withoutLogIn<P extends Properties, Q extends Properties, B extends Schema>(
  operation: TypedDescription<P, Q, B> & { run(call: TypedRequest<P, Q, B>): Promise<ApiResponse> },
): Operation {
  const parse = parserOf(operation)
  return { ...operation, answer: async request => operation.run(parse(request)) }
}

/** Defines an operation that needs a log-in. */
export function withLogIn<P extends Properties, Q extends Properties, B extends Schema>(
  operation: TypedDescription<P, Q, B> & {
    readonly scope: Scope
    /** Tokens that are limited to one room may use it too. */
    readonly anyRoom?: true
    run(call: TypedRequest<P, Q, B> & Authenticated): Promise<ApiResponse>
  },
): Operation {
  const parse = parserOf(operation)
  return {
    ...operation,
    async answer(request) {
      const tokenSession = await authenticate(request)
      tokenSession.mustReach(operation.scope, operation.anyRoom ? 'any' : undefined)
      return charged(
        request.chat,
        tokenSession,
        await operation.run({ ...parse(request), tokenSession, person: tokenSession.person }),
      )
    },
  }
}

/** Defines an operation on the room that the path names as :room, for people who are logged in. */
export function inRoom<P extends Properties, Q extends Properties, B extends Schema>(
  operation: TypedDescription<P, Q, B> & {
    readonly scope: Scope
    run(call: TypedRequest<P, Q, B> & Authenticated & { readonly room: RoomId }): Promise<ApiResponse>
  },
): Operation {
  const parse = parserOf(operation)
  return {
    ...operation,
    async answer(request) {
      const tokenSession = await authenticate(request)
      const call = parse(request)
      const { person } = tokenSession
      const room = await roomOf(request.chat, tokenSession, roomIn(request.params))
      tokenSession.mustReach(operation.scope, room)
      return charged(request.chat, tokenSession, await operation.run({ ...call, tokenSession, person, room }))
    },
  }
}

// --- guards ----------------------------------------------------------------------------------------------

async function authenticate({ chat, token, address, waitForSlot }: ApiRequest): Promise<TokenSession> {
  if (token === undefined) throw new Problem('not-logged-in')
  const tokenSession = await tokenSessionOf(chat, token, address)
  await waitForSlot(tokenSession.person.id) // first: of simultaneous requests only a few are charged at a time
  const wait = chat.throttle(tokenSession.person)
  if (wait > 0) throw new Problem('too-fast', { retryAfter: wait / 1000 })
  return tokenSession
}

/** The size of a response, in bytes, that costs about as much as another operation. */
const BYTES_PER_TURN = 32 << 10

/** Charges what a response cost beyond one turn of the rate limit. @returns the response with its body as bytes */
function charged(chat: Chat, { person }: TokenSession, reply: ApiResponse): ApiResponse {
  const { unsent = 0 } = reply
  const body = reply.body === undefined ? undefined : bytesOf(reply.body)
  chat.charge(person, Math.floor(((body?.length ?? 0) + unsent) / BYTES_PER_TURN))
  return { ...reply, body }
}

/** Encodes a body as JSON. */
export function bytesOf(body: unknown): Uint8Array {
  return body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body))
}

export async function tokenSessionOf(chat: Chat, token: string, address: string): Promise<TokenSession> {
  try {
    return await chat.authentication.authenticate(token, address)
  } catch (error) {
    const isUnknown = error instanceof Refusal && error.code === 'no-such-session'
    throw isUnknown ? new Problem('not-logged-in') : error
  }
}

/** The :room parameter of a path. */
function roomIn(params: unknown): string {
  return typeof params === 'object' && params && 'room' in params ? String(params.room) : ''
}

/** Finds a room by its id or its name. Refuses 'no-such-room'. */
export async function roomOf(chat: Chat, { person, grant }: TokenSession, typed: string): Promise<RoomId> {
  if (/^[1-9]\d{0,6}$/.test(typed)) return Number(typed) as RoomId
  try {
    return (await chat.rooms.find(person, typed)).id
  } catch (error) {
    // Tokens of one room must not learn which others exist.
    if (error instanceof Refusal && grant.room !== undefined) refuse('out-of-scope')
    throw error
  }
}

// --- validation ------------------------------------------------------------------------------------------

function parserOf<P extends Properties, Q extends Properties, B extends Schema>({
  params,
  query,
  body,
}: TypedDescription<P, Q, B>): (request: ApiRequest) => TypedRequest<P, Q, B> {
  const paramsOf = checked<ObjectSchema<P>>(params, 'path')
  const queryOf = checked<ObjectSchema<Q>>(query, 'query')
  const bodyOf = checked<B>(body, 'body')
  const numbers = { params: numbersOf(params), query: numbersOf(query) }
  return request => ({
    ...request,
    params: paramsOf(withNumbers(request.params, numbers.params)),
    query: queryOf(withNumbers(request.query, numbers.query)),
    body: bodyOf(request.body),
  })
}

/** Returns a function that validates a value; it throws a Problem with the first error. Without a schema it checks nothing. */
function checked<Described extends Schema>(
  schema: Described | undefined,
  where: 'path' | 'query' | 'body',
): (value: unknown) => Static<Described> {
  if (!schema) return value => value as Static<Described>
  const validator = validatorOf(schema)
  return value => {
    const isValid = validator()
    if (isValid(value)) return value
    const [first] = isValid.errors ?? []
    const detail = `${where}${first?.instancePath ?? ''}: ${first?.message ?? ''}`
    throw new Problem('bad-request', { detail })
  }
}

/** Converts the numeric parameters of a path or query, which are texts. */
function withNumbers(texts: unknown, numbers: readonly string[]): unknown {
  if (typeof texts !== 'object') return texts
  const converted: Record<string, unknown> = { ...texts }
  for (const name of numbers) {
    const value = converted[name]
    if (typeof value === 'string' && /^\d{1,16}$/.test(value)) converted[name] = Number(value)
  }
  return converted
}

/** The names of the integer properties. */
function numbersOf(schema: ObjectSchema | undefined): string[] {
  const properties = Object.entries(schema?.properties ?? {})
  return properties.filter(([, each]) => 'type' in each && each.type === 'integer').map(([name]) => name)
}
