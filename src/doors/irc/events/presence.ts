// People coming and going: shown in every channel that a client shares with them, and to clients that monitor them.

import type { Author, Presence, UserId } from '../../../core/model/model.ts'
import { CROWD } from '../../../core/presence/presence.ts'
import { isPair } from '../channels.ts'
import type { Client } from '../client.ts'
import { findPerson } from '../commands/find-room.ts'
import type { IrcDeps } from '../deps.ts'
import { sendPeopleMetadata } from '../replies/metadata.ts'
import { usesMetadata3 } from '../replies/metadata-drafts.ts'
import { Reply } from '../replies/reply.ts'
import { lineOf } from '../wire/message.ts'
import { rankModes } from '../wire/mode-letters.ts'
import { foldName } from '../wire/names.ts'
import { joined } from './room-lines.ts'
import { sourceOf } from './tags.ts'

type Change = Presence['people'][number]

export class Presences {
  readonly #deps: IrcDeps
  /** Changes are told one after the other, so that nobody quits before they have joined. */
  #queue: Promise<unknown> = Promise.resolve()
  /** Quit reasons, until the QUIT is sent. */
  readonly #quitReasons = new Map<UserId, string>()
  /** The latest away reasons. */
  readonly #awayReasons = new Map<UserId, string>()

  constructor(deps: IrcDeps) {
    this.#deps = deps
  }

  update({ people, among }: Presence): void {
    for (const change of people) {
      const folded = foldName(change.person.username)
      // The change may be older than the reason.
      if (this.#deps.chat.statusOf(change.person.id) !== 'away') this.#awayReasons.delete(change.person.id)
      // Their user modes ended with their connections, maybe on a node that is gone.
      if (change.status === 'offline') this.#deps.channels.markBot(change.person.id, false)
      this.#notifyMonitors(change, folded)
      if (among <= CROWD)
        this.#queue = this.#queue.then(() => this.#announce(change)).catch(this.#deps.onError)
      else {
        this.#quitReasons.delete(change.person.id)
        this.#sendAway(
          change,
          client => client.caps.has('extended-monitor') && client.preferences.monitored.has(folded),
        )
      }
    }
  }

  /** Notes why somebody's last connection is about to end. */
  quitting({ id }: Author, reason: string): void {
    this.#quitReasons.set(id, reason)
  }

  /** Tells clients that monitor somebody that their nick has changed. */
  renamed(person: Author, before: string): void {
    const [old, now] = [foldName(before), foldName(person.username)]
    if (old === now) return
    this.#notifyMonitors(
      { person: { ...person, username: before }, status: 'offline', before: 'online' },
      old,
    )
    this.#notifyMonitors({ person, status: 'online', before: 'offline' }, now)
  }

  /** Notes and tells an away reason; empty for somebody who is back. */
  awayChanged(person: Author, text: string): void {
    const { chat } = this.#deps
    if (text === '') return void this.#awayReasons.delete(person.id)
    this.#awayReasons.set(person.id, text)
    if (chat.present && chat.statusOf(person.id) === 'away')
      this.#sendAway({ person, status: 'away', before: 'away' }, () => true)
  }

  /** The RPL_AWAY text for messages to somebody; undefined if they are not away. */
  awayText(nick: string): string | undefined {
    const person = this.#deps.chat.awayNamed(nick)
    return person && this.awayReason(person)
  }

  /** The away reason that somebody has given through this door, or the usual word. */
  awayReason({ id }: Author): string {
    const reason = this.#awayReasons.get(id)
    return reason === undefined || reason === '*' ? this.#deps.wording.statusNames.away : reason
  }

  /** The clients of other people. */
  *#others({ id }: Author): Generator<Client> {
    for (const client of this.#deps.clients) if (client.person && client.person.id !== id) yield client
  }

  #notifyMonitors({ person, status, before }: Change, folded: string): void {
    if (status !== 'offline' && before !== 'offline') return
    const source = sourceOf(person, this.#deps.settings.host)
    for (const client of this.#deps.clients) {
      if (!client.preferences.monitored.has(folded)) continue
      const reply = new Reply(client, undefined)
      if (status === 'offline') reply.numeric('RPL_MONOFFLINE', person.username)
      else {
        reply.numeric('RPL_MONONLINE', source)
        void this.#sendMetadata(client, person)
      }
    }
  }

  /** Sends the metadata of somebody who has come to a client that monitors them. */
  async #sendMetadata(client: Client, { username }: Author): Promise<void> {
    if (client.preferences.subscriptions.size === 0 && !usesMetadata3(client.caps)) return
    try {
      const person = await findPerson(this.#deps.chat, username)
      if (person) await sendPeopleMetadata(client, [person], new Reply(client, undefined))
    } catch (error) {
      this.#deps.onError(error)
    }
  }

  async #announce(change: Change): Promise<void> {
    const { person, status, before } = change
    if (status === 'offline') return this.#sendQuit(person)
    this.#quitReasons.delete(person.id)
    if (before === 'offline') await this.#sendJoins(person)
    this.#sendAway(change, () => true)
  }

  #sendQuit(person: Author): void {
    const source = sourceOf(person, this.#deps.settings.host)
    const reason = this.#quitReasons.get(person.id)
    this.#quitReasons.delete(person.id)
    for (const client of this.#others(person)) {
      const { disconnected } = client.wording.irc
      this.#sendAs(person, client, lineOf(source, 'QUIT', [reason ?? disconnected]))
    }
  }

  #sendAs(person: Author, client: Client, line: string): void {
    client.send(this.#deps.channels.actorTags(person, client.caps.visible) + line)
  }

  #sendAway({ person, status, before }: Change, concerns: (client: Client) => boolean): void {
    if (status !== 'away' && before !== 'away') return
    const line = lineOf(
      sourceOf(person, this.#deps.settings.host),
      'AWAY',
      status === 'away' ? [this.awayReason(person)] : [],
    )
    for (const client of this.#others(person))
      if (client.caps.has('away-notify') && concerns(client)) this.#sendAs(person, client, line)
  }

  /** Sends a JOIN, with the modes that follow from their rank, in every channel of theirs. */
  async #sendJoins({ username }: Author): Promise<void> {
    const { chat, channels } = this.#deps
    const person = await findPerson(chat, username)
    if (!person) return // the account was disabled meanwhile
    channels.meet(person)
    const rooms = await chat.rooms.mine(person)
    for (const listing of rooms) {
      if (isPair(listing)) continue
      const modes = rankModes({ person, role: listing.role ?? 'member' })
      for (const client of this.#others(person)) {
        const room = client.rooms.get(listing.id)
        if (!room || !client.person) continue
        const context = channels.renderContext(room, client.viewerFor(client.person))
        client.send(joined(person, { at: Date.now() }, context))
        const name = channels.nameOf(room)
        if (modes !== '')
          client.send(lineOf(client.host, 'MODE', [name, `+${modes}`, ...Array.from(modes, () => username)]))
      }
    }
  }
}
