// A live, gap-free view of the chat for any program: the web app, bots and our tests use nothing else. It needs what
// browsers and Node both have: WebSocket, fetch, crypto.getRandomValues.
//
//   const client = new Client({ server: 'http://localhost:8000', token }, {
//     event: event => event.kind === 'message' && console.log(event.author.username, event.text),
//   })
//   await client.post(1, 'hola')

import type { AttachedUpload } from '../../wire/attachment-schemas.ts'
import type { Cursor, Format } from '../../wire/schemas.ts'
import { LONGEST_FRAME, type ServerMessage, VERSION } from '../../wire/websocket.ts'
import { Connection } from './connection.ts'
import { FollowedRooms } from './followed-rooms.ts'
import { HttpApi } from './http-api.ts'
import { jsonBytes } from './json-bytes.ts'
import type { ClientListener, State } from './listener.ts'
import { newKey } from './post-key.ts'
import { Refused } from './refused.ts'
import { type Posted, UnansweredPosts } from './unanswered-posts.ts'
import { cancelUpload, type Uploaded, type UploadOptions, upload } from './upload.ts'

export type { AvatarChange, ClientListener, CloseReason, Greeting, State } from './listener.ts'
export { newKey } from './post-key.ts'
export { Refused } from './refused.ts'
export type { Posted } from './unanswered-posts.ts'
export type { Uploaded, UploadOptions } from './upload.ts'

/** When the server could not store a post just now, it is sent again after this delay. */
const RETRY_POST_MS = 1_000
/** Codes of such a failure. */
const TEMPORARY = new Set(['closing', 'store-busy', 'store-failed'])

export interface ClientOptions {
  /** http://localhost:8000 */
  readonly server: string
  /** Left out in a browser, which has a cookie. */
  readonly token?: string
  /** `client.cursors` of an earlier client: what was missed since comes as events. */
  readonly cursors?: readonly Cursor[]
  /** Opens the WebSocket, for programs that need another way than `new WebSocket(url)`. */
  readonly connect?: (url: string) => WebSocket
}

export interface PostOptions {
  /** Markdown by default. */
  readonly format?: Format
  /** The seq of the message that this one answers. */
  readonly reply?: number
  /** The answer stands in its thread alone. */
  readonly threadOnly?: true
  /** Chosen by the caller: the same post with the same key is stored once. */
  readonly key?: string
  /** No program is to answer it. */
  readonly notice?: true
  /** The text says what its author does: /me. */
  readonly action?: true
  /** 1–10 finished uploads. With them, the text may be empty. */
  readonly attachments?: readonly AttachedUpload[]
}

export interface DownloadOptions {
  readonly range?: readonly [first: number, last: number]
  readonly signal?: AbortSignal
}

type Message<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>

export class Client {
  readonly #options: ClientOptions
  readonly #listener: ClientListener
  readonly #connection: Connection
  readonly #http: HttpApi
  readonly #rooms: FollowedRooms
  readonly #posts = new UnansweredPosts()
  #person: number | undefined
  /** Room → seq up to which it was read, until the server confirms that. */
  readonly #readMarks = new Map<number, number>()
  #isAway = false

