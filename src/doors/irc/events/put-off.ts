// Tells a client of its person's reminders, and of what was not sent when its time came: notices of the server.

import type { Person, RoomId } from '../../../core/model/model.ts'
import type { View } from '../../../core/sessions/sessions.ts'
import { notSentLine, type PutOffContext, remindedLine } from '../../shared/put-off.ts'
import type { Client } from '../client.ts'
import { lineOf } from '../wire/message.ts'
import { unstarred } from './tags.ts'

export function putOffNotices(client: Client): Pick<View, 'reminded' | 'notSent'> {
  return {
    reminded: reminder => tell(client, remindedLine(reminder, putOffContext(client))),
    notSent: kept => tell(client, notSentLine(kept, putOffContext(client))),
  }
}

/** How many have come meanwhile. */
export async function tellOfReminders(client: Client, person: Person): Promise<void> {
  const rung = await client.deps.chat.putOff.reminders.rung(person)
  if (rung > 0) tell(client, client.wording.irc.remindersWaiting(rung))
}

export function putOffContext(client: Client): PutOffContext {
  const { deps, rooms, wording } = client
  return {
    wording: { ...wording, putOff: { ...wording.putOff, ...wording.irc.putOff } },
    zone: client.person?.zone || deps.zone,
    label: (id: RoomId) => {
      const room = rooms.get(id)
      return room ? deps.channels.nameOf(room) : ''
    },
  }
}

function tell(client: Client, line: string): void {
  client.send(lineOf(client.host, 'NOTICE', [client.name, unstarred(line)]))
}
