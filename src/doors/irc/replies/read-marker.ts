// MARKREAD from the server: how far the account has read a room (draft/read-marker).

import type { Instant, RoomId, Seq } from '../../../core/model/model.ts'
import type { Session } from '../../../core/sessions/sessions.ts'
import type { Client } from '../client.ts'
import { timeOf } from '../events/tags.ts'
import { lineOf } from '../wire/message.ts'
import type { Reply } from './reply.ts'

interface MarkerOptions {
  /** The marker, if it is known already. */
  readonly seq?: Seq
  /** The reply that it belongs to. */
  readonly reply?: Reply
}

/** Sends a room's read marker, as the time of the last message that was read (draft/read-marker). */
export async function sendReadMarker(
  client: Client,
  id: RoomId,
  { seq, reply }: MarkerOptions,
): Promise<void> {
  const { session, deps } = client
  const room = client.rooms.get(id)
  if (!session || !room) return
  const mark =
    seq === undefined ? await storedMarker(client, session, id) : await markerAt(client, session, { id, seq })
  const told = latest(mark, client.rooms.toldMarkers.get(id))
  client.rooms.toldMarkers.set(id, told)
  const line = lineOf(client.host, 'MARKREAD', [deps.channels.nameOf(room), told])
  if (reply) reply.send(line)
  else client.send(line)
}

/** Timestamps in their order as texts; '*' stands before all of them. */
function latest(mark: string, told = '*'): string {
  return mark > told ? mark : told
}

/** The markers of all rooms, with one query. */
export async function storedMarkers({ deps }: Client, { person }: Session): Promise<Map<RoomId, string>> {
  const rooms = await deps.chat.messages.lastMessageTimes(person)
  return new Map(rooms.map(({ room, read }) => [room, formatMarker(read)]))
}

async function storedMarker({ deps, rooms }: Client, { person }: Session, id: RoomId): Promise<string> {
  const known = rooms.markers?.get(id)
  if (known !== undefined) return known
  const [room] = await deps.chat.messages.lastMessageTimes(person, id)
  return formatMarker(room?.read)
}

async function markerAt(
  { deps }: Client,
  { person }: Session,
  { id, seq }: { readonly id: RoomId; readonly seq: Seq },
): Promise<string> {
  const page = { side: 'before', seq: (seq + 1) as Seq, limit: 1 } as const
  const [last] = seq === 0 ? [] : await deps.chat.messages.page(person, id, page)
  return formatMarker(last?.at)
}

function formatMarker(at: Instant | undefined): string {
  return at === undefined ? '*' : `timestamp=${timeOf(at)}`
}
