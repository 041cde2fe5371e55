// Telling a client about rooms that its person joins or is invited to.

import type { Author, Room } from '../../../core/model/model.ts'
import { isPair } from '../channels.ts'
import type { Client } from '../client.ts'
import { ignoreRefusal, sendJoin } from '../replies/join-replies.ts'
import { Reply } from '../replies/reply.ts'
import { lineOf } from '../wire/message.ts'
import { sourceOf } from './tags.ts'

export class Joins {
  readonly #client: Client
  #joinReply: Reply | undefined
  #renameReply: Reply | undefined
  #sending: Promise<void> | undefined

  constructor(client: Client) {
    this.#client = client
  }

  /** Sends the JOIN of a room. Somebody who was added by another is sent an INVITE before it: here both are one. */
  async joined(room: Room, author: Author): Promise<void> {
    const client = this.#client
    const isOwn = author.id === client.person?.id
    if (!isOwn && !isPair(room)) this.invited(room, author)
    const reply = (isOwn ? this.#joinReply : undefined) ?? new Reply(client, undefined)
    this.#sending = sendJoin(client, room, reply).catch(ignoreRefusal).catch(client.deps.onError)
    await this.#sending
  }

  /** Sends PART and JOIN to a client without channel-rename (draft/channel-rename, Fallback). */
  async renamed(room: Room, before: string, reason: string): Promise<void> {
    const client = this.#client
    const reply = this.#renameReply ?? new Reply(client, undefined)
    const tags = client.person ? client.deps.channels.actorTags(client.person, client.caps.visible) : ''
    reply.send(tags + lineOf(client.source, 'PART', [before, ...(reason === '' ? [] : [reason])]))
    this.#sending = sendJoin(client, room, reply).catch(ignoreRefusal).catch(client.deps.onError)
    await this.#sending
  }

  /** Runs the client's own RENAME: the PART and JOIN that come of it are part of its reply. */
  async renaming(reply: Reply, rename: () => Promise<unknown>): Promise<void> {
    this.#renameReply = reply
    try {
      await rename()
      await this.#sending
    } finally {
      this.#renameReply = undefined
    }
  }

  /** Sends an INVITE, which the person may follow with JOIN. */
  invited(room: Room, by: Author): void {
    const { deps, host, name, caps } = this.#client
    const line = lineOf(sourceOf(by, host), 'INVITE', [name, deps.channels.nameOf(room)])
    this.#client.send(deps.channels.actorTags(by, caps.visible) + line)
  }

  /** Runs the client's own JOIN: what it is sent about the room is part of its reply. */
  async joining(reply: Reply, join: () => Promise<void>): Promise<void> {
    this.#joinReply = reply
    try {
      await join()
      await this.#sending
    } finally {
      this.#joinReply = undefined
    }
  }
}
