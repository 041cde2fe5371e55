// What one can do over HTTP: a table of operations; guards, validation and the catch exist once (door.ts).

import type { Static, TObject, TProperties, TSchema } from 'typebox'
import type { Chat } from '../../core/chat.ts'
import type { Profile, RoomId, Scope } from '../../core/model.ts'
import type { Visit } from '../../core/visits.ts'
import type { Pages } from './pages.ts'

/** One request that has passed all guards. */
export interface Call<Params, Query, Body> {
  readonly chat: Chat
  readonly pages: Pages
  readonly params: Params
  readonly query: Query
  readonly body: Body
  /** As far as one subscriber has it. */
  readonly address: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly shortestPassword: number
}

/** Of somebody who is logged in. */
export interface PersonalCall<Params, Query, Body> extends Call<Params, Query, Body> {
  readonly visit: Visit
  readonly person: Profile
}

/** In a room: the one that the path names. */
export interface RoomCall<Params, Query, Body> extends PersonalCall<Params, Query, Body> {
  readonly room: RoomId
}

export interface Reply {
  /** 200 where none is given, 204 where there is no body. */
  readonly status?: number
  /** A value that the operation's schema describes; bytes are JSON already. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** The browser keeps it, or forgets what it has. */
  readonly cookie?: string | 'none'
}

interface Described<Params extends TProperties, Query extends TProperties, Body extends TSchema> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With :parameters; behind /api/v1. */
  readonly path: string
  /** The OpenAPI document's operationId. */
  readonly id: string
  readonly summary: string
  readonly params?: TObject<Params>
  readonly query?: TObject<Query>
  readonly body?: Body
  readonly reply?: TSchema
  readonly status?: number
}

interface Open<P extends TProperties, Q extends TProperties, B extends TSchema> extends Described<P, Q, B> {
  readonly scope: 'none'
  run(call: Call<Static<TObject<P>>, Static<TObject<Q>>, Static<B>>): Promise<Reply>
}

interface Personal<P extends TProperties, Q extends TProperties, B extends TSchema>
  extends Described<P, Q, B> {
  readonly scope: Scope
  /** Tokens of one room reach it too. */
  readonly anyRoom?: true
  run(call: PersonalCall<Static<TObject<P>>, Static<TObject<Q>>, Static<B>>): Promise<Reply>
}

interface InRoom<P extends TProperties, Q extends TProperties, B extends TSchema> extends Described<P, Q, B> {
  readonly scope: Scope
  run(call: RoomCall<Static<TObject<P>>, Static<TObject<Q>>, Static<B>>): Promise<Reply>
}

export type Operation =
  | ({ readonly of: 'anybody' } & Open<TProperties, TProperties, TSchema>)
  | ({ readonly of: 'person' } & Personal<TProperties, TProperties, TSchema>)
  | ({ readonly of: 'room' } & InRoom<TProperties, TProperties, TSchema>)

/** For who need not be logged in. */
export function anybody<P extends TProperties, Q extends TProperties, B extends TSchema>(
  operation: Omit<Open<P, Q, B>, 'scope'>,
): Operation {
  return { of: 'anybody', scope: 'none', ...operation } as unknown as Operation
}

/** For who is logged in. */
export function personal<P extends TProperties, Q extends TProperties, B extends TSchema>(
  operation: Personal<P, Q, B>,
): Operation {
  return { of: 'person', ...operation } as unknown as Operation
}

/** For who is logged in, in the room that the path names as :room. */
export function inRoom<P extends TProperties, Q extends TProperties, B extends TSchema>(
  operation: InRoom<P, Q, B>,
): Operation {
  return { of: 'room', ...operation } as unknown as Operation
}
