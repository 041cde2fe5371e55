// Posts that the server has not answered. Each is sent again under its key after every reconnection, so it is stored
// once however often the connection is cut.

import type { ClientMessage } from '../../wire/websocket.ts'
import { Refused } from './refused.ts'

export interface Posted {
  readonly room: number
  readonly seq: number
  /** Milliseconds since 1970. */
  readonly at: number
}

type PostMessage = Extract<ClientMessage, { type: 'post' }>

interface UnansweredPost {
  readonly message: PostMessage
  readonly posted: Promise<Posted>
  readonly resolve: (posted: Posted) => void
  readonly reject: (error: Error) => void
}

export class UnansweredPosts {
  /** By key, in the order in which they were posted. */
  readonly #posts = new Map<string, UnansweredPost>()

  get size(): number {
    return this.#posts.size
  }

  get messages(): readonly PostMessage[] {
    return [...this.#posts.values()].map(({ message }) => message)
  }

  get(key: string): Pick<UnansweredPost, 'message' | 'posted'> | undefined {
    return this.#posts.get(key)
  }

  add(message: PostMessage): Promise<Posted> {
    const { promise: posted, resolve, reject } = Promise.withResolvers<Posted>()
    this.#posts.set(message.key, { message, posted, resolve, reject })
    return posted
  }

  resolve(key: string, posted: Posted): void {
    this.#take(key)?.resolve(posted)
  }

  reject(key: string, code: string): void {
    this.#take(key)?.reject(new Refused(code))
  }

  rejectAll(code: string): void {
    for (const { reject } of this.#posts.values()) reject(new Refused(code))
    this.#posts.clear()
  }

  #take(key: string): UnansweredPost | undefined {
    const post = this.#posts.get(key)
    this.#posts.delete(key)
    return post
  }
}
