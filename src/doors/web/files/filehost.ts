// The file host that IRC clients are told of (005, soju.im/FILEHOST and draft/FILEHOST): a file is posted with the
// credentials of the IRC connection, and its link becomes an attachment when its sender says it in a channel.

import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import { parse } from 'content-disposition'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Person } from '../../../core/model/model.ts'
import { fileLink } from '../../shared/attachments.ts'
import { chunksOf } from './bodies.ts'
import { digestIn } from './digests.ts'
import { type FileRouteDeps, NAMELESS, sizeIn } from './requests.ts'

/** Known to the IRC door (irc/replies/registration-burst.ts). */
const FILE_HOST = '/filehost'

interface FileHostDeps extends FileRouteDeps {
  /** The address by which others reach this door: links begin with it. */
  readonly webUrl: () => string
}

export function addFileHost(app: FastifyInstance, { chat, requests, webUrl }: FileHostDeps): void {
  app.options(FILE_HOST, (_, reply) => {
    const { types } = chat.files.limits
    const accepted = types.length > 0 ? types.join(', ') : '*/*'
    return reply.code(204).headers({ Allow: 'OPTIONS, POST', 'Accept-Post': accepted }).send()
  })
  app.post(FILE_HOST, async (request, reply) => {
    const { raw } = request
    const person = await uploader(request)
    return requests.receiveInTurn(person, reply, async () => {
      const wanted = { name: nameIn(raw.headers), most: sizeIn(raw.headers), ...digestIn(raw.headers) }
      const { id } = await chat.files.receive(person, wanted, chunksOf(raw))
      const link = fileLink(id, { webUrl })
      return reply
        .code(201)
        .headers({ Location: link, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
        .send(`${link}\n`)
    })
  })

  /** By name and password, as in SASL PLAIN, or by a token. Refuses what a log-in does. */
  async function uploader(request: FastifyRequest): Promise<Person> {
    const basic = basicIn(request.headers)
    if (!basic) return (await requests.authenticate(request, 'write')).person
    const { username, password } = basic
    const { person } = await chat.logIns.logIn(username, password, { address: requests.addressOf(request) })
    requests.charge(person)
    return person
  }
}

/** RFC 7617, section 2. Browsers' btoa makes Latin-1 of what is not ASCII. */
function basicIn({ authorization = '' }: IncomingHttpHeaders) {
  const [, encoded] = /^Basic +([A-Za-z\d+/]+=*) *$/i.exec(authorization) ?? []
  if (encoded === undefined) return undefined
  const bytes = Buffer.from(encoded, 'base64')
  const [username = '', ...password] = bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1').split(':')
  return { username, password: password.join(':') }
}

/** The name in Content-Disposition (RFC 6266), if it has one. */
function nameIn({ 'content-disposition': header }: IncomingHttpHeaders): string {
  try {
    return (header !== undefined && parse(header).parameters.filename) || NAMELESS
  } catch {
    return NAMELESS
  }
}
