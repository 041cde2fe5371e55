// The routes of files, whose bodies are streams.

import type { FastifyInstance } from 'fastify'
import type { Chat } from '../../../core/chat.ts'
import type { Language } from '../../../wording/languages.ts'
import type { BodyDeadlines } from '../body-deadlines.ts'
import type { Problems } from '../operations/problems.ts'
import type { RemoteAddresses } from '../remote-address.ts'
import { addAvatars } from './avatars.ts'
import { dropRest } from './bodies.ts'
import { addUploadsByLink } from './by-link.ts'
import { addDownloads } from './downloads.ts'
import { addFileHost } from './filehost.ts'
import { addRoomFiles } from './post.ts'
import { FileRequests } from './requests.ts'
import { addUploads } from './uploads.ts'

interface FileRoutesDeps {
  readonly chat: Chat
  readonly remote: RemoteAddresses
  readonly deadlines: BodyDeadlines
  readonly problems: Problems
  readonly language: Language
  readonly webUrl: () => string
}

/** Adds them in a scope of their own, where no body is parsed. */
export async function addFileRoutes(
  app: FastifyInstance,
  { chat, remote, deadlines, problems, language, webUrl }: FileRoutesDeps,
): Promise<void> {
  await app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_, __, done) => done(null))
    scope.addHook('onResponse', ({ raw }, _, done) => {
      dropRest(raw)
      done()
    })
    const deps = { chat, requests: new FileRequests(chat, { remote, deadlines }) }
    addUploads(scope, deps)
    addDownloads(scope, deps)
    addRoomFiles(scope, deps)
    addUploadsByLink(scope, { ...deps, problems, language })
    addFileHost(scope, { ...deps, webUrl })
    addAvatars(scope, chat)
  })
}
