// What a room has of one kind, the latest first: its pictures and videos, its other files, or its links.

import type { Message } from '../../../wire/schemas.ts'
import { Refused } from '../../client/client.ts'
import type { Api } from './api.ts'
import { Observable } from './observable.ts'

export type GalleryKind = 'visual' | 'other' | 'link'

/** Messages of one request. */
const PAGE = 50

/** Reads what follows on the messages that there are. @returns them, and whether there may be more */
type ReadPage = (have: readonly Message[]) => Promise<{ messages: readonly Message[]; more: boolean }>

export class Gallery extends Observable {
  messages: readonly Message[] = []
  hasMore = true
  isLoading = false
  /** The code of a refusal, or 'offline'. */
  error: string | undefined
  readonly #page: ReadPage
  #isBegun = false
  /** Came while the first page was read, which has them or not. */
  #early: readonly Message[] = []

  constructor(page: ReadPage) {
    super()
    this.#page = page
  }

  /** Reads the next page, unless one is being read. */
  async more(): Promise<void> {
    if (this.isLoading || !this.hasMore) return
    this.isLoading = true
    this.error = undefined
    this.notify()
    try {
      const { messages, more } = await this.#page(this.messages)
      const have = [...this.#early, ...this.messages]
      const known = new Set(have.map(({ seq }) => seq))
      this.messages = [...have, ...messages.filter(({ seq }) => !known.has(seq))]
      this.hasMore = more
      this.#isBegun = true
    } catch (error) {
      this.error = error instanceof Refused ? error.code : 'offline'
    }
    this.#early = []
    this.isLoading = false
    this.notify()
  }

  /** A new message of this kind has come. Alone it would pass for all that there is: before the first page nothing shows. */
  add(message: Message): void {
    if (this.#isBegun) this.messages = [message, ...this.messages]
    else if (this.isLoading) this.#early = [message, ...this.#early]
    this.notify()
  }

  message(seq: number): Message | undefined {
    return this.messages.find(each => each.seq === seq)
  }

  /** An edited message is of this kind, maybe only now. One that is older than all that was read comes with its page. */
  replace(message: Message): void {
    const oldest = this.hasMore ? (this.messages.at(-1)?.seq ?? Number.POSITIVE_INFINITY) : 0
    if (message.seq < oldest) return
    const others = this.messages.filter(({ seq }) => seq !== message.seq)
    this.messages = [message, ...others].sort((a, b) => b.seq - a.seq)
    this.notify()
  }

  remove(seq: number): void {
    this.#early = this.#early.filter(each => each.seq !== seq)
    this.messages = this.messages.filter(each => each.seq !== seq)
    this.notify()
  }
}

/** @param name of the room */
export function openGallery(
  api: Api,
  { id, name }: { id: number; name: string },
  kind: GalleryKind,
): Gallery {
  return new Gallery(async have => {
    if (kind === 'link') {
      const q = `tiene:enlace en:${name}`
      const { found, more } = await api.search(q, { zone: 'UTC', skip: have.length })
      return { messages: found.map(({ message }) => message), more }
    }
    const messages = await api.files(id, { kind, before: have.at(-1)?.seq, limit: PAGE })
    return { messages, more: messages.length === PAGE }
  })
}
