// Rooms as IRC channels: their names, and the cohorts of connections that are sent the same bytes.

import type {
  Alteration,
  Author,
  LogEvent,
  Person,
  Role,
  Room,
  RoomEvent,
  RoomId,
  RoomKind,
  UserId,
} from '../../core/model/model.ts'
import { type Language, languages } from '../../wording/languages.ts'
import type { LinkContext } from '../shared/attachments.ts'
import { Cohort } from '../shared/cohort.ts'
import { render } from './events/lines.ts'
import { actorTags, type RenderContext } from './events/tags.ts'
import { Quotations } from './replies/quotes.ts'
import { hasCap } from './wire/caps.ts'

/** What decides how an event is rendered: connections with equal viewers are sent the same bytes. */
export interface Viewer {
  /** Caps.visible (wire/caps.ts). */
  readonly caps: number
  readonly language: Language
  readonly person: Author
}

interface ChannelState {
  name: string
  topic: string
  kind: RoomKind
  /** Its latest former names, each with the seq of the event that ended it. */
  readonly before: { readonly name: string; readonly until: number }[]
  /** The seqs of the events that set these values. */
  since: { name: number; topic: number; kind: number }
}

/** Prefix of group conversations, which have no name but a number; no room's name contains it. */
const GROUP = '#&'
/** Former names remembered of one room. */
const MOST_NAMES = 16

/** Whether it is a conversation between two people, which IRC shows as a query, not as a channel. */
export function isPair({ kind, group }: Pick<Room, 'kind' | 'group'>): boolean {
  return kind === 'direct' && group !== true
}

interface ChannelsDeps extends Pick<LinkContext, 'webUrl'> {
  isOnline(person: UserId): boolean
  /** Called once for each rename of a room. */
  renamed(room: RoomId, before: string, reason: string): void
  /** Called when somebody's membership in a room changes, possibly more than once for one event. */
  memberChanged(event: MemberEvent): void
}

type MemberEvent = Extract<LogEvent, { kind: 'arrival' | 'removal' | 'appointment' | 'muting' }>

