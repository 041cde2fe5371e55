// Sending a file in one request, as scripts do: `curl -F file=@photo.jpg` or `curl --data-binary @photo.jpg`.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { UploadState } from '../../../core/files/files.ts'
import type { AttachedUpload, Format, Person } from '../../../core/model/model.ts'
import { PREFIX } from '../operations/openapi.ts'
import { roomOf } from '../operations/operation.ts'
import { Problem } from '../operations/problems.ts'
import { chunksOf } from './bodies.ts'
import { digestIn } from './digests.ts'
import { FormReader } from './form-reader.ts'
import { type FileRouteDeps, sizeIn } from './requests.ts'

/** What is said with the files, in the query or in fields of a form. */
interface Said {
  readonly text?: string
  readonly alt?: string
  readonly format?: string
}

export function addRoomFiles(app: FastifyInstance, { chat, requests }: FileRouteDeps): void {
  app.post(`${PREFIX}/rooms/:room/files`, async (request, reply) => {
    const session = await requests.authenticate(request, 'write')
    const { person } = session
    const { room: typed } = request.params as { readonly room: string }
    const room = await roomOf(chat, session, typed)
    session.mustReach('write', room)
    return requests.receiveInTurn(person, reply, async () => {
      const query = queryOf(request)
      const { uploads, said } = await received(request, person)
      await requests.confirm(request, 'write', room)
      const { text = '', alt, format } = { ...query, ...said }
      const attached = uploads.map(({ id }): AttachedUpload => ({ upload: id, ...(alt && { alt }) }))
      const post = { text, format: formatOf(format), attachments: attached }
      const { seq, at, attachments = [] } = await chat.postUploads(person, room, post)
      return reply
        .code(201)
        .header('Content-Type', 'application/json; charset=utf-8')
        .header('Cache-Control', 'no-store')
        .send(JSON.stringify({ room, seq, at, attachments }))
    })
  })

  async function received(request: FastifyRequest, person: Person): Promise<Received> {
    const { raw, headers } = request
    const size = sizeIn(headers)
    if (/^multipart\/form-data\b/i.test(headers['content-type'] ?? '')) {
      const { uploads, fields } = await new FormReader(headers, { chat, person, size }).read(raw)
      return { uploads, said: fields }
    }
    const { name } = queryOf(request)
    if (name === undefined) throw new Problem('bad-request', { detail: 'query: name of the file' })
    const upload = await chat.files.receive(person, { name, most: size, ...digestIn(headers) }, chunksOf(raw))
    return { uploads: [upload], said: {} }
  }
}

interface Received {
  readonly uploads: readonly UploadState[]
  readonly said: Said
}

/** Throws 'bad-request' for something that is there twice. */
function queryOf({ query }: FastifyRequest): Said & { readonly name?: string } {
  const found = Object.entries(query as Readonly<Record<string, unknown>>)
  const twice = found.find(([, value]) => typeof value !== 'string')
  if (twice) throw new Problem('bad-request', { detail: `query: ${twice[0]}` })
  return query as Said & { readonly name?: string }
}

function formatOf(format: string | undefined): Format {
  return format === 'plain' ? 'plain' : 'markdown'
}
