// Operations on messages that are sent later.

import type { Instant, Seq as SeqNumber } from '../../../core/model/model.ts'
import type { ScheduledId } from '../../../core/model/scheduled.ts'
import { AttachedUploads } from '../../../wire/attachment-schemas.ts'
import { closed, Type } from '../../../wire/json-schema.ts'
import { Due, Now, Scheduled } from '../../../wire/scheduled-schemas.ts'
import { Format, Seq } from '../../../wire/schemas.ts'
import { attachedIn } from '../files/attached.ts'
import { keyOf } from './messages.ts'
import { inRoom, type Operation, withLogIn } from './operation.ts'
import { room } from './rooms.ts'

const path = closed({ id: Type.Integer() })

export const scheduledOperations: readonly Operation[] = [
  inRoom({
    method: 'POST',
    path: '/rooms/:room/scheduled',
    scope: 'write',
    id: 'schedule',
    summary:
      'Schedules a message: it is posted at that time, if the caller may write there then. Takes an Idempotency-Key as a message does, under which the message is posted, too.',
    params: closed({ room }),
    body: closed({
      text: Type.String({ description: '1–4,000 code points.' }),
      at: Due,
      format: Type.Optional(Format),
      reply: Type.Optional(Seq),
      action: Type.Optional(Type.Literal(true)),
      attachments: Type.Optional(AttachedUploads),
    }),
    status: 201,
    reply: Scheduled,
    async run({ chat, person, room, body, headers }) {
      const key = keyOf(headers)
      const { text, at, format = 'markdown', reply, action, attachments } = body
      const scheduled = await chat.putOff.scheduled.schedule(person, room, {
        ...{ text, format, at: at as Instant },
        ...(reply !== undefined && { reply: reply as SeqNumber }),
        ...(action && { action }),
        ...(attachments && { attachments: attachedIn(attachments) }),
        ...(key !== undefined && { key }),
      })
      return { status: 201, body: scheduled }
    },
  }),
  withLogIn({
    method: 'GET',
    path: '/me/scheduled',
    scope: 'read',
    id: 'listScheduled',
    summary:
      'Lists the messages that the caller has scheduled, by time; among them those that were not sent, with the reason.',
    reply: closed({ now: Now, scheduled: Type.Array(Scheduled) }),
    async run({ chat, person }) {
      return { body: { now: chat.putOff.scheduled.now, scheduled: await chat.putOff.scheduled.list(person) } }
    },
  }),
  withLogIn({
    method: 'PATCH',
    path: '/me/scheduled/:id',
    scope: 'write',
    id: 'amendScheduled',
    summary: 'Changes what a scheduled message says, or when it is sent; one that was not sent waits again.',
    params: path,
    body: closed({
      text: Type.Optional(Type.String()),
      format: Type.Optional(Format),
      at: Type.Optional(Due),
    }),
    reply: Scheduled,
    async run({ chat, person, params, body }) {
      const { at, ...change } = body
      return {
        body: await chat.putOff.scheduled.amend(person, params.id as ScheduledId, {
          ...change,
          ...(at !== undefined && { at: at as Instant }),
        }),
      }
    },
  }),
  withLogIn({
    method: 'POST',
    path: '/me/scheduled/:id/send',
    scope: 'write',
    id: 'sendScheduled',
    summary: 'Posts a scheduled message now.',
    params: path,
    status: 201,
    reply: closed({ room: Type.Integer(), seq: Seq, at: Type.Integer() }, 'Posted'),
    async run({ chat, person, params }) {
      const { room, seq, at } = await chat.putOff.scheduled.sendNow(person, params.id as ScheduledId)
      return { status: 201, body: { room, seq, at } }
    },
  }),
  withLogIn({
    method: 'DELETE',
    path: '/me/scheduled/:id',
    scope: 'write',
    id: 'cancelScheduled',
    summary: 'Deletes a scheduled message, with its uploads.',
    params: path,
    async run({ chat, person, params }) {
      await chat.putOff.scheduled.cancel(person, params.id as ScheduledId)
      return {}
    },
  }),
]
