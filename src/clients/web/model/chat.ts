// The chat as this browser knows it: who one is, one's rooms, who is online. It listens to the client, which misses no
// event; components subscribe to this and to the rooms.

import type {
  Grant,
  LogEvent,
  Profile,
  RoomInvitation,
  Room as RoomShape,
  Status,
} from '../../../wire/schemas.ts'
import type { ServerSettings } from '../../../wire/server-settings.ts'
import type { Changed } from '../../../wire/websocket.ts'
import { Client, type Greeting, type State } from '../../client/client.ts'
import { foldUsername } from '../markup/names.ts'
import { Api, type Member } from './api.ts'
import { Avatars } from './avatars.ts'
import { Drafts } from './drafts.ts'
import { BrowserFileStore } from './file-store.ts'
import { LazyThreads } from './lazy-threads.ts'
import { ABOUT_MEMBERS, MemberLists } from './member-lists.ts'
import { callsPerson } from './mentions.ts'
import { Observable } from './observable.ts'
import { Outbox } from './outbox.ts'
import { OutgoingFiles } from './outgoing-files.ts'
import { People } from './people.ts'
import { Presence } from './presence.ts'
import { probeMedia } from './probe-media.ts'
import { PutOff } from './put-off.ts'
import { ReadMarks } from './read-marks.ts'
import { Reports } from './reports.ts'
import { Room, UNKNOWN_COUNTS } from './room.ts'
import { RoomOrder } from './room-order.ts'
import { tabName } from './storage.ts'
import { Teams } from './teams.ts'
import { VisitedRooms } from './visited-rooms.ts'

/** How often at most the server is told that one is typing. */
const TYPING_SENT_EVERY_MS = 3000
/** In a room that never rests, an unread count that lags a little will do after this many tries. */
const REFRESH_TRIES = 5

export interface ChatListener {
  /** Somebody else has posted a message that counts as unread. */
  messagePosted(room: Room, message: Extract<LogEvent, { kind: 'message' }>, isMention: boolean): void
  /** One is no longer in the room; `room.removal` says why. @param zone one's time zone; empty for the browser's */
  removedFromRoom(room: Room, zone: string): void
  settingsChanged(now: ServerSettings, before: ServerSettings): void
}

export class Chat extends Observable {
  readonly client: Client
  readonly api: Api
  readonly outbox: Outbox
  readonly files: OutgoingFiles
  readonly avatars: Avatars
  readonly people: People
  readonly readMarks: ReadMarks
  readonly threads: LazyThreads
  readonly teams: Teams
  state: State = { is: 'connecting' }
  /** After the first hello. */
  person: Profile | undefined
  grant: Grant | undefined
  /** What the admins of the server have decided. */
  settings: ServerSettings = { privateMessages: 'everyone', editHistory: 'off', teams: 'admins' }
  session = 0
  rooms: ReadonlyMap<number, Room> = new Map()
  /** Newest first. */
  roomInvitations: readonly RoomInvitation[] = []
  readonly presence = new Presence()
  /** One is logging out: the server's goodbye is expected. */
  isLoggingOut = false
  /** Goes up when something is saved or no longer. */
  savedChanges = 0
  readonly order: RoomOrder
  readonly putOff: PutOff
  readonly reports: Reports
  /** Goes up with each (re)connection. */
  connections = 0
  /** Of the person who is logged in. */
  drafts = new Drafts(0, '')
  readonly #members: MemberLists
  readonly #visited = new VisitedRooms()
  readonly #typed = new Map<number, number>()
  readonly #listener: ChatListener

