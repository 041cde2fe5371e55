// Reading pictures of people and rooms, without a log-in: IRC clients and pages elsewhere show them, and nobody can guess
// an id, which changes with each picture.

import type { FastifyInstance } from 'fastify'
import type { Chat } from '../../../core/chat.ts'
import { avatarVariant } from '../../../core/files/avatars.ts'
import { refuse } from '../../../core/model/refusals.ts'
import { CONTAINED, SHOWN, streamOf } from './downloads.ts'
import { idIn } from './ids.ts'

const WEEK_SECONDS = 7 * 86_400

export function addAvatars(app: FastifyInstance, chat: Chat): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/a/:id',
    handler: async (request, reply) => {
      const file = await chat.avatars.open(idIn(request, 'no-such-file'))
      const variant = avatarVariant(file)
      const size = (await chat.files.sizeOf(file, variant)) ?? refuse('no-such-file')
      const type = variant ? 'image/webp' : file.type
      reply.headers({
        'Content-Type': type,
        'Content-Length': size,
        'Content-Disposition': SHOWN.test(type) ? 'inline' : 'attachment',
        'Content-Security-Policy': CONTAINED,
        'Cross-Origin-Resource-Policy': 'cross-origin',
        'Cache-Control': `public, max-age=${WEEK_SECONDS}, immutable`,
      })
      if (request.method === 'HEAD') return reply.send()
      return reply.send(streamOf(chat.files.read(file, variant, { start: 0, end: size })))
    },
  })
}
