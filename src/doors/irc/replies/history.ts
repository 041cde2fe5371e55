// Past events of a room, as a client is sent them.

import type { Author, LogEvent, Room } from '../../../core/model/model.ts'
import type { Client } from '../client.ts'
import { render } from '../events/lines.ts'
import { linesOf } from '../events/tags.ts'
import { hasCap } from '../wire/caps.ts'
import type { Reply } from './reply.ts'

/** Events that are said in one go: a page may be of some megabytes, and takes a while to make. */
const EVENTS_PER_TURN = 10

/**
 * Looked back at: all of it was said where it is now, whatever the channel was called then, and by whom is there. As fast
 * as the client takes it.
 */
export async function sendHistory(
  client: Client,
  { room, events }: { room: Room; events: readonly LogEvent[] },
  to: Reply,
): Promise<void> {
  const { person } = client
  if (!person) return
  const context = client.deps.channels.renderContext(room, client.viewerFor(person))
  const then = {
    ...context,
    target: (author: Author) => context.target(author),
    isThere: () => true,
    ...(!hasCap(context.caps, 'server-time') && { stamp: stampOf(person.zone || client.deps.zone) }),
  }
  for (const [i, event] of events.entries()) {
    if (i > 0 && i % EVENTS_PER_TURN === 0) await client.socket.ready()
    if (client.socket.isClosed) return
    for (const line of linesOf(render(event, then))) to.send(line)
  }
}

/** When something was said, in front of it, for who is not told by a tag: [10:32], or [2026-11-27 10:32] of another day. */
function stampOf(zone: string): (at: number) => string {
  const today = Temporal.Now.plainDateISO(zone)
  return at => {
    const then = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
    const time = then.toPlainTime().toString({ smallestUnit: 'minute' })
    const day = then.toPlainDate()
    return day.equals(today) ? `[${time}]` : `[${day.toString()} ${time}]`
  }
}
