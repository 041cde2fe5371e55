// What a client is told of rooms that its person comes into or is invited to.

import type { Author, Room } from '../../../core/model/model.ts'
import { isPair } from '../channels.ts'
import type { Client } from '../client.ts'
import { ignoreRefusal, sendJoin } from '../replies/join-replies.ts'
import { Reply } from '../replies/reply.ts'
import { lineOf } from '../wire/message.ts'
import { sourceOf } from './tags.ts'

/** What it is told of rooms that its person comes into. */
export class Joins {
  readonly #client: Client
  #joiningTo: Reply | undefined
  #renamingTo: Reply | undefined
  #arriving: Promise<void> | undefined

  constructor(client: Client) {
    this.#client = client
  }

  /** Whoever brings somebody in has invited them: here they are in at once. */
  async joined(room: Room, author: Author): Promise<void> {
    const client = this.#client
    const isOwn = author.id === client.person?.id
    if (!isOwn && !isPair(room)) this.#sayInvited(author, room)
    const to = (isOwn ? this.#joiningTo : undefined) ?? new Reply(client, undefined)
    this.#arriving = sendJoin(client, room, to).catch(ignoreRefusal).catch(client.deps.onError)
    await this.#arriving
  }

  /** A client that does not know of renaming is brought over (channel-rename, Fallback). */
  async renamed(room: Room, before: string, reason: string): Promise<void> {
    const client = this.#client
    const to = this.#renamingTo ?? new Reply(client, undefined)
    const tags = client.person ? client.deps.channels.actorTags(client.person, client.caps.visible) : ''
    to.send(tags + lineOf(client.source, 'PART', [before, ...(reason === '' ? [] : [reason])]))
    this.#arriving = sendJoin(client, room, to).catch(ignoreRefusal).catch(client.deps.onError)
    await this.#arriving
  }

  /** Being brought over to a room that it renames itself is the answer to that. */
  async renaming(to: Reply, rename: () => Promise<unknown>): Promise<void> {
    this.#renamingTo = to
    try {
      await rename()
      await this.#arriving
    } finally {
      this.#renamingTo = undefined
    }
  }

  /** Somebody asks the person to come: JOIN follows, or not. */
  invited(room: Room, by: Author): void {
    this.#sayInvited(by, room)
  }

  #sayInvited(author: Author, room: Room): void {
    const { deps, host, name, caps } = this.#client
    const line = lineOf(sourceOf(author, host), 'INVITE', [name, deps.channels.nameOf(room)])
    this.#client.send(deps.channels.actorTags(author, caps.visible) + line)
  }

  /** What it is told of a room that it joins itself is the answer to that. */
  async joining(to: Reply, join: () => Promise<void>): Promise<void> {
    this.#joiningTo = to
    try {
      await join()
      await this.#arriving
    } finally {
      this.#joiningTo = undefined
    }
  }
}
