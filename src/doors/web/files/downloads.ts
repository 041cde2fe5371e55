// Reading files: whole or in ranges, and what was made of pictures, for people who may read the room at that moment.

import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { FileId, Person, RoomId } from '../../../core/model/model.ts'
import type { OpenFile, Variant } from '../../../core/ports/files.ts'
import { Problem } from '../operations/problems.ts'
import { digestHeader } from './digests.ts'
import { idIn } from './ids.ts'
import { type Range, rangeIn } from './ranges.ts'
import type { FileRouteDeps } from './requests.ts'

/** Nothing in a file may run, load anything, or act as this site, whatever a browser takes it for. */
export const CONTAINED =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src 'self'"
/** What a browser may show in place. Text is shown as text, whatever it says it is. */
export const SHOWN =
  /^(?:image\/(?:png|jpeg|gif|webp|avif)|audio\/.*|video\/(?:mp4|webm|ogg|quicktime)|text\/plain)$/

interface Reader {
  readonly person: Person
  /** The only room that a token is for. */
  readonly within: RoomId | undefined
  /** Refuses 'out-of-scope' where a token is for another room. */
  readonly mustReach: (room: RoomId) => void
}

interface Wanted {
  readonly variant: Variant | undefined
  readonly size: number
}

export function addDownloads(app: FastifyInstance, { chat, requests }: FileRouteDeps): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/f/:id',
    handler: async (request, reply) => {
      const id = idIn<FileId>(request, 'no-such-file')
      const reader = await readerOf(request, id).catch(error => {
        if (error instanceof Problem && error.code === 'not-logged-in' && isNavigation(request))
          return undefined
        throw error
      })
      if (!reader) return reply.code(303).header('Location', `/?file=${id}`).send()
      const { person, within, mustReach } = reader
      return requests.inTurn(person, reply, async () => {
        const opened = await chat.files.open(person.id, id, within)
        if (opened.room !== undefined) mustReach(opened.room)
        return send(request, reply, smallerIn(request) === undefined ? opened : asPicture(opened))
      })
    },
  })

  /** Who asks: by the key of a personal link, else by their session. Refuses 'dead-link'. */
  async function readerOf(request: FastifyRequest, id: FileId): Promise<Reader> {
    const { key } = queryOf(request)
    if (key === undefined) {
      const session = await requests.authenticate(request, 'read')
      const { person, grant } = session
      return { person, within: grant.room, mustReach: room => session.mustReach('read', room) }
    }
    const person = await chat.files.links.reader(`${key}`, id)
    requests.charge(person)
    return { person, within: undefined, mustReach: () => {} }
  }

  async function send(request: FastifyRequest, reply: FastifyReply, opened: OpenFile): Promise<FastifyReply> {
    const { file } = opened
    const wanted = await wantedOf(request, opened)
    const etag = `"${file.sha256}${wanted.variant ? `-${wanted.variant}` : ''}"`
    const { range: asked, 'if-range': ifRange = etag, 'if-none-match': known } = request.headers
    const isKnown = matches(known, etag)
    const isWhole = isKnown || ifRange !== etag || request.method === 'HEAD' // RFC 9110, section 14.2
    const range = isWhole ? undefined : rangeIn(asked, wanted.size)
    if (range === 'unsatisfiable') {
      reply.header('Content-Range', `bytes */${wanted.size}`)
      throw new Problem('bad-range')
    }
    describe(reply, opened, { ...wanted, etag, isDownload: 'download' in queryOf(request) })
    if (isKnown) return reply.code(304).send()
    const { start, end }: Range = range ?? { start: 0, end: wanted.size }
    if (range) reply.code(206).header('Content-Range', `bytes ${start}-${end - 1}/${wanted.size}`)
    reply.header('Content-Length', end - start)
    if (request.method === 'HEAD') return reply.send()
    return reply.send(streamOf(chat.files.read(file, wanted.variant, { start, end })))
  }

  /** A size that was not made of a picture is the picture itself. */
  async function wantedOf(request: FastifyRequest, { file }: OpenFile): Promise<Wanted> {
    const variant = smallerIn(request)
    const length = await chat.files.sizeOf(file, variant)
    return length === undefined ? { variant: undefined, size: file.size } : { variant, size: length }
  }
}

export function streamOf(chunks: AsyncIterable<Uint8Array>): Readable {
  return Readable.from(chunks, { objectMode: false })
}

function smallerIn(request: FastifyRequest): 'thumb' | 'screen' | undefined {
  const { size } = queryOf(request)
  return size === 'thumb' || size === 'screen' ? size : undefined
}

/** The smaller sizes of a video are those of its poster. */
function asPicture(opened: OpenFile): OpenFile {
  return { ...opened, file: opened.poster ?? opened.file }
}

/** Whether somebody opened the link in a browser, which shows them where to log in, and then the file. */
function isNavigation({ headers }: FastifyRequest): boolean {
  return headers['sec-fetch-mode'] === 'navigate' || /\btext\/html\b/.test(headers.accept ?? '')
}

interface Described extends Wanted {
  readonly etag: string
  readonly isDownload: boolean
}

function describe(
  reply: FastifyReply,
  { name, file }: OpenFile,
  { variant, etag, isDownload }: Described,
): void {
  const type = variant ? 'image/webp' : file.type
  const isShown = SHOWN.test(type) && !isDownload
  reply.headers({
    'Content-Type': type.startsWith('text/') ? 'text/plain; charset=utf-8' : type,
    'Content-Disposition': `${isShown ? 'inline' : 'attachment'}; ${fileNameOf(name)}`,
    'Content-Security-Policy': CONTAINED,
    'Cache-Control': 'private, no-cache',
    'Accept-Ranges': 'bytes',
    ETag: etag,
    ...(!variant && { 'Repr-Digest': digestHeader(file.sha256) }),
  })
}

/** RFC 6266, section 4.3: the plain form for old clients, the other one (RFC 8187) for all others. */
function fileNameOf(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(/['()*]/g, sign => `%${sign.charCodeAt(0).toString(16)}`)
  return `filename="${plain}"; filename*=UTF-8''${encoded}`
}

/** RFC 9110, section 13.1.2. */
function matches(header: string | undefined, etag: string): boolean {
  return (
    header !== undefined &&
    (header.trim() === '*' || header.split(',').some(each => each.trim().replace(/^W\//, '') === etag))
  )
}

interface Query {
  readonly size?: string
  readonly download?: string
  readonly key?: string
}

function queryOf({ query }: FastifyRequest): Query {
  return query as object
}
