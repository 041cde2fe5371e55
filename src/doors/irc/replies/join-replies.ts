// Coming into rooms: what a client is told of each, and what it has missed.

import type { Author, Instant, LogEvent, Room, RoomId, Seq } from '../../../core/model/model.ts'
import { Refusal } from '../../../core/model/refusals.ts'
import type { Session } from '../../../core/sessions/sessions.ts'
import { isPair } from '../channels.ts'
import type { Client } from '../client.ts'
import { render } from '../events/lines.ts'
import { joined } from '../events/room-lines.ts'
import { linesOf, sourceOf, timeOf } from '../events/tags.ts'
import { hasCap } from '../wire/caps.ts'
import { lineOf, listLines } from '../wire/message.ts'
import { prefixOf } from '../wire/mode-letters.ts'
import { onlineMembers } from './members.ts'
import { sendRoomMetadata } from './metadata.ts'
import type { Reply } from './reply.ts'

/** A room that it is in from now on. */
export async function sendJoin(client: Client, room: Room, to: Reply): Promise<void> {
  await sendJoinReplies(client, room, to)
  if (!isPair(room)) await sendRoomMetadata(client, room, to)
}

/** The same for one of many, but for what is said of all of them together (showOfAll). */
export async function sendJoinReplies(client: Client, room: Room, to: Reply): Promise<void> {
  const { person } = client
  if (!person || isPair(room)) return
  const { channels } = client.deps
  to.send(joined(person, { at: Date.now() }, channels.renderContext(room, client.viewerFor(person))))
  const name = channels.nameOf(room)
  const topic = channels.topicOf(room)
  if (topic !== '') to.numeric('RPL_TOPIC', name, topic)
  if (client.caps.has('draft/read-marker')) await sendReadMarker(client, room.id, { to })
  if (!client.caps.has('no-implicit-names')) await sendNames(client, room, to)
}

/** Who has been sent out of a room meanwhile, or can't be shown what is stored of it, goes on with the others. */
export function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Refusal)) throw error
}

export async function sendNames(client: Client, room: Room, to: Reply): Promise<void> {
  const name = client.deps.channels.nameOf(room)
  const [full, all] = [client.caps.has('userhost-in-names'), client.caps.has('multi-prefix')]
  const shown = (await onlineMembers(client, room.id)).map(
    member => prefixOf(member, all) + (full ? sourceOf(member.person, client.host) : member.person.username),
  )
  const kind = client.deps.channels.isOpen(room) ? '=' : '@'
  for (const line of listLines(shown, ' ')) to.numeric('RPL_NAMREPLY', kind, name, line)
  to.numeric('RPL_ENDOFNAMES', name)
}

/** Events that are said in one go: a page may be of some megabytes, and takes a while to make. */
const EVENTS_PER_TURN = 10

/**
 * Looked back at: all of it was said where it is now, whatever the channel was called then, and by whom is there. As fast
 * as the client takes it.
 */
export async function sendHistory(
  client: Client,
  { room, events }: { room: Room; events: readonly LogEvent[] },
  to: Reply,
): Promise<void> {
  const { person } = client
  if (!person) return
  const context = client.deps.channels.renderContext(room, client.viewerFor(person))
  const then = {
    ...context,
    target: (author: Author) => context.target(author),
    isThere: () => true,
    ...(!hasCap(context.caps, 'server-time') && { stamp: stampOf(person.zone || client.deps.zone) }),
  }
  for (const [i, event] of events.entries()) {
    if (i > 0 && i % EVENTS_PER_TURN === 0) await client.socket.ready()
    if (client.socket.isClosed) return
    for (const line of linesOf(render(event, then))) to.send(line)
  }
}

/** When something was said, in front of it, for who is not told by a tag: [10:32], or [2026-11-27 10:32] of another day. */
function stampOf(zone: string): (at: number) => string {
  const today = Temporal.Now.plainDateISO(zone)
  return at => {
    const then = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
    const time = then.toPlainTime().toString({ smallestUnit: 'minute' })
    const day = then.toPlainDate()
    return day.equals(today) ? `[${time}]` : `[${day.toString()} ${time}]`
  }
}

interface MarkerOptions {
  /** Where it is known already. */
  readonly seq?: Seq
  /** Where it is an answer. */
  readonly to?: Reply
}

/** How far the account has read there (draft/read-marker). */
export async function sendReadMarker(client: Client, id: RoomId, { seq, to }: MarkerOptions): Promise<void> {
  const { session, deps } = client
  const room = client.rooms.get(id)
  if (!session || !room) return
  const mark =
    seq === undefined ? await storedMarker(client, session, id) : await markerAt(client, session, { id, seq })
  const line = lineOf(client.host, 'MARKREAD', [deps.channels.nameOf(room), mark])
  if (to) to.send(line)
  else client.send(line)
}

/** Of all rooms, by one question. */
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
