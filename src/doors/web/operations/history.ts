// Operations on a room's history: messages, and what else has happened between them.

import type { Seq as SeqNumber } from '../../../core/model/model.ts'
import { HistoryPage, QuietRun } from '../../../wire/history.ts'
import { closed } from '../../../wire/json-schema.ts'
import { Seq } from '../../../wire/schemas.ts'
import { untagged } from '../socket/frames.ts'
import { type ApiResponse, inRoom, type Operation } from './operation.ts'
import { Limit, PageQuery, pageOf } from './paging.ts'
import { room } from './rooms.ts'

export const historyOperations: readonly Operation[] = [
  inRoom({
    method: 'GET',
    path: '/rooms/:room/history',
    scope: 'read',
    id: 'listHistory',
    summary:
      'Lists messages like listMessages, with everything that happened between them: who joined and left, what moderators did, what was deleted. The limit counts the messages; a long run of other events is one fold.',
    params: closed({ room }),
    query: PageQuery,
    reply: HistoryPage,
    async run({ pages, person, room, query, headers }): Promise<ApiResponse> {
      const page = await pages.page(person, room, pageOf(query), 'history')
      const about = { ETag: page.etag, 'Cache-Control': 'private, no-cache' }
      const known = headers['if-none-match']
      if (typeof known === 'string' && known.includes(page.etag))
        return { status: 304, headers: about, ...(page.isNew && { unsent: page.bytes.length }) }
      return { body: page.bytes, headers: about }
    },
  }),
  inRoom({
    method: 'GET',
    path: '/rooms/:room/quiet',
    scope: 'read',
    id: 'listQuiet',
    summary:
      'Lists what a fold of the history holds: events that are no changes of a message, and deleted messages.',
    params: closed({ room }),
    query: closed({ after: Seq, upto: Seq, limit: Limit }),
    reply: QuietRun,
    async run({ chat, person, room, query }) {
      const { after, upto, limit = 50 } = query
      const span = { after: after as SeqNumber, upto: upto as SeqNumber, limit }
      const run = await chat.messages.quiet(person, room, span)
      const events = run.events.map(each => (each.kind === 'message' ? untagged(each) : each))
      return { body: { events, upto: run.upto } }
    },
  }),
]
