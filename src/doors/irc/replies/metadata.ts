// Sending the present metadata of users and channels: after JOIN, SUB, MONITOR and registration, and on SYNC (IRCv3
// metadata drafts).

import { GENERAL, type Person, type Room, type RoomId } from '../../../core/model/model.ts'
import type { Bearer, Datum } from '../../../core/ports/metadata.ts'
import { isPair } from '../channels.ts'
import type { Client } from '../client.ts'
import { QUERY_COST } from './cost.ts'
import { onlineMembers } from './members.ts'
import { draftOf, knowsMetadata, usesMetadata3 } from './metadata-drafts.ts'
import { metadataOf } from './metadata-values.ts'
import type { Reply } from './reply.ts'

/** A user or a channel, by the client's name for it. */
export interface Target {
  readonly name: string
  readonly bearer: Bearer
}

export function targetFor({ deps }: Client, room: Room): Target {
  return { name: deps.channels.nameOf(room), bearer: { room: room.id } }
}

/** With more users and channels than this, no metadata is sent unasked: the client is told to ask for it (SYNC). */
const MOST_PEOPLE = 200
/** Users and channels whose metadata is read and sent in one turn of the event loop: up to 20 values of 400 bytes each. */
const PER_TURN = 50

/** Users and channels → the client's names for them. */
type Bearers = ReadonlyMap<Bearer, string>

interface MetadataReply {
  readonly reply: Reply
  /** The keys to send. */
  readonly keys: ReadonlySet<string>
  /** Users that were sent already, by `keyOf`: those in several channels are sent once. */
  readonly sent?: Set<string>
}

type MetadataReplyOf = MetadataReply & { readonly bearers: Bearers }

export async function sync(client: Client, target: Target, reply: Reply): Promise<void> {
  const bearers = await bearersOf(client, target)
  await sendInBatch(client, target.name, { bearers, keys: client.preferences.subscriptions, reply })
}

/** The target that means everything a client sees (draft/metadata-3). */
export const ALL = '*ALL'

export async function syncAll(client: Client, reply: Reply): Promise<void> {
  await sendInBatch(client, ALL, {
    bearers: await allBearers(client),
    keys: client.preferences.subscriptions,
    reply,
  })
}

/** Sends a channel's and its online members' metadata after JOIN and SUB (draft/metadata-2). */
async function sendTargetMetadata(client: Client, target: Target, options: MetadataReply): Promise<void> {
  const { reply, keys, sent } = options
  if (!client.session || keys.size === 0) return
  reply.addCost(QUERY_COST)
  const found = await bearersOf(client, target)
  if (found.size > MOST_PEOPLE) return sendSyncLater(client, target.name, reply)
  const bearers = new Map([...found].filter(([bearer]) => !sent?.has(keyOf(bearer))))
  for (const bearer of bearers.keys()) sent?.add(keyOf(bearer))
  sendValues(client, await valuesOf(client, bearers), { bearers, keys, reply })
}

/** Sends it after JOIN: with draft/metadata-3 in a batch, even an empty one. */
export async function sendRoomMetadata(client: Client, room: Room, reply: Reply): Promise<void> {
  const target = targetFor(client, room)
  const {
    caps,
    preferences: { subscriptions: keys },
  } = client
  if (usesMetadata3(caps))
    await findAndSendInBatch(client, target.name, { keys, reply }, () => bearersOf(client, target))
  else if (caps.has('draft/metadata-2')) await sendTargetMetadata(client, target, { reply, keys })
}

/** Sends the metadata of each channel and its online members, one channel after the other (draft/metadata-2). */
export async function sendMetadataByRoom(
  client: Client,
  keys: ReadonlySet<string>,
  reply: Reply,
): Promise<void> {
  const sent = new Set<string>()
  for (const room of client.rooms.values()) {
    if (client.socket.isClosed) return
    await sendTargetMetadata(client, targetFor(client, room), { reply, keys, sent })
    await client.socket.ready()
  }
}

/** Sends the metadata of everything that the client sees, each once (draft/metadata-3). */
export async function sendAllMetadata(
  client: Client,
  keys: ReadonlySet<string>,
  reply: Reply,
): Promise<void> {
  await findAndSendInBatch(client, ALL, { keys, reply }, () => allBearers(client))
}

