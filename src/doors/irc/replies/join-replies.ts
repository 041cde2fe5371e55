// The lines that follow when a client's person joins a room.

import type { Room } from '../../../core/model/model.ts'
import { Refusal } from '../../../core/model/refusals.ts'
import { isPair } from '../channels.ts'
import type { Client } from '../client.ts'
import { joined } from '../events/room-lines.ts'
import { sourceOf } from '../events/tags.ts'
import { listLines } from '../wire/message.ts'
import { prefixOf } from '../wire/mode-letters.ts'
import { onlineMembers } from './members.ts'
import { sendRoomMetadata } from './metadata.ts'
import { sendReadMarker } from './read-marker.ts'
import type { Reply } from './reply.ts'

/** Sends JOIN, topic, read marker, names and metadata of a room. */
export async function sendJoin(client: Client, room: Room, reply: Reply): Promise<void> {
  await sendJoinReplies(client, room, reply)
  if (!isPair(room)) await sendRoomMetadata(client, room, reply)
}

/** The same without metadata: of many rooms that is sent together (sendAllMetadata). */
export async function sendJoinReplies(client: Client, room: Room, reply: Reply): Promise<void> {
  const { person } = client
  if (!person || isPair(room)) return
  const { channels } = client.deps
  reply.send(joined(person, { at: Date.now() }, channels.renderContext(room, client.viewerFor(person))))
  const name = channels.nameOf(room)
  const topic = channels.topicOf(room)
  if (topic !== '') reply.numeric('RPL_TOPIC', name, topic)
  if (client.caps.has('draft/read-marker')) await sendReadMarker(client, room.id, { reply })
  if (!client.caps.has('no-implicit-names')) await sendNames(client, room, reply)
}

/** Lets a client go on with its other rooms if it was removed from one meanwhile, or the store refuses to read it. */
export function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Refusal)) throw error
}

export async function sendNames(client: Client, room: Room, reply: Reply): Promise<void> {
  const name = client.deps.channels.nameOf(room)
  const [full, all] = [client.caps.has('userhost-in-names'), client.caps.has('multi-prefix')]
  const entries = (await onlineMembers(client, room.id)).map(
    member => prefixOf(member, all) + (full ? sourceOf(member.person, client.host) : member.person.username),
  )
  const kind = client.deps.channels.isOpen(room) ? '=' : '@'
  for (const line of listLines(entries, ' ')) reply.numeric('RPL_NAMREPLY', kind, name, line)
  reply.numeric('RPL_ENDOFNAMES', name)
}
