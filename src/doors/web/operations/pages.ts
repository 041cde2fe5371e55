// A cache of history pages as bytes, shared by everyone who requests the same page while the room is unchanged.

import { createHash } from 'node:crypto'
import type { Chat } from '../../../core/chat.ts'
import { BoundedMap } from '../../../core/limits/bounded-map.ts'
import type { Message, Person, RoomId, Seq } from '../../../core/model/model.ts'
import type { Page } from '../../../core/ports/pages.ts'
import { untagged } from '../socket/frames.ts'

/** The most bytes that are cached. */
const CAPACITY = 32 << 20
/** The cost of a page besides its bytes. */
const PAGE_COST = 512

export interface PageBytes {
  /** JSON. */
  readonly bytes: Buffer
  /** RFC 9110, section 8.8.3. The bytes are the same as long as it is. */
  readonly etag: string
  readonly first: Seq | undefined
  readonly last: Seq | undefined
  /** Whether it has as many messages as were requested. */
  readonly full: boolean
}

/** A page as the result of one request. */
interface Answered extends PageBytes {
  /** Whether it was made for this request. */
  readonly isNew: boolean
}

export class Pages {
  readonly #chat: Chat
  /** By request and state of the room. */
  readonly #pages = new BoundedMap<string, PageBytes>(CAPACITY, { costOf })

  constructor(chat: Chat) {
    this.#chat = chat
  }

  /** Returns a page of a room. Refuses 'not-a-member'. */
  async page(person: Person, room: RoomId, page: Page): Promise<Answered> {
    const { head, changed, personal } = await this.#chat.messages.state(person, room)
    // Messages before a seq stay the same whatever is posted later.
    const settled = page.side === 'before' && page.seq <= head
    const where = page.side === 'at' ? page.at : page.seq
    const sharedKey = `${room}.${page.side}.${where}.${page.limit}.${changed}${settled ? '' : `.${head}`}`
    const ownKey = `${sharedKey}.${person.id}`
    const there = this.#pages.use(sharedKey) ?? this.#pages.use(ownKey)
    if (there) return { ...there, isNew: false }
    const messages = await this.#chat.messages.page(person, room, page)
    const made = pageOf(messages, page)
    if (personal) return { ...made, isNew: true } // the room's state does not show whom the person has blocked
    const isShared = messages.every(({ reactions }) => !reactions)
    this.#pages.set(isShared ? sharedKey : ownKey, made)
    return { ...made, isNew: true }
  }
}

/** Its size in memory, roughly. */
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
