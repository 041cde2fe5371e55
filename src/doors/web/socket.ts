// One WebSocket: what a client says is done, and what happens is shown.

import type { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Arrived, Seated } from '../../core/attendance.ts'
import type { Chat } from '../../core/chat.ts'
import type { Author, Profile, Room, RoomId, Seq } from '../../core/model.ts'
import type { Cursor, Listing } from '../../core/ports.ts'
import { Refusal } from '../../core/refusals.ts'
import { Subscriber } from '../../core/seat.ts'
import type { Session, View } from '../../core/sessions.ts'
import type { Visit } from '../../core/visits.ts'
import { pingFrame, pongFrame } from '../../net/frames.ts'
import { Outbox } from '../../net/outbox.ts'
import { NotJson } from '../../wire/json.ts'
import {
  type Bye,
  CLOSE_CODES,
  type RoomState,
  type Said,
  SILENCE_MS,
  type Told,
  VERSION,
} from '../../wire/protocol.ts'
import { parseSaid } from '../../wire/said.ts'
import { isToken } from './credentials.ts'
import { mayWrite, Posting } from './posting.ts'
import { frameOf, named, shown } from './shown.ts'

/** Who has not said hello by then is let go. */
const HELLO_MS = 10_000
export interface SocketParts {
  readonly chat: Chat
  readonly trouble: (error: unknown) => void
}

/** What the upgrade found out. */
export interface Upgraded {
  readonly socket: Socket
  /** As far as one subscriber has it. */
  readonly address: string
  /** Of a browser's cookie. */
  readonly token: string | undefined
}

export class WebConnection {
  readonly #parts: SocketParts
  readonly #web: WebSocket
  readonly #upgraded: Upgraded
  readonly #outbox: Outbox
  readonly #subscriber: Subscriber
  readonly #posting: Posting
  #session: Session | undefined
  #state: 'new' | 'entering' | 'open' | 'closed' = 'new'
  /** What was shown before hello was answered. */
  #held: Uint8Array[] | undefined = []
  /** Frames that wait until those before them are dealt with. */
  #inbox: Buffer[] = []
  #waiting: NodeJS.Timeout | undefined
  #heardAt = performance.now()
  #hello: NodeJS.Timeout | undefined

