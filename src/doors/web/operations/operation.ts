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
export interface Asked {
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
  readonly turn: (person: UserId) => Promise<void>
  readonly shortestPassword: number
  /** undefined where none is shown. */
  readonly token: string | undefined
  /** Of a browser in which somebody has logged in before. */
  readonly device: string | undefined
}

export interface Reply {
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
interface Described {
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

export interface Operation extends Described {
  /** undefined: nobody need be logged in. */
  readonly scope?: Scope
  /** Throws Problem and Refusal. */
  answer(asked: Asked): Promise<Reply>
}

interface Shapes<P extends Properties, Q extends Properties, B extends Schema> extends Described {
  readonly params?: ObjectSchema<P>
  readonly query?: ObjectSchema<Q>
  readonly body?: B
}

/** What was asked, as the schemas describe it. */
interface Call<P extends Properties, Q extends Properties, B extends Schema>
  extends Omit<Asked, 'params' | 'query' | 'body'> {
  readonly params: Static<ObjectSchema<P>>
  readonly query: Static<ObjectSchema<Q>>
  readonly body: Static<B>
}

/** Of somebody who is logged in. */
interface Personal {
  readonly visit: TokenSession
  readonly person: Profile
}

/** For who need not be logged in. */
export function anybody<P extends Properties, Q extends Properties, B extends Schema>(
  operation: Shapes<P, Q, B> & { run(call: Call<P, Q, B>): Promise<Reply> },
): Operation {
  const parse = parserOf(operation)
  return { ...operation, answer: async asked => operation.run(parse(asked)) }
}

/** For who is logged in. */
export function personal<P extends Properties, Q extends Properties, B extends Schema>(
  operation: Shapes<P, Q, B> & {
    readonly scope: Scope
    /** Tokens of one room reach it too. */
    readonly anyRoom?: true
    run(call: Call<P, Q, B> & Personal): Promise<Reply>
  },
): Operation {
  const parse = parserOf(operation)
  return {
    ...operation,
    async answer(asked) {
      const visit = await letIn(asked)
      visit.mustReach(operation.scope, operation.anyRoom ? 'any' : undefined)
      return charged(asked.chat, visit, await operation.run({ ...parse(asked), visit, person: visit.person }))
    },
  }
}

/** For who is logged in, in the room that the path names as :room. */
export function inRoom<P extends Properties, Q extends Properties, B extends Schema>(
  operation: Shapes<P, Q, B> & {
    readonly scope: Scope
    run(call: Call<P, Q, B> & Personal & { readonly room: RoomId }): Promise<Reply>
  },
): Operation {
  const parse = parserOf(operation)
  return {
    ...operation,
    async answer(asked) {
      const visit = await letIn(asked)
      const call = parse(asked)
      const { person } = visit
      const room = await roomOf(asked.chat, visit, roomIn(asked.params))
      visit.mustReach(operation.scope, room)
      return charged(asked.chat, visit, await operation.run({ ...call, visit, person, room }))
    },
  }
}

// --- guards ----------------------------------------------------------------------------------------------

async function letIn({ chat, token, address, turn }: Asked): Promise<TokenSession> {
  if (token === undefined) throw new Problem('not-logged-in')
  const visit = await visitOf(chat, token, address)
  await turn(visit.person.id) // what is asked for at the same time is charged first, but for a few
  const wait = chat.throttle(visit.person)
  if (wait > 0) throw new Problem('too-fast', { retryAfter: wait / 1000 })
  return visit
}

/** Bytes of an answer that take about as long as other operations. */
const BYTES_A_TURN = 32 << 10

/** What cost more than the one turn that it has taken takes more. @returns it, with its body as bytes */
function charged(chat: Chat, { person }: TokenSession, reply: Reply): Reply {
  const { unsent = 0 } = reply
  const body = reply.body === undefined ? undefined : bytesOf(reply.body)
  chat.charge(person, Math.floor(((body?.length ?? 0) + unsent) / BYTES_A_TURN))
  return { ...reply, body }
}

/** JSON. */
export function bytesOf(body: unknown): Uint8Array {
  return body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body))
}

async function visitOf(chat: Chat, token: string, address: string): Promise<TokenSession> {
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
}: Shapes<P, Q, B>): (asked: Asked) => Call<P, Q, B> {
  const paramsOf = checked<ObjectSchema<P>>(params, 'path')
  const queryOf = checked<ObjectSchema<Q>>(query, 'query')
  const bodyOf = checked<B>(body, 'body')
  const numbers = { params: numbersOf(params), query: numbersOf(query) }
  return asked => ({
    ...asked,
    params: paramsOf(withNumbers(asked.params, numbers.params)),
    query: queryOf(withNumbers(asked.query, numbers.query)),
    body: bodyOf(asked.body),
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
