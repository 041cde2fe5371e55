// What people and channels say of themselves (METADATA), as it is now: for who joins, subscribes, monitors somebody, comes
// in, or asks for it.

import type { Person, Room } from '../../core/model.ts'
import type { Bearer, Datum } from '../../core/ports.ts'
import { online } from './arriving.ts'
import { VISIBILITY } from './caps.ts'
import type { Client } from './client.ts'
import type { Reply } from './reply.ts'

/** Whom or what it is about, as the client calls them. */
export interface Target {
  readonly name: string
  readonly bearer: Bearer
}

export function targetFor({ parts }: Client, room: Room): Target {
  return { name: parts.channels.nameOf(room), bearer: { room: room.id } }
}

/** Beyond that a client has to ask for it. */
const MOST_PEOPLE = 200

interface Showing {
  readonly to: Reply
  /** Which keys. */
  readonly wanted: ReadonlySet<string>
  /** Of whom it was told already, as `keyOf` has them: those who are in several channels are told of once. */
  readonly told?: Set<string>
}

export async function sync(client: Client, target: Target, to: Reply): Promise<void> {
  const bearers = await bearersOf(client, target)
  const values = client.session
    ? await client.parts.chat.metadata.of(client.session.person, [...bearers.keys()])
    : []
  to.inBatch(['metadata', target.name], inside =>
    sayAll(values, { bearers, wanted: client.subscriptions, to: inside }),
  )
}

/** What somebody is told who joins, or wants to know more. */
export async function show(client: Client, target: Target, showing: Showing): Promise<void> {
  const { to, wanted, told } = showing
  const { session } = client
  if (!session || wanted.size === 0) return
  const all = await bearersOf(client, target)
  if (all.size > MOST_PEOPLE) return to.numeric('RPL_METADATASYNCLATER', target.name)
  const bearers = new Map([...all].filter(([bearer]) => !told?.has(keyOf(bearer))))
  for (const bearer of bearers.keys()) told?.add(keyOf(bearer))
  sayAll(await client.parts.chat.metadata.of(session.person, [...bearers.keys()]), { bearers, wanted, to })
}

export async function showOfRoom(client: Client, room: Room, to: Reply): Promise<void> {
  await show(client, targetFor(client, room), { to, wanted: client.subscriptions })
}

/** What they say of themselves, to who monitors them. */
export async function showOfPeople(client: Client, people: readonly Person[], to: Reply): Promise<void> {
  const { session, subscriptions: wanted } = client
  if (!session || wanted.size === 0 || people.length === 0) return
  const bearers = new Map(people.map(({ id, username }): [Bearer, string] => [{ person: id }, username]))
  sayAll(await client.parts.chat.metadata.of(session.person, [...bearers.keys()]), { bearers, wanted, to })
}

/** A channel, and who is there; each as it is called. */
async function bearersOf(client: Client, { name, bearer }: Target): Promise<ReadonlyMap<Bearer, string>> {
  const people = 'room' in bearer ? await online(client, bearer.room) : []
  const theirs = people.map(({ person }) => [{ person: person.id }, person.username] as const)
  return new Map<Bearer, string>([[bearer, name], ...theirs])
}

function sayAll(
  values: readonly Datum[],
  { bearers, wanted, to }: Showing & { readonly bearers: ReadonlyMap<Bearer, string> },
): void {
  const names = new Map([...bearers].map(([bearer, name]) => [keyOf(bearer), name]))
  for (const { bearer, key, value } of values) {
    const name = names.get(keyOf(bearer))
    if (name !== undefined && wanted.has(key)) to.tell('METADATA', name, key, VISIBILITY, value)
  }
}

function keyOf(bearer: Bearer): string {
  return 'room' in bearer ? `#${bearer.room}` : `${bearer.person}`
}

/** One's own, before the message of the day is over. */
export async function ownMetadata(client: Client, person: Person): Promise<readonly Datum[]> {
  return client.caps.has('draft/metadata-2')
    ? client.parts.chat.metadata.of(person, [{ person: person.id }])
    : []
}

export function sayOwn(client: Client, own: readonly Datum[], to: Reply): void {
  if (!client.caps.has('draft/metadata-2')) return
  to.inBatch(['metadata', client.name], inside => {
    for (const { key, value } of own) inside.tell('METADATA', client.name, key, VISIBILITY, value)
  })
}
