// What one has written and the server has not stored yet. It is kept in the browser under its key, and sent until it is
// answered: closing the tab loses nothing, and nothing is said twice.

import type { About, Client } from '../../client/client.ts'
import { newKey, Refused } from '../../client/client.ts'
import { keep, keptJson, keptUnder, watchKept } from './storage.ts'

export interface Pending {
  readonly key: string
  readonly room: number
  readonly text: string
  readonly reply?: number
  /** /me */
  readonly action?: true
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
  /** Where what this person writes is kept. */
  #under: string | undefined

  constructor(client: Client, watcher: Watcher) {
    this.#client = client
    this.#watcher = watcher
  }

  /** Goes on with what the person left unsent, in this tab or another: under its key it is stored once. */
  open(person: number): void {
    if (this.#under !== undefined) return
    const under = `outbox.${person}.`
    this.#under = under
    const left = keptUnder(under).flatMap(name => keptJson(name, isPending) ?? [])
    this.posts = left.sort((a, b) => a.at - b.at)
    for (const post of this.posts) if (post.refused === undefined) void this.#send(post)
    watchKept((name, value) => {
      if (value === undefined && name.startsWith(under)) this.#forget(name.slice(under.length))
    })
  }

  /** To be shown behind what is there. */
  in(room: number): readonly Pending[] {
    return this.posts.filter(post => post.room === room && !post.shown)
  }

  post(
    room: number,
    text: string,
    { reply, action }: Pick<About, 'action'> & { reply?: number | undefined } = {},
  ): void {
    const about = { ...(reply !== undefined && { reply }), ...(action && { action }) }
    const post = { key: newKey(), room, text, at: Date.now(), ...about }
    this.posts = [...this.posts, post]
    this.#keep(post)
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
    if (this.#under !== undefined) keep(this.#under + key, undefined)
    this.#forget(key)
  }

  /** It is kept no more. */
  #forget(key: string): void {
    const post = this.posts.find(each => each.key === key)
    if (!post) return
    this.posts = this.posts.filter(each => each !== post)
    this.#watcher.changed(post.room)
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
    const { room, text, reply, key, action } = post
    const about = { key, ...(reply !== undefined && { reply }), ...(action && { action }) }
    try {
      const { seq } = await this.#client.post(room, text, about)
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
    this.posts = this.posts.map(each => (each.key === post.key ? post : each))
    this.#keep(post)
  }

  #keep(post: Pending): void {
    // What is stored need not be sent again.
    const text = post.seq === undefined ? JSON.stringify(post) : undefined
    if (this.#under !== undefined) keep(this.#under + post.key, text)
    this.#watcher.changed(post.room)
  }
}
