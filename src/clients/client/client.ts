// A live, gap-free view of the chat for any program: the web app, the terminal client, bots and our tests use nothing
// else. It needs what browsers and Node both have: WebSocket, fetch, crypto.getRandomValues.
//
//   const client = new Client({ server: 'http://localhost:8000', token }, {
//     event: event => event.kind === 'message' && console.log(event.author.username, event.text),
//   })
//   await client.post(1, 'hola')

import type {
  Author,
  Cursor,
  Format,
  Grant,
  LogEvent,
  Profile,
  Room,
  RoomInvitation,
} from '../../wire/schemas.ts'
import {
  type Bye,
  type Changed,
  type ClientMessage,
  LONGEST_FRAME,
  type Present,
  type RoomState,
  type ServerMessage,
  VERSION,
} from '../../wire/websocket.ts'

/** Who tries again waits a random part of this, doubled each time, in milliseconds. */
const [SHORTEST_WAIT, LONGEST_WAIT] = [500, 30_000]
/** After so long without a word the server is asked for one, and after so long again given up. */
const QUIET_MS = 20_000
const LOOK_MS = 2_000
/** The same where something says that it is gone. */
const DOUBT_MS = 3_000
/** A connection attempt, from its start to the server's hello. */
const GREETING_MS = 15_000
/** A connection that lasted so long was a good one: the next failure is a first one. */
const LASTING_MS = 5_000
/** A post that the server could not store just now is sent again after so long. */
const AGAIN_MS = 1_000
/** Of one hello; rooms whose cursors it has no place for are read anew. */
const MOST_CURSORS = 1000
const LONGEST_CURSORS = 48 << 10

/** connecting: on the way. open: live. waiting: cut off, and about to try again. closed: for good, and why; version: the server speaks another. */
export type State =
  | { readonly is: 'connecting' | 'open' | 'waiting' }
  /** other: another person has logged in with the same cookie. */
  | { readonly is: 'closed'; readonly why: Bye | 'asked' | 'other' | 'version' }

export interface ClientOptions {
  /** http://localhost:8000 */
  readonly server: string
  /** None in a browser, which has a cookie. */
  readonly token?: string
  /** From `client.cursors`, kept from another time: what was missed since comes as events. */
  readonly cursors?: readonly Cursor[]
  /** For programs whose sockets are made otherwise. */
  readonly connect?: (url: string) => WebSocket
}

/** What a program wants to be told; all in order. */
export interface Watcher {
  state?(state: State): void
  /** Who one is, and all of one's rooms, at each (re)connection; events follow. */
  greeted?(greeting: Greeting): void
  /** Each happening of each room once, in the room's order. */
  event?(event: LogEvent): void
  /** What one has of the room is not to be continued: read it anew from `page`. */
  reset?(room: number): void
  entered?(room: Room, author: Author): void
  /** Somebody asks one to come into a room. */
  asked?(asked: RoomInvitation): void
  left?(room: number): void
  /** Of oneself, here or elsewhere: ask how it is now. */
  changed?(what: Changed): void
  read?(room: number, seq: number): void
  /** @param all nobody else is there */
  presence?(people: Present, among: number, all: boolean): void
  typing?(room: number, person: Author): void
}

export interface Greeting {
  readonly session: number
  readonly person: Profile
  readonly grant: Grant
  readonly rooms: readonly RoomState[]
  readonly people: Present | undefined
}

export interface Posted {
  readonly room: number
  readonly seq: number
  /** Milliseconds since 1970. */
  readonly at: number
}

/** What may be said of a text besides. */
export interface About {
  /** What the text is: Markdown where nothing is said. */
  readonly format?: Format
  /** The seq of what it answers. */
  readonly reply?: number
  /** Chosen by the caller: the same post with the same key is stored once. */
  readonly key?: string
  /** No program is to answer it. */
  readonly notice?: true
  /** What one does, told of oneself: /me. */
  readonly action?: true
}

/** The server said no. */
export class Refused extends Error {
  readonly code: string

  constructor(code: string, message = code) {
    super(message)
    this.name = 'Refused'
    this.code = code
  }
}

/** A room's log, as far as this client has it. */
interface Followed {
  /** All up to here has been told. */
  told: number
  /** Valid whatever happens to the server. */
  cursor: Cursor
  /** Where the room stood at the last hello: what is behind it is of that hello's epoch. */
  head: Cursor
  /** One came back into it: what lies before is not told. */
  again?: number
}

