// The threads that one follows, as the server lists them, kept current by answers as they come.

import type { Message } from '../../../wire/schemas.ts'
import { type Answer, rootOf } from './answers.ts'
import type { Api } from './api.ts'
import type { Room } from './room.ts'

/** Where one stands in a thread. */
export interface Standing {
  /** The seq of its first message. */
  readonly root: number
  readonly following: boolean
  readonly read: number
  readonly unread: number
}

export interface FollowedThread extends Standing {
  readonly room: number
  readonly message: Message
  readonly last?: Message
}

/** Threads of one page of the list. */
export const PAGE = 50
/** How often at most the server is told that one has read answers. */
const MARK_MS = 500
/** The list is read again this long after one has read a room. */
const REREAD_MS = 1000
/** A crowd hears of a thread at once, and each of them asks whether they follow it: within this time. */
const ASKING_MS = 1500
/** Unread answers of a thread are counted up to this, as the server does. */
const MOST_UNREAD = 100

interface ThreadsDeps {
  readonly api: Api
  readonly me: () => number
  readonly changed: () => void
}

export class Threads {
  /** Those with unread answers first, as they were when the list was read. */
  followed: readonly FollowedThread[] = []
  hasMore = false
  readonly #deps: ThreadsDeps
  /** By room and root; also of threads that are not in the list. */
  readonly #standings = new Map<string, Standing>()
  readonly #marks = new Map<string, { readonly timer: ReturnType<typeof setTimeout>; seq: number }>()
  #loading: Promise<void> | undefined
  #isStale = false
  #rereading: ReturnType<typeof setTimeout> | undefined

  constructor(deps: ThreadsDeps) {
    this.#deps = deps
  }

  /** Reads the list again; once more if that is asked for meanwhile. */
  load(): Promise<void> {
    if (this.#loading) this.#isStale = true
    this.#loading ??= this.#read().finally(() => {
      this.#loading = undefined
      if (!this.#isStale) return
      this.#isStale = false
      void this.load()
    })
    return this.#loading
  }

  async #read(): Promise<void> {
    const page = await this.#deps.api.threads(0, Math.max(PAGE, this.followed.length)).catch(() => undefined)
    if (!page) return
    this.#standings.clear()
    this.#put(page.threads)
    this.hasMore = page.more
    this.followed = page.threads
    this.#deps.changed()
  }

  async more(): Promise<void> {
    const { threads, more } = await this.#deps.api.threads(this.followed.length, PAGE)
    this.#put(threads)
    const known = new Set(this.followed.map(keyOf))
    this.followed = [...this.followed, ...threads.filter(each => !known.has(keyOf(each)))]
    this.hasMore = more
    this.#deps.changed()
  }

  #put(threads: readonly FollowedThread[]): void {
    for (const each of threads) this.#standings.set(keyOf(each), each)
  }

  unreadOf(room: number, root: number): number {
    return this.#standings.get(`${room}/${root}`)?.unread ?? 0
  }

  /** How many threads have unread answers, in rooms that are not quiet. */
  countUnread(rooms: ReadonlyMap<number, Room>): number {
    return this.followed.filter(({ room, unread }) => unread > 0 && rooms.get(room)?.isQuiet === false).length
  }

  /** Takes an answer as it comes. @returns whether one follows its thread */
  async hear(room: Room, answer: Answer, isMention: boolean): Promise<boolean> {
    const root = rootOf(answer)
    const key = `${room.id}/${root}`
    const own = answer.author.id === this.#deps.me()
    const known = this.#standings.get(key)
    if (own || (isMention && !known)) {
      await this.load()
      return true
    }
    if (known) {
      if (known.following && answer.seq > known.read) this.#count(key, answer)
      return known.following
    }
    const isMine = room.message(root)?.author.id === this.#deps.me()
    if (!isMine) await new Promise(resolve => setTimeout(resolve, Math.random() * ASKING_MS))
    if (!this.#standings.has(key)) {
      const asked = await this.#deps.api.threadStanding(room.id, root).catch(() => undefined)
      if (asked) this.#standings.set(key, asked)
    }
    const standing = this.#standings.get(key)
    if (standing?.following) await this.load()
    return standing?.following === true
  }

  #count(key: string, answer: Message): void {
    const listed = this.followed.find(each => keyOf(each) === key)
    const before = listed ?? this.#standings.get(key)
    if (!before || (listed?.last && listed.last.seq >= answer.seq)) return
    const unread = Math.min(MOST_UNREAD, before.unread + 1)
    this.#standings.set(key, { ...before, unread })
    if (listed) {
      const first = { ...listed, unread, last: answer }
      this.followed = [first, ...this.followed.filter(each => each !== listed)]
    } else void this.load()
    this.#deps.changed()
  }

  /** Whether the answer has been read in its thread. */
  isRead(room: number, answer: Answer): boolean {
    const standing = this.#standings.get(`${room}/${rootOf(answer)}`)
    return standing !== undefined && standing.read >= answer.seq
  }

  /** One has seen the answers up to this one. */
  markRead(room: number, root: number, seq: number): void {
    const key = `${room}/${root}`
    const standing = this.#standings.get(key)
    if (!standing?.following || standing.read >= seq) return
    this.#set(key, { read: seq, unread: 0 })
    const mark = this.#marks.get(key)
    if (mark) mark.seq = Math.max(mark.seq, seq)
    else {
      const tell = () => {
        const { seq: upto = seq } = this.#marks.get(key) ?? {}
        this.#marks.delete(key)
        this.#deps.api.readThread(room, root, upto).catch(() => {}) // the next hello says what is unread
      }
      this.#marks.set(key, { timer: setTimeout(tell, MARK_MS), seq })
    }
  }

  /** One has read a room: the server knows which answers were among what was read. */
  readRoom(room: number): void {
    clearTimeout(this.#rereading)
    if (this.followed.some(each => each.room === room && each.unread > 0))
      this.#rereading = setTimeout(() => void this.load(), REREAD_MS)
  }

  async follow(room: number, root: number, on: boolean): Promise<void> {
    await this.#deps.api.followThread(room, root, on)
    await this.load()
  }

  #set(key: string, change: Partial<Standing>): void {
    const standing = this.#standings.get(key)
    if (standing) this.#standings.set(key, { ...standing, ...change })
    this.followed = this.followed.map(each => (keyOf(each) === key ? { ...each, ...change } : each))
    this.#deps.changed()
  }
}

function keyOf({ room, root }: { room: number; root: number }): string {
  return `${room}/${root}`
}
