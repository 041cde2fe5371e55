// What one can do over HTTP: a table of operations. Validation and the guards of who is logged in exist once, here.

import type { Static, TObject, TProperties, TSchema } from 'typebox'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Chat } from '../../core/chat.ts'
import type { Profile, RoomId, Scope } from '../../core/model.ts'
import { Refusal, refuse } from '../../core/refusals.ts'
import type { Visit } from '../../core/visits.ts'
import type { Pages } from './pages.ts'
import { Problem } from './problems.ts'
import type { Display } from './shown.ts'

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
  readonly shortestPassword: number
  /** undefined where none is shown. */
  readonly token: string | undefined
}

export interface Reply {
  /** 200 where none is given, 204 where there is no body. */
  readonly status?: number
  /** A value that the operation's schema describes; bytes are JSON already. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** A token that the browser keeps; 'none': it forgets what it has. */
  readonly cookie?: string
}

/** What the table says of an operation. */
interface Described {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With :parameters; behind /api/v1. */
  readonly path: string
  /** The OpenAPI document's operationId. */
  readonly id: string
  readonly summary: string
  readonly params?: TObject
  readonly query?: TObject
  readonly body?: TSchema
  readonly reply?: TSchema
  readonly status?: number
}

export interface Operation extends Described {
  /** undefined: nobody need be logged in. */
  readonly scope?: Scope
  /** Throws Problem and Refusal. */
  answer(asked: Asked): Promise<Reply>
}

interface Shapes<P extends TProperties, Q extends TProperties, B extends TSchema> extends Described {
  readonly params?: TObject<P>
  readonly query?: TObject<Q>
  readonly body?: B
}

/** What was asked, as the schemas describe it. */
interface Call<P extends TProperties, Q extends TProperties, B extends TSchema>
  extends Omit<Asked, 'params' | 'query' | 'body'> {
  readonly params: Static<TObject<P>>
  readonly query: Static<TObject<Q>>
  readonly body: Static<B>
}

/** Of somebody who is logged in. */
interface Personal {
  readonly visit: Visit
  readonly person: Profile
}

/** For who need not be logged in. */
export function anybody<P extends TProperties, Q extends TProperties, B extends TSchema>(
  operation: Shapes<P, Q, B> & { run(call: Call<P, Q, B>): Promise<Reply> },
): Operation {
  const parse = parserOf(operation)
  return { ...operation, answer: async asked => operation.run(parse(asked)) }
}

/** For who is logged in. */
export function personal<P extends TProperties, Q extends TProperties, B extends TSchema>(
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
      return operation.run({ ...parse(asked), visit, person: visit.person })
    },
  }
}

/** For who is logged in, in the room that the path names as :room. */
export function inRoom<P extends TProperties, Q extends TProperties, B extends TSchema>(
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
      return operation.run({ ...call, visit, person, room })
    },
  }
}

// --- guards ----------------------------------------------------------------------------------------------

async function letIn({ chat, token, address }: Asked): Promise<Visit> {
  if (token === undefined) throw new Problem('not-logged-in')
  const visit = await visitOf(chat, token, address)
  const wait = chat.takeTurn(visit.person)
  if (wait > 0) throw new Problem('too-fast', { retryAfter: wait / 1000 })
  return visit
}

async function visitOf(chat: Chat, token: string, address: string): Promise<Visit> {
  try {
    return await chat.accounts.visit(token, address)
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
async function roomOf(chat: Chat, { person, grant }: Visit, typed: string): Promise<RoomId> {
  if (/^[1-9]\d{0,6}$/.test(typed)) return Number(typed) as RoomId
  try {
    return (await chat.lobby.find(person, typed)).id
  } catch (error) {
    // A token of one room does not learn which others there are.
    if (error instanceof Refusal && grant.room !== undefined) refuse('out-of-scope')
    throw error
  }
}

// --- validation ------------------------------------------------------------------------------------------

const NOTHING = Type.Unknown()

function parserOf<P extends TProperties, Q extends TProperties, B extends TSchema>({
  params,
  query,
  body,
}: Shapes<P, Q, B>): (asked: Asked) => Call<P, Q, B> {
  const paramsOf = checked<TObject<P>>(params, 'path')
  const queryOf = checked<TObject<Q>>(query, 'query')
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
function checked<Schema extends TSchema>(
  schema: Schema | undefined,
  where: 'path' | 'query' | 'body',
): (value: unknown) => Static<Schema> {
  const validator = Compile(schema ?? NOTHING)
  return value => {
    if (validator.Check(value)) return value as Static<Schema>
    const [first] = validator.Errors(value)
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
function numbersOf(schema: TObject | undefined): string[] {
  const properties = Object.entries(schema?.properties ?? {})
  return properties.filter(([, each]) => 'type' in each && each.type === 'integer').map(([name]) => name)
}
