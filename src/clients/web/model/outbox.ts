// Posts that the server has not stored yet. Each is kept in the browser under its key, and sent until it is answered:
// closing the tab loses nothing, and nothing is posted twice. A post waits for its files, and later ones of its room wait
// for it.

import type { Message } from '../../../wire/schemas.ts'
import type { Client, PostOptions } from '../../client/client.ts'
import { newKey, Refused } from '../../client/client.ts'
import type { OutgoingFiles } from './outgoing-files.ts'
import { getJson, keysWithPrefix, onItemChange, setItem } from './storage.ts'

export interface Pending {
  readonly key: string
  readonly room: number
  readonly text: string
  readonly reply?: number
  /** The first message of the thread that it was written in. */
  readonly thread?: number
  /** It is to stand in that thread alone. */
  readonly threadOnly?: true
  /** /me */
  readonly action?: true
  readonly at: number
  /** The ids of its outgoing files, in order; never empty. */
  readonly files?: readonly string[]
  /** The code of the refusal; `files` when one of them could not be uploaded. */
  readonly refused?: string
  /** It is stored; its event is still to come. */
  readonly seq?: number
  /** Its event has come, before the answer to the post. */
  readonly shown?: true
}

type OwnMessage = Pick<Message, 'room' | 'seq' | 'text' | 'attachments'>

/** Codes of posts whose uploads the server does not have. */
const FORGOTTEN: ReadonlySet<string> = new Set(['no-such-upload', 'unfinished-upload'])

interface NewPost extends Pick<PostOptions, 'action' | 'threadOnly'> {
  readonly reply?: number | undefined
  readonly thread?: number | undefined
  readonly files?: readonly string[]
}

interface OutboxDeps {
  readonly files: Pick<OutgoingFiles, 'open' | 'attachmentsOf' | 'again' | 'retry' | 'remove' | 'forget'>
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
  /** The keys of posts that the client has. */
  readonly #sent = new Set<string>()
  /** The keys of posts whose files the server had forgotten once. */
  readonly #uploadedAgain = new Set<string>()

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
    this.#deps.files.open(person, new Set(left.flatMap(({ files = [] }) => files)))
    this.sendAll()
    onItemChange((name, value) => {
      if (value === undefined && name.startsWith(prefix)) this.#forget(name.slice(prefix.length))
    })
  }

  /** Those to show after the room's messages. */
  pendingIn(room: number): readonly Pending[] {
    return this.#pendingOf(room).filter(({ threadOnly }) => !threadOnly)
  }

  /** Those to show after a thread's answers. */
  pendingInThread(room: number, root: number): readonly Pending[] {
    return this.#pendingOf(room).filter(({ thread }) => thread === root)
  }

  #pendingOf(room: number): readonly Pending[] {
    return this.posts.filter(post => post.room === room && !post.shown)
  }

  post(room: number, text: string, { reply, thread, threadOnly, action, files = [] }: NewPost = {}): void {
    const about = {
      ...(reply !== undefined && { reply }),
      ...(thread !== undefined && { thread }),
      ...(threadOnly && { threadOnly }),
      ...(action && { action }),
      ...(files.length > 0 && { files }),
    }
    const post = { key: newKey(), room, text, at: Date.now(), ...about }
    this.posts = [...this.posts, post]
    this.#save(post)
    this.sendAll()
  }

  retry(key: string): void {
    const post = this.posts.find(each => each.key === key)
    if (!post) return
    for (const id of post.files ?? []) this.#deps.files.retry(id)
    const { refused: _, ...anew } = post
    this.#replace(anew)
    this.sendAll()
  }

  discard(key: string): void {
    const { files = [] } = this.posts.find(each => each.key === key) ?? {}
    this.#remove(key)
    this.#deps.files.remove(files)
  }

  /** The post goes without this file. */
  discardFile(key: string, id: string): void {
    const post = this.posts.find(each => each.key === key)
    if (!post?.files || this.#sent.has(key)) return
    const files = post.files.filter(each => each !== id)
    if (files.length === 0 && post.text === '') return this.discard(key)
    const { files: _, refused: __, ...rest } = post
    this.#replace({ ...rest, ...(files.length > 0 && { files }) })
    this.#deps.files.remove([id])
  }

  /** Sends whatever can be sent by now. */
  sendAll(): void {
    const held = new Set<number>()
    for (const post of this.posts) {
      const { key, room, refused, seq, files } = post
      if (refused !== undefined || seq !== undefined || this.#sent.has(key) || held.has(room)) continue
      const attachments = files && this.#deps.files.attachmentsOf(files)
      if (attachments === 'uploading') held.add(room)
      else if (attachments === 'failed') this.#replace({ ...post, refused: 'files' })
      else void this.#send(post, attachments)
    }
  }

  /** It is stored. */
  #done(key: string): void {
    const { files = [] } = this.posts.find(each => each.key === key) ?? {}
    this.#remove(key)
    this.#deps.files.forget(files)
  }

  #remove(key: string): void {
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
  ownMessage({ room, seq, text, attachments = [] }: OwnMessage): void {
    const mine = this.#pendingOf(room)
    const answered = mine.find(each => each.seq === seq)
    if (answered) return this.#done(answered.key)
    const same = mine.find(
      each =>
        each.seq === undefined &&
        !each.refused &&
        each.text === text &&
        (each.files?.length ?? 0) === attachments.length,
    )
    if (same) this.#replace({ ...same, shown: true })
  }

  async #send(post: Pending, attachments: PostOptions['attachments']): Promise<void> {
    const { room, text, reply, threadOnly, key, action } = post
    const about = {
      key,
      ...(reply !== undefined && { reply }),
      ...(threadOnly && { threadOnly }),
      ...(action && { action }),
      ...(attachments && { attachments }),
    }
    this.#sent.add(key)
    try {
      const { seq } = await this.#client.post(room, text, about)
      const now = this.posts.find(each => each.key === key)
      if (now?.shown || this.#deps.lastSeq(room) >= seq) this.#done(key)
      else this.#replace({ ...post, seq })
    } catch (error) {
      // A closed client rejects its posts: they are sent the next time.
      if (!(error instanceof Refused) || this.#client.state.is === 'closed') return
      this.#sent.delete(key)
      if (!this.#uploadAgain(post, error.code)) this.#replace({ ...post, refused: error.code })
    }
  }

  /** Uploads expire after a day: one may have been offline for longer. @returns whether the files are uploaded again */
  #uploadAgain({ key, files }: Pending, code: string): boolean {
    if (!files || !FORGOTTEN.has(code) || this.#uploadedAgain.has(key)) return false
    this.#uploadedAgain.add(key)
    this.#deps.files.again(files)
    return true
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