  constructor(options: ClientOptions, listener: ClientListener) {
    this.#options = options
    this.#listener = listener
    this.#http = new HttpApi(options)
    this.#rooms = new FollowedRooms(options.cursors ?? [])
    this.#connection = new Connection(options, {
      state: state => this.#stateChanged(state),
      hello: () => this.#hello(),
      message: message => this.#hear(message),
    })
    this.#connection.open()
  }

  get state(): State {
    return this.#connection.state
  }

  /** For the options of a later client, which resumes there. */
  get cursors(): readonly Cursor[] {
    return this.#rooms.cursors
  }

  /** How many posts are not yet known to be stored. */
  get unanswered(): number {
    return this.#posts.size
  }

  /**
   * Resolves when the text is on disk. It is stored once, however often the connection is cut: it is sent under the same
   * key until it is answered. Rejects with Refused, also when the client is closed before that.
   */
  post(room: number, text: string, { key = newKey(), ...options }: PostOptions = {}): Promise<Posted> {
    const { attachments, ...rest } = options
    const message = {
      ...({ type: 'post', room, text, key } as const),
      ...rest,
      ...(attachments && { attachments: [...attachments] }),
    }
    if (this.state.is === 'closed') return Promise.reject(new Refused(this.state.why))
    if (jsonBytes(message) > LONGEST_FRAME) return Promise.reject(new Refused('long-text'))
    const before = this.#posts.get(key)
    if (before) return before.posted
    const posted = this.#posts.add(message)
    this.#connection.send(message)
    return posted
  }

  /** Marks the room as read up to `seq`, on all devices. */
  markRead(room: number, seq: number): void {
    this.#readMarks.set(room, Math.max(seq, this.#readMarks.get(room) ?? 0))
    this.#connection.send({ type: 'read', room, seq })
  }

  /** Others are told at most once in three seconds. */
  typing(room: number): void {
    this.#connection.send({ type: 'typing', room })
  }

  away(on: boolean): void {
    this.#isAway = on
    this.#connection.send({ type: 'away', on })
  }

  /**
   * Calls the HTTP API: `call('GET', '/rooms')`. @returns the body of the answer; undefined without one.
   * Throws Refused, and what fetch throws without a network.
   */
  call(method: string, path: string, body?: unknown, key?: string): Promise<unknown> {
    return this.#http.call(method, path, body, key)
  }

  /**
   * Uploads a file, to attach it to a post: `node:fs` gives one as a Blob that is never wholly in memory (`openAsBlob`).
   * It goes on where it was after a cut, and tries for as long as the signal lets it. Resolves when the file is on disk
   * and ready to be attached; rejects with Refused, and with the signal's reason.
   */
  upload(file: Blob, options: UploadOptions): Promise<Uploaded> {
    return upload(this.#http, file, options)
  }

  /** Removes an upload that is not to be attached after all. */
  cancelUpload(id: string): Promise<void> {
    return cancelUpload(this.#http, id)
  }

  /**
   * Downloads an attachment: its bytes are the stream `body` of the answer. Throws as `call` does.
   * @param id of the attachment
   * @param range the first and the last byte that are wanted, both counted from 0
   */
  download(id: string, { range, signal }: DownloadOptions = {}): Promise<Response> {
    return this.#http.request(`/f/${id}?download`, {
      ...(range && { headers: { Range: `bytes=${range[0]}-${range[1]}` } }),
      ...(signal && { signal }),
    })
  }

  /** Milliseconds by which the server's clock is ahead of ours, as far as its answers say. */
  get clockOffset(): number {
    return this.#http.clockOffset
  }

  /** The network seems to be back: reconnects at once if it is waiting to. */
  tryNow(): void {
    this.#connection.tryNow()
  }

  /** The network seems to be gone: a server that does not answer at once is given up. */
  doubt(): void {
    this.#connection.doubt()
  }

  /** For good: posts that are not answered are rejected. */
  close(): void {
    this.#connection.end('asked')
  }

  // --- connecting ----------------------------------------------------------------------------------------

  #stateChanged(state: State): void {
    this.#listener.state?.(state)
    if (state.is === 'closed') this.#posts.rejectAll(state.why)
  }

  #hello() {
    const { token } = this.#options
    const cursors = this.#rooms.helloCursors
    return { type: 'hello', cursors, ...(token !== undefined && { token }) } as const
  }

  #greet(hello: Message<'hello'>): void {
    if (this.#connection.isGreeted) return // doubled on the way
    if (hello.version !== VERSION) return this.#connection.end('version')
    // What this person has not sent yet must not be posted by another.
    if (this.#person !== undefined && hello.person.id !== this.#person) return this.#connection.end('other')
    this.#person = hello.person.id
    this.#connection.greet()
    const stale = this.#rooms.resume(hello)
    this.#resend()
    for (const room of this.#rooms.ids) {
      if (!hello.rooms.some(({ id }) => id === room)) this.#leave(room)
    }
    this.#connection.ready()
    const { session, person, grant, rooms, settings, people } = hello
    this.#listener.greeted?.({ session, person, grant, rooms, settings, people })
    for (const room of stale) this.#listener.reset?.(room)
  }

  /** What the server may have missed, before anything new is sent: so posts keep their order. */
  #resend(): void {
    if (this.#isAway) this.#connection.send({ type: 'away', on: true })
    for (const message of this.#posts.messages) this.#connection.send(message)
    for (const [room, seq] of this.#readMarks) this.#connection.send({ type: 'read', room, seq })
  }

  // --- what the server says ------------------------------------------------------------------------------

  #hear(message: Exclude<ServerMessage, { type: 'bye' }>): void {
    const listener = this.#listener
    switch (message.type) {
      case 'hello':
        return this.#greet(message)
      case 'events':
        return this.#deliver(message)
      case 'posted':
        return this.#posts.resolve(message.key, { room: message.room, seq: message.seq, at: message.at })
      case 'refused':
        return this.#refused(message)
      case 'presence':
        return listener.presence?.(message.people, message.among, message.all === true)
      case 'typing':
        return listener.typing?.(message.room, message.person)
      case 'read':
        return this.#read(message)
      case 'voted':
        return listener.voted?.(message.room, message.seq, message.options)
      case 'entered':
        return this.#enter(message)
      case 'asked':
        return listener.asked?.(message.asked)
      case 'left':
        return this.#leave(message.room)
      case 'changed':
        return listener.changed?.(message.what)
      case 'avatar':
        return listener.avatar?.(message)
      case 'person':
        return listener.person?.(message.person)
      case 'settings':
        return listener.settings?.(message.settings)
      case 'pong':
        return
    }
  }

  #deliver(batch: Message<'events'>): void {
    if (!this.#rooms.deliver(batch, event => this.#listener.event?.(event))) this.#connection.cut()
  }

  #refused({ key, code }: Message<'refused'>): void {
    if (!TEMPORARY.has(code)) return this.#posts.reject(key, code)
    setTimeout(() => {
      const post = this.#posts.get(key)
      if (post) this.#connection.send(post.message)
    }, RETRY_POST_MS)
  }

  #read({ room, seq, back }: Message<'read'>): void {
    if (back || seq >= (this.#readMarks.get(room) ?? 0)) this.#readMarks.delete(room)
    this.#listener.read?.(room, seq, back === true)
  }

  #enter({ room, author, after }: Message<'entered'>): void {
    this.#rooms.enter(room.id, after)
    this.#listener.entered?.(room, author)
  }

  #leave(room: number): void {
    if (this.#rooms.leave(room)) this.#listener.left?.(room)
  }
}
