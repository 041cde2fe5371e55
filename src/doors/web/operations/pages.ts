// A cache of history pages as bytes, shared by everyone who requests the same page while the room is unchanged.

import { createHash } from 'node:crypto'
import type { Chat } from '../../../core/chat.ts'
import { BoundedMap } from '../../../core/limits/bounded-map.ts'
import type { HistoryEntry } from '../../../core/model/history.ts'
import type { Person, RoomId, Seq } from '../../../core/model/model.ts'
import type { HistoryPage, Page } from '../../../core/ports/pages.ts'
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
  /** Whether there may be more before it. */
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

  /** Returns a page of a room's messages, or of its history. Refuses 'not-a-member'. */
  async page(
    person: Person,
    room: RoomId,
    page: Page,
    of: keyof typeof RENDER = 'messages',
  ): Promise<Answered> {
    const { head, changed, answered, personal } = await this.#chat.messages.state(person, room)
    // Messages before a seq stay the same whatever is posted later, unless it is an answer.
    const settled = page.side === 'before' && page.seq <= head
    const where = page.side === 'at' ? page.at : page.seq
    const kind = `${of}${page.withoutThreadOnly ? '-' : ''}.${room}.${page.side}`
    const state = `${changed}.${answered}${settled ? '' : `.${head}`}`
    const sharedKey = `${kind}.${where}.${page.limit}.${state}`
    const ownKey = `${sharedKey}.${person.id}`
    const there = this.#pages.use(sharedKey) ?? this.#pages.use(ownKey)
    if (there) return { ...there, isNew: false }
    const { made, isShared, hasPolls } = await RENDER[of](this.#chat, { person, room, page })
    // The room's state shows neither whom the person has blocked nor what they have voted for.
    if (personal || hasPolls) return { ...made, isNew: true }
    this.#pages.set(isShared ? sharedKey : ownKey, made)
    return { ...made, isNew: true }
  }
}

/** Its size in memory, roughly. */
function costOf({ bytes }: PageBytes): number {
  return bytes.length + PAGE_COST
}

interface Request {
  readonly person: Person
  readonly room: RoomId
  readonly page: Page
}

interface Rendered {
  readonly made: PageBytes
  /** Everybody gets the same bytes. */
  readonly isShared: boolean
  readonly hasPolls: boolean
}

const RENDER = {
  async messages(chat: Chat, { person, room, page }: Request): Promise<Rendered> {
    const messages = await chat.messages.page(person, room, page)
    return rendered(messages, { messages: messages.map(untagged) }, messages.length === page.limit)
  },
  async history(chat: Chat, { person, room, page }: Request): Promise<Rendered> {
    const { entries, hasOlder, hasNewer }: HistoryPage = await chat.messages.history(person, room, page)
    const body = {
      entries: entries.map(each => (each.kind === 'message' ? untagged(each) : each)),
      hasOlder,
      hasNewer,
    }
    return rendered(entries, body, hasOlder)
  },
}

function rendered(entries: readonly HistoryEntry[], body: object, full: boolean): Rendered {
  const bytes = Buffer.from(JSON.stringify(body))
  const etag = `"${createHash('sha1').update(bytes).digest('base64url')}"`
  const last = entries.at(-1)
  return {
    made: { bytes, etag, first: entries[0]?.seq, last: last?.kind === 'fold' ? last.upto : last?.seq, full },
    isShared: entries.every(each => each.kind !== 'message' || !each.reactions),
    hasPolls: entries.some(each => each.kind === 'message' && each.poll),
  }
}
