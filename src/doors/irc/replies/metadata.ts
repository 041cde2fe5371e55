// What people and channels say of themselves (METADATA), as it is now: for who joins, subscribes, monitors somebody, comes
// in, or asks for it.

import { GENERAL, type Person, type Room, type RoomId } from '../../../core/model/model.ts'
import type { Bearer, Datum } from '../../../core/ports/metadata.ts'
import { isPair } from '../channels.ts'
import type { Client } from '../client.ts'
import { draftOf, isThird, knowsMetadata } from '../wire/metadata-drafts.ts'
import { online } from './members.ts'
import { QUESTION, type Reply } from './reply.ts'

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

/** Of whom or what, each with what the client calls it. */
type Bearers = ReadonlyMap<Bearer, string>

interface Showing {
  readonly to: Reply
  /** Which keys. */
  readonly wanted: ReadonlySet<string>
  /** Of whom it was told already, as `keyOf` has them: those who are in several channels are told of once. */
  readonly told?: Set<string>
}

type ShowingOf = Showing & { readonly bearers: Bearers }

export async function sync(client: Client, target: Target, to: Reply): Promise<void> {
  const bearers = await bearersOf(client, target)
  await sayInBatch(client, target.name, { bearers, wanted: client.subscriptions, to })
}

/** What the client calls all that it hears about (draft/metadata-3). */
export const ALL = '*ALL'

export async function syncAll(client: Client, to: Reply): Promise<void> {
  await sayInBatch(client, ALL, { bearers: await all(client), wanted: client.subscriptions, to })
}

/** What somebody is told who joins, or wants to know more (draft/metadata-2). */
async function show(client: Client, target: Target, showing: Showing): Promise<void> {
  const { to, wanted, told } = showing
  if (!client.session || wanted.size === 0) return
  to.costs(QUESTION)
  const found = await bearersOf(client, target)
  if (found.size > MOST_PEOPLE) return sayLater(client, target.name, to)
  const bearers = new Map([...found].filter(([bearer]) => !told?.has(keyOf(bearer))))
  for (const bearer of bearers.keys()) told?.add(keyOf(bearer))
  sayAll(client, await valuesOf(client, bearers), { bearers, wanted, to })
}

/** Who has asked for draft/metadata-3 is told in a batch, also where there is nothing to say. */
export async function showOfRoom(client: Client, room: Room, to: Reply): Promise<void> {
  const target = targetFor(client, room)
  const { caps, subscriptions: wanted } = client
  if (isThird(caps)) await showInBatch(client, target.name, { wanted, to }, () => bearersOf(client, target))
  else if (caps.has('draft/metadata-2')) await show(client, target, { to, wanted })
}

/** Of all its channels, and who is there, one after the other (draft/metadata-2). */
export async function showOfEach(client: Client, wanted: ReadonlySet<string>, to: Reply): Promise<void> {
  const told = new Set<string>()
  for (const room of client.rooms.values()) await show(client, targetFor(client, room), { to, wanted, told })
}

/** Of all that it hears about, once each (draft/metadata-3). */
export async function showOfAll(client: Client, wanted: ReadonlySet<string>, to: Reply): Promise<void> {
  await showInBatch(client, ALL, { wanted, to }, () => all(client))
}

/** What they say of themselves, to who monitors them; in draft/metadata-3 those alone who are there. */
export async function showOfPeople(client: Client, people: readonly Person[], to: Reply): Promise<void> {
  const { subscriptions: wanted, parts } = client
  const third = isThird(client.caps)
  if (!client.session || people.length === 0 || (wanted.size === 0 && !third)) return
  const shown = third ? people.filter(({ id }) => parts.chat.statusOf(id) !== 'offline') : people
  const bearers = new Map(shown.map(({ id, username }): [Bearer, string] => [{ person: id }, username]))
  const values = await valuesOf(client, bearers)
  if (!third) return sayAll(client, values, { bearers, wanted, to })
  const theirs = Map.groupBy(values, ({ bearer }) => keyOf(bearer))
  for (const [bearer, name] of bearers)
    to.inBatch(['metadata', name], inside =>
      sayAll(client, theirs.get(keyOf(bearer)) ?? [], { bearers, wanted, to: inside }),
    )
}

async function showInBatch(
  client: Client,
  name: string,
  { wanted, to }: Showing,
  find: () => Promise<Bearers>,
): Promise<void> {
  if (!client.session) return
  const bearers = wanted.size === 0 ? new Map() : await find()
  if (bearers.size > MOST_PEOPLE) sayLater(client, name, to)
  else await sayInBatch(client, name, { bearers, wanted, to })
}

async function sayInBatch(client: Client, name: string, { bearers, wanted, to }: ShowingOf): Promise<void> {
  to.costs(bearers.size)
  const values = await valuesOf(client, bearers)
  to.inBatch(['metadata', name], inside => sayAll(client, values, { bearers, wanted, to: inside }))
}

function sayLater({ caps, wording }: Client, name: string, to: Reply): void {
  draftOf(caps).later(to, name, wording.irc.syncLater)
}

async function valuesOf({ session, parts }: Client, bearers: Bearers): Promise<readonly Datum[]> {
  return session && bearers.size > 0 ? parts.chat.metadata.of(session.person, [...bearers.keys()]) : []
}

/** A channel, and who is there; each as it is called. */
async function bearersOf(client: Client, { name, bearer }: Target): Promise<Bearers> {
  const people = 'room' in bearer ? await peopleIn(client, bearer.room) : []
  return new Map<Bearer, string>([[bearer, name], ...people])
}

/** One's channels, and everybody who is there: all of them are in the first room. */
async function all(client: Client): Promise<Bearers> {
  const channels = [...client.rooms.values()].filter(room => !isPair(room))
  const targets = channels.map(room => targetFor(client, room))
  return new Map<Bearer, string>([
    ...targets.map(({ bearer, name }) => [bearer, name] as const),
    ...(await peopleIn(client, GENERAL)),
  ])
}

async function peopleIn(client: Client, room: RoomId): Promise<(readonly [Bearer, string])[]> {
  return (await online(client, room)).map(({ person }) => [{ person: person.id }, person.username])
}

function sayAll(client: Client, values: readonly Datum[], { bearers, wanted, to }: ShowingOf): void {
  const names = new Map([...bearers].map(([bearer, name]) => [keyOf(bearer), name]))
  const draft = draftOf(client.caps)
  for (const { bearer, key, value } of values) {
    const name = names.get(keyOf(bearer))
    if (name !== undefined && wanted.has(key)) draft.tell(to, { name, key, value })
  }
}

function keyOf(bearer: Bearer): string {
  return 'room' in bearer ? `#${bearer.room}` : `${bearer.person}`
}

/** One's own, before the message of the day is over. */
export async function ownMetadata(client: Client, person: Person): Promise<readonly Datum[]> {
  return knowsMetadata(client.caps) ? client.parts.chat.metadata.of(person, [{ person: person.id }]) : []
}

export function sayOwn(client: Client, own: readonly Datum[], to: Reply): void {
  const { caps, name } = client
  if (!knowsMetadata(caps)) return
  to.inBatch(['metadata', name], inside => {
    for (const { key, value } of own) draftOf(caps).tell(inside, { name, key, value })
  })
}