/** Sends the metadata of monitored people; with draft/metadata-3 only of those who are online. */
export async function sendPeopleMetadata(
  client: Client,
  people: readonly Person[],
  reply: Reply,
): Promise<void> {
  const {
    preferences: { subscriptions: keys },
    deps,
  } = client
  const third = usesMetadata3(client.caps)
  if (!client.session || people.length === 0 || (keys.size === 0 && !third)) return
  const visible = third ? people.filter(({ id }) => deps.chat.statusOf(id) !== 'offline') : people
  const bearers = new Map(visible.map(({ id, username }): [Bearer, string] => [{ person: id }, username]))
  const values = await valuesOf(client, bearers)
  if (!third) return sendValues(client, values, { bearers, keys, reply })
  const theirs = Map.groupBy(values, ({ bearer }) => keyOf(bearer))
  for (const [bearer, name] of bearers)
    reply.inBatch(['metadata', name], inside =>
      sendValues(client, theirs.get(keyOf(bearer)) ?? [], { bearers, keys, reply: inside }),
    )
}

async function findAndSendInBatch(
  client: Client,
  name: string,
  { keys, reply }: MetadataReply,
  find: () => Promise<Bearers>,
): Promise<void> {
  if (!client.session) return
  const bearers = keys.size === 0 ? new Map() : await find()
  if (bearers.size > MOST_PEOPLE) sendSyncLater(client, name, reply)
  else await sendInBatch(client, name, { bearers, keys, reply })
}

async function sendInBatch(
  client: Client,
  name: string,
  { bearers, keys, reply }: MetadataReplyOf,
): Promise<void> {
  reply.addCost(bearers.size)
  await client.deps.historySlots.run(client, () =>
    reply.inLongBatch(['metadata', name], inside => sendInParts(client, { bearers, keys, reply: inside })),
  )
}

/** Sends part after part, each when the client has taken the one before. */
async function sendInParts(client: Client, { bearers, keys, reply }: MetadataReplyOf): Promise<void> {
  const all = [...bearers]
  for (let at = 0; at < all.length && !client.socket.isClosed; at += PER_TURN) {
    if (at > 0) await client.socket.ready()
    const part = new Map(all.slice(at, at + PER_TURN))
    sendValues(client, await valuesOf(client, part), { bearers: part, keys, reply })
  }
}

function sendSyncLater({ caps, wording }: Client, name: string, reply: Reply): void {
  draftOf(caps).syncLater(reply, name, wording.irc.syncLater)
}

async function valuesOf({ session, deps }: Client, bearers: Bearers): Promise<readonly Datum[]> {
  return session && bearers.size > 0 ? metadataOf(deps, session.person, [...bearers.keys()]) : []
}

/** The target and, of a channel, its online members. */
async function bearersOf(client: Client, { name, bearer }: Target): Promise<Bearers> {
  const people = 'room' in bearer ? await peopleIn(client, bearer.room) : []
  return new Map<Bearer, string>([[bearer, name], ...people])
}

/** The client's channels, and everybody who is online: all people are in the first room. */
async function allBearers(client: Client): Promise<Bearers> {
  const channels = [...client.rooms.values()].filter(room => !isPair(room))
  const targets = channels.map(room => targetFor(client, room))
  return new Map<Bearer, string>([
    ...targets.map(({ bearer, name }) => [bearer, name] as const),
    ...(await peopleIn(client, GENERAL)),
  ])
}

async function peopleIn(client: Client, room: RoomId): Promise<(readonly [Bearer, string])[]> {
  return (await onlineMembers(client, room)).map(({ person }) => [{ person: person.id }, person.username])
}

function sendValues(
  client: Client,
  values: readonly Datum[],
  { bearers, keys, reply }: MetadataReplyOf,
): void {
  const names = new Map([...bearers].map(([bearer, name]) => [keyOf(bearer), name]))
  const draft = draftOf(client.caps)
  for (const { bearer, key, value } of values) {
    const name = names.get(keyOf(bearer))
    if (name !== undefined && keys.has(key)) draft.notify(reply, { name, key, value })
  }
}

function keyOf(bearer: Bearer): string {
  return 'room' in bearer ? `#${bearer.room}` : `${bearer.person}`
}

/** A person's own metadata, which is sent before the message of the day. */
export async function ownMetadata(client: Client, person: Person): Promise<readonly Datum[]> {
  return knowsMetadata(client.caps) ? metadataOf(client.deps, person, [{ person: person.id }]) : []
}

export function sendOwnMetadata(client: Client, own: readonly Datum[], reply: Reply): void {
  const { caps, name } = client
  if (!knowsMetadata(caps)) return
  reply.inBatch(['metadata', name], inside => {
    for (const { key, value } of own) draftOf(caps).notify(inside, { name, key, value })
  })
}
