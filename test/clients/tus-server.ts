// A server of tus 1.0.0 that does what a test tells it to: cut connections, refuse, forget.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Upload {
  readonly name: string
  readonly length: number
  bytes: Buffer
  /** The length of what was made of it. */
  remade?: number
}

export class TusServer implements AsyncDisposable {
  readonly uploads = new Map<string, Upload>()
  /** Method and path of each request, in order. */
  readonly requests: string[] = []
  /** The next PATCHes are cut after this many of their bytes, one each. */
  cuts: number[] = []
  /** The answer to the last PATCH of each upload, instead of its success. */
  refusal: { status: number; code: string } | undefined
  /** The last PATCH of each upload succeeds without an answer, and makes something of so many bytes of it. */
  remade: number | undefined
  /** PATCHes wait for this. */
  gate: Promise<unknown> = Promise.resolve()
  readonly #server = createServer((request, response) => void this.#answer(request, response))
  #last = 0

  static async open(): Promise<TusServer> {
    const server = new TusServer()
    await new Promise<void>(resolve => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request
    this.requests.push(`${method} ${url}`)
    if (method === 'POST') return this.#begin(headers, response)
    const id = url.split('/').at(-1) ?? ''
    const upload = this.uploads.get(id)
    if (!upload) return problem(response, 404, 'no-such-upload')
    if (method === 'PATCH') return this.#append(request, response, upload)
    if (method === 'DELETE') {
      this.uploads.delete(id)
      response.writeHead(204).end()
    } else if (method === 'HEAD') {
      const { bytes, length, remade } = upload
      response
        .writeHead(200, { 'Upload-Offset': remade ?? bytes.length, 'Upload-Length': remade ?? length })
        .end()
    } else {
      const { name, length } = upload
      const file = { type: 'text/plain', size: length, sha256: '' }
      response.end(JSON.stringify({ id, name, size: length, received: length, file }))
    }
  }

  #begin(headers: IncomingMessage['headers'], response: ServerResponse): void {
    const [, name = ''] = /^filename (\S+)$/.exec(String(headers['upload-metadata'])) ?? []
    const id = `u${++this.#last}`
    this.uploads.set(id, {
      name: Buffer.from(name, 'base64').toString(),
      length: Number(headers['upload-length']),
      bytes: Buffer.alloc(0),
    })
    response.writeHead(201, { Location: `/api/v1/uploads/${id}` }).end()
  }

  async #append(request: IncomingMessage, response: ServerResponse, upload: Upload): Promise<void> {
    await this.gate
    if (Number(request.headers['upload-offset']) !== upload.bytes.length)
      return problem(response, 409, 'wrong-offset')
    const cut = this.cuts.shift()
    const body = Buffer.concat(await request.toArray())
    upload.bytes = Buffer.concat([upload.bytes, body.subarray(0, cut)])
    if (cut !== undefined) return void request.socket.destroy()
    if (this.remade !== undefined && upload.bytes.length === upload.length) {
      upload.remade = this.remade
      return void request.socket.destroy()
    }
    if (this.refusal && upload.bytes.length === upload.length)
      return problem(response, this.refusal.status, this.refusal.code)
    response.writeHead(204, { 'Upload-Offset': upload.bytes.length }).end()
  }
}

function problem(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status).end(JSON.stringify({ code, title: code }))
}
