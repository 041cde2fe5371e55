// Sending past events of a room.

import type { Author, LogEvent, Room } from '../../../core/model/model.ts'
import type { Client } from '../client.ts'
import { render } from '../events/lines.ts'
import { linesOf } from '../events/tags.ts'
import { hasCap } from '../wire/caps.ts'
import type { Reply } from './reply.ts'

/** Events rendered in one turn of the event loop: a page may have several megabytes. */
const EVENTS_PER_TURN = 10

/**
 * Sends past events as fast as the client takes them. All are rendered with the channel's present name, and as if the
 * people in them were online.
 */
export async function sendHistory(
  client: Client,
  { room, events }: { room: Room; events: readonly LogEvent[] },
  reply: Reply,
): Promise<void> {
  const { person } = client
  if (!person) return
  const context = client.deps.channels.renderContext(room, client.viewerFor(person))
  const past = {
    ...context,
    target: (author: Author) => context.target(author),
    isThere: () => true,
    ...(!hasCap(context.caps, 'server-time') && { stamp: stampOf(person.zone || client.deps.zone) }),
  }
  for (const [i, event] of events.entries()) {
    if (i > 0 && i % EVENTS_PER_TURN === 0) await client.socket.ready()
    if (client.socket.isClosed) return
    for (const line of linesOf(render(event, past))) reply.send(line)
  }
}

/** The time before a line, for clients without server-time: [10:32], or [2026-11-27 10:32] on another day. */
function stampOf(zone: string): (at: number) => string {
  const today = Temporal.Now.plainDateISO(zone)
  return at => {
    const then = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
    const time = then.toPlainTime().toString({ smallestUnit: 'minute' })
    const day = then.toPlainDate()
    return day.equals(today) ? `[${time}]` : `[${day.toString()} ${time}]`
  }
}
