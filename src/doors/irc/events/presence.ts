// Who comes and goes: shown in every channel that the viewer shares with them, and to who monitors them.

import type { Author, Presence, UserId } from '../../../core/model/model.ts'
import { MANY } from '../../../core/presence/presence.ts'
import { isPair } from '../channels.ts'
import type { Client, IrcParts } from '../client.ts'
import { personCalled } from '../commands/find-room.ts'
import { showOfPeople } from '../replies/metadata.ts'
import { Reply } from '../replies/reply.ts'
import { lineOf } from '../wire/message.ts'
import { isThird } from '../wire/metadata-drafts.ts'
import { rankModes } from '../wire/mode-letters.ts'
import { foldName } from '../wire/names.ts'
import { joined } from './room-lines.ts'
import { sourceOf } from './tags.ts'

type Change = Presence['people'][number]

export class Presences {
  readonly #parts: IrcParts
  /** One change after the other: nobody quits before they have come. */
  #turn: Promise<unknown> = Promise.resolve()
  /** Why who has just left has done so, until that is told. */
  readonly #partings = new Map<UserId, string>()
  /** Why people are away, as they have said last. */
  readonly #reasons = new Map<UserId, string>()

  constructor(parts: IrcParts) {
    this.#parts = parts
  }

  hear({ people, among }: Presence): void {
    for (const change of people) {
      const folded = foldName(change.person.username)
      // What is told may be older than what they have said since.
      if (this.#parts.chat.statusOf(change.person.id) !== 'away') this.#reasons.delete(change.person.id)
      // What they said on a node that is gone is not so any more.
      if (change.status === 'offline') this.#parts.channels.markBot(change.person.id, false)
      this.#tellMonitors(change, folded)
      if (among <= MANY) this.#turn = this.#turn.then(() => this.#tell(change)).catch(this.#parts.onError)
      else
        this.#tellAway(change, client => client.caps.has('extended-monitor') && client.monitored.has(folded))
    }
  }

  /** The last connection of theirs is about to end. */
  going({ id }: Author, reason: string): void {
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
  reworded(person: Author, text: string): void {
    const { chat } = this.#parts
    if (text === '') return void this.#reasons.delete(person.id)
    this.#reasons.set(person.id, text)
    if (chat.present && chat.statusOf(person.id) === 'away')
      this.#tellAway({ person, status: 'away', before: 'away' }, () => true)
  }

  /** What is said to who writes to them; undefined for who is not away. */
  awayText(nick: string): string | undefined {
    const person = this.#parts.chat.awayAs(nick)
    return person && this.textOf(person)
  }

  /** Why somebody is away, as they have said through this door. */
  textOf({ id }: Author): string {
    const said = this.#reasons.get(id)
    return said === undefined || said === '*' ? this.#parts.wording.statusNames.away : said
  }

  /** Those who are in, but for the person. */
  *#others({ id }: Author): Generator<Client> {
    for (const client of this.#parts.clients) if (client.person && client.person.id !== id) yield client
  }

  #tellMonitors({ person, status, before }: Change, folded: string): void {
    if (status !== 'offline' && before !== 'offline') return
    const source = sourceOf(person, this.#parts.settings.host)
    for (const client of this.#parts.clients) {
      if (!client.monitored.has(folded)) continue
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
    if (client.subscriptions.size === 0 && !isThird(client.caps)) return
    try {
      const person = await personCalled(this.#parts.chat, username)
      if (person) await showOfPeople(client, [person], new Reply(client, undefined))
    } catch (error) {
      this.#parts.onError(error)
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
    const source = sourceOf(person, this.#parts.settings.host)
    const reason = this.#partings.get(person.id)
    this.#partings.delete(person.id)
    for (const client of this.#others(person)) {
      const { disconnected } = client.wording.irc
      this.#sayOf(person, client, lineOf(source, 'QUIT', [reason ?? disconnected]))
    }
  }

  /** With the tags that the client wants to see with what people do. */
  #sayOf(person: Author, client: Client, line: string): void {
    client.say(this.#parts.channels.actorTags(person, client.caps.visible) + line)
  }

  #tellAway({ person, status, before }: Change, concerns: (client: Client) => boolean): void {
    if (status !== 'away' && before !== 'away') return
    const line = lineOf(
      sourceOf(person, this.#parts.settings.host),
      'AWAY',
      status === 'away' ? [this.textOf(person)] : [],
    )
    for (const client of this.#others(person))
      if (client.caps.has('away-notify') && concerns(client)) this.#sayOf(person, client, line)
  }

  /** Into every channel of theirs, as far as others are in it. */
  async #bring({ username }: Author): Promise<void> {
    const { chat, channels } = this.#parts
    const person = await personCalled(chat, username)
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
        client.say(joined(person, { at: Date.now() }, context))
        const name = channels.nameOf(room)
        if (modes !== '')
          client.say(lineOf(client.host, 'MODE', [name, `+${modes}`, ...Array.from(modes, () => username)]))
      }
    }
  }
}
