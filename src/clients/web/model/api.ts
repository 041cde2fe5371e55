// The operations of the HTTP API that the app uses (docs/protocol.md), with the shapes of their answers.

import type { HistoryPage, QuietRun } from '../../../wire/history.ts'
import type {
  Author,
  Grant,
  Listing,
  LogEvent,
  Message,
  Profile,
  Room,
  Status,
} from '../../../wire/schemas.ts'
import type { Ban, Standing as RoomStanding } from '../../../wire/standing.ts'
import { type Client, Refused } from '../../client/client.ts'
import { LastRequest } from './last-request.ts'
import type { FollowedThread, Standing } from './threads.ts'

export interface ListedRoom extends Listing {
  readonly people: number
}
export interface Member {
  readonly person: Profile
  readonly role: NonNullable<Listing['role']>
  readonly mutedUntil: number
  readonly disabled: boolean
  readonly status: Status
}
export interface Invitation {
  readonly code: string
  readonly by?: string
  readonly left: number
  readonly until: number
  readonly rooms: readonly string[]
}
export interface StoredSession {
  readonly id: number
  readonly door: 'line' | 'irc' | 'web'
  readonly address: string
  readonly since: number
  readonly used: number
  readonly client?: { readonly browser: string; readonly system: string }
  readonly current: boolean
  readonly token?: { readonly name: string; readonly grant: Grant; readonly until?: number }
}
export interface SearchHit {
  readonly message: Message
  readonly room: Room
  readonly hits: readonly { readonly from: number; readonly to: number }[]
}
export interface SearchPage {
  readonly found: readonly SearchHit[]
  readonly more: boolean
  readonly complete: boolean
}
export interface FoundAvatars {
  readonly people: readonly { readonly person: number; readonly avatar: string }[]
  readonly rooms: readonly { readonly room: number; readonly avatar: string }[]
}
/** In bytes. */
export interface FileLimits {
  readonly limits: { readonly file: number; readonly person: number; readonly room: number }
  /** By oneself. */
  readonly used: number
}
export type PageQuery =
  | { readonly before: number }
  | { readonly after: number }
  | { readonly around: number }
  | { readonly at: number }
  | { readonly newest: true }

export interface FilesQuery {
  /** visual: pictures and videos. */
  readonly kind: 'visual' | 'other'
  readonly before: number | undefined
  readonly limit: number
}

export interface SavedMessage {
  readonly number: number
  readonly room: number
  readonly seq: number
  /** When it was saved. */
  readonly at: number
  /** Missing where one may not read it any more. */
  readonly found?: { readonly message: Message; readonly room: Room }
}

/** Somebody who has reacted. */
export interface Reactor {
  readonly emoji: string
  readonly person: Author
}

interface ReactorsQuery {
  readonly emoji?: string
  /** The last one of the page before. */
  readonly after?: Reactor | undefined
  readonly limit: number
}

/** Threads of one page, at most. */
const MOST_LISTED = 200
/** A GET that hits the rate limit is tried again: even the largest debt is paid off after fifteen seconds. */
const [TRIES, WAIT_MS] = [18, 1000]
/** Within this long, the same request is the second click of a double click. */
const DOUBLE_MS = 500
const BUSY = new Set(['too-fast', 'busy', 'closing'])

export class Api {
  readonly #client: Client
  readonly #running = new Map<string, Promise<unknown>>()
  readonly #last = new LastRequest()

  constructor(client: Client) {
    this.#client = client
  }

