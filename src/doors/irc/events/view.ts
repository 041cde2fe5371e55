// The view of a session: what the chat tells a client about its person and their rooms.

import type { Profile, Removal, Room, RoomId, Seq } from '../../../core/model/model.ts'
import type { View } from '../../../core/sessions/sessions.ts'
import { reportNewsTo } from '../../shared/report-news.ts'
import type { Client } from '../client.ts'
import { sendReadMarker } from '../replies/read-marker.ts'
import { serviceNotice } from '../replies/service-notice.ts'
import { putOffNotices } from './put-off.ts'
import { unstarred } from './tags.ts'

/** @param person whose session begins: rooms are shown to the client before it has a session */
export function viewOf(client: Client, person: Profile): View {
  const { chat, channels, onError } = client.deps
  const displayOf = (room: Room) => {
    channels.learn(room)
    client.rooms.set(room.id, room)
    return { cohort: channels.cohort(room, client.viewerFor(client.person ?? person)), isCurrent: true }
  }
  return {
    subscriber: client.socket.subscriber,
    // A client's own messages come back as the replies to them, under their labels (posts.ts).
    echoes: false,
    lasts: false,
    displayOf,
    progressed: () => client.pump(),
    failed: error => {
      onError(error)
      client.close(client.wording.internalError)
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
    readMarkMoved: (room, seq, back) => void sendMovedMarker(client, room, back ? undefined : seq),
    changed: reportNewsTo({
      chat,
      person: () => client.person,
      wording: () => client.wording,
      say: line => client.send(serviceNotice(client, 'ChanServ', unstarred(line))),
      onError,
    }),
    ...putOffNotices(client),
    ended: how => client.end(how),
  }
}

/**
 * Sends a removal that the feed did not show: else the client would still show the channel, and nobody would speak in
 * it.
 */
function sendRemoval(client: Client, room: Room, removal: Removal): void {
  for (const line of client.render(removal, room)) client.send(line)
}

/** @param seq undefined when it went back: a marker only goes forward on a connection (draft/read-marker) */
async function sendMovedMarker(client: Client, room: RoomId, seq: Seq | undefined): Promise<void> {
  const { session, caps, rooms, deps } = client
  client.rooms.markers?.delete(room)
  if (seq === undefined || !session || !caps.has('draft/read-marker') || rooms.markerMoving === room) return
  await sendReadMarker(client, room, { seq }).catch(error => deps.onError(error))
}
