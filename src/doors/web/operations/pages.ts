// Pages of history as bytes, shared by all who ask for the same: a page is the same while its room stands the same.

import { createHash } from 'node:crypto'
import type { Chat } from '../../../core/chat.ts'
import { BoundedMap } from '../../../core/limits/bounded-map.ts'
import type { Message, Person, RoomId, Seq } from '../../../core/model/model.ts'
import type { Page } from '../../../core/ports/pages.ts'
import { untagged } from '../socket/frames.ts'

/** Bytes of pages that are kept. */
const CAPACITY = 32 << 20
/** What a page costs besides its bytes. */
const PAGE_COST = 512

export interface PageBytes {
  /** JSON. */
  readonly bytes: Buffer
  /** RFC 9110, section 8.8.3: as long as it is the same, so are the bytes. */
  readonly etag: string
  readonly first: Seq | undefined
  readonly last: Seq | undefined
  /** As many as were asked for. */
  readonly full: boolean
}

/** A page as somebody is answered with it. */
interface Answered extends PageBytes {
  /** It was made for this answer. */
  readonly isNew: boolean
}

export class Pages {
  readonly #chat: Chat
  /** By what was asked for and how the room stood. */
  readonly #pages = new BoundedMap<string, PageBytes>(CAPACITY, { costOf })

  constructor(chat: Chat) {
    this.#chat = chat
  }

  /** Refuses 'not-a-member'. */
  async page(person: Person, room: RoomId, page: Page): Promise<Answered> {
    const { head, changed, personal } = await this.#chat.messages.state(person, room)
    // Who looks back from somewhere is shown the same whatever is said later.
    const settled = page.side === 'before' && page.seq <= head
    const where = page.side === 'at' ? page.at : page.seq
    const sharedKey = `${room}.${page.side}.${where}.${page.limit}.${changed}${settled ? '' : `.${head}`}`
    const ownKey = `${sharedKey}.${person.id}`
    const there = this.#pages.use(sharedKey) ?? this.#pages.use(ownKey)
    if (there) return { ...there, isNew: false }
    const messages = await this.#chat.messages.page(person, room, page)
    const made = pageOf(messages, page)
    if (personal) return { ...made, isNew: true } // whom the person blocks does not show in how the room stands
    const isShared = messages.every(({ reactions }) => !reactions)
    this.#pages.set(isShared ? sharedKey : ownKey, made)
    return { ...made, isNew: true }
  }
}

/** Bytes that it keeps busy, about. */
function costOf({ bytes }: PageBytes): number {
  return bytes.length + PAGE_COST
}

function pageOf(messages: readonly Message[], { limit }: Page): PageBytes {
  const bytes = Buffer.from(JSON.stringify({ messages: messages.map(untagged) }))
  return {
    bytes,
    etag: `"${createHash('sha1').update(bytes).digest('base64url')}"`,
    first: messages[0]?.seq,
    last: messages.at(-1)?.seq,
    full: messages.length === limit,
  }
}
