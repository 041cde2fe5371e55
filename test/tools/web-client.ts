// A client of the web door: HTTP requests, and the client library that we ship, with everything it received.

import assert from 'node:assert/strict'
import { Client, type ClientOptions, type Greeting, type State } from '../../src/clients/client/client.ts'
import type { LogEvent } from '../../src/wire/schemas.ts'
import { PASSWORD } from './line-client.ts'
import { patiently } from './patiently.ts'

/** A response of the HTTP API. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Its parsed JSON; undefined without a body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers
  readonly body: any
}

export class Web {
  readonly #origin: string
  readonly token: string | undefined

  constructor(port: number, token?: string) {
    this.#origin = `http://127.0.0.1:${port}`
    this.token = token
  }

  get origin(): string {
    return this.#origin
  }

  async ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.#origin}/api/v1${path}`, {
      method,
      headers: {
        ...(this.token !== undefined && { Authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    }
  }

  /** Sends a request that must succeed. @returns the response's body */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers
  async do(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await this.ask(method, path, body)
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }

  /** Sends a request that must be refused. @returns the refusal's code */
  async refused(method: string, path: string, body?: unknown): Promise<string> {
    const { status, headers, body: problem } = await this.ask(method, path, body)
    assert.ok(status >= 400, `${method} ${path} was not refused: ${status}`)
    assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/)
    assert.equal(problem.status, status)
    return problem.code
  }

  /** Requests the path until it is rate limited. The allowance grows back meanwhile, on a slow machine by much. */
  async untilRateLimited(path: string): Promise<Answer[]> {
    const answers: Answer[] = []
    while (!answers.some(({ status }) => status === 429)) {
      assert.ok(answers.length < 5_000, `GET ${path} is never rate limited`)
      const more = await Promise.all(Array.from({ length: 100 }, () => this.ask('GET', path)))
      answers.push(...more)
    }
    return answers
  }

  /** Registers an account. The full name is the username with a capital. */
  async register(username: string): Promise<Web> {
    const name = username.slice(0, 1).toUpperCase() + username.slice(1)
    const { token } = await this.do('POST', '/people', { name, username, password: PASSWORD })
    return this.with(token)
  }

  async logIn(username: string): Promise<Web> {
    const { token } = await this.do('POST', '/session', { username, password: PASSWORD })
    return this.with(token)
  }

  /** The same client at another port, such as a proxy's. */
  at(port: number): Web {
    return new Web(port, this.token)
  }

  with(token: string): Web {
    return new Web(Number(new URL(this.#origin).port), token)
  }

  /** Opens a WebSocket with the client library. */
  async connect(options: Partial<ClientOptions> = {}): Promise<LiveClient> {
    const client = this.start(options)
    await client.until(() => client.client.state.is === 'open', 'it never got in')
    return client
  }

  start(options: Partial<ClientOptions> = {}): LiveClient {
    const { token } = this
    return new LiveClient({ server: this.#origin, ...(token !== undefined && { token }), ...options })
  }
}

/** The client library, and everything it received. */
export class LiveClient {
  readonly client: Client
  readonly states: State[] = []
  readonly greetings: Greeting[] = []
  readonly events: LogEvent[] = []
  readonly resets: number[] = []
  /** Everything else, as `what argument`. */
  readonly heard: string[] = []

  /** @param greeted called on each hello */
  constructor(options: ClientOptions, greeted: () => void = () => {}) {
    this.client = new Client(options, {
      state: state => this.states.push(state),
      greeted: greeting => {
        this.greetings.push(greeting)
        greeted()
      },
      event: event => this.events.push(event),
      reset: room => this.resets.push(room),
      entered: (room, author) => this.heard.push(`entered ${room.name} by ${author.username}`),
      asked: ({ room, by }) => this.heard.push(`asked into ${room.name} by ${by.username}`),
      left: room => this.heard.push(`left ${room}`),
      avatar: ({ person, room, avatar }) =>
        this.heard.push(`avatar ${person === undefined ? `#${room}` : person} ${avatar ?? 'gone'}`),
      settings: settings => this.heard.push(`settings ${JSON.stringify(settings)}`),
      changed: what => this.heard.push(`changed ${what}`),
      read: (room, seq) => this.heard.push(`read ${room} ${seq}`),
      presence: people =>
        this.heard.push(...people.map(({ person, status }) => `${person.username} ${status}`)),
      typing: (room, person) => this.heard.push(`typing ${room} ${person.username}`),
    })
  }

  /** The texts of a room, in the order in which they arrived. */
  texts(room = 1): string[] {
    return this.events.flatMap(event => (event.kind === 'message' && event.room === room ? [event.text] : []))
  }

  until(found: () => boolean, otherwise: string): Promise<void> {
    return patiently(
      found,
      () => `${otherwise}: ${JSON.stringify([this.states.at(-1), this.heard, this.texts()])}`,
    )
  }

  async expect(text: string, room = 1): Promise<void> {
    await this.until(() => this.texts(room).includes(text), `never told ${text}`)
  }

  async expectHeard(what: string): Promise<void> {
    await this.until(() => this.heard.includes(what), `never heard ${what}`)
  }

  [Symbol.dispose](): void {
    this.client.close()
  }
}
