// MARKREAD: how far the account has read a room (draft/read-marker).

import type { Person, RoomId, Seq } from '../../../core/model/model.ts'
import type { Client } from '../client.ts'
import { sendReadMarker } from '../replies/read-marker.ts'
import { timestampOf } from '../wire/timestamps.ts'
import type { Command, CommandContext } from './commands.ts'
import { nickOf } from './find-room.ts'
import { before, END, seqAfter } from './history-pages.ts'

export const readMarkerCommands: Readonly<Record<string, Command>> = {
  MARKREAD: { min: 0, when: 'session', run: markread },
}

async function markread({ client, params, reply }: CommandContext): Promise<void> {
  const [target = '', given] = params
  if (target === '') return reply.fail('MARKREAD', 'NEED_MORE_PARAMS', client.wording.irc.fewParameters)
  const room = client.rooms.named(target)
  const { session, deps } = client
  const name = room ? undefined : await nickOf(client, target)
  if (name !== undefined && given === undefined) return reply.command('MARKREAD', name, '*')
  if (!room || !session) return reply.fail('MARKREAD', 'INVALID_PARAMS', target, client.wording.irc.noTarget)
  if (given === undefined) return sendReadMarker(client, room.id, { reply })
  const at = timestampOf(given)
  if (at === undefined)
    return reply.fail('MARKREAD', 'INVALID_PARAMS', target, client.wording.irc.badTimestamp)
  const seq = await seqAfter({ client, room, points: [], limit: 2, reply }, { at })
  const [last] = await before({ client, room, points: [], limit: 1, reply }, END)
  const mark = Math.min(seq, last?.seq ?? 0) as Seq
  const { read } = await deps.chat.rooms.listing(session.person, room.id)
  // A marker never moves back: an older one is answered with the present one.
  const stands =
    mark > read ? await moveMarker(client, { person: session.person, room: room.id, mark }) : read
  await sendReadMarker(client, room.id, { seq: stands as Seq, reply })
}

interface Mark {
  readonly person: Person
  readonly room: RoomId
  readonly mark: Seq
}

/** Moves the marker without a notice to this client, which has the reply. */
async function moveMarker(client: Client, { person, room, mark }: Mark): Promise<Seq> {
  client.rooms.markerMoving = room
  try {
    return await client.deps.chat.readMarks.move(person, room, mark)
  } finally {
    client.rooms.markerMoving = undefined
  }
}
