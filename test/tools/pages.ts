// Pages for links to lead to: a web server on this machine.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** HTML, or whatever answers a request. */
export type PageSource = string | Uint8Array | ((request: IncomingMessage, response: ServerResponse) => void)

export class Pages implements AsyncDisposable {
  /** The paths that were asked for, in order. */
  readonly asked: string[] = []
  readonly #server = createServer((request, response) => this.#answer(request, response))
  readonly #pages: Readonly<Record<string, PageSource>>

  private constructor(pages: Readonly<Record<string, PageSource>>) {
    this.#pages = pages
  }

  /** @param pages by their paths; others are not found */
  static async open(pages: Readonly<Record<string, PageSource>>): Promise<Pages> {
    const opened = new Pages(pages)
    opened.#server.listen(0, '127.0.0.1')
    await once(opened.#server, 'listening')
    return opened
  }

  /** host:port, as --allow-internal has it. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  url(path: string): string {
    return `http://${this.host}${path}`
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? ''
    this.asked.push(path)
    const page = this.#pages[path]
    if (page === undefined) response.writeHead(404).end()
    else if (typeof page === 'function') page(request, response)
    else response.setHeader('Content-Type', 'text/html').end(page)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
