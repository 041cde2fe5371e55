// What one can do over HTTP: a table of operations. Validation and the guards of who is logged in exist once, here.

import type { Chat } from '../../../core/chat.ts'
import type { Profile, RoomId, Scope, UserId } from '../../../core/model/model.ts'
import { Refusal, refuse } from '../../../core/model/refusals.ts'
import type { TokenSession } from '../../../core/sessions/tokens.ts'
import type { ObjectSchema, Properties, Schema, Static } from '../../../wire/json-schema.ts'
import { validatorOf } from '../../../wire/validate.ts'
import type { Display } from '../socket/frames.ts'
import type { Pages } from './pages.ts'
import { Problem } from './problems.ts'

/** A request as it comes in: nothing of it has been looked at. */
export interface ApiRequest {
  readonly chat: Chat
  readonly pages: Pages
  /** In the order in which people are shown them. */
  readonly displays: readonly Display[]
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** As far as one subscriber has it. */
  readonly address: string
  /** Resolves when this person may be answered: of their answers so many are kept for who has not yet taken them. */
  readonly waitForSlot: (person: UserId) => Promise<void>
  readonly shortestPassword: number
  /** undefined where none is shown. */
  readonly token: string | undefined
  /** Of a browser in which somebody has logged in before. */
  readonly device: string | undefined
}

export interface ApiResponse {
  /** 200 where none is given, 204 where there is no body. */
  readonly status?: number
  /** A value that the operation's schema describes; bytes are JSON already. */
  readonly body?: unknown
  /** Bytes that were made for it and are not sent: they cost as much. */
  readonly unsent?: number
  readonly headers?: Readonly<Record<string, string>>
  /** A token that the browser keeps; 'none': it forgets what it has. */
  readonly cookie?: string
  /** What the browser shows from now on, whoever logs in there. */
  readonly device?: string | undefined
}

/** What the table says of an operation. */
interface OperationDescription {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With :parameters; behind /api/v1. */
  readonly path: string
  /** The OpenAPI document's operationId. */
  readonly id: string
  readonly summary: string
  readonly params?: ObjectSchema
  readonly query?: ObjectSchema
  readonly body?: Schema
  readonly reply?: Schema
  readonly status?: number
}

export interface Operation extends OperationDescription {
  /** undefined: nobody need be logged in. */
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

/** What was asked, as the schemas describe it. */
interface TypedRequest<P extends Properties, Q extends Properties, B extends Schema>
  extends Omit<ApiRequest, 'params' | 'query' | 'body'> {
  readonly params: Static<ObjectSchema<P>>
  readonly query: Static<ObjectSchema<Q>>
  readonly body: Static<B>
}

/** Of somebody who is logged in. */
interface Authenticated {
  readonly tokenSession: TokenSession
  readonly person: Profile
}

/** For who need not be logged in. */
export function withoutLogIn<P extends Properties, Q extends Properties, B extends Schema>(
  operation: TypedDescription<P, Q, B> & { run(call: TypedRequest<P, Q, B>): Promise<ApiResponse> },
): Operation {
  const parse = parserOf(operation)
  return { ...operation, answer: async request => operation.run(parse(request)) }
}

/** For who is logged in. */
export function withLogIn<P extends Properties, Q extends Properties, B extends Schema>(
  operation: TypedDescription<P, Q, B> & {
    readonly scope: Scope
    /** Tokens of one room reach it too. */
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

/** For who is logged in, in the room that the path names as :room. */
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
  await waitForSlot(tokenSession.person.id) // what is request for at the same time is charged first, but for a few
  const wait = chat.throttle(tokenSession.person)
  if (wait > 0) throw new Problem('too-fast', { retryAfter: wait / 1000 })
  return tokenSession
}

/** Bytes of an answer that take about as long as other operations. */
const BYTES_PER_TURN = 32 << 10

/** What cost more than the one turn that it has taken takes more. @returns it, with its body as bytes */
function charged(chat: Chat, { person }: TokenSession, reply: ApiResponse): ApiResponse {
  const { unsent = 0 } = reply
  const body = reply.body === undefined ? undefined : bytesOf(reply.body)
  chat.charge(person, Math.floor(((body?.length ?? 0) + unsent) / BYTES_PER_TURN))
  return { ...reply, body }
}

/** JSON. */
export function bytesOf(body: unknown): Uint8Array {
  return body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body))
}

async function tokenSessionOf(chat: Chat, token: string, address: string): Promise<TokenSession> {
  try {
    return await chat.authentication.authenticate(token, address)
  } catch (error) {
    const isUnknown = error instanceof Refusal && error.code === 'no-such-session'
    throw isUnknown ? new Problem('not-logged-in') : error
  }
}

/** What a path names as :room. */
function roomIn(params: unknown): string {
  return typeof params === 'object' && params && 'room' in params ? String(params.room) : ''
}

/** A number, or a name. Refuses 'no-such-room'. */
async function roomOf(chat: Chat, { person, grant }: TokenSession, typed: string): Promise<RoomId> {
  if (/^[1-9]\d{0,6}$/.test(typed)) return Number(typed) as RoomId
  try {
    return (await chat.rooms.find(person, typed)).id
  } catch (error) {
    // A token of one room does not learn which others there are.
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

/** Throws what is wrong with it. What no schema asks for is not looked at. */
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

/** Paths and queries are texts; what should be a number and looks like one is one. */
function withNumbers(texts: unknown, numbers: readonly string[]): unknown {
  if (typeof texts !== 'object') return texts
  const converted: Record<string, unknown> = { ...texts }
  for (const name of numbers) {
    const value = converted[name]
    if (typeof value === 'string' && /^\d{1,16}$/.test(value)) converted[name] = Number(value)
  }
  return converted
}

/** The properties that should be numbers. */
function numbersOf(schema: ObjectSchema | undefined): string[] {
  const properties = Object.entries(schema?.properties ?? {})
  return properties.filter(([, each]) => 'type' in each && each.type === 'integer').map(([name]) => name)
}