export class Channels {
  readonly #host: string
  readonly #channels = new Map<RoomId, ChannelState>()
  /** Weak, because combinations are many: a cohort lives as long as a seat or a feed holds it. */
  readonly #cohorts = new Map<string, WeakRef<Cohort<RoomEvent>>>()
  readonly #ended = new FinalizationRegistry<string>(key => {
    if (!this.#cohorts.get(key)?.deref()) this.#cohorts.delete(key) // there may be another by now
  })
  readonly #quotations = new Quotations()
  readonly #formed = new Set<RoomId>()
  readonly #people = new Map<UserId, Pick<Person, 'name' | 'role'>>()
  /** People who have set user mode B. */
  readonly #bots = new Set<UserId>()
  /** The roles of guests and bots from before the start, as long as they have not been met since. */
  readonly #recalled = new Map<UserId, Role>()
  readonly #deps: ChannelsDeps

  constructor(host: string, deps: ChannelsDeps) {
    this.#host = host
    this.#deps = deps
  }

  /** Takes over a room as it was just read from the store. */
  learn(room: Room): void {
    const { id, name, topic, kind } = room
    if (!isPair(room)) this.#formed.add(id)
    const since = this.#channels.get(id)?.since ?? { name: 0, topic: 0, kind: 0 }
    const before = this.#channels.get(id)?.before ?? []
    this.#channels.set(id, { name, topic, kind, since, before })
  }

  /** Whether anybody may list and join it, by its latest kind. */
  isOpen({ id, kind }: Room): boolean {
    const now = this.#channels.get(id)?.kind ?? kind
    return now === 'open' || now === 'announcement'
  }

  /** The number of channels that anybody has been in through this door (254). */
  get formed(): number {
    return this.#formed.size
  }

  topicOf({ id, topic }: Room): string {
    return this.#channels.get(id)?.topic ?? topic
  }

  /** Remembers a person's full name and role, as they were last read. */
  meet({ id, name, role }: Pick<Person, 'id' | 'name' | 'role'>): void {
    this.#people.set(id, { name, role })
  }

  /** Remembers who were guests or bots before the start, so that what they said then is tagged as theirs. */
  recall(people: readonly Pick<Person, 'id' | 'role'>[]): void {
    for (const { id, role } of people) this.#recalled.set(id, role)
  }

  /** `#sala`; `#&7` for a group conversation; the other's nick for a conversation between two. */
  nameOf(room: Room): string {
    const { id, kind, name } = room
    if (isPair(room)) return name
    return kind === 'direct' ? `${GROUP}${id}` : `#${this.#channels.get(id)?.name ?? name}`
  }

  #nameAt(room: Room, seq: number | undefined): string {
    const before = seq === undefined ? undefined : this.#channels.get(room.id)?.before
    const then = before?.find(({ until }) => until > (seq ?? 0))
    return then && room.kind !== 'direct' ? `#${then.name}` : this.nameOf(room)
  }

  /** The tags before a line about what somebody does outside a room. */
  actorTags(author: Author, caps: number): string {
    return actorTags(author, Date.now(), {
      caps,
      isBot: ({ id }) => this.isBot(id),
      isGuest: ({ id }) => this.#is(id, 'guest'),
    })
  }

  #is(id: UserId, role: Role): boolean {
    return (this.#people.get(id)?.role ?? this.#recalled.get(id)) === role
  }

  /** Whether it is a bot, by its account or by user mode B (IRCv3 bot-mode). */
  isBot(id: UserId): boolean {
    return this.#is(id, 'bot') || this.#bots.has(id)
  }

  /** Notes that somebody has set or unset user mode B. */
  markBot(id: UserId, on: boolean): void {
    if (on) this.#bots.add(id)
    else this.#bots.delete(id)
  }

  renderContext(room: Room, { caps, language, person }: Viewer): RenderContext {
    const host = this.#host
    return {
      host,
      caps,
      wording: languages[language],
      webUrl: this.#deps.webUrl,
      isChannel: !isPair(room),
      quotations: this.#quotations,
      nameOf: ({ id }) => this.#people.get(id)?.name ?? '',
      isBot: ({ id }) => this.isBot(id),
      isGuest: ({ id }) => this.#is(id, 'guest'),
      isOnline: ({ id }) => this.#deps.isOnline(id),
      target: isPair(room)
        ? author => (author.id === person.id ? room.name : person.username)
        : (_, seq) => (hasCap(caps, 'draft/channel-rename') ? this.#nameAt(room, seq) : this.nameOf(room)),
    }
  }

  /** The one cohort of all connections that are sent the same bytes. */
  cohort(room: Room, viewer: Viewer): Cohort<RoomEvent> {
    const own = room.kind === 'direct' ? `/${viewer.person.id}` : ''
    const key = `${room.id}/${viewer.caps}/${viewer.language}${own}`
    const existing = this.#cohorts.get(key)?.deref()
    if (existing) return existing
    const context = this.renderContext(room, viewer)
    const cohort = new Cohort<RoomEvent>(event => {
      const text = render(event, context)
      this.note(event)
      return text
    })
    this.#cohorts.set(key, new WeakRef(cohort))
    this.#ended.register(cohort, key)
    return cohort
  }

  /** Drops the cohorts of a room, so that the next ones are made with its present name. */
  forget({ id }: Pick<Room, 'id'>): void {
    for (const key of this.#cohorts.keys()) if (key.startsWith(`${id}/`)) this.#cohorts.delete(key)
  }

  /** Updates what is known of rooms and members by an event. */
  note(event: RoomEvent): void {
    switch (event.kind) {
      case 'alteration':
        return this.#update(event)
      case 'arrival':
      case 'removal':
      case 'appointment':
      case 'muting':
        return this.#deps.memberChanged(event)
    }
  }

  /** Events older than the value that is known are ignored: clients that catch up are shown them again. */
  #update({ room, seq, what, value, reason = '' }: Alteration): void {
    const channel = this.#channels.get(room)
    if ((what !== 'name' && what !== 'topic' && what !== 'kind') || !channel || seq <= channel.since[what])
      return
    const before = `#${channel.name}`
    if (what === 'name') channel.before.push({ name: channel.name, until: seq })
    if (channel.before.length > MOST_NAMES) channel.before.shift()
    channel.since[what] = seq
    if (what === 'kind') channel.kind = value === 'closed' || value === 'announcement' ? value : 'open'
    else channel[what] = value
    if (what === 'name') this.#deps.renamed(room, before, reason)
  }
}