  /** Throws Refused, and a TypeError without a network. */
  async get<Reply>(path: string): Promise<Reply> {
    for (let tries = 1; ; tries++) {
      try {
        return (await this.#client.call('GET', path)) as Reply
      } catch (error) {
        if (!(error instanceof Refused && BUSY.has(error.code)) || tries === TRIES) throw error
        await new Promise(resolve => setTimeout(resolve, WAIT_MS))
      }
    }
  }

  /** The same request twice at once is sent once: a double click creates one invitation. */
  async do<Reply = undefined>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown) {
    const what = `${method} ${path} ${JSON.stringify(body)}`
    const running = this.#running.get(what) ?? this.#last.ofDoubleClick(what)
    const request = running ?? this.#client.call(method, path, body)
    this.#last.note(what, request)
    if (!running) {
      this.#running.set(what, request)
      const forget = () => this.#running.delete(what)
      request.then(() => setTimeout(forget, DOUBLE_MS), forget)
    }
    return (await request) as Reply
  }

  /** A POST that may be sent again under its key. */
  async post(path: string, body: unknown, key: string): Promise<void> {
    await this.#client.call('POST', path, body, key)
  }

  async page(room: number, where: PageQuery, limit: number): Promise<readonly Message[]> {
    const { messages } = await this.get<{ messages: Message[] }>(
      `/rooms/${room}/messages?${queryOf(where)}limit=${limit}`,
    )
    return messages
  }

  /** A page of as many messages, with what happened between them. */
  history(room: number, where: PageQuery, limit: number): Promise<HistoryPage> {
    return this.get(`/rooms/${room}/history?${queryOf(where)}limit=${limit}&threads=apart`)
  }

  /** Whether one may write there now. */
  standing(room: number): Promise<RoomStanding> {
    return this.get(`/rooms/${room}/standing`)
  }

  /** Who is banned, for moderators. */
  async bans(room: number): Promise<readonly Ban[]> {
    return (await this.get<{ bans: Ban[] }>(`/rooms/${room}/bans`)).bans
  }

  /** What happened in (after, upto], as far as one answer goes. */
  quiet(room: number, { after, upto }: { after: number; upto: number }): Promise<QuietRun> {
    return this.get(`/rooms/${room}/quiet?after=${after}&upto=${upto}&limit=100`)
  }

  async message(room: number, seq: number): Promise<Message | undefined> {
    const [message] = await this.page(room, { around: seq }, 1)
    return message?.seq === seq ? message : undefined
  }

  /** The latest answers of a thread, or those before one, after its first message. */
  thread(
    room: number,
    seq: number,
    { before, limit }: { before?: number; limit: number },
  ): Promise<Standing & { readonly messages: readonly Message[]; readonly more: boolean }> {
    const query = `limit=${limit}${before === undefined ? '' : `&before=${before}`}`
    return this.get(`/rooms/${room}/messages/${seq}/thread?${query}`)
  }

  threadStanding(room: number, seq: number): Promise<Standing> {
    return this.get(`/rooms/${room}/messages/${seq}/thread/standing`)
  }

  /** The threads that one follows. */
  threads(
    skip: number,
    limit: number,
  ): Promise<{ readonly threads: readonly FollowedThread[]; readonly more: boolean }> {
    return this.get(`/me/threads?skip=${skip}&limit=${Math.min(limit, MOST_LISTED)}`)
  }

  followThread(room: number, seq: number, on: boolean): Promise<unknown> {
    return this.do(on ? 'PUT' : 'DELETE', `/rooms/${room}/messages/${seq}/thread/follower`)
  }

  readThread(room: number, seq: number, upto: number): Promise<unknown> {
    return this.do('PUT', `/rooms/${room}/messages/${seq}/thread/read`, { seq: upto })
  }

  /** Who has reacted to a message, by emoji and name. */
  reactors(
    room: number,
    seq: number,
    { emoji, after, limit }: ReactorsQuery,
  ): Promise<{ readonly reactions: readonly Reactor[]; readonly more: boolean }> {
    const query = new URLSearchParams({ limit: String(limit), ...(emoji !== undefined && { emoji }) })
    if (after) query.set('after', after.person.username)
    if (after) query.set('afterEmoji', after.emoji)
    return this.get(`/rooms/${room}/messages/${seq}/reactions?${query}`)
  }

  async pins(room: number): Promise<readonly Message[]> {
    return (await this.get<{ messages: Message[] }>(`/rooms/${room}/pins`)).messages
  }