/** A post that the server has not answered. */
interface Unanswered {
  readonly said: Extract<ClientMessage, { type: 'post' }>
  readonly posted: Promise<Posted>
  readonly resolve: (posted: Posted) => void
  readonly reject: (error: Error) => void
}

/** Try the same again later: with the same key it is stored once. */
const PASSING = new Set(['closing', 'store-busy', 'store-failed'])
/** Trying again would not help. */
const FINAL = new Set<Bye>(['no-such-session', 'revoked', 'disabled', 'moved'])

export class Client {
  readonly #options: ClientOptions
  readonly #watcher: Watcher
  readonly #rooms = new Map<number, Followed>()
  /** By key, in the order in which they were posted. */
  readonly #unanswered = new Map<string, Unanswered>()
  #socket: WebSocket | undefined
  #greeted = false
  /** Of the last hello. */
  #epoch = ''
  #person: number | undefined
  #state: State = { is: 'connecting' }
  #tries = 0
  #greetedAt = 0
  /** What the server must know after a cut too. */
  readonly #marks = new Map<number, number>()
  #away = false
  #ahead = 0
  #again: ReturnType<typeof setTimeout> | undefined
  readonly #looking: ReturnType<typeof setInterval>
  #heardAt = performance.now()
  #asked = false
  #bye: Bye | undefined

  constructor(options: ClientOptions, watcher: Watcher) {
    this.#options = options
    this.#watcher = watcher
    for (const cursor of options.cursors ?? [])
      this.#rooms.set(cursor.room, { told: cursor.seq, cursor, head: cursor })
    this.#looking = setInterval(() => this.#look(), LOOK_MS)
    this.#connect()
  }

  get state(): State {
    return this.#state
  }

