// Sending a file in one request, as scripts do: `curl -F file=@photo.jpg` or `curl --data-binary @photo.jpg`.

import { Busboy, type BusboyFileStream, type BusboyHeaders } from '@fastify/busboy'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Chat } from '../../../core/chat.ts'
import type { UploadState } from '../../../core/files/files.ts'
import type { AttachedUpload, Format, Person } from '../../../core/model/model.ts'
import { Refusal } from '../../../core/model/refusals.ts'
import { MOST_ATTACHMENTS } from '../../../core/model/rules.ts'
import { PREFIX } from '../operations/openapi.ts'
import { roomOf } from '../operations/operation.ts'
import { Problem } from '../operations/problems.ts'
import { chunksOf } from './bodies.ts'
import { digestIn } from './digests.ts'
import { type FileRequests, mostIn, NAMELESS } from './requests.ts'

const ROOM_UPLOAD = /^\/api\/v1\/rooms\/[^/?]+\/files(?:\?|$)/
/** Bounds on the fields besides the files. */
const [MOST_FIELDS, LONGEST_FIELD] = [8, 32 << 10]

export function isRoomUpload(url: string): boolean {
  return ROOM_UPLOAD.test(url)
}

interface RoomFilesDeps {
  readonly chat: Chat
  readonly requests: FileRequests
}

/** What is said with the files. */
interface Said {
  readonly text?: string
  readonly alt?: string
  readonly format?: string
}

export function addRoomFiles(app: FastifyInstance, { chat, requests }: RoomFilesDeps): void {
  app.post(`${PREFIX}/rooms/:room/files`, async (request, reply) => {
    const session = await requests.authenticate(request, 'write')
    const { person } = session
    const { room: typed } = request.params as { readonly room: string }
    const room = await roomOf(chat, session, typed)
    session.mustReach('write', room)
    return requests.inTurn(person, reply, async () => {
      const { uploads, said } = await received(request, person)
      try {
        const { text = '', alt, format } = { ...queryOf(request), ...said }
        const attachments = uploads.map(({ id }): AttachedUpload => ({ upload: id, ...(alt && { alt }) }))
        const receipt = await chat.postAs(person, room, { text, format: formatOf(format), attachments })
        if ('refused' in receipt) throw new Problem(receipt.refused)
        const { seq, at, attachments: files = [] } = receipt
        return reply
          .code(201)
          .header('Content-Type', 'application/json; charset=utf-8')
          .header('Cache-Control', 'no-store')
          .send(JSON.stringify({ room, seq, at, attachments: files }))
      } catch (error) {
        for (const { id } of uploads) await chat.files.cancel(person, id).catch(() => {})
        throw error
      }
    })
  })

  function received(request: FastifyRequest, person: Person): Promise<Received> {
    const { raw, headers } = request
    const most = mostIn(headers, chat)
    if (/^multipart\/form-data\b/i.test(headers['content-type'] ?? '')) return form(request, person, most)
    const { name } = queryOf(request)
    if (name === undefined) throw new Problem('bad-request', { detail: 'query: name of the file' })
    return chat.files
      .receive(person, { name, most, ...digestIn(headers) }, chunksOf(raw))
      .then(upload => ({ uploads: [upload], said: {} }))
  }

  /** Reads multipart/form-data (RFC 7578): files under any names, fields `text`, `alt` and `format`. */
  async function form({ raw, headers }: FastifyRequest, person: Person, most: number): Promise<Received> {
    const parser = parserFor(headers as BusboyHeaders)
    const fields = new Map<string, string>()
    const pending: Promise<UploadState>[] = []
    let failure: { readonly error: unknown } | undefined
    let wake = () => {}
    const fail = (error: unknown) => {
      failure ??= { error }
      wake()
    }
    parser.on('drain', () => wake())
    parser.on('finish', () => wake())
    parser.on('error', () => fail(brokenForm()))
    parser.on('field', (name, value, _, isCut) => {
      if (isCut) fail(new Refusal('long-text'))
      fields.set(name, value)
    })
    parser.on('file', (_, file: BusboyFileStream, name) => {
      file.on('error', () => {}) // it may end early before it is read, which is then told
      const upload = chat.files.receive(person, { name: name || NAMELESS, most }, contentOf(file))
      upload.catch(error => {
        fail(error)
        file.resume()
      })
      pending.push(upload)
    })
    for (const event of ['partsLimit', 'fieldsLimit'])
      parser.on(event, () =>
        fail(new Problem('bad-request', { detail: 'multipart/form-data: too many parts' })),
      )
    parser.on('filesLimit', () => fail(new Refusal('too-many-files')))
    /** Until the parser goes on, or something fails, after which it may not. */
    const woken = () =>
      new Promise<void>(resolve => {
        wake = resolve
      })
    try {
      for await (const chunk of chunksOf(raw)) {
        if (!failure && !parser.write(chunk)) await woken()
        if (failure) throw failure.error
      }
      parser.end()
      while (!parser.writableFinished && !failure) await woken()
      if (failure) throw failure.error
      const uploads = await Promise.all(pending)
      if (uploads.length === 0) throw new Problem('bad-request', { detail: 'multipart/form-data: a file' })
      return { uploads, said: Object.fromEntries(fields) }
    } catch (error) {
      parser.destroy()
      await dropAll(person, pending)
      throw error
    }
  }

  async function dropAll(person: Person, pending: readonly Promise<UploadState>[]): Promise<void> {
    for (const each of await Promise.allSettled(pending))
      if (each.status === 'fulfilled') await chat.files.cancel(person, each.value.id).catch(() => {})
  }
}

interface Received {
  readonly uploads: readonly UploadState[]
  readonly said: Said
}

function parserFor(headers: BusboyHeaders) {
  try {
    return new Busboy({
      headers,
      limits: { files: MOST_ATTACHMENTS, fields: MOST_FIELDS, fieldSize: LONGEST_FIELD, parts: 32 },
    })
  } catch {
    throw new Problem('bad-request', { detail: 'multipart/form-data without a boundary' })
  }
}

/** The bytes of a part. Throws 'bad-request' where the form ends within it. */
async function* contentOf(file: BusboyFileStream): AsyncGenerator<Uint8Array> {
  try {
    yield* file
  } catch {
    throw brokenForm()
  }
}

function brokenForm(): Problem {
  return new Problem('bad-request', { detail: 'multipart/form-data' })
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
