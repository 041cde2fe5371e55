// Sending a file to a link that somebody asked for in the chat: `curl -T photo.jpg https://chat.example.org/u/KEY/`. Curl adds
// the file's name to an address that ends with a slash.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { UploadState } from '../../../core/files/files.ts'
import type { UploadPermit } from '../../../core/files/personal-links.ts'
import { Refusal, refuse } from '../../../core/model/refusals.ts'
import { isLanguage, type Language, languages } from '../../../wording/languages.ts'
import { Problem, type Problems, STATUS } from '../operations/problems.ts'
import { chunksOf } from './bodies.ts'
import { digestIn } from './digests.ts'
import { type FileRouteDeps, NAMELESS, sizeIn } from './requests.ts'

const BY_LINK = '/u/'

interface ByLinkDeps extends FileRouteDeps {
  readonly problems: Problems
  /** The language of people who have chosen none. */
  readonly language: Language
}

export function addUploadsByLink(app: FastifyInstance, deps: ByLinkDeps): void {
  const { chat, requests, problems, language } = deps

  app.route({
    method: ['PUT', 'POST'],
    url: `${BY_LINK}*`,
    // Whoever uses curl reads what it prints: a sentence.
    errorHandler(error, request, reply) {
      const code = error instanceof Refusal || error instanceof Problem ? error.code : undefined
      if (code === undefined) throw error
      const sentence = problems.document(new Problem(code), request.headers['accept-language']).title
      return says(reply.code(STATUS[code]), sentence)
    },
    handler: async (request, reply) => {
      const { '*': rest } = request.params as { readonly '*': string }
      const [key = '', ...folders] = rest.split('/')
      const permit = await chat.files.links.uploadPermit(key)
      const { person } = permit
      requests.charge(person)
      return requests.receiveInTurn(person, reply, async () => {
        const upload = await received(request, permit, folders.at(-1) || NAMELESS)
        await post(permit, upload)
        const chosen = person.language
        const wording = languages[isLanguage(chosen) ? chosen : language]
        reply.code(201).header('Location', `/f/${upload.id}`)
        return says(reply, wording.sentByLink(upload.name))
      })
    },
  })

  function received({ raw }: FastifyRequest, { person }: UploadPermit, name: string): Promise<UploadState> {
    const { headers } = raw
    const wanted = { name, most: sizeIn(headers), ...digestIn(headers) }
    return chat.files.receive(person, wanted, chunksOf(raw))
  }

  /** Refuses 'used-link', and whatever the room refuses the person. */
  async function post({ person, room, key }: UploadPermit, { id }: UploadState): Promise<void> {
    const post = { text: '', key, attachments: [{ upload: id }] }
    const { repeated } = await chat.postUploads(person, room, post).catch(error => {
      throw error instanceof Refusal && error.code === 'key-reused' ? new Refusal('used-link') : error
    })
    if (repeated) refuse('used-link')
  }
}

function says(reply: FastifyReply, sentence: string): FastifyReply {
  return reply
    .header('Content-Type', 'text/plain; charset=utf-8')
    .header('Cache-Control', 'no-store')
    .send(`${sentence}\n`)
}