  constructor(web: WebSocket, upgraded: Upgraded, parts: SocketParts) {
    this.#web = web
    this.#upgraded = upgraded
    this.#parts = parts
    this.#outbox = new Outbox(upgraded.socket, () => this.#drained())
    this.#subscriber = new Subscriber({ write: bytes => this.#write(bytes) })
    this.#posting = new Posting(
      parts.chat,
      told => this.#say(told),
      () => this.#goOn(),
    )
    this.#hello = setTimeout(() => this.bye('too-slow'), HELLO_MS)
    web.on('message', (bytes, isBinary) => this.#hear(bytes as Buffer, isBinary))
    web.on('ping', payload => this.#answerPing(payload))
    web.on('pong', () => this.#heard())
    web.on('error', () => {}) // it closes by itself, and says why
    web.on('close', () => this.#close())
  }

  /** Tells why, and closes. */
  bye(code: Bye): void {
    if (this.#state === 'closed') return
    if (this.#web.readyState === this.#web.OPEN) this.#outbox.write(frameOf({ type: 'bye', code }))
    this.#close()
    this.#web.close(CLOSE_CODES[code], code)
  }

  /** Called now and then: asks whether the peer is still there, and lets it go when it is not. */
  look(): void {
    const silence = performance.now() - this.#heardAt
    if (silence > SILENCE_MS) this.#web.terminate()
    else if (silence > SILENCE_MS / 2 && !this.#subscriber.full) this.#write(pingFrame)
  }

  // --- out -----------------------------------------------------------------------------------------------

  /** Whole frames, only while it is open. */
  #write(bytes: Uint8Array): boolean {
    if (this.#web.readyState !== this.#web.OPEN) return true
    if (this.#held && this.#state !== 'new' && this.#state !== 'closed') {
      this.#held.push(bytes)
      return true
    }
    return this.#outbox.write(bytes)
  }

  #say(told: Told): void {
    if (this.#state !== 'closed') this.#subscriber.write(frameOf(told))
  }

  #answerPing(payload: Buffer): void {
    this.#heard()
    // Who asks without reading gets no answers piled up.
    if (!this.#subscriber.full) this.#subscriber.write(pongFrame(payload))
  }

  #drained(): void {
    this.#subscriber.drained()
    this.#goOn()
  }

  // --- in ------------------------------------------------------------------------------------------------

  #heard(): void {
    this.#heardAt = performance.now()
  }

  #hear(bytes: Buffer, isBinary: boolean): void {
    this.#heard()
    if (this.#state === 'closed') return
    if (isBinary) return this.bye('bad-frame')
    this.#inbox.push(bytes)
    this.#goOn()
  }

  /** Deals with what has come, in order, and reads on only when nothing waits. */
  #goOn(): void {
    while (this.#inbox.length > 0 && this.#mayHear()) {
      const [bytes] = this.#inbox.splice(0, 1)
      if (bytes) this.#take(bytes)
    }
    if (this.#state === 'closed') return
    if (this.#inbox.length > 0) this.#web.pause()
    else if (this.#web.isPaused) this.#web.resume()
  }

  #mayHear(): boolean {
    return this.#state !== 'entering' && !this.#waiting && !this.#subscriber.full && !this.#posting.isFull
  }

  /** What goes wrong with one connection is the end of that one alone. */
  #take(bytes: Buffer): void {
    try {
      this.#obey(bytes)
    } catch (error) {
      this.#parts.trouble(error)
      this.bye('failed')
    }
  }

  #obey(bytes: Buffer): void {
    const said = understood(bytes)
    if (!said) return this.bye('bad-frame')
    if (said.type === 'ping') return this.#say({ type: 'pong' })
    if (said.type === 'hello') return this.#state === 'new' ? this.#greet(said) : this.bye('bad-frame')
    const session = this.#session
    if (!session) return this.bye('bad-frame')
    if (!this.#takeTurn(session, bytes)) return
    this.#do(said, session)
  }

  /** Who floods is read more slowly. */
  #takeTurn({ person }: Session, bytes: Buffer): boolean {
    const wait = this.#parts.chat.takeTurn(person)
    if (wait === 0) return true
    this.#inbox.unshift(bytes)
    this.#waiting = setTimeout(() => {
      this.#waiting = undefined
      this.#goOn()
    }, wait)
    return false
  }

  #do(said: Exclude<Said, { type: 'hello' | 'ping' }>, session: Session): void {
    const { chat } = this.#parts
    if (said.type === 'away') chat.setAway(session, said.on)
    else if (said.type === 'typing') {
      const seat = session.seat(said.room as RoomId)
      if (seat && mayWrite(session, said.room)) chat.typing(seat)
    } else if (said.type === 'read') this.#markRead(said, session)
    else this.#posting.post(said, session)
  }

