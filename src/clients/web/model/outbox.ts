// What one has written and the server has not stored yet. It is kept in the browser under its key, and sent until it is
// answered: closing the tab loses nothing, and nothing is said twice.

import type { Client } from '../../client.ts'
import { newKey, Refused } from '../../client.ts'
import { keep, keptJson } from './keep.ts'

export interface Pending {
  readonly key: string
  readonly room: number
  readonly text: string
  readonly reply?: number
  readonly at: number
  /** Why it was refused: a refusal's code. */
  readonly refused?: string
  /** Stored, and about to be shown by the server. */
  readonly seq?: number
  /** The server shows it already, though its answer is still to come. */
  readonly shown?: true
}

interface Watcher {
  changed(room: number): void
  /** The last seq of the room that was shown. */
  heard(room: number): number
}

/** Whose it is: another may log in with the same browser. */
interface Kept {
  readonly person: number
  readonly posts: readonly Pending[]
}

const NAME = 'outbox'

function isKept(value: unknown): value is Kept {
  return (
    typeof value === 'object' &&
    value !== null &&
    'person' in value &&
    'posts' in value &&
    Array.isArray(value.posts) &&
    value.posts.every(isPending)
  )
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
  readonly #watcher: Watcher
  #person: number | undefined

  constructor(client: Client, watcher: Watcher) {
    this.#client = client
    this.#watcher = watcher
  }

  /** Goes on with what the same person left unsent. */
  open(person: number): void {
    if (this.#person !== undefined) return
    this.#person = person
    const kept = keptJson(NAME, isKept)
    if (kept?.person !== person) return
    this.posts = kept.posts
    for (const post of kept.posts) if (post.refused === undefined) void this.#send(post)
  }

  /** To be shown behind what is there. */
  in(room: number): readonly Pending[] {
    return this.posts.filter(post => post.room === room && !post.shown)
  }

  post(room: number, text: string, reply: number | undefined): void {
    const post = { key: newKey(), room, text, at: Date.now(), ...(reply !== undefined && { reply }) }
    this.#set([...this.posts, post], room)
    void this.#send(post)
  }

  again(key: string): void {
    const post = this.posts.find(each => each.key === key)
    if (!post) return
    const { refused: _, ...anew } = post
    this.#replace(anew)
    void this.#send(anew)
  }

  drop(key: string): void {
    const post = this.posts.find(each => each.key === key)
    if (!post) return
    this.#set(
      this.posts.filter(each => each !== post),
      post.room,
    )
  }

  /** One's own message has come: here its answer may be still to come, or it was written elsewhere. */
  seen({ room, seq, text }: { room: number; seq: number; text: string }): void {
    const mine = this.in(room)
    const answered = mine.find(each => each.seq === seq)
    if (answered) return this.drop(answered.key)
    const same = mine.find(each => each.seq === undefined && !each.refused && each.text === text)
    if (same) this.#replace({ ...same, shown: true })
  }

  async #send(post: Pending): Promise<void> {
    const { room, text, reply, key } = post
    try {
      const { seq } = await this.#client.post(room, text, { key, ...(reply !== undefined && { reply }) })
      const now = this.posts.find(each => each.key === key)
      if (now?.shown || this.#watcher.heard(room) >= seq) this.drop(key)
      else this.#replace({ ...post, seq })
    } catch (error) {
      // A client that was closed sends it the next time.
      if (!(error instanceof Refused) || this.#client.state.is === 'closed') return
      this.#replace({ ...post, refused: error.code })
    }
  }

  #replace(post: Pending): void {
    if (!this.posts.some(({ key }) => key === post.key)) return
    this.#set(
      this.posts.map(each => (each.key === post.key ? post : each)),
      post.room,
    )
  }

  #set(posts: readonly Pending[], room: number): void {
    this.posts = posts
    const kept: Kept = { person: this.#person ?? 0, posts: posts.filter(({ seq }) => seq === undefined) }
    keep(NAME, kept.posts.length > 0 ? JSON.stringify(kept) : undefined)
    this.#watcher.changed(room)
  }
}
