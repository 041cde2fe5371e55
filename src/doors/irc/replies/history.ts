// Sending past events of a room.

import type { Author, LogEvent, Room } from '../../../core/model/model.ts'
import type { Client } from '../client.ts'
import { render } from '../events/lines.ts'
import { linesOf } from '../events/tags.ts'
import { hasCap } from '../wire/caps.ts'
import type { Reply } from './reply.ts'

/** UTF-16 units rendered in one turn of the event loop, about: a page may have many megabytes. */
const UNITS_PER_TURN = 32 << 10

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
  let units = 0
  for (const event of events) {
    if (units >= UNITS_PER_TURN) {
      await client.socket.ready()
      units = 0
    }
    if (client.socket.isClosed) return
    const rendered = render(event, past)
    units += rendered.length
    for (const line of linesOf(rendered)) reply.send(line)
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
