// The line door: the lab's chat, for anything that sends lines of text.

import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import type { Chat } from '../../core/chat.ts'
import { Refusal } from '../../core/model/refusals.ts'
import { protocolOfLine } from '../../net/port.ts'
import type { Language } from '../../wording/languages.ts'
import { Connection } from './connection.ts'
import { Conversation } from './conversation.ts'
import { Locales } from './locale.ts'
import { Gone, logIn } from './log-in.ts'
import { RoomTitles } from './rooms.ts'

/** Connections that have not logged in by then are closed, whatever they type meanwhile. */
const LONGEST_MS = 5 * 60_000

export interface LineDoorDeps {
  readonly chat: Chat
  /** The language of people who have chosen none. */
  readonly language: Language
  /** The server's time zone, an IANA name. */
  readonly zone: string
  readonly shortestPassword: number
  /** Where others reach the web door (LinkContext). */
  readonly webUrl: () => string
  readonly onError: (error: unknown) => void
  /** Takes over a connection that speaks another protocol after all, with what it has sent: it was only slow. */
  readonly otherDoor: (protocol: 'web' | 'irc', socket: Socket, heard: Buffer) => void
}

interface Called {
  readonly socket: Socket
  readonly isAlone: boolean
}

export class LineDoor {
  readonly #deps: LineDoorDeps
  readonly #titles = new RoomTitles()
  readonly #locales: Locales
  readonly #connections = new Set<Connection>()
  /** Connections that have not logged in. */
  readonly #strangers = new Set<Connection>()
  readonly #conversations = new Set<Conversation>()
  #closing = false

  constructor(deps: LineDoorDeps) {
    this.#deps = deps
    const { language: usual, shortestPassword, webUrl } = deps
    this.#locales = new Locales(this.#titles, { usual, shortestPassword, webUrl })
  }

  /**
   * Serves a connection.
   * @param first the bytes that the socket has sent already
   * @param isAlone whether the port has no other door
   */
  answer(socket: Socket, first: Buffer, isAlone = false): void {
    const connection = new Connection(socket, first, this.#deps.chat)
    this.#connections.add(connection)
    socket.on('close', () => this.#connections.delete(connection))
    this.#serve(connection, { socket, isAlone }).catch(error => {
      const { refused, wording } = this.#locales.in('')
      if (error instanceof Refusal)
        connection.say(error.code === 'closing' ? wording.closing : refused[error.code])
      else if (!(error instanceof Gone)) {
        this.#deps.onError(error)
        connection.say(wording.internalError)
      }
      connection.end()
    })
  }

  /** Tells everybody that the server stops. Resolves when all posts have receipts. */
  async close(): Promise<void> {
    this.#closing = true
    for (const stranger of this.#strangers) {
      stranger.say(this.#locales.in('').wording.closing)
      stranger.end()
    }
    const conversations = [...this.#conversations]
    for (const conversation of conversations) conversation.dismiss(wording => wording.closing)
    await Promise.all(conversations.map(conversation => conversation.left))
    for (const connection of this.#connections) connection.end()
  }

  async #serve(connection: Connection, { socket, isAlone }: Called): Promise<void> {
    const { chat, onError, zone, webUrl } = this.#deps
    const [locales, titles] = [this.#locales, this.#titles]
    const locale = locales.in('')
    connection.onCodePage(codePage => connection.say(locale.wording.codePage(codePage)))
    connection.explainLineEnd(locale.wording.endsWithEnter)
    const tooLong = setTimeout(() => {
      connection.say(locale.wording.tooSlow)
      connection.end()
    }, LONGEST_MS)
    this.#strangers.add(connection)
    const loggedIn = await logIn({
      chat,
      locales,
      locale,
      connection,
      takesOver: line => this.#handOver(line, connection, { socket, isAlone }),
    }).finally(() => {
      clearTimeout(tooLong)
      this.#strangers.delete(connection)
    })
    if (this.#closing) throw new Gone()
    const { person } = loggedIn
    const conversation = await Conversation.begin(
      {
        chat,
        titles,
        locales,
        locale: locales.in(person.language),
        connection,
        onError,
        zone,
        webUrl,
        person,
      },
      loggedIn,
    )
    this.#conversations.add(conversation)
    await conversation.left
    this.#conversations.delete(conversation)
  }

  #handOver(line: string, connection: Connection, { socket, isAlone }: Called): boolean {
    const protocol = protocolOfLine(`${line} `)
    if (protocol !== 'web' && (protocol !== 'irc' || isAlone)) return false
    const unheard = connection.handOver()
    this.#deps.otherDoor(protocol, socket, Buffer.concat([Buffer.from(`${line}\n`), unheard]))
    return true
  }
}
