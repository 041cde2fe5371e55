// Starting a client's session: what it is sent, and in which order.

import type { Admitted } from '../../core/people/log-in.ts'
import type { Client } from './client.ts'
import { applyPendingMetadata } from './commands/metadata.ts'
import { publishAway, publishBot } from './events/cluster-events.ts'
import { tellOfReminders } from './events/put-off.ts'
import { sourceOf } from './events/tags.ts'
import { viewOf } from './events/view.ts'
import { leaveGuest } from './quit.ts'
import { ignoreRefusal, sendJoin, sendJoinReplies } from './replies/join-replies.ts'
import { ownMetadata, sendAllMetadata } from './replies/metadata.ts'
import { usesMetadata3 } from './replies/metadata-drafts.ts'
import { storedMarkers } from './replies/read-marker.ts'
import { sendBurst } from './replies/registration-burst.ts'
import type { Reply } from './replies/reply.ts'
import { lineOf } from './wire/message.ts'

/**
 * Starts the session of an admitted person, under whose name the client is welcomed. Refuses what `connect` does.
 * @param begun called when the session has begun, or a guest leaves for it, before any line about it is sent
 */
export async function startSession(
  client: Client,
  { admitted, begun }: { admitted: Admitted; begun?: () => void },
  reply: Reply,
): Promise<void> {
  const before = client.name
  const { chat, channels } = client.deps
  const { isGuest } = client
  if (isGuest) {
    begun?.() // the PARTs of the guest's rooms come after it
    await leaveGuest(client)
  }
  await client.deps.recalled()
  await chat.waitForThrottle(admitted.person, () => client.socket.isClosed)
  if (client.socket.isClosed) return
  const { session, seats } = await chat.connections.connect(
    admitted.person,
    viewOf(client, admitted.person),
    {
      door: 'irc',
      address: client.socket.address,
      credential: admitted.proof,
      cursors: [],
    },
  )
  if (client.isClosing || client.socket.isClosed || session.endReason)
    return chat.connections.disconnect(session)
  if (!isGuest) begun?.()
  client.session = session
  client.isGuest = chat.guests.isGuest(admitted)
  client.isNew ||= client.isGuest
  client.registration.admitted = undefined
  channels.meet(session.person)
  await applyPendingMetadata(client, reply)
  const own = await ownMetadata(client, session.person)
  if (!client.registration.isWelcomed) sendBurst(client, reply, own)
  else if (before !== session.person.username)
    reply.send(lineOf(sourceOf({ username: before }, client.host), 'NICK', [session.person.username]))
  if (client.preferences.isBot) publishBot(client.deps, session.person)
  if (client.preferences.awayText !== '') {
    // AWAY came before registration (draft/pre-away).
    publishAway(client.deps, session.person)
    chat.setAway(session, true)
  }
  if (client.caps.has('draft/read-marker')) client.rooms.markers = await storedMarkers(client, session)
  if (client.registration.hasNoPassword)
    reply.send(
      lineOf(`NickServ!NickServ@${client.host}`, 'NOTICE', [client.name, client.wording.irc.choosePassword]),
    )
  const atOnce = usesMetadata3(client.caps)
  for (const { room } of seats) {
    if (client.socket.isClosed) break // a client that has hung up is not sent its thousand rooms
    await (atOnce ? sendJoinReplies : sendJoin)(client, room, reply).catch(ignoreRefusal)
  }
  if (atOnce) await sendAllMetadata(client, client.preferences.subscriptions, reply).catch(ignoreRefusal)
  client.rooms.markers = undefined
  for (const { room, by } of await chat.rooms.invitations(session.person)) client.joins.invited(room, by)
  await tellOfReminders(client, session.person)
  await client.unread.start(seats, reply)
  if (!client.isClosing && !client.caps.has('draft/read-marker')) client.confirmed.start()
}