  /** To go on from another time. */
  get cursors(): readonly Cursor[] {
    return [...this.#rooms.values()].map(({ cursor }) => cursor)
  }

  /** Posts that are not yet known to be stored. */
  get unanswered(): number {
    return this.#unanswered.size
  }

  /**
   * Resolves when it is on disk. It is stored once, however often the connection is cut: the same key is sent until it
   * is answered. Rejects with Refused, or when the client is closed.
   */
  post(room: number, text: string, { key = newKey(), ...about }: About = {}): Promise<Posted> {
    const said = { type: 'post', room, text, key, ...about } as const
    if (this.#state.is === 'closed') return Promise.reject(new Refused(this.#state.why))
    if (bytesOf(said) > LONGEST_FRAME) return Promise.reject(new Refused('long-text'))
    const there = this.#unanswered.get(key)
    if (there) return there.posted
    const { promise: posted, resolve, reject } = Promise.withResolvers<Posted>()
    this.#unanswered.set(key, { said, posted, resolve, reject })
    this.#say(said)
    return posted
  }

  /** One has read so far; others of one's devices are told. */
  markRead(room: number, seq: number): void {
    this.#marks.set(room, Math.max(seq, this.#marks.get(room) ?? 0))
    this.#say({ type: 'read', room, seq })
  }

  /** At most once in three seconds reaches the others. */
  typing(room: number): void {
    this.#say({ type: 'typing', room })
  }

  away(on: boolean): void {
    this.#away = on
    this.#say({ type: 'away', on })
  }

  /**
   * An operation of the HTTP API: `call('GET', '/rooms')`. @returns what it gives; undefined for no content.
   * Throws Refused, and what fetch throws without a network.
   */
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
    if (!Number.isNaN(date)) this.#ahead = date - Date.now()
    const text = await response.text()
    const value = text === '' ? undefined : jsonOf(text)
    if (response.ok) return value
    const { code = 'failed', title } = (value ?? {}) as { code?: string; title?: string }
    throw new Refused(code, title)
  }

  /** Milliseconds by which the server's clock is ahead of ours, as far as its answers say. */
  get ahead(): number {
    return this.#ahead
  }

  /** Something says that the way is free again: who waits waits no longer. */
  tryNow(): void {
    if (this.#state.is !== 'waiting') return
    clearTimeout(this.#again)
    this.#tries = 0
    this.#connect()
  }

  /** Something says that the way is cut: a server that does not answer at once is given up. */
  doubt(): void {
    if (!this.#greeted) return
    this.#asked = true
    this.#heardAt = performance.now() - 2 * QUIET_MS + DOUBT_MS
    this.#send({ type: 'ping' })
  }

  /** For good: what is not answered is rejected. */
  close(): void {
    this.#end('asked')
  }

  // --- connecting ----------------------------------------------------------------------------------------

  #connect(): void {
    this.#become({ is: 'connecting' })
    const url = new URL('/ws', this.#options.server)
    url.protocol = url.protocol.replace('http', 'ws')
    const socket = this.#options.connect?.(url.href) ?? new WebSocket(url)
    this.#socket = socket
    this.#greeted = false
    this.#asked = false
    this.#bye = undefined
    this.#heardAt = performance.now()
    socket.onopen = () => socket === this.#socket && this.#hello()
    socket.onmessage = ({ data }) => socket === this.#socket && this.#hear(String(data))
    socket.onclose = () => socket === this.#socket && this.#cut()
    socket.onerror = () => {} // onclose follows
  }

  #hello(): void {
    const { token } = this.#options
    this.#send({ type: 'hello', cursors: this.#helloCursors(), ...(token !== undefined && { token }) })
  }

  #helloCursors(): Cursor[] {
    let length = 0
    return this.cursors.slice(0, MOST_CURSORS).filter(cursor => {
      length += bytesOf(cursor) + 1
      return length <= LONGEST_CURSORS
    })
  }

  /** The connection is of no use any more. */
  #cut(): void {
    const code = this.#bye
    if (this.#greeted && performance.now() - this.#greetedAt > LASTING_MS) this.#tries = 0
    this.#drop()
    if (code !== undefined && FINAL.has(code)) return this.#end(code)
    this.#become({ is: 'waiting' })
    const longest = Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** this.#tries++)
    const wait = code === 'too-many-attempts' ? LONGEST_WAIT : longest
    this.#again = setTimeout(() => this.#connect(), wait * Math.random())
  }

  /** Lets go of the connection; what it still says is not heard. */
  #drop(): void {
    const socket = this.#socket
    this.#socket = undefined
    this.#greeted = false
    if (socket && socket.readyState <= socket.OPEN) socket.close()
  }

  #end(why: Bye | 'asked' | 'other' | 'version'): void {
    if (this.#state.is === 'closed') return
    clearTimeout(this.#again)
    clearInterval(this.#looking)
    this.#drop()
    this.#become({ is: 'closed', why })
    for (const { reject } of this.#unanswered.values()) reject(new Refused(why))
    this.#unanswered.clear()
  }

  #become(state: State): void {
    this.#state = state
    this.#watcher.state?.(state)
  }

  /** A server that says nothing is asked; one that does not answer is gone, or the way to it. */
  #look(): void {
    if (!this.#socket) return
    const silence = performance.now() - this.#heardAt
    if (!this.#greeted) {
      if (silence > GREETING_MS) this.#cut()
    } else if (silence > 2 * QUIET_MS) this.#cut()
    else if (silence > QUIET_MS && !this.#asked) {
      this.#asked = true
      this.#send({ type: 'ping' })
    }
  }

  // --- saying --------------------------------------------------------------------------------------------

  #say(said: ClientMessage): void {
    if (this.#greeted) this.#send(said)
  }

  #send(said: ClientMessage): void {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(said))
  }

  // --- hearing -------------------------------------------------------------------------------------------

  #hear(text: string): void {
    this.#heardAt = performance.now()
    this.#asked = false
    const told: ServerMessage = JSON.parse(text)
    if (told.type === 'bye') this.#bye = told.code
    else if (told.type === 'hello') this.#greet(told)
    else if (this.#greeted) this.#listen(told)
    else this.#cut() // out of turn: something between us does not keep the order
  }

  #greet(hello: Extract<ServerMessage, { type: 'hello' }>): void {
    if (this.#greeted) return // doubled on the way
    if (hello.version !== VERSION) return this.#end('version')
    // What this person has not sent must not be said by another.
    if (this.#person !== undefined && hello.person.id !== this.#person) return this.#end('other')
    this.#person = hello.person.id
    const sameHistory = hello.epoch === this.#epoch
    this.#epoch = hello.epoch
    this.#greeted = true
    this.#greetedAt = performance.now()
    const stale = hello.rooms.filter(state => this.#follow(state, sameHistory))
    this.#sayAgain()
    for (const room of this.#rooms.keys()) {
      if (!hello.rooms.some(({ id }) => id === room)) this.#leave(room)
    }
    this.#become({ is: 'open' })
    const { session, person, grant, rooms, people } = hello
    this.#watcher.greeted?.({ session, person, grant, rooms, people })
    for (const { id } of stale) this.#watcher.reset?.(id)
  }

  /** What the server may not have heard: before anything else is said, so that posts keep their order. */
  #sayAgain(): void {
    if (this.#away) this.#send({ type: 'away', on: true })
    for (const { said } of this.#unanswered.values()) this.#send(said)
    for (const [room, seq] of this.#marks) this.#send({ type: 'read', room, seq })
  }

  /**
   * Goes on where the room was left. Between a cursor and the head of the hello that answered it, what was told may be
   * told again: that is left out while the history is the same. @returns whether it has to be read anew
   */
  #follow({ id, cursor, resumed }: RoomState, sameHistory: boolean): boolean {
    const before = this.#rooms.get(id)
    const halfway = before !== undefined && before.told > before.cursor.seq && !sameHistory
    if (before && resumed && !halfway) {
      before.head = cursor
      this.#note(before)
      return false
    }
    this.#rooms.set(id, { told: cursor.seq, cursor, head: cursor })
    return before !== undefined
  }

  #listen(told: Exclude<ServerMessage, { type: 'hello' | 'bye' }>): void {
    const watcher = this.#watcher
    switch (told.type) {
      case 'events':
        return this.#tell(told)
      case 'posted':
        return this.#answered(told.key)?.resolve({ room: told.room, seq: told.seq, at: told.at })
      case 'refused':
        return this.#refused(told)
      case 'presence':
        return watcher.presence?.(told.people, told.among, told.all === true)
      case 'typing':
        return watcher.typing?.(told.room, told.person)
      case 'read':
        return this.#read(told)
      case 'entered':
        return this.#enter(told)
      case 'asked':
        return watcher.asked?.(told.asked)
      case 'left':
        return this.#leave(told.room)
      case 'changed':
        return watcher.changed?.(told.what)
      case 'pong':
        return
    }
  }

  #refused({ key, code }: Extract<ServerMessage, { type: 'refused' }>): void {
    if (!PASSING.has(code)) return this.#answered(key)?.reject(new Refused(code))
    setTimeout(() => {
      const unanswered = this.#unanswered.get(key)
      if (unanswered) this.#say(unanswered.said)
    }, AGAIN_MS)
  }

  #read({ room, seq }: Extract<ServerMessage, { type: 'read' }>): void {
    if (seq >= (this.#marks.get(room) ?? 0)) this.#marks.delete(room)
    this.#watcher.read?.(room, seq)
  }

  #answered(key: string): Unanswered | undefined {
    const unanswered = this.#unanswered.get(key)
    this.#unanswered.delete(key)
    return unanswered
  }

  /** What was told before is left out; where something lies between, the room is read again from its cursor. */
  #tell({ room, after, upto, events }: Extract<ServerMessage, { type: 'events' }>): void {
    const followed = this.#rooms.get(room)
    if (!followed || upto <= followed.told) return
    if (after > followed.told && after !== followed.again) return this.#cut()
    for (const event of events) {
      if (event.seq <= followed.told) continue
      followed.told = event.seq
      this.#note(followed)
      this.#watcher.event?.(event)
      if (!this.#rooms.has(room)) return // left on hearing that
    }
    followed.told = upto
    this.#note(followed)
  }

  /** What was told up to the head of the hello, and behind it, makes a cursor. */
  #note(followed: Followed): void {
    const { told, head } = followed
    if (told === head.seq) followed.cursor = head
    else if (told > head.seq) followed.cursor = { room: head.room, epoch: this.#epoch, seq: told }
  }

  #enter({ room, author, after }: Extract<ServerMessage, { type: 'entered' }>): void {
    const cursor = { room: room.id, epoch: this.#epoch, seq: after }
    const there = this.#rooms.get(room.id)
    if (there) there.again = after
    else this.#rooms.set(room.id, { told: after, cursor, head: cursor })
    this.#watcher.entered?.(room, author)
  }

  #leave(room: number): void {
    if (this.#rooms.delete(room)) this.#watcher.left?.(room)
  }
}

/** Something between us and the server may answer in HTML. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refused('failed')
  }
}

function bytesOf(value: ClientMessage | Cursor): number {
  return new TextEncoder().encode(JSON.stringify(value)).length
}

/** A key for one post: a UUID of version 7 (RFC 9562, section 5.7), also where pages come over plain HTTP. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const view = new DataView(bytes.buffer)
  const now = Date.now()
  view.setUint16(0, Math.floor(now / 2 ** 32))
  view.setUint32(2, now % 2 ** 32)
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f))
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f))
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