  constructor(server: string, listener: ChatListener) {
    super()
    this.#listener = listener
    this.client = new Client(
      { server },
      {
        state: state => this.#setState(state),
        greeted: greeting => this.#greet(greeting),
        event: event => this.#hear(event),
        reset: room => this.rooms.get(room)?.reset(),
        entered: room => void this.#enter(room),
        asked: invitation =>
          this.#setInvitations([
            invitation,
            ...this.roomInvitations.filter(({ room }) => room.id !== invitation.room.id),
          ]),
        left: room => this.#leave(room),
        avatar: change => this.avatars.hear(change),
        person: person => this.people.hear(person),
        settings: settings => {
          this.#listener.settingsChanged(settings, this.settings)
          this.settings = settings
          for (const { isDirect, standing } of this.rooms.values()) if (isDirect) standing.renew()
          this.notifyNow()
        },
        changed: what => void this.#reload(what).catch(() => {}), // the next hello tells it all again
        voted: (room, seq, options) => this.rooms.get(room)?.timeline.voted(seq, options),
        read: (id, seq, back) => {
          const room = this.rooms.get(id)
          if (room) this.readMarks.hear(room, seq, back)
        },
        presence: (people, among, all) => {
          this.presence.update(people, { among, all })
          this.notify()
        },
        typing: (room, person) => this.rooms.get(room)?.showTyping(person),
      },
    )
    this.api = new Api(this.client)
    this.#members = new MemberLists(this.api)
    this.avatars = new Avatars(this.api)
    this.people = new People(this, this.#members, () => void this.#reload('levels').catch(() => {}))
    this.readMarks = new ReadMarks({
      client: this.client,
      api: this.api,
      changed: () => this.notify(),
      refresh: room => this.refreshRoom(room),
      told: room => this.threads.readRoom(room.id),
    })
    this.order = new RoomOrder(this.api)
    this.reports = new Reports(this.api)
    const changed = () => this.notify()
    this.teams = new Teams(this.api, changed)
    this.threads = new LazyThreads({ api: this.api, me: () => this.me, changed })
    this.putOff = new PutOff(this.api)
    this.files = new OutgoingFiles({
      client: this.client,
      store: new BrowserFileStore(),
      probeMedia,
      settled: () => this.outbox.sendAll(),
    })
    this.outbox = new Outbox(this.client, {
      files: this.files,
      changed: room => {
        this.rooms.get(room)?.notifyNow()
        this.notify()
      },
      lastSeq: room => this.rooms.get(room)?.lastSeq ?? 0,
    })
  }

  /** The time now: by the server's clock if ours is more than a minute off. Milliseconds since 1970. */
  now(): number {
    const ahead = this.client.clockOffset
    return Date.now() + (Math.abs(ahead) > 60_000 ? ahead : 0)
  }

  get me(): number {
    return this.person?.id ?? 0
  }

  get isAdmin(): boolean {
    return this.person?.role === 'owner' || this.person?.role === 'admin'
  }

  /** @param slug a path's name for the room: its name in any case, or its number */
  roomOf(slug: string | undefined): Room | undefined {
    if (slug === undefined) return undefined
    const folded = foldUsername(slug)
    for (const room of this.rooms.values()) if (room.slug === slug) return room
    for (const room of this.rooms.values()) {
      if (String(room.id) === slug || foldUsername(room.listing.name) === folded) return room
    }
    return undefined
  }

  statusOf(id: number): Status {
    return id === this.me ? 'online' : this.presence.statusOf(id)
  }

  /** Creates the direct room with these people if there is none. @returns its number */
  async openDirect(people: readonly string[]): Promise<number> {
    return (await this.api.do<{ id: number }>('POST', '/direct', { people })).id
  }

  /** The room is not shown any more. */
  leftRoom(room: Room): void {
    this.#visited.left(room)
  }

  sendTyping(room: Room): void {
    const now = performance.now()
    if (now - (this.#typed.get(room.id) ?? -TYPING_SENT_EVERY_MS) < TYPING_SENT_EVERY_MS) return
    this.#typed.set(room.id, now)
    this.client.typing(room.id)
  }

  /** Fetched once until it changes. */
  members(room: Room): Promise<readonly Member[]> {
    return this.#members.of(room.id)
  }

  async acceptInvitation(room: number): Promise<void> {
    await this.api.do('POST', `/rooms/${room}/members`, { key: '' }).finally(() => this.#loadInvitations())
  }

  async declineInvitation(room: number): Promise<void> {
    await this.api.do('DELETE', `/me/asked/${room}`)
    this.#setInvitations(this.roomInvitations.filter(each => each.room.id !== room))
  }

  setPerson(person: Profile): void {
    this.person = person
    this.notifyNow()
  }

  // --- what the client hears -----------------------------------------------------------------------------

  #setState(state: State): void {
    this.state = state
    if (state.is === 'closed') this.files.close()
    this.notifyNow()
  }

  #greet({ session, person, grant, rooms, settings, people }: Greeting): void {
    this.settings = settings
    this.person = person
    this.grant = grant
    this.session = session
    const current = new Map<number, Room>()
    for (const { cursor: _, resumed: __, hidden = false, ...listing } of rooms) {
      const known = this.rooms.get(listing.id)
      if (known?.listing.unread === 0) known.reading.leave() // what was missed is new
      if (known) known.refresh(listing, hidden)
      current.set(listing.id, known ?? this.#newRoom(listing, hidden))
    }
    this.rooms = current
    this.#members.clear()
    this.presence.reset(people)
    this.avatars.renewAll()
    this.connections++
    if (this.connections === 1) this.drafts = new Drafts(person.id, tabName())
    this.outbox.open(person.id)
    void this.#loadInvitations()
    this.order.open(person.id)
    for (const part of [this.threads, this.teams, this.putOff, this.reports]) part.renew()
    for (const { timeline } of this.rooms.values()) timeline.reconnected(this.connections)
    this.notifyNow()
  }

  #newRoom(listing: ConstructorParameters<typeof Room>[0], hidden: boolean): Room {
    return new Room(listing, hidden, { api: this.api, me: () => this.me, isAdmin: () => this.isAdmin })
  }

  #hear(event: LogEvent): void {
    const room = this.rooms.get(event.room)
    if (!room) return
    const isMentioned = event.kind === 'message' && callsPerson(room, event, this)
    const own = event.author.id === this.me
    const counts = event.kind === 'message' && !event.deleted && !own && room.listing.level !== 'invisible'
    const isNew = event.seq > room.listing.head
    const isInRoom = counts && !event.threadOnly
    room.hear(event, isInRoom ? (isMentioned ? 'mention' : 'message') : 'not')
    if (ABOUT_MEMBERS.has(event.kind)) this.#members.forget(room.id)
    if (event.kind === 'deletion') this.savedChanges++
    if (room.mayBeRenamedBy(event)) void this.refreshRoom(room)
    if (event.kind === 'appointment' && event.person.id === this.me) room.update({ role: event.role })
    if (event.kind === 'message') {
      if (own) this.outbox.ownMessage(event)
      void this.threads.hear(room, event, isMentioned).then(isFollowed => {
        const isCalling = isMentioned || isFollowed
        if (counts && isNew && (isInRoom || isCalling)) this.#listener.messagePosted(room, event, isCalling)
      })
    }
    this.notify()
  }

  /** Invitations that came while one was disconnected are only told to those who ask. */
  async #loadInvitations(): Promise<void> {
    const found = await this.api.get<{ asked: readonly RoomInvitation[] }>('/me/asked').catch(() => undefined)
    if (found) this.#setInvitations(found.asked)
  }

  #setInvitations(invitations: readonly RoomInvitation[]): void {
    this.roomInvitations = invitations
    this.notifyNow()
  }

  async #enter(shape: RoomShape): Promise<void> {
    if (this.roomInvitations.some(({ room }) => room.id === shape.id))
      this.#setInvitations(this.roomInvitations.filter(({ room }) => room.id !== shape.id))
    const known = this.rooms.get(shape.id)
    const room = known ?? this.#newRoom({ ...shape, ...UNKNOWN_COUNTS }, false)
    if (!known) {
      this.rooms = new Map([...this.rooms, [shape.id, room]])
      this.notifyNow()
    }
    await this.refreshRoom(room)
  }

  /** Reads the room's unread counts again; repeatedly while events arrive that the answer does not count. */
  async refreshRoom(room: Room, tries = REFRESH_TRIES): Promise<void> {
    const listing = await this.api.get<Room['listing']>(`/rooms/${room.id}`).catch(() => undefined)
    if (!listing) return
    if (listing.head < room.lastSeq && tries > 1) return this.refreshRoom(room, tries - 1)
    room.refresh({ ...listing, head: Math.max(listing.head, room.listing.head) }, room.hidden)
    this.notify()
  }

  /** Reads what has changed about oneself, here or on another device. */
  async #reload(what: Changed): Promise<void> {
    if (what === 'threads' || what === 'teams' || what === 'reports') return this[what].load()
    if (what === 'profile')
      return this.setPerson((await this.api.get<{ person: Profile }>('/session')).person)
    if (what === 'sidebar') return this.order.load()
    if (what === 'scheduled' || what === 'reminders') return this.putOff.load(what)
    if (what === 'saved') this.savedChanges++
    if (what === 'saved') return this.notify()
    const { mine } = await this.api.get<{ mine: readonly Room['listing'][] }>('/rooms')
    const listed = new Map(mine.map(listing => [listing.id, listing]))
    for (const room of this.rooms.values()) {
      const listing = listed.get(room.id)
      const hidden = room.isDirect && !listing
      if (listing) room.refresh({ ...listing, head: Math.max(listing.head, room.listing.head) }, hidden)
      else room.refresh(room.listing, hidden)
      // Messages of somebody who was blocked have come back, or have gone.
      if (what === 'blocks' && room.isDirect && room.timeline.isLoaded) void room.timeline.reload()
    }
    this.notifyNow()
  }

  #leave(id: number): void {
    const room = this.rooms.get(id)
    if (!room) return
    this.rooms = new Map([...this.rooms].filter(([each]) => each !== id))
    this.#listener.removedFromRoom(room, this.person?.zone ?? '')
    this.notifyNow()
  }
}
