// Shorthands for tests of stores on PostgreSQL.

import {
  GENERAL,
  type Instant,
  type LogEvent,
  type Profile,
  type RoomId,
  type Seq,
  type UserId,
} from '../../src/core/model/model.ts'
import { Refusal } from '../../src/core/model/refusals.ts'
import type { Receipt } from '../../src/core/ports/log.ts'
import type { NewAccount } from '../../src/core/ports/people.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { ownSkeletons } from '../tools/skeletons.ts'

export function now(): Instant {
  return Date.now() as Instant
}

export function account(username: string): NewAccount {
  const named = { name: username, username, folded: username, ...ownSkeletons(username) }
  return { ...named, password: 'x', at: now(), admission: 'open', email: '' }
}

export async function register(store: Store, username: string): Promise<Profile> {
  return (await store.people.register(account(username))).person
}

/** Creates an open room. */
export async function makeRoom(store: Store, by: UserId, name: string): Promise<RoomId> {
  const room = await store.rooms.create(
    by,
    { kind: 'open', name, folded: name, ...ownSkeletons(name) },
    now(),
  )
  return room.id
}

interface Said {
  readonly author: UserId
  readonly room?: RoomId
  readonly key?: string
  readonly at?: Instant
}

/** Posts one text. */
export async function say(store: Store, text: string, said: Said): Promise<Receipt> {
  const { author, room = GENERAL, key, at = now() } = said
  const draft = { room, author, texts: [text], seen: 0 as Seq, ...(key !== undefined && { key }) }
  const [receipt] = await store.log.append([draft], at)
  return receipt ?? { refused: 'store-failed' }
}

export async function logOf(store: Store, room: RoomId = GENERAL): Promise<readonly LogEvent[]> {
  return store.log.readInTurn(room, 0 as Seq, 1_000_000)
}

export function textsOf(events: readonly LogEvent[]): string[] {
  return events.flatMap(event => (event.kind === 'message' ? [event.text] : []))
}

/** 'done', or the code of the refusal. */
export async function outcome(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'done'
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}
