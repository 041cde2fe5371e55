// Ending a client's session: its read marks, what others are told, and the name and rooms of a guest.

import { GENERAL } from '../../core/model/model.ts'
import { Refusal } from '../../core/model/refusals.ts'
import type { Session } from '../../core/sessions/sessions.ts'
import { isPair } from './channels.ts'
import type { Client } from './client.ts'
import { publish, publishAway, publishBot } from './events/cluster-events.ts'
import { lineOf } from './wire/message.ts'

interface Departure {
  readonly session: Session
  /** The reason in the QUIT that others are sent; empty if there is none. */
  readonly reason: string
}

/**
 * Ends a session. A client without draft/read-marker has read what it was sent, as far as it has confirmed that with a
 * PONG or has said QUIT.
 */
export async function quit(client: Client, departure: Departure): Promise<void> {
  const { chat, onError } = client.deps
  const { session } = departure
  const unlessStopping = (error: unknown) => {
    if (!(error instanceof Refusal)) onError(error) // a server that stops stores nothing more
  }
  const { caps, hasQuit, confirmed } = client
  const marked = caps.has('draft/read-marker')
    ? undefined
    : chat.readMarks.moveToShown(session, seat => (hasQuit ? seat.seen : confirmed.cursor(seat)))
  if (client.isGuest) await endGuest(client, departure).catch(unlessStopping)
  else endSession(client, departure)
  await marked?.catch(unlessStopping)
}

function endSession(
  { deps, preferences: { awayText, isBot } }: Client,
  { session, reason }: Departure,
): void {
  const { id, username } = session.person
  if (awayText !== '') publishAway(deps, session.person)
  if (isBot) publishBot(deps, session.person)
  if (reason !== '' && deps.chat.hasOneConnection(id))
    publish(deps, { is: 'going', person: { id, username }, reason })
  deps.chat.connections.disconnect(session)
}

/** Ends the guest session of a client that logs in to an account. */
export async function leaveGuest(client: Client): Promise<void> {
  const { session } = client
  if (!session) return
  for (const room of client.rooms.values())
    if (!isPair(room)) client.send(lineOf(client.source, 'PART', [client.deps.channels.nameOf(room)]))
  client.session = undefined
  await endGuest(client, { session, reason: '' })
  client.rooms.clear()
  client.rooms.forgetTargets()
}

/** Leaves the guest's rooms and frees the name. */
async function endGuest(client: Client, departure: Departure): Promise<void> {
  const { chat } = client.deps
  const { person } = departure.session
  const rooms = [...client.rooms.values()].filter(({ id, kind }) => id !== GENERAL && kind !== 'direct')
  await Promise.allSettled(rooms.map(({ id }) => chat.rooms.leave(person, id)))
  // The name is free before anybody is told that the guest has gone, so that they may take it.
  await chat.guests.letGo(person.id).finally(() => {
    publish(client.deps, { is: 'freed' })
    endSession(client, departure)
  })
}
