// Who comes and goes: shown in every channel that the viewer shares with them, and to who monitors them.

import type { Author, Presence, UserId } from '../../../core/model/model.ts'
import { MANY } from '../../../core/presence/presence.ts'
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
  /** One change after the other: nobody quits before they have come. */
  #turn: Promise<unknown> = Promise.resolve()
  /** Why who has just left has done so, until that is told. */
  readonly #partings = new Map<UserId, string>()
  /** Why people are away, as they have said last. */
  readonly #reasons = new Map<UserId, string>()

  constructor(deps: IrcDeps) {
    this.#deps = deps
  }

  update({ people, among }: Presence): void {
    for (const change of people) {
      const folded = foldName(change.person.username)
      // What is told may be older than what they have said since.
      if (this.#deps.chat.statusOf(change.person.id) !== 'away') this.#reasons.delete(change.person.id)
      // What they said on a node that is gone is not so any more.
      if (change.status === 'offline') this.#deps.channels.markBot(change.person.id, false)
      this.#tellMonitors(change, folded)
      if (among <= MANY) this.#turn = this.#turn.then(() => this.#tell(change)).catch(this.#deps.onError)
      else
        this.#tellAway(
          change,
          client => client.caps.has('extended-monitor') && client.preferences.monitored.has(folded),
        )
    }
  }

  /** The last connection of theirs is about to end. */
  quitting({ id }: Author, reason: string): void {
    this.#partings.set(id, reason)
  }

  /** Somebody who is there has another name. */
  renamed(person: Author, before: string): void {
    const [old, now] = [foldName(before), foldName(person.username)]
    if (old === now) return
    this.#tellMonitors({ person: { ...person, username: before }, status: 'offline', before: 'online' }, old)
    this.#tellMonitors({ person, status: 'online', before: 'offline' }, now)
  }

  /** Says why they are away, or will be at once; empty for who comes back. */
  awayChanged(person: Author, text: string): void {
    const { chat } = this.#deps
    if (text === '') return void this.#reasons.delete(person.id)
    this.#reasons.set(person.id, text)
    if (chat.present && chat.statusOf(person.id) === 'away')
      this.#tellAway({ person, status: 'away', before: 'away' }, () => true)
  }

  /** What is said to who writes to them; undefined for who is not away. */
  awayText(nick: string): string | undefined {
    const person = this.#deps.chat.awayNamed(nick)
    return person && this.awayReason(person)
  }

  /** Why somebody is away, as they have said through this door. */
  awayReason({ id }: Author): string {
    const said = this.#reasons.get(id)
    return said === undefined || said === '*' ? this.#deps.wording.statusNames.away : said
  }

  /** Those who are in, but for the person. */
  *#others({ id }: Author): Generator<Client> {
    for (const client of this.#deps.clients) if (client.person && client.person.id !== id) yield client
  }

  #tellMonitors({ person, status, before }: Change, folded: string): void {
    if (status !== 'offline' && before !== 'offline') return
    const source = sourceOf(person, this.#deps.settings.host)
    for (const client of this.#deps.clients) {
      if (!client.preferences.monitored.has(folded)) continue
      const to = new Reply(client, undefined)
      if (status === 'offline') to.numeric('RPL_MONOFFLINE', person.username)
      else {
        to.numeric('RPL_MONONLINE', source)
        void this.#tellData(client, person)
      }
    }
  }

  /** What whoever comes says of themselves, to who monitors them. */
  async #tellData(client: Client, { username }: Author): Promise<void> {
    if (client.preferences.subscriptions.size === 0 && !usesMetadata3(client.caps)) return
    try {
      const person = await findPerson(this.#deps.chat, username)
      if (person) await sendPeopleMetadata(client, [person], new Reply(client, undefined))
    } catch (error) {
      this.#deps.onError(error)
    }
  }

  async #tell(change: Change): Promise<void> {
    const { person, status, before } = change
    if (status === 'offline') return this.#tellQuit(person)
    this.#partings.delete(person.id)
    if (before === 'offline') await this.#bring(person)
    this.#tellAway(change, () => true)
  }

  #tellQuit(person: Author): void {
    const source = sourceOf(person, this.#deps.settings.host)
    const reason = this.#partings.get(person.id)
    this.#partings.delete(person.id)
    for (const client of this.#others(person)) {
      const { disconnected } = client.wording.irc
      this.#sayOf(person, client, lineOf(source, 'QUIT', [reason ?? disconnected]))
    }
  }

  /** With the tags that the client wants to see with what people do. */
  #sayOf(person: Author, client: Client, line: string): void {
    client.send(this.#deps.channels.actorTags(person, client.caps.visible) + line)
  }

  #tellAway({ person, status, before }: Change, concerns: (client: Client) => boolean): void {
    if (status !== 'away' && before !== 'away') return
    const line = lineOf(
      sourceOf(person, this.#deps.settings.host),
      'AWAY',
      status === 'away' ? [this.awayReason(person)] : [],
    )
    for (const client of this.#others(person))
      if (client.caps.has('away-notify') && concerns(client)) this.#sayOf(person, client, line)
  }

  /** Into every channel of theirs, as far as others are in it. */
  async #bring({ username }: Author): Promise<void> {
    const { chat, channels } = this.#deps
    const person = await findPerson(chat, username)
    if (!person) return // disabled by now
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
