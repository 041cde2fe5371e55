// How a client goes: what others are told of it, and what becomes of the name and the rooms of a guest.

import { GENERAL } from '../../core/model/model.ts'
import { Refusal } from '../../core/model/refusals.ts'
import type { Session } from '../../core/sessions/sessions.ts'
import { isPair } from './channels.ts'
import type { Client } from './client.ts'
import { publish, publishAway, publishBot } from './events/cluster-events.ts'
import { lineOf } from './wire/message.ts'

interface Departure {
  readonly session: Session
  /** As those are told who see the person go; empty where there is none to tell. */
  readonly reason: string
}

/** Who does not say how far they have read has read what they were shown, as far as it has surely come to them. */
export async function quit(client: Client, leaving: Departure): Promise<void> {
  const { chat, onError } = client.deps
  const { session } = leaving
  const unlessStopping = (error: unknown) => {
    if (!(error instanceof Refusal)) onError(error) // a server that stops takes no more
  }
  const { caps, hasQuit, confirmed } = client
  const marked = caps.has('draft/read-marker')
    ? undefined
    : chat.markShown(session, seat => (hasQuit ? seat.seen : confirmed.cursor(seat)))
  if (client.isGuest) await endGuest(client, leaving).catch(unlessStopping)
  else endSession(client, leaving)
  await marked?.catch(unlessStopping)
}

/** The client has no session any more. */
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

/** It goes on as somebody who has an account. */
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

/** What it is in is left, and its name is free. */
async function endGuest(client: Client, leaving: Departure): Promise<void> {
  const { chat } = client.deps
  const { person } = leaving.session
  const left = [...client.rooms.values()].filter(({ id, kind }) => id !== GENERAL && kind !== 'direct')
  await Promise.allSettled(left.map(({ id }) => chat.rooms.leave(person, id)))
  // Who is told that they have gone may have their name.
  await chat.guests.letGo(person.id).finally(() => {
    publish(client.deps, { is: 'freed' })
    endSession(client, leaving)
  })
}
