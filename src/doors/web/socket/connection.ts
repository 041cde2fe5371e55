// One WebSocket connection: handles the client's messages, and sends it events.

import type { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Chat } from '../../../core/chat.ts'
import type { PictureChange, ShownPerson } from '../../../core/cluster/cluster-messages.ts'
import { Subscriber } from '../../../core/log/subscriber.ts'
import type { Author, Instant, Room } from '../../../core/model/model.ts'
import { Refusal } from '../../../core/model/refusals.ts'
import type { ServerSettings } from '../../../core/model/server-settings.ts'
import type { Cursor } from '../../../core/ports/rooms.ts'
import type { Connected } from '../../../core/sessions/connections.ts'
import type { Session, View } from '../../../core/sessions/sessions.ts'
import type { TokenSession } from '../../../core/sessions/tokens.ts'
import { pingFrame } from '../../../net/frames.ts'
import { Outbox } from '../../../net/outbox.ts'
import { type BrokenPost, parseClientMessage } from '../../../wire/client-messages.ts'
import { NotJson } from '../../../wire/json.ts'
import {
  type Bye,
  CLOSE_CODES,
  type ClientMessage,
  type ServerMessage,
  SILENCE_MS,
  VERSION,
} from '../../../wire/websocket.ts'
import { corkBriefly } from '../../shared/cork.ts'
import { type Cost, Flow } from '../../shared/flow.ts'
import { Inbox } from '../../shared/inbox.ts'
import { isToken } from '../credentials.ts'
import { ClientActions } from './client-actions.ts'
import { eventFrames, frameOf, named } from './frames.ts'
import { Heartbeat } from './heartbeat.ts'
import { News } from './news.ts'
import { OnlinePeople } from './online-people.ts'
import { profileOf, statesOf } from './room-states.ts'

/** Connections that have not said hello by then are closed. */
const HELLO_MS = 10_000
export interface SocketDeps {
  readonly chat: Chat
  readonly onError: (error: unknown) => void
}

/** What is known from the upgrade request. */
export interface Upgraded {
  readonly socket: Socket
  /** The client's network: an IPv4 address or an IPv6 /64. */
  readonly address: string
  /** The token of a browser's cookie. */
  readonly token: string | undefined
}

export class WebSocketConnection {
  readonly #deps: SocketDeps
  readonly #web: WebSocket
  readonly #upgraded: Upgraded
  readonly #outbox: Outbox
  readonly #subscriber: Subscriber
  readonly #flow: Flow
  /** Messages that are not handled yet; 'nonsense' stands for what is none of the protocol. */
  readonly #inbox: Inbox<ClientMessage | BrokenPost | 'nonsense'>
  readonly #actions: ClientActions
  readonly #heartbeat: Heartbeat
  readonly #online: OnlinePeople
  readonly #news: News
  #session: Session | undefined
  #state: 'new' | 'entering' | 'open' | 'closed' = 'new'
  /** Output held back until the hello is answered. */
  #held: Uint8Array[] | undefined = []
  #helloTimeout: NodeJS.Timeout | undefined

