// Operations on reminders.

import type { Instant, Seq as SeqNumber } from '../../../core/model/model.ts'
import type { ReminderId } from '../../../core/model/scheduled.ts'
import { closed, Type } from '../../../wire/json-schema.ts'
import { Due, Now, Reminder } from '../../../wire/scheduled-schemas.ts'
import { Seq } from '../../../wire/schemas.ts'
import { inRoom, type Operation, withLogIn } from './operation.ts'
import { room } from './rooms.ts'

const path = closed({ id: Type.Integer() })

export const reminderOperations: readonly Operation[] = [
  inRoom({
    method: 'POST',
    path: '/rooms/:room/messages/:seq/reminders',
    scope: 'write',
    id: 'remind',
    summary: 'Reminds the caller of a message at that time. Nobody else learns of it.',
    params: closed({ room, seq: Seq }),
    body: closed({
      at: Due,
      note: Type.Optional(Type.String({ description: 'Up to 200 code points on one line.' })),
    }),
    status: 201,
    reply: Reminder,
    async run({ chat, person, room, params, body }) {
      const { at, note } = body
      const place = { room, seq: params.seq as SeqNumber }
      const wanted = { at: at as Instant, ...(note !== undefined && { note }) }
      return { status: 201, body: await chat.putOff.reminders.remind(person, place, wanted) }
    },
  }),
  withLogIn({
    method: 'GET',
    path: '/me/reminders',
    scope: 'read',
    id: 'listReminders',
    summary:
      'Lists the caller’s reminders by time: those that have come (`rung`) and those that wait. One whose message is deleted, or can no longer be read by the caller, has no `message`.',
    reply: closed({ now: Now, reminders: Type.Array(Reminder) }),
    async run({ chat, person }) {
      return { body: { now: chat.putOff.reminders.now, reminders: await chat.putOff.reminders.list(person) } }
    },
  }),
  withLogIn({
    method: 'PATCH',
    path: '/me/reminders/:id',
    scope: 'write',
    id: 'moveReminder',
    summary: 'Puts a reminder off: it comes at that time, maybe once more.',
    params: path,
    body: closed({ at: Due }),
    reply: Reminder,
    async run({ chat, person, params, body }) {
      return { body: await chat.putOff.reminders.move(person, params.id as ReminderId, body.at as Instant) }
    },
  }),
  withLogIn({
    method: 'DELETE',
    path: '/me/reminders/:id',
    scope: 'write',
    id: 'forgetReminder',
    summary: 'Deletes a reminder.',
    params: path,
    async run({ chat, person, params }) {
      await chat.putOff.reminders.forget(person, params.id as ReminderId)
      return {}
    },
  }),
]
