// What a client does in a room comes back to it as the answer: under its label, before anything that it asks later is
// answered, and in its place among what happens in the room, so that the last topic it is told of is the topic.

import type { LogEvent, Profile, Room } from '../../../core/model/model.ts'
import type { Actor } from '../../../core/rooms/changes.ts'
import type { Session } from '../../../core/sessions/sessions.ts'
import type { Client } from '../client.ts'
import type { Reply } from './reply.ts'

export interface ActingClient {
  readonly client: Client
  readonly session: Session
  readonly to: Reply
}

/** Does it, and waits until the client has been shown what came of it. Refuses what the act does. */
export async function act<T>(acting: ActingClient, run: (actor: Actor) => Promise<T>): Promise<T> {
  const shown: Promise<void>[] = []
  const onStored = (event: LogEvent) => void shown.push(answer(acting, event))
  try {
    return await run({ ...acting.session.person, onStored })
  } finally {
    await Promise.all(shown)
  }
}

/** @returns when it has been said */
function answer({ client, session, to }: ActingClient, event: LogEvent): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const seat = session.seat(event.room)
  const room = client.rooms.get(event.room)
  const say = () => {
    client.deps.channels.note(event)
    if (room) to.sendWhole(linesFor(client, { event, room, person: session.person }))
    resolve()
  }
  if (seat) seat.answerAt(event.seq, say)
  else say()
  return promise
}

interface Done {
  readonly event: LogEvent
  readonly room: Room
  readonly person: Profile
}

/** One's own reactions are messages: they come back to who has asked for that (echo-message). */
function linesFor(client: Client, { event, room, person }: Done): readonly string[] {
  if (event.kind === 'reaction' && !client.caps.has('echo-message')) return []
  return client.render(event, room, person)
}
