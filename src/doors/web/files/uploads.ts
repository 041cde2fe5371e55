// Resumable uploads: tus 1.0.0 (tus.io/protocols/resumable-upload), with the extensions named below.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { UPLOAD_LASTS_MS } from '../../../core/files/file-sweeper.ts'
import type { UploadState } from '../../../core/files/files.ts'
import type { FileId, Person } from '../../../core/model/model.ts'
import { OffsetMismatch } from '../../../core/ports/file-storage.ts'
import { CHUNK_TYPE, TUS_VERSION } from '../../../wire/tus.ts'
import { PREFIX } from '../operations/openapi.ts'
import { Problem } from '../operations/problems.ts'
import { chunksOf } from './bodies.ts'
import { digestIn } from './digests.ts'
import { idIn } from './ids.ts'
import type { FileRouteDeps } from './requests.ts'

const UPLOADS = `${PREFIX}/uploads`
const EXTENSIONS = 'creation,creation-with-upload,expiration,termination'

export function addUploads(app: FastifyInstance, { chat, requests }: FileRouteDeps): void {
  const tus =
    (run: (person: Person, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      reply.headers({ 'Tus-Resumable': TUS_VERSION, 'Cache-Control': 'no-store' })
      if (request.headers['tus-resumable'] !== TUS_VERSION)
        throw new Problem('bad-request', { detail: `Tus-Resumable: ${TUS_VERSION}` })
      const { person } = await requests.authenticate(request, 'write')
      const work = () => run(person, request, reply)
      return hasBytes(request)
        ? requests.receiveInTurn(person, reply, work)
        : requests.inTurn(person, reply, work)
    }

  app.options(UPLOADS, (_, reply) =>
    reply
      .headers({
        'Tus-Resumable': TUS_VERSION,
        'Tus-Version': TUS_VERSION,
        'Tus-Extension': EXTENSIONS,
        'Tus-Max-Size': `${chat.files.limits.file}`,
      })
      .code(204)
      .send(),
  )
  app.post(
    UPLOADS,
    tus(async (person, request, reply) => {
      const { headers } = request
      const upload = await chat.files.begin(person, {
        name: metadataIn(headers['upload-metadata']).get('filename') ?? '',
        size: numberIn(headers['upload-length'], 'Upload-Length'),
        ...digestIn(headers),
      })
      reply.header('Location', `${UPLOADS}/${upload.id}`)
      const state = hasBytes(request) ? await append(person, upload.id, 0, request) : upload
      return progress(reply.code(201), state)
    }),
  )
  app.head(
    `${UPLOADS}/:id`,
    tus(async (person, request, reply) => {
      const state = await chat.files.state(person, idIn(request, 'no-such-upload'))
      return progress(reply.code(200).header('Upload-Length', state.size), state)
    }),
  )
  app.patch(
    `${UPLOADS}/:id`,
    tus(async (person, request, reply) => {
      if (!hasBytes(request)) throw new Problem('wrong-type')
      const offset = numberIn(request.headers['upload-offset'], 'Upload-Offset')
      return progress(reply.code(204), await append(person, idIn(request, 'no-such-upload'), offset, request))
    }),
  )
  app.delete(
    `${UPLOADS}/:id`,
    tus(async (person, request, reply) => {
      await chat.files.cancel(person, idIn(request, 'no-such-upload'))
      return reply.code(204).send()
    }),
  )

  async function append(
    person: Person,
    id: FileId,
    offset: number,
    { raw }: FastifyRequest,
  ): Promise<UploadState> {
    try {
      return await chat.files.append(person, id, { offset, chunks: chunksOf(raw) })
    } catch (error) {
      throw error instanceof OffsetMismatch ? new Problem('wrong-offset') : error
    }
  }
}

function hasBytes({ headers }: FastifyRequest): boolean {
  return headers['content-type'] === CHUNK_TYPE
}

function progress(reply: FastifyReply, { received, at, file }: UploadState): FastifyReply {
  reply.header('Upload-Offset', received)
  if (!file) reply.header('Upload-Expires', new Date(at + UPLOAD_LASTS_MS).toUTCString())
  return reply.send()
}

/** Throws 'bad-request' for a header that is no whole number. */
function numberIn(header: string | string[] | undefined, name: string): number {
  const isNumber = typeof header === 'string' && /^\d{1,15}$/.test(header)
  if (!isNumber) throw new Problem('bad-request', { detail: `${name}: a number of bytes` })
  return Number(header)
}

/** Upload-Metadata: names with values in base64, separated by commas. */
function metadataIn(header: string | string[] | undefined): ReadonlyMap<string, string> {
  const pairs = String(header ?? '')
    .split(',')
    .map(each => each.trim().split(' ', 2))
  return new Map(pairs.map(([name = '', value = '']) => [name, Buffer.from(value, 'base64').toString()]))
}
