// Operations on reports of messages.

import type { Seq } from '../../../core/model/model.ts'
import { closed, Type } from '../../../wire/json-schema.ts'
import { Report, ReportNews } from '../../../wire/reports.ts'
import { messagePath } from './messages.ts'
import { inRoom, type Operation, withLogIn } from './operation.ts'

const Words = Type.Optional(Type.String({ maxLength: 2048 }))
const PAGE = 20

export const reportOperations: readonly Operation[] = [
  inRoom({
    method: 'POST',
    path: '/rooms/:room/messages/:seq/reports',
    scope: 'write',
    id: 'reportMessage',
    summary:
      'Reports a message of somebody else, with the messages around it, to the moderators of the room and the admins of the server; in a direct room to admins alone. They keep it as it is now until they close the report, even if it is deleted.',
    params: messagePath,
    body: closed({ reason: Words }),
    async run({ chat, person, room, params, body }) {
      await chat.reports.file(person, room, params.seq as Seq, body.reason ?? '')
      return {}
    },
  }),
  withLogIn({
    method: 'GET',
    path: '/reports',
    scope: 'read',
    id: 'listReports',
    summary: 'Lists reports that the caller may see, latest first: the open ones, or those that are closed.',
    query: closed({
      closed: Type.Optional(Type.Enum(['true', 'false'])),
      before: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
    }),
    reply: closed({
      reports: Type.Array(Report),
      next: Type.Optional(Type.Integer({ description: 'The next page is before this one.' })),
    }),
    async run({ chat, person, query: { closed: isClosed, before, limit = PAGE } }) {
      const open = isClosed !== 'true'
      const { reports, next } = await chat.reports.list(person, { open, before, limit })
      return { body: { reports, ...(next !== undefined && { next }) } }
    },
  }),
  withLogIn({
    method: 'PUT',
    path: '/reports/:report/closed',
    scope: 'write',
    id: 'closeReport',
    summary:
      'Closes a report, and all others of the same message: their texts are erased, and whoever reported it learns that it was looked at. The note is for others who may see it.',
    params: closed({ report: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) }),
    body: closed({ note: Words }),
    async run({ chat, person, params, body }) {
      await chat.reports.close(person, params.report, body.note ?? '')
      return {}
    },
  }),
  withLogIn({
    method: 'GET',
    path: '/me/reports',
    scope: 'read',
    id: 'getReportNews',
    summary: 'Returns how many reports wait for the caller, and which of theirs were looked at.',
    reply: ReportNews,
    async run({ chat, person }) {
      return { body: await chat.reports.news(person) }
    },
  }),
  withLogIn({
    method: 'DELETE',
    path: '/me/reports',
    scope: 'write',
    id: 'readReportNews',
    summary: 'Marks as read that reports of the caller were looked at.',
    async run({ chat, person }) {
      await chat.reports.told(person)
      return {}
    },
  }),
]
