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
  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const { server, token } = this.#options
    const response = await fetch(new URL(`/api/v1${path}`, server), {
      method,
      headers: {
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const date = Date.parse(response.headers.get('Date') ?? '')
    if (!Number.isNaN(date)) this.#clockOffset = date - Date.now()
    const text = await response.text()
    const value = text === '' ? undefined : parseJson(text)
    if (response.ok) return value
    const { code = 'failed', title } = (value ?? {}) as { code?: string; title?: string }
    throw new Refused(code, title)
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