  #markRead({ room, seq }: { room: number; seq: number }, session: Session): void {
    if (!mayWrite(session, room)) return
    this.#parts.chat.markRead(session.person, room as RoomId, seq as Seq).catch(error => {
      if (!(error instanceof Refusal)) this.#parts.trouble(error)
    })
  }

  // --- coming in -----------------------------------------------------------------------------------------

  #greet({ token = this.#upgraded.token, cursors = [] }: Extract<Said, { type: 'hello' }>): void {
    this.#state = 'entering'
    clearTimeout(this.#hello)
    this.#enter(token, cursors as Cursor[]).then(
      () => this.#goOn(),
      error => {
        if (!(error instanceof Refusal)) this.#parts.trouble(error)
        this.bye(farewellTo(error))
      },
    )
  }

  async #enter(token: string | undefined, cursors: readonly Cursor[]): Promise<void> {
    const { chat } = this.#parts
    const { address } = this.#upgraded
    if (isToken(token) === undefined || token === undefined) throw new Refusal('no-such-session')
    const visit: Visit = await chat.accounts.visit(token, address)
    const arrived = await chat.attendance.enter(visit.person, this.#view(), {
      door: 'web',
      address,
      by: visit,
      cursors,
    })
    const { session, seated } = arrived
    if (this.#isOver(session)) return chat.attendance.depart(session)
    this.#session = session
    try {
      await this.#welcome(arrived)
    } catch (error) {
      chat.attendance.depart(session)
      this.#session = undefined
      throw error
    }
    for (const { seat } of seated) seat.begin()
  }

  /** The connection went, or the session was ended, while it began. */
  #isOver(session: Session): boolean {
    return this.#state === 'closed' || session.ending !== undefined
  }

  async #welcome({ session, seated, epoch }: Arrived): Promise<void> {
    const { chat } = this.#parts
    const { person, grant } = session
    const listings = await chat.lobby.mine(person)
    if (this.#state === 'closed') return
    const places = new Map(seated.map(each => [each.room.id, each]))
    const rooms = listings.flatMap(listing => {
      const seat = session.seat(listing.id)
      if (!seat) return []
      const arrived = { epoch, head: seat.since, resumed: false } // while it began
      return stateOf(listing, places.get(listing.id) ?? arrived)
    })
    const others = chat.present?.filter(each => each.person.id !== person.id)
    const people = others?.map(each => ({ person: named(each.person), status: each.status }))
    const hello = {
      type: 'hello',
      version: VERSION,
      session: Number(session.id),
      grant,
      epoch,
      rooms,
    } as const
    const held = this.#held ?? []
    this.#held = undefined
    this.#state = 'open'
    this.#say({ ...hello, person: shownProfile(person), ...(people && { people }) })
    for (const each of held) this.#subscriber.write(each)
  }

  #view(): View {
    return {
      subscriber: this.#subscriber,
      echoes: true,
      lasts: true,
      showing: () => ({ cohort: shown, here: true }),
      moved: () => {},
      failed: error => {
        this.#parts.trouble(error)
        this.bye('failed')
      },
      entered: (room, author) => this.#entered(room, author),
      left: room => this.#say({ type: 'left', room }),
      marked: (room, seq) => this.#say({ type: 'read', room, seq }),
      ended: how => this.bye(how),
    }
  }

  #entered(room: Room, author: Author): void {
    const after = this.#session?.seat(room.id)?.cursor
    if (after === undefined) return // it is among the rooms of the hello that comes
    this.#say({ type: 'entered', room, author: named(author), after })
  }

  // --- going ---------------------------------------------------------------------------------------------

  #close(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    clearTimeout(this.#hello)
    clearTimeout(this.#waiting)
    this.#inbox = []
    this.#held = undefined
    if (this.#web.isPaused) this.#web.resume() // the peer's own good-bye is to be heard
    if (this.#session) this.#parts.chat.attendance.depart(this.#session)
  }
}

/** undefined for what says nothing of the protocol. */
function understood(bytes: Buffer): Said | undefined {
  try {
    return parseSaid(bytes)
  } catch (error) {
    if (error instanceof NotJson) return undefined
    throw error
  }
}

function stateOf(
  { role, ...listing }: Listing,
  { head, epoch = '', resumed = false }: Pick<Seated, 'head' | 'epoch' | 'resumed'>,
): RoomState {
  return { ...listing, ...(role && { role }), cursor: { room: listing.id, epoch, seq: head }, resumed }
}

function shownProfile({ id, username, name, role, status, language, zone }: Profile): Profile {
  return { id, username, name, role, status, language, zone }
}

function farewellTo(error: unknown): Bye {
  if (!(error instanceof Refusal)) return 'failed'
  const { code } = error
  if (code === 'no-such-session' || code === 'disabled' || code === 'too-many-attempts' || code === 'closing')
    return code
  return 'failed'
}
