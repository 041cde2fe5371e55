// What a client changes in a room is answered with the event itself: under the command's label, before later commands
// are answered, and in the event's place in the stream, so that the last TOPIC a client is sent is the topic.

import type { LogEvent, Profile, Room } from '../../../core/model/model.ts'
import type { Actor } from '../../../core/rooms/changes.ts'
import type { Session } from '../../../core/sessions/sessions.ts'
import type { Client } from '../client.ts'
import type { Reply } from './reply.ts'

export interface ActingClient {
  readonly client: Client
  readonly session: Session
  readonly reply: Reply
}

/** Runs a use case and waits until the client has been sent the events that came of it. Refuses what `run` does. */
export async function act<T>(acting: ActingClient, run: (actor: Actor) => Promise<T>): Promise<T> {
  const sending: Promise<void>[] = []
  const onStored = (event: LogEvent) => void sending.push(answer(acting, event))
  try {
    return await run({ ...acting.session.person, onStored })
  } finally {
    await Promise.all(sending)
  }
}

/** Resolves when the event was sent. */
function answer({ client, session, reply }: ActingClient, event: LogEvent): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const seat = session.seat(event.room)
  const room = client.rooms.get(event.room)
  const send = () => {
    client.deps.channels.note(event)
    if (room) reply.sendWhole(linesFor(client, { event, room, person: session.person }))
    resolve()
  }
  if (seat) seat.answerAt(event.seq, send)
  else send()
  return promise
}

interface Done {
  readonly event: LogEvent
  readonly room: Room
  readonly person: Profile
}

/** A client's own reaction is a message to it: it comes back only with echo-message. */
function linesFor(client: Client, { event, room, person }: Done): readonly string[] {
  if (event.kind === 'reaction' && !client.caps.has('echo-message')) return []
  return client.render(event, room, person)
}
