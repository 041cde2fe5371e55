// The WebSocket to the server: opened again after each cut, and given up when the server falls silent.

import type { Bye, ClientMessage, ServerMessage } from '../../wire/websocket.ts'
import type { CloseReason, State } from './listener.ts'

/** Exponential backoff: a random part of the delay, which doubles with each failure from the first to the second. */
const [SHORTEST_DELAY_MS, LONGEST_DELAY_MS] = [500, 30_000]
/** A server that is silent for this long is pinged; after twice as long the connection is given up. */
const QUIET_MS = 20_000
/** How often the silence is measured. */
const CHECK_MS = 2_000
/** How long a server has to answer a ping once there is reason to believe that the network is gone. */
const DOUBT_MS = 3_000
/** From the start of a connection attempt to the server's hello. */
const HELLO_TIMEOUT_MS = 15_000
/** A connection that lasted this long resets the backoff. */
const STABLE_MS = 5_000

/** With these codes, trying again would not help. */
const FINAL_BYES = new Set<Bye>(['no-such-session', 'revoked', 'disabled', 'moved'])

interface ConnectionOptions {
  readonly server: string
  readonly connect?: (url: string) => WebSocket
}

interface ConnectionListener {
  state(state: State): void
  /** The socket is open. @returns the hello to send */
  hello(): ClientMessage
  /** The first message of a connection is the server's hello. */
  message(message: Exclude<ServerMessage, { type: 'bye' }>): void
}

export class Connection {
  readonly #options: ConnectionOptions
  readonly #listener: ConnectionListener
  #socket: WebSocket | undefined
  #state: State = { is: 'connecting' }
  #isGreeted = false
  #greetedAt = 0
  #heardAt = performance.now()
  #isPinged = false
  #bye: Bye | undefined
  #failures = 0
  #retry: ReturnType<typeof setTimeout> | undefined
  readonly #checks: ReturnType<typeof setInterval>

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    this.#options = options
    this.#listener = listener
    this.#checks = setInterval(() => this.#checkSilence(), CHECK_MS)
  }

  get state(): State {
    return this.#state
  }

  /** The server's hello has been accepted. */
  get isGreeted(): boolean {
    return this.#isGreeted
  }

  open(): void {
    this.#become({ is: 'connecting' })
    const url = new URL('/ws', this.#options.server)
    url.protocol = url.protocol.replace('http', 'ws')
    const socket = this.#options.connect?.(url.href) ?? new WebSocket(url)
    this.#socket = socket
    this.#isGreeted = false
    this.#isPinged = false
    this.#bye = undefined
    this.#heardAt = performance.now()
    socket.onopen = () => socket === this.#socket && this.#write(this.#listener.hello())
    socket.onmessage = ({ data }) => socket === this.#socket && this.#hear(String(data))
    socket.onclose = () => socket === this.#socket && this.cut()
    socket.onerror = () => {} // onclose follows
  }

  /** Accepts the server's hello: `send` works from now on. */
  greet(): void {
    this.#isGreeted = true
    this.#greetedAt = performance.now()
  }

  /** What was missed has been settled: the state is `open`. */
  ready(): void {
    this.#become({ is: 'open' })
  }

  /** Does nothing before the hello and while the connection is cut: whatever must arrive is sent again after a hello. */
  send(message: ClientMessage): void {
    if (this.#isGreeted) this.#write(message)
  }

  /** Connects at once if it is waiting to: the network seems to be back. */
  tryNow(): void {
    if (this.#state.is !== 'waiting') return
    clearTimeout(this.#retry)
    this.#failures = 0
    this.open()
  }

  /** The network seems to be gone: a server that does not answer a ping at once is given up. */
  doubt(): void {
    if (!this.#isGreeted) return
    this.#isPinged = true
    this.#heardAt = performance.now() - 2 * QUIET_MS + DOUBT_MS
    this.#write({ type: 'ping' })
  }

  /** Gives the connection up, and tries again unless the server has said that it would not help. */
  cut(): void {
    const code = this.#bye
    if (this.#isGreeted && performance.now() - this.#greetedAt > STABLE_MS) this.#failures = 0
    this.#drop()
    if (code !== undefined && FINAL_BYES.has(code)) return this.end(code)
    this.#become({ is: 'waiting' })
    const longest = Math.min(LONGEST_DELAY_MS, SHORTEST_DELAY_MS * 2 ** this.#failures++)
    const delay = code === 'too-many-attempts' ? LONGEST_DELAY_MS : longest
    this.#retry = setTimeout(() => this.open(), delay * Math.random())
  }

  /** For good. */
  end(why: CloseReason): void {
    if (this.#state.is === 'closed') return
    clearTimeout(this.#retry)
    clearInterval(this.#checks)
    this.#drop()
    this.#become({ is: 'closed', why })
  }

  /** Closes the socket; whatever it still receives is ignored. */
  #drop(): void {
    const socket = this.#socket
    this.#socket = undefined
    this.#isGreeted = false
    if (socket && socket.readyState <= socket.OPEN) socket.close()
  }

  #become(state: State): void {
    this.#state = state
    this.#listener.state(state)
  }

  #write(message: ClientMessage): void {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message))
  }

  #hear(text: string): void {
    this.#heardAt = performance.now()
    this.#isPinged = false
    const message: ServerMessage = JSON.parse(text)
    if (message.type === 'bye') this.#bye = message.code
    else if (message.type === 'hello' || this.#isGreeted) this.#listener.message(message)
    else this.cut() // before the hello: something between us does not keep the order
  }

  #checkSilence(): void {
    if (!this.#socket) return
    const silence = performance.now() - this.#heardAt
    if (!this.#isGreeted) {
      if (silence > HELLO_TIMEOUT_MS) this.cut()
    } else if (silence > 2 * QUIET_MS) this.cut()
    else if (silence > QUIET_MS && !this.#isPinged) {
      this.#isPinged = true
      this.#write({ type: 'ping' })
    }
  }
}
