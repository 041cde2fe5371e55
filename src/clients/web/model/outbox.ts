// Posts that the server has not stored yet. Each is kept in the browser under its key, and sent until it is answered:
// closing the tab loses nothing, and nothing is posted twice.

import type { Client, PostOptions } from '../../client/client.ts'
import { newKey, Refused } from '../../client/client.ts'
import { getJson, keysWithPrefix, onItemChange, setItem } from './storage.ts'

export interface Pending {
  readonly key: string
  readonly room: number
  readonly text: string
  readonly reply?: number
  /** /me */
  readonly action?: true
  readonly at: number
  /** The code of the refusal. */
  readonly refused?: string
  /** It is stored; its event is still to come. */
  readonly seq?: number
  /** Its event has come, before the answer to the post. */
  readonly shown?: true
}

interface OutboxDeps {
  changed(room: number): void
  /** The seq of the last event of the room. */
  lastSeq(room: number): number
}

function isPending(value: unknown): value is Pending {
  if (typeof value !== 'object' || value === null) return false
  const { key, room, text, at } = value as Partial<Pending>
  return (
    typeof key === 'string' && typeof room === 'number' && typeof text === 'string' && typeof at === 'number'
  )
}

export class Outbox {
  posts: readonly Pending[] = []
  readonly #client: Client
  readonly #deps: OutboxDeps
  /** Of this person's keys in the browser's storage. */
  #prefix: string | undefined

  constructor(client: Client, deps: OutboxDeps) {
    this.#client = client
    this.#deps = deps
  }

  /** Resends what the person left unsent, in this tab or another: under its key it is stored once. */
  open(person: number): void {
    if (this.#prefix !== undefined) return
    const prefix = `outbox.${person}.`
    this.#prefix = prefix
    const left = keysWithPrefix(prefix).flatMap(name => getJson(name, isPending) ?? [])
    this.posts = left.sort((a, b) => a.at - b.at)
    for (const post of this.posts) if (post.refused === undefined) void this.#send(post)
    onItemChange((name, value) => {
      if (value === undefined && name.startsWith(prefix)) this.#forget(name.slice(prefix.length))
    })
  }

  /** Those to show after the room's messages. */
  pendingIn(room: number): readonly Pending[] {
    return this.posts.filter(post => post.room === room && !post.shown)
  }

  post(
    room: number,
    text: string,
    { reply, action }: Pick<PostOptions, 'action'> & { reply?: number | undefined } = {},
  ): void {
    const about = { ...(reply !== undefined && { reply }), ...(action && { action }) }
    const post = { key: newKey(), room, text, at: Date.now(), ...about }
    this.posts = [...this.posts, post]
    this.#save(post)
    void this.#send(post)
  }

  retry(key: string): void {
    const post = this.posts.find(each => each.key === key)
    if (!post) return
    const { refused: _, ...anew } = post
    this.#replace(anew)
    void this.#send(anew)
  }

  discard(key: string): void {
    if (this.#prefix !== undefined) setItem(this.#prefix + key, undefined)
    this.#forget(key)
  }

  #forget(key: string): void {
    const post = this.posts.find(each => each.key === key)
    if (!post) return
    this.posts = this.posts.filter(each => each !== post)
    this.#deps.changed(post.room)
  }

  /** An event of one's own message has come. It may come before its answer, or have been posted on another device. */
  ownMessage({ room, seq, text }: { room: number; seq: number; text: string }): void {
    const mine = this.pendingIn(room)
    const answered = mine.find(each => each.seq === seq)
    if (answered) return this.discard(answered.key)
    const same = mine.find(each => each.seq === undefined && !each.refused && each.text === text)
    if (same) this.#replace({ ...same, shown: true })
  }

  async #send(post: Pending): Promise<void> {
    const { room, text, reply, key, action } = post
    const about = { key, ...(reply !== undefined && { reply }), ...(action && { action }) }
    try {
      const { seq } = await this.#client.post(room, text, about)
      const now = this.posts.find(each => each.key === key)
      if (now?.shown || this.#deps.lastSeq(room) >= seq) this.discard(key)
      else this.#replace({ ...post, seq })
    } catch (error) {
      // A closed client rejects its posts: they are sent the next time.
      if (!(error instanceof Refused) || this.#client.state.is === 'closed') return
      this.#replace({ ...post, refused: error.code })
    }
  }

  #replace(post: Pending): void {
    if (!this.posts.some(({ key }) => key === post.key)) return
    this.posts = this.posts.map(each => (each.key === post.key ? post : each))
    this.#save(post)
  }

  #save(post: Pending): void {
    // A stored post need not be sent again.
    const text = post.seq === undefined ? JSON.stringify(post) : undefined
    if (this.#prefix !== undefined) setItem(this.#prefix + post.key, text)
    this.#deps.changed(post.room)
  }
}