  constructor(web: WebSocket, upgraded: Upgraded, deps: SocketDeps) {
    this.#web = web
    this.#upgraded = upgraded
    this.#deps = deps
    this.#outbox = new Outbox(upgraded.socket, () => this.#drained())
    this.#subscriber = new Subscriber({ write: bytes => this.#write(bytes) })
    this.#flow = new Flow(deps.chat, { person: () => this.#session?.person, goOn: () => this.#goOn() })
    this.#inbox = new Inbox(
      {
        pause: () => web.pause(),
        resume: () => web.isPaused && web.resume(),
        get destroyed() {
          return upgraded.socket.destroyed
        },
      },
      this.#flow,
    )
    this.#inbox.handler = { cost: message => this.#costOf(message), take: message => this.#take(message) }
    this.#actions = new ClientActions(
      { ...deps, flow: this.#flow },
      message => this.#say(message),
      () => this.#goOn(),
    )
    this.#heartbeat = new Heartbeat(web, this.#subscriber, this.#flow)
    this.#online = new OnlinePeople(deps.chat)
    this.#news = new News(this.#subscriber, message => this.#say(message))
    this.#helloTimeout = setTimeout(() => this.bye('too-slow'), HELLO_MS)
    web.on('message', (bytes, isBinary) => this.#hear(bytes as Buffer, isBinary))
    web.on('error', () => {}) // 'close' follows
    web.on('close', () => this.#close())
  }

  /** Says the reason and closes the connection. */
  bye(code: Bye): void {
    if (this.#state === 'closed') return
    if (this.#web.readyState === this.#web.OPEN) this.#outbox.write(frameOf({ type: 'bye', code }))
    this.#close()
    this.#web.close(CLOSE_CODES[code], code)
  }

  /** Called regularly: pings a silent peer, and disconnects one that does not answer. */
  look(): void {
    if (this.#session?.hasExpired(Date.now() as Instant)) return this.bye('no-such-session')
    if (this.#subscriber.full) return // the outbox disconnects it if it takes nothing (net/outbox.ts)
    const { silence } = this.#heartbeat
    if (silence > SILENCE_MS) this.#web.terminate()
    else if (silence > SILENCE_MS / 2) this.#write(pingFrame)
  }

  // --- output --------------------------------------------------------------------------------------------

  /** Writes whole frames while the connection is open. @returns false if the outbox is full */
  #write(bytes: Uint8Array): boolean {
    if (this.#web.readyState !== this.#web.OPEN) return true
    if (this.#held && this.#state !== 'new' && this.#state !== 'closed') {
      this.#held.push(bytes)
      return true
    }
    const hasRoom = this.#outbox.write(bytes)
    if (!hasRoom) this.#online.fellBehind()
    return hasRoom
  }

  #say(message: ServerMessage): void {
    if (this.#state === 'closed') return
    corkBriefly(this.#upgraded.socket)
    this.#subscriber.write(frameOf(message))
  }

  /** Of a room, its members are told alone. Before the hello there is nothing to tell: the client asks afterwards. */
  pictureChanged(change: PictureChange): void {
    const { room } = change
    if (this.#session && (room === undefined || this.#session.seat(room))) this.#news.picture(change)
  }

  /** Clients ask for them after each hello. */
  teamsChanged(): void {
    if (this.#session) this.#say({ type: 'changed', what: 'teams' })
  }

  /** What was shown of people before the hello is asked for after it. */
  personChanged(person: ShownPerson | undefined): void {
    if (this.#session) this.#news.person(person)
  }

  /** The hello has them. */
  settingsChanged(settings: ServerSettings): void {
    if (this.#session) this.#news.settings(settings)
  }

  #drained(): void {
    this.#heartbeat.heard() // a peer that reads is alive
    this.#subscriber.drained()
    this.#news.drained()
    this.#goOn()
  }

  // --- input ---------------------------------------------------------------------------------------------

  #hear(bytes: Buffer, isBinary: boolean): void {
    this.#heartbeat.heard()
    if (this.#state === 'closed') return
    if (isBinary) return this.bye('bad-frame')
    this.#inbox.push(understood(bytes) ?? 'nonsense')
    this.#goOn()
  }

  #goOn(): void {
    if (this.#state !== 'closed') this.#inbox.pump()
  }

  #costOf(message: ClientMessage | BrokenPost | 'nonsense'): Cost | 'wait' {
    if (this.#state === 'entering' || this.#subscriber.full) return 'wait'
    if (this.#actions.areFull) return 'wait'
    if (message === 'nonsense' || message.type === 'hello') return 'nothing' // the first ends the connection, the second is charged later
    return message.type === 'ping' || message.type === 'broken-post' ? 'little' : 'turn'
  }

  /** An error ends this connection alone. */
  #take(message: ClientMessage | BrokenPost | 'nonsense'): void {
    try {
      this.#handle(message)
    } catch (error) {
      this.#deps.onError(error)
      this.bye('failed')
    }
  }

  #handle(message: ClientMessage | BrokenPost | 'nonsense'): void {
    if (message === 'nonsense') return this.bye('bad-frame')
    if (message.type === 'ping') return this.#say({ type: 'pong' })
    if (message.type === 'broken-post') return this.#actions.refuse(message)
    if (message.type === 'hello') return this.#state === 'new' ? this.#enter(message) : this.bye('bad-frame')
    if (this.#session) this.#actions.run(message, this.#session)
    else this.bye('bad-frame')
  }

  // --- connecting ----------------------------------------------------------------------------------------

  #enter({ token = this.#upgraded.token, cursors = [] }: Extract<ClientMessage, { type: 'hello' }>): void {
    this.#state = 'entering'
    clearTimeout(this.#helloTimeout)
    this.#connect(token, cursors as Cursor[]).then(
      () => this.#goOn(),
      error => {
        if (!(error instanceof Refusal)) this.#deps.onError(error)
        this.bye(farewellTo(error))
      },
    )
  }

  async #connect(token: string | undefined, cursors: readonly Cursor[]): Promise<void> {
    const { chat } = this.#deps
    const { address } = this.#upgraded
    if (isToken(token) === undefined || token === undefined) throw new Refusal('no-such-session')
    const tokenSession: TokenSession = await chat.authentication.authenticate(token, address)
    await chat.waitForThrottle(tokenSession.person, () => this.#state === 'closed')
    if (this.#state === 'closed') return
    const connected = await chat.connections.connect(tokenSession.person, this.#view(), {
      door: 'web',
      address,
      credential: tokenSession,
      cursors,
    })
    const { session, seats } = connected
    if (this.#isOver(session)) return chat.connections.disconnect(session)
    this.#session = session
    try {
      await this.#welcome(connected)
    } catch (error) {
      this.#depart()
      throw error
    }
    for (const { seat } of seats) seat.begin()
  }

  /** Whether the connection closed, or the session ended, while it was connecting. */
  #isOver(session: Session): boolean {
    return this.#state === 'closed' || session.endReason !== undefined
  }

  async #welcome({ session, seats, epoch }: Connected): Promise<void> {
    const { chat } = this.#deps
    const { person, grant } = session
    const [listings, settings] = await Promise.all([chat.rooms.mine(person), chat.settings.read()])
    if (this.#state === 'closed') return
    const rooms = [...statesOf(session, listings, { seats, epoch })]
    const people = this.#online.begin(session)
    const hello = {
      type: 'hello',
      version: VERSION,
      session: Number(session.id),
      grant,
      epoch,
      rooms,
      settings,
    } as const
    const held = this.#held ?? []
    this.#held = undefined
    this.#state = 'open'
    this.#say({ ...hello, person: profileOf(person), ...(people && { people }) })
    for (const each of held) this.#subscriber.write(each)
  }

  #view(): View {
    return {
      subscriber: this.#subscriber,
      echoes: true,
      lasts: true,
      displayOf: () => ({ cohort: eventFrames, isCurrent: true }),
      progressed: () => this.#catchUpPresence(),
      failed: error => {
        this.#deps.onError(error)
        this.bye('failed')
      },
      joined: (room, author) => this.#joined(room, author),
      invited: ({ room, by, at }) =>
        this.#session && this.#say({ type: 'asked', asked: { room, by: named(by), at } }),
      // Changes before the welcome are part of the hello.
      left: room => this.#session && this.#say({ type: 'left', room }),
      readMarkMoved: (room, seq, back) =>
        this.#session?.reaches(room) && this.#say({ type: 'read', room, seq, ...(back && { back }) }),
      voted: (room, seq, options) => this.#session && this.#say({ type: 'voted', room, seq, options }),
      changed: what => this.#session && this.#say({ type: 'changed', what }),
      ended: how => this.bye(how),
    }
  }

  #catchUpPresence(): void {
    const update = this.#session && this.#online.update(this.#session)
    if (update) this.#say(update)
  }

  #joined(room: Room, author: Author): void {
    const after = this.#session?.seat(room.id)?.cursor
    if (after === undefined) return // the hello will list it
    this.#say({ type: 'entered', room, author: named(author), after })
  }

  // --- closing -------------------------------------------------------------------------------------------

  #close(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    clearTimeout(this.#helloTimeout)
    this.#inbox.handler = undefined
    this.#inbox.clear()
    this.#held = undefined
    if (this.#web.isPaused) this.#web.resume() // to read the peer's close frame
    this.#depart()
  }

  #depart(): void {
    if (this.#session) this.#deps.chat.connections.disconnect(this.#session)
    this.#session = undefined
  }
}

/** Parses a frame; undefined if it is no message of the protocol. */
function understood(bytes: Buffer): ClientMessage | BrokenPost | undefined {
  try {
    return parseClientMessage(bytes)
  } catch (error) {
    if (error instanceof NotJson) return undefined
    throw error
  }
}

function farewellTo(error: unknown): Bye {
  if (!(error instanceof Refusal)) return 'failed'
  const { code } = error
  if (code === 'no-such-session' || code === 'disabled' || code === 'too-many-attempts' || code === 'closing')
    return code
  return 'failed'
}
