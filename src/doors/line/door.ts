// The line door: the lab's chat for any bare socket.

import type { Socket } from 'node:net'
import type { Chat } from '../../core/chat.ts'
import { recogniseLine } from '../../net/port.ts'
import type { Wording } from '../../wording/es.ts'
import { Connection } from './connection.ts'
import { Conversation } from './conversation.ts'
import { Gone, logIn } from './dialogue.ts'
import { type Refused, refusedIn } from './refused.ts'
import { ShownRooms } from './rooms.ts'

/** Who has not logged in and types nothing for so long is let go. */
const SILENCE_MS = 5 * 60_000

export interface LineDoorParts {
  readonly chat: Chat
  readonly wording: Wording
  readonly shortestPassword: number
  readonly trouble: (error: unknown) => void
  /** Takes over from a connection that speaks another protocol after all: it was only slow. */
  readonly otherDoor: (caller: 'web' | 'irc', socket: Socket) => void
}

export class LineDoor {
  readonly #parts: LineDoorParts
  readonly #rooms: ShownRooms
  readonly #refused: Refused
  readonly #connections = new Set<Connection>()
  readonly #conversations = new Set<Conversation>()
  #closing = false

  constructor(parts: LineDoorParts) {
    this.#parts = parts
    this.#refused = refusedIn(parts.wording, parts.shortestPassword)
    this.#rooms = new ShownRooms(parts.wording)
  }

  /** @param first what the socket has sent already */
  answer(socket: Socket, first: Buffer): void {
    const connection = new Connection(socket, first)
    this.#connections.add(connection)
    socket.on('close', () => this.#connections.delete(connection))
    this.#serve(connection, socket).catch(error => {
      if (!(error instanceof Gone)) {
        this.#parts.trouble(error)
        connection.say(this.#parts.wording.trouble)
      }
      connection.end()
    })
  }

  /** Tells everybody, and resolves when all that they said has been answered for. */
  async close(): Promise<void> {
    this.#closing = true
    const { closing } = this.#parts.wording
    const conversations = [...this.#conversations]
    for (const conversation of conversations) conversation.dismiss(closing)
    await Promise.all(conversations.map(conversation => conversation.left))
    for (const connection of this.#connections) connection.end()
  }

  async #serve(connection: Connection, socket: Socket): Promise<void> {
    const { chat, wording, trouble } = this.#parts
    const silence = setTimeout(() => {
      connection.say(wording.tooSlow)
      connection.end()
    }, SILENCE_MS)
    const loggedIn = await logIn({
      chat,
      wording,
      connection,
      refused: this.#refused,
      heard: () => silence.refresh(),
      notALineClient: line => this.#handOver(line, connection, socket),
    }).finally(() => clearTimeout(silence))
    if (this.#closing) throw new Gone()
    const conversation = await Conversation.begin(
      { chat, wording, refused: this.#refused, rooms: this.#rooms, connection, trouble },
      loggedIn,
    )
    this.#conversations.add(conversation)
    await conversation.left
    this.#conversations.delete(conversation)
  }

  #handOver(line: string, connection: Connection, socket: Socket): boolean {
    const caller = recogniseLine(`${line} `)
    if (caller !== 'web' && caller !== 'irc') return false
    connection.handOver()
    this.#parts.otherDoor(caller, socket)
    return true
  }
}
