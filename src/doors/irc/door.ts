// The IRC door: accepts connections and ties them to the chat.

import type { Buffer } from 'node:buffer'
import type { Chat } from '../../core/chat.ts'
import type { Message, Profile, Room, RoomId } from '../../core/model/model.ts'
import { isLanguage, type Language, languages } from '../../wording/languages.ts'
import { Channels } from './channels.ts'
import { Client } from './client.ts'
import type { IrcDeps } from './deps.ts'
import { listenToCluster } from './events/cluster-events.ts'
import { render } from './events/lines.ts'
import { Presences } from './events/presence.ts'
import { Roster } from './events/roster.ts'
import { HistorySlots } from './history-slots.ts'
import type { IrcSettings } from './settings.ts'
import { ALL_VISIBLE } from './wire/caps.ts'
import type { Transport } from './wire/line-socket.ts'
import { foldName } from './wire/names.ts'

export interface IrcDoorDeps {
  readonly chat: Chat
  readonly settings: IrcSettings
  readonly version: string
  readonly language: Language
  /** The server's time zone, as an IANA name. */
  readonly zone: string
  readonly shortestPassword: number
  /** Where others reach the web door (LinkContext). */
  readonly webUrl: () => string
  readonly onError: (error: unknown) => void
}

export class IrcDoor {
  readonly #deps: IrcDeps
  readonly #clients = new Set<Client>()
  readonly #presences: Presences
  #recalling: Promise<void> | undefined

  constructor(deps: IrcDoorDeps) {
    const { chat } = deps
    const roster = new Roster(chat)
    const channels = new Channels(deps.settings.host, {
      webUrl: deps.webUrl,
      isOnline: person => chat.statusOf(person) !== 'offline',
      renamed: (room, before, reason) => this.#renamed(room, before, reason),
      memberChanged: event => roster.forget(event),
    })
    this.#deps = {
      ...deps,
      recalled: () => this.#recall(channels),
      channels,
      roster,
      historySlots: new HistorySlots(),
      clients: this.#clients,
      peaks: { local: 0, people: 0 },
      startedAt: Date.now(),
      wording: languages[deps.language],
      presences: () => this.#presences,
    }
    this.#presences = new Presences(this.#deps)
    listenToCluster(this.#deps)
    chat.watchPresence(presence => this.#presences.update(presence))
  }

  /** Runs once, before the first client is sent any history; again if it failed. */
  #recall(channels: Channels): Promise<void> {
    this.#recalling ??= this.#deps.chat.profiles.guestsAndBots().then(
      people => channels.recall(people),
      error => {
        this.#recalling = undefined
        throw error
      },
    )
    return this.#recalling
  }

  /** Takes a connection. @param first the bytes that it has sent already */
  answer(socket: Transport, first: Buffer): void {
    const client = new Client(this.#deps, socket, first)
    this.#clients.add(client)
    socket.on('close', () => this.#clients.delete(client))
  }

  /** Renders a message for a client with every capability: the web door shows how each door shows a message. */
  get display() {
    const { channels, language } = this.#deps
    return {
      door: 'irc',
      text(message: Message, { person, room }: { person: Profile; room: Room }): string {
        const spoken = isLanguage(person.language) ? person.language : language
        return render(message, channels.renderContext(room, { caps: ALL_VISIBLE, language: spoken, person }))
      },
    }
  }

  close(): void {
    for (const client of this.#clients) client.close(client.wording.closing)
  }

  #renamed(id: RoomId, before: string, reason: string): void {
    for (const client of this.#clients) {
      const room = client.rooms.get(id)
      client.rooms.forgetTargets()
      if (!room || client.caps.has('draft/channel-rename')) continue
      // A change of case alone is no rename on IRC.
      if (foldName(this.#deps.channels.nameOf(room)) === foldName(before)) continue
      client.joins.renamed(room, before, reason).catch(error => this.#deps.onError(error))
    }
  }
}
