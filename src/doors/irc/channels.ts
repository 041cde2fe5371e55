// Rooms as channels: what they are called, and how each kind of connection is shown them.

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
import { Cohort } from '../shared/cohort.ts'
import { render } from './events/lines.ts'
import { actorTags, type RenderContext } from './events/tags.ts'
import { Quotations } from './replies/quotes.ts'
import { hasCap } from './wire/caps.ts'

/** How connections are shown what happens: those with the same are shown the same bytes. */
export interface Viewer {
  /** Caps.visible (wire/caps.ts). */
  readonly caps: number
  readonly language: Language
  readonly person: Author
}

interface Known {
  name: string
  topic: string
  kind: RoomKind
  /** What it was called, and until which seq; the last ones. */
  readonly before: { readonly name: string; readonly until: number }[]
  /** The seqs of the alterations that gave it these. */
  since: { name: number; topic: number; kind: number }
}

/** Conversations of more than two have no name: they are numbered, with a sign that no room's name has. */
const GROUP = '#&'
/** Of one room, that are remembered. */
const MOST_NAMES = 16

/** Conversations between two are no channels. */
export function isPair({ kind, name }: Pick<Room, 'kind' | 'name'>): boolean {
  return kind === 'direct' && !name.includes(', ')
}

interface ChannelsDeps {
  isOnline(person: UserId): boolean
  /** Told once of each room that has another name now. */
  renamed(room: RoomId, before: string, reason: string): void
  /** Told of what changes somebody's place in a room, maybe more than once. */
  memberChanged(event: MemberEvent): void
}

type MemberEvent = Extract<LogEvent, { kind: 'arrival' | 'removal' | 'appointment' | 'muting' }>

export class Channels {
  readonly #host: string
  readonly #known = new Map<RoomId, Known>()
  /** Seats and feeds hold them: with the last seat that is shown the same they are gone, since combinations are many. */
  readonly #cohorts = new Map<string, WeakRef<Cohort<RoomEvent>>>()
  readonly #ended = new FinalizationRegistry<string>(key => {
    if (!this.#cohorts.get(key)?.deref()) this.#cohorts.delete(key) // there may be another by now
  })
  readonly #quotations = new Quotations()
  readonly #formed = new Set<RoomId>()
  readonly #people = new Map<UserId, Pick<Person, 'name' | 'role'>>()
  /** Who has said of themselves that they are programs. */
  readonly #bots = new Set<UserId>()
  /** Guests and programs of before, whom nobody has met since the start. */
  readonly #recalled = new Map<UserId, Role>()
  readonly #around: ChannelsDeps

  constructor(host: string, around: ChannelsDeps) {
    this.#host = host
    this.#around = around
  }

  /** As the store has just had it. */
  learn(room: Room): void {
    const { id, name, topic, kind } = room
    if (!isPair(room)) this.#formed.add(id)
    const since = this.#known.get(id)?.since ?? { name: 0, topic: 0, kind: 0 }
    const before = this.#known.get(id)?.before ?? []
    this.#known.set(id, { name, topic, kind, since, before })
  }

  /** Whoever likes learns of it, as it is now. */
  isOpen({ id, kind }: Room): boolean {
    const now = this.#known.get(id)?.kind ?? kind
    return now === 'open' || now === 'announcement'
  }

  /** How many there are that somebody of this door has been in. */
  get formed(): number {
    return this.#formed.size
  }

  topicOf({ id, topic }: Room): string {
    return this.#known.get(id)?.topic ?? topic
  }

  /** People as they were last seen: full names, and who is a program. */
  meet({ id, name, role }: Pick<Person, 'id' | 'name' | 'role'>): void {
    this.#people.set(id, { name, role })
  }

  /** Who were guests or programs before the start: what they said then is shown as theirs. */
  recall(people: readonly Pick<Person, 'id' | 'role'>[]): void {
    for (const { id, role } of people) this.#recalled.set(id, role)
  }

  /** #sala; #&7 for several who talk in private; the other's nick for two. */
  nameOf(room: Room): string {
    const { id, kind, name } = room
    if (isPair(room)) return name
    return kind === 'direct' ? `${GROUP}${id}` : `#${this.#known.get(id)?.name ?? name}`
  }

  #nameAt(room: Room, seq: number | undefined): string {
    const before = seq === undefined ? undefined : this.#known.get(room.id)?.before
    const then = before?.find(({ until }) => until > (seq ?? 0))
    return then && room.kind !== 'direct' ? `#${then.name}` : this.nameOf(room)
  }

  /** What stands before a line by which somebody does something that is about no room. */
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

  /** A program: by its account, or because it says so (bot-mode). */
  isBot(id: UserId): boolean {
    return this.#is(id, 'bot') || this.#bots.has(id)
  }

  /** It has said that it is one, or is not any more. */
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
      isChannel: !isPair(room),
      quotations: this.#quotations,
      nameOf: ({ id }) => this.#people.get(id)?.name ?? '',
      isBot: ({ id }) => this.isBot(id),
      isGuest: ({ id }) => this.#is(id, 'guest'),
      isOnline: ({ id }) => this.#around.isOnline(id),
      target: isPair(room)
        ? author => (author.id === person.id ? room.name : person.username)
        : (_, seq) => (hasCap(caps, 'draft/channel-rename') ? this.#nameAt(room, seq) : this.nameOf(room)),
    }
  }

  /** The same for all who are shown the same. */
  cohort(room: Room, viewer: Viewer): Cohort<RoomEvent> {
    const own = room.kind === 'direct' ? `/${viewer.person.id}` : ''
    const key = `${room.id}/${viewer.caps}/${viewer.language}${own}`
    const there = this.#cohorts.get(key)?.deref()
    if (there) return there
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

  /** Whoever is shown it next is shown it as it is called by then. */
  forget({ id }: Pick<Room, 'id'>): void {
    for (const key of this.#cohorts.keys()) if (key.startsWith(`${id}/`)) this.#cohorts.delete(key)
  }

  /** What it changes of what is known of rooms and of who is in them. */
  note(event: RoomEvent): void {
    switch (event.kind) {
      case 'alteration':
        return this.#hear(event)
      case 'arrival':
      case 'removal':
      case 'appointment':
      case 'muting':
        return this.#around.memberChanged(event)
    }
  }

  /** Who catches up is shown old names and topics: the last one counts. */
  #hear({ room, seq, what, value, reason = '' }: Alteration): void {
    const known = this.#known.get(room)
    if ((what !== 'name' && what !== 'topic' && what !== 'kind') || !known || seq <= known.since[what]) return
    const before = `#${known.name}`
    if (what === 'name') known.before.push({ name: known.name, until: seq })
    if (known.before.length > MOST_NAMES) known.before.shift()
    known.since[what] = seq
    if (what === 'kind') known.kind = value === 'closed' || value === 'announcement' ? value : 'open'
    else known[what] = value
    if (what === 'name') this.#around.renamed(room, before, reason)
  }
}
