// The HTTP API (docs/protocol.md), one call at a time.

import { Refused } from './refused.ts'

interface HttpOptions {
  readonly server: string
  readonly token?: string
}

export class HttpApi {
  readonly #options: HttpOptions
  #clockOffset = 0

  constructor(options: HttpOptions) {
    this.#options = options
  }

  /** Milliseconds by which the server's clock is ahead of ours, by the Date header of its last answer. */
  get clockOffset(): number {
    return this.#clockOffset
  }

  /** @returns the body of the answer; undefined without one. Throws Refused, and what fetch throws without a network. */
  async call(method: string, path: string, body?: unknown, key?: string): Promise<unknown> {
    const response = await this.request(`/api/v1${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(key !== undefined && { 'Idempotency-Key': key }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return text === '' ? undefined : parseJson(text)
  }

  /** fetch, as the person. @param path from the server's root. Throws as `call` does. */
  async request(path: string, { headers, ...init }: RequestInit = {}): Promise<Response> {
    const { server, token } = this.#options
    const response = await fetch(new URL(path, server), {
      ...init,
      headers: { ...(token !== undefined && { Authorization: `Bearer ${token}` }), ...headers },
    })
    const date = Date.parse(response.headers.get('Date') ?? '')
    if (!Number.isNaN(date)) this.#clockOffset = date - Date.now()
    if (response.ok) return response
    const { code = 'failed', title } = problemIn(await response.text())
    throw new Refused(code, title, response.status)
  }
}

function problemIn(text: string): { code?: string; title?: string } {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}

/** A proxy between us and the server may answer in HTML. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refused('failed')
  }
}
