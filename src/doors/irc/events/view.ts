// What the chat tells a client about the rooms of its person.

import type { Profile, Removal, Room, RoomId, Seq } from '../../../core/model/model.ts'
import type { View } from '../../../core/sessions/sessions.ts'
import type { Client } from '../client.ts'
import { sendReadMarker } from '../replies/read-marker.ts'

/** @param person who comes in by it: rooms are shown to them before there is a session */
export function viewOf(client: Client, person: Profile): View {
  const { channels, onError } = client.deps
  const displayOf = (room: Room) => {
    channels.learn(room)
    client.rooms.set(room.id, room)
    return { cohort: channels.cohort(room, client.viewerFor(client.person ?? person)), isCurrent: true }
  }
  return {
    subscriber: client.socket.subscriber,
    // What it says is shown to it with its answer, under its label (posts.ts).
    echoes: false,
    lasts: false,
    displayOf,
    progressed: () => client.pump(),
    failed: error => {
      onError(error)
      client.close(client.wording.trouble)
    },
    joined: (room, author) => {
      if (client.session) void client.joins.joined(room, author)
    },
    invited: ({ room, by }) => {
      if (client.session) client.joins.invited(room, by)
    },
    left: (id, unseen) => {
      const room = client.rooms.get(id)
      if (unseen && room) sendRemoval(client, room, unseen)
      client.rooms.delete(id)
      client.rooms.forgetTargets()
    },
    readMarkMoved: (room, seq) => void sendMovedMarker(client, room, seq),
    changed: () => {},
    ended: how => client.end(how),
  }
}

/** Else it would take itself for a member still, of a channel in which nobody speaks. */
function sendRemoval(client: Client, room: Room, removal: Removal): void {
  for (const line of client.render(removal, room)) client.send(line)
}

async function sendMovedMarker(client: Client, room: RoomId, seq: Seq): Promise<void> {
  const { session, caps, rooms, deps } = client
  client.rooms.markers?.delete(room)
  if (!session || !caps.has('draft/read-marker') || rooms.markerMoving === room) return
  await sendReadMarker(client, room, { seq }).catch(error => deps.onError(error))
}