  /** Whoever has no picture is missing. */
  avatars(people: readonly number[], rooms: readonly number[]): Promise<FoundAvatars> {
    const lists = { people, rooms }
    const query = Object.entries(lists).flatMap(([name, ids]) =>
      ids.length === 0 ? [] : [`${name}=${ids.join(',')}`],
    )
    return this.get(`/avatars?${query.join('&')}`)
  }

  fileLimits(): Promise<FileLimits> {
    return this.get('/uploads')
  }

  /** Messages with files, the latest first. */
  async files(room: number, { kind, before, limit }: FilesQuery): Promise<readonly Message[]> {
    const query = `kind=${kind}&limit=${limit}${before === undefined ? '' : `&before=${before}`}`
    return (await this.get<{ messages: Message[] }>(`/rooms/${room}/files?${query}`)).messages
  }

  /** Reads all pages, up to MOST_MEMBERS. */
  async members(room: number): Promise<readonly Member[]> {
    const all: Member[] = []
    for (;;) {
      const after = all.at(-1)?.person.username
      const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`
      const { members, more } = await this.get<{ members: Member[]; more: boolean }>(
        `/rooms/${room}/members${query}`,
      )
      all.push(...members)
      if (!more || members.length === 0 || all.length >= MOST_MEMBERS) return all
    }
  }

  /** @param options zone: the time zone of the days in `q`; skip: how many hits to leave out */
  search(q: string, { zone, skip = 0 }: { zone: string; skip?: number }): Promise<SearchPage> {
    return this.get(`/search?${new URLSearchParams({ q, zone, skip: String(skip), limit: '30' })}`)
  }

  edit(room: number, seq: number, text: string): Promise<LogEvent | undefined> {
    return this.do('PATCH', `/rooms/${room}/messages/${seq}`, { text })
  }

  erase(room: number, seq: number): Promise<LogEvent | undefined> {
    return this.do('DELETE', `/rooms/${room}/messages/${seq}`)
  }

  takePreviewOff(room: number, seq: number, url: string): Promise<LogEvent | undefined> {
    return this.do('DELETE', `/rooms/${room}/messages/${seq}/previews?${new URLSearchParams({ url })}`)
  }

  react(room: number, seq: number, { emoji, on }: { emoji: string; on: boolean }) {
    const path = `/rooms/${room}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`
    return this.do<LogEvent | undefined>(on ? 'PUT' : 'DELETE', path)
  }

  async isSaved(room: number, seq: number): Promise<boolean> {
    return (await this.get<{ saved: boolean }>(`/rooms/${room}/saved/${seq}`)).saved
  }

  save(room: number, seq: number, on: boolean): Promise<undefined> {
    return on ? this.do('PUT', `/rooms/${room}/saved/${seq}`) : this.do('DELETE', `/me/saved/${room}/${seq}`)
  }

  /** Those before that one, the latest first. */
  saved(before: number | undefined, limit: number): Promise<{ saved: SavedMessage[]; more: boolean }> {
    return this.get(`/me/saved?limit=${limit}${before === undefined ? '' : `&before=${before}`}`)
  }

  /** @param options their numbers; none takes the vote back */
  vote(room: number, seq: number, options: readonly number[]): Promise<Message> {
    return this.do('PUT', `/rooms/${room}/polls/${seq}/vote`, { options })
  }

  pin(room: number, seq: number, on: boolean): Promise<LogEvent | undefined> {
    return this.do(on ? 'PUT' : 'DELETE', `/rooms/${room}/pins/${seq}`)
  }
}

/** Nobody looks through more. */
const MOST_MEMBERS = 5000

function queryOf(where: PageQuery): string {
  return 'newest' in where ? '' : `${new URLSearchParams(Object.entries(where).map(numbered))}&`
}

function numbered([name, value]: [string, number]): [string, string] {
  return [name, String(value)]
}
