// What the core asks of the outside, and what it may rely on.

import type { ClusterMessage } from '../cluster/messages.ts'
import type {
  Author,
  DoorName,
  Format,
  Grant,
  Instant,
  Level,
  LogEvent,
  MaskList,
  Message,
  NodeId,
  Profile,
  Removal,
  Role,
  Room,
  RoomEvent,
  RoomFlag,
  RoomId,
  RoomKind,
  RoomRole,
  Seq,
  SessionId,
  Styled,
  Tag,
  UserId,
} from '../model/model.ts'
import type { RefusalCode } from '../model/refusals.ts'
import type { Hit } from '../search/matching.ts'
import type { Term } from '../search/terms.ts'

// --- the store -------------------------------------------------------------------------------------------
// Each method is one atomic unit. When a writing method resolves, what it wrote is on disk and survives a
// power cut; when it rejects, it wrote nothing. A rejection is a Refusal, or an Error that nobody expected.

/** What a name looks like (UTS 39). No two people look alike, nor do two rooms. */
export interface Looks {
  /** Folded: what the small letters look like. */
  readonly skeleton: string
  /** As it is written, then in small letters: В of Cyrillic is a b. Nobody's skeleton may be that. */
  readonly written: string
  /** The same where a capital I is an l: pauI is paul. Nobody else may be shown so. */
  readonly shown: string
}

export interface NewAccount extends Looks {
  readonly name: string
  readonly username: string
  /** rules.ts, foldUsername: what it is found by. */
  readonly folded: string
  /** A PHC string; never the password. */
  readonly password: string
  readonly at: Instant
  /** By which right: anybody's, that of whoever will own the server, a member's, or the code of an invitation. */
  readonly admission: 'open' | 'first' | 'class' | { readonly code: string }
  /** Where others than admins don't see it; empty where none was given. */
  readonly email: string
  /** Who is there already without an account, and has one from now on. */
  readonly guest?: UserId
}

/** Somebody without an account. */
export type NewGuest = Pick<NewAccount, 'name' | 'username' | 'folded' | 'at'> & Looks

export interface Registered {
  readonly person: Profile
  /** Where an invitation has brought them besides `general`. */
  readonly arrivals: readonly LogEvent[]
}

export interface Credentials {
  readonly person: Profile
  readonly password: string
  /** scram.ts; empty where none is kept. It may be one that is not used any more. */
  readonly verifier: string
  readonly disabled: boolean
}

/** A person as those see them who look after people. */
export interface Account {
  readonly person: Profile
  readonly disabled: boolean
  readonly since: Instant
  /** Empty for most. */
  readonly email: string
}

export interface Disabled {
  readonly person: Profile
  /** Their sessions, which are no more. */
  readonly ended: readonly SessionId[]
}

/** Who acts on another's account; undefined is whoever runs the server, who may do everything. */
export type Authority = UserId | undefined

export interface People {
  /**
   * Everyone is a member of `general`. While nobody owns the server, whoever comes without an invitation does.
   * Refuses 'name-taken', 'wrong-code'; 'no-such-person' for a guest who is gone.
   */
  register(account: NewAccount): Promise<Registered>
  /** In `general`, with a name like anybody's, until they are let go. Refuses 'name-taken'. */
  welcomeGuest(guest: NewGuest): Promise<Profile>
  /** Their sessions and memberships end, and their name is free; what they said stays theirs. Nothing for who has an account. */
  letGuestGo(person: UserId): Promise<void>
  /** A verifier of the password that is kept as `password`; nothing when it is another by now. */
  keepVerifier(person: UserId, password: string, verifier: string): Promise<void>
  /** Of this chat alone, for ever: 64 hexadecimal digits, of which what nobody may foresee is made. */
  secret(): Promise<string>
  /** undefined when nobody has that name. */
  credentials(folded: string): Promise<Credentials | undefined>
  hasOwner(): Promise<boolean>
  /** Everybody who is or was a guest or a program, whether there or not. */
  guestsAndBots(): Promise<readonly Pick<Profile, 'id' | 'role'>[]>
  /** undefined when nobody has that name; also for an account that is disabled. */
  find(folded: string): Promise<Profile | undefined>
  /** Those whom find would find, in any order. */
  findAll(folded: readonly string[]): Promise<readonly Profile[]>
  /** Refuses 'no-such-person'. */
  amend(person: UserId, profile: Partial<Omit<Profile, 'id' | 'username' | 'role'>>): Promise<Profile>
  /**
   * All other sessions than the one that asks end: gives them. @param by undefined: whoever runs the server
   * Refuses 'wrong-credentials' when the password is another by now than the one that was verified, or the session gone.
   */
  setPassword(person: UserId, password: string, by: Verified | undefined): Promise<readonly SessionId[]>
  /** By name, those whose folded name comes behind `after`. Refuses 'forbidden'. */
  list(by: Authority, after: string, limit: number): Promise<readonly Account[]>
  /**
   * Only of who ranks below, and to no higher rank than one's own. Who is no admin any more has no invitations.
   * Refuses 'forbidden', 'no-such-person', 'last-owner'.
   */
  setRole(by: Authority, folded: string, role: Role): Promise<Profile>
  /** Its sessions and invitations end. Only of who ranks below. Refuses 'forbidden', 'no-such-person', 'last-owner'. */
  disable(by: Authority, folded: string, on: boolean): Promise<Disabled>
  /** @returns false when it was so already. Refuses 'too-many'. */
  block(person: UserId, whom: UserId, on: boolean): Promise<boolean>
  /** By name. */
  blocked(person: UserId): Promise<readonly Profile[]>
}

/** What somebody has shown who changes their password. */
export interface Verified {
  readonly session: SessionId
  /** The stored password that theirs was compared with. */
  readonly password: string
}

/** Of somebody who is logged in. */
export interface StoredSession {
  readonly id: SessionId
  readonly door: DoorName
  /** Where it came from, as far as one subscriber has it. */
  readonly address: string
  readonly since: Instant
  /** Undefined for one that ends with its connection. */
  readonly token: Omit<NewToken, 'hash'> | undefined
}

/** What opens a session again, from anywhere, until it is revoked. */
export interface NewToken {
  /** SHA-256 of it, in hexadecimal; the token itself is nowhere. */
  readonly hash: string
  /** What the person calls it; empty for that of a browser. */
  readonly name: string
  readonly grant: Grant
  /** Void from then on; undefined for one that only rests too long (Comeback). */
  readonly until: Instant | undefined
}

export interface NewSession {
  readonly person: UserId
  /** The stored password that theirs was compared with: another one by now is not theirs. */
  readonly proof: string
  readonly door: DoorName
  readonly address: string
  readonly at: Instant
  readonly token?: NewToken
}

/** A session that goes on through another door, where what opened it before is void. */
export interface Continuation {
  readonly session: SessionId
  readonly person: UserId
  readonly door: DoorName
  readonly address: string
  readonly at: Instant
  readonly token?: NewToken
}

/** Another session of somebody who has one. */
export interface NewKey {
  readonly by: SessionId
  readonly person: UserId
  readonly door: DoorName
  readonly address: string
  readonly at: Instant
  readonly token: NewToken
}

/** Somebody who comes with a token. */
export interface Comeback {
  /** Of the token. */
  readonly hash: string
  readonly at: Instant
  /** Void when it was not used since. */
  readonly restedSince: Instant
}

export interface Entered {
  readonly session: SessionId
  /** As they are now. */
  readonly person: Profile
  readonly blocked: readonly UserId[]
  /** Of this person: those that had to make room for it. */
  readonly pushedOut: readonly SessionId[]
  readonly grant: Grant
  /** What opens it is void from then on. */
  readonly until: Instant | undefined
  /** What is written from now on is of this epoch. */
  readonly epoch: string
}

export interface Reopened extends Entered {
  /** Its use has not been noted for a while (`note`). */
  readonly isUnnoted: boolean
}

/** A session without a token ends with its connection, or with the server that held it. */
export interface StoredSessions {
  /** Refuses 'disabled', 'wrong-credentials'. */
  begin(wanted: NewSession): Promise<Entered>
  /** Refuses 'no-such-session'. */
  goOn(wanted: Continuation): Promise<Entered>
  /** In turn, like Log.readInTurn: behind everything that was revoked before. Refuses 'no-such-session'. */
  open(comeback: Comeback): Promise<Reopened>
  /** It is used at that time. */
  note(session: SessionId, at: Instant): Promise<void>
  /** Refuses 'no-such-session', 'too-many', 'not-a-member' of the room that it is for. */
  issue(wanted: NewKey): Promise<SessionId>
  end(session: SessionId): Promise<void>
  /** The person's, the oldest first. */
  list(person: UserId): Promise<readonly StoredSession[]>
  /** Refuses 'no-such-session', also for another's. */
  revoke(person: UserId, session: SessionId): Promise<void>
  /** Of those that were used since, the last ones first. */
  places(since: Instant, most: number): Promise<readonly UsedPlace[]>
}

/** From where a session was begun, or went on. */
export interface UsedPlace {
  /** The folded username. */
  readonly account: string
  readonly address: string
  /** Of its token. */
  readonly hash: string | undefined
  readonly used: Instant
}

export interface NewInvitation {
  readonly code: string
  readonly uses: number
  readonly until: Instant
  /** Folded names of rooms in which who comes is a member from the start. */
  readonly rooms: readonly string[]
  readonly at: Instant
}

export interface Invitation {
  readonly code: string
  /** Undefined for one of whoever runs the server. */
  readonly by: string | undefined
  readonly left: number
  readonly until: Instant
  readonly rooms: readonly string[]
}

export interface Invitations {
  /** Admins only, and into rooms that they are in. Refuses 'forbidden', 'no-such-room'. */
  create(by: Authority, wanted: NewInvitation): Promise<void>
  /** Those that still let somebody in. Refuses 'forbidden'. */
  list(by: Authority, at: Instant): Promise<readonly Invitation[]>
  /** Refuses 'forbidden', 'wrong-code'. */
  withdraw(by: Authority, code: string): Promise<void>
  /** Whether somebody may still come in by it. */
  admits(code: string, at: Instant): Promise<boolean>
}

/** A run of texts that one person posts to one room, one behind the other. */
export interface Draft {
  readonly room: RoomId
  readonly author: UserId
  readonly texts: readonly string[]
  /** Of all of them; plain where none is said. */
  readonly format?: Format
  /** The last seq its author had been shown when posting: their read mark moves there, never back. */
  readonly seen: Seq
  /** What it answers to. One text only. */
  readonly reply?: Seq
  /** Chosen by the client: posting again with the same key gives what the first try gave. One text only. */
  readonly key?: string
  /** No program is to answer them. One text only. */
  readonly notice?: true
  /** How parts of it look. One text only. */
  readonly styles?: readonly Styled[]
  /** What the author does. One text only. */
  readonly action?: true
  /** What programs are told with it. One text only. */
  readonly tags?: readonly Tag[]
}

/** `seq` is that of the draft's first text, the others follow it without a hole. */
export type Posted = {
  readonly seq: Seq
  readonly at: Instant
  readonly reply?: Message['reply']
  /** Those of the texts, by index, that mention everyone in the room. */
  readonly everyone?: readonly number[]
  /** The key was used before: nothing was stored now. */
  readonly repeated?: true
  /** Only the first text was taken; the others are refused. */
  readonly rest?: RefusalCode
}
export type Receipt = Posted | { readonly refused: RefusalCode }

/** What a person asks to be changed in a room, besides posting. */
export type Change =
  /** One's own message. Refuses 'no-such-message', 'not-yours', and what writing refuses. */
  | {
      readonly kind: 'edit'
      readonly target: Seq
      readonly text: string
      /** The message's own where none is said. */
      readonly format?: Format
    }
  /** One's own message, or another's as far as one's rank reaches. Refuses 'no-such-message', 'forbidden'. */
  | { readonly kind: 'deletion'; readonly target: Seq; readonly reason?: string }
  /** Refuses 'no-such-message', 'too-many-reactions', and what taking part refuses. */
  | { readonly kind: 'reaction'; readonly target: Seq; readonly emoji: string; readonly on: boolean }
  /** Refuses 'no-such-message', and what moderating refuses, as the ones below do. */
  | { readonly kind: 'pin'; readonly target: Seq; readonly on: boolean }
  /** The key is for who joins by themselves. */
  | { readonly kind: 'arrival'; readonly person: UserId; readonly key?: string }
  | {
      readonly kind: 'removal'
      readonly person: UserId
      readonly how: Removal['how']
      readonly reason: string
      /** Who is banned does not come back before then. */
      readonly until: Instant
    }
  | { readonly kind: 'appointment'; readonly person: UserId; readonly role: RoomRole }
  | { readonly kind: 'muting'; readonly person: UserId; readonly until: Instant }
  /** Refuses 'list-full'. Taking a ban off that names one person takes back the ban of that person too. */
  | { readonly kind: 'mask'; readonly list: MaskList; readonly mask: string; readonly on: boolean }
  | { readonly kind: 'topic'; readonly text: string }
  /** Refuses 'room-taken'. */
  | ({
      readonly kind: 'name'
      readonly name: string
      readonly folded: string
      readonly reason?: string
    } & Looks)
  | { readonly kind: 'archived'; readonly on: boolean }
  /** Only some write until then. Refuses 'forbidden', as those below do, also in direct rooms. */
  | { readonly kind: 'silenced'; readonly until: Instant }
  /** Seconds between two texts of one person; speakers are free of it. 0 is the end of it. */
  | { readonly kind: 'slow'; readonly seconds: number }
  /** Refuses 'everyones'. */
  | { readonly kind: 'kind'; readonly to: NewRoom['kind'] }
  /** Empty for none. Refuses 'everyones'. */
  | { readonly kind: 'key'; readonly key: string }
  /** 0 for none. Refuses 'everyones'. */
  | { readonly kind: 'limit'; readonly people: number }
  | { readonly kind: 'flag'; readonly flag: RoomFlag; readonly on: boolean }

export interface RowPlace {
  readonly room: RoomId
  readonly seq: Seq
}

export interface Head {
  readonly room: RoomId
  readonly head: Seq
  /** Some of the last rows were written by another program, and the room does not know of them: `mend` tells it. */
  readonly strays?: true
  /** Another program has put the end where the room has no rows: `mend` puts it back. */
  readonly misplaced?: true
  /** Of the last row that another program has put so far behind the end that it is none of the room's. */
  readonly lost?: Seq
}

/** Up to where somebody has a room's log: valid while the row at `seq` is of that epoch. */
export interface Cursor {
  readonly room: RoomId
  readonly epoch: string
  readonly seq: Seq
}

/** Where somebody stands who comes back with a cursor, or with none. */
export interface Return extends Entrance {
  /** Of the row at the head. */
  readonly epoch: string
  /** They go on behind it; undefined where it is not valid, or too much lies behind it. */
  readonly after: Seq | undefined
}

/** A room of somebody who comes back with a cursor. */
export interface CaughtUp {
  readonly room: Room
  /** What to come back with next time. */
  readonly cursor: Cursor
  /** Everything behind the cursor, or 'reset': it is not valid, there is none, or too much lies behind it. */
  readonly events: readonly LogEvent[] | 'reset'
}

/** Where somebody who comes back begins to read. */
export interface Opening {
  /** The last seq of the room. */
  readonly head: Seq
  /** Shown are the events after this one. */
  readonly after: Seq
}

export interface Log {
  /**
   * Stores each draft under its room's next seqs; order within a room is call order. A draft that can't be
   * stored is a refused receipt and does not touch the others.
   */
  append(drafts: readonly Draft[], at: Instant): Promise<readonly Receipt[]>
  /**
   * The events in (after, upto], at most `limit` of them, oldest first, without a gap: where a row is missing, or makes no
   * sense, stands a deleted message of NOBODY's. May not see what was stored just now.
   */
  read(room: RoomId, after: Seq, upto: Seq, limit: number): Promise<readonly LogEvent[]>
  /** Like `read` to the head, but waits its turn behind every append called before: nothing overtakes its answer. */
  readInTurn(room: RoomId, after: Seq, limit: number): Promise<readonly LogEvent[]>
  /** The rooms' last seqs, in turn like `readInTurn`. */
  heads(rooms: readonly RoomId[]): Promise<readonly Head[]>
  /** The places, so many at most, of rows that another program has deleted: each is given once. */
  deleted(limit: number): Promise<readonly RowPlace[]>
  /** The rooms that have rows behind their ends, which another program has put there. In turn. */
  strayed(): Promise<readonly RoomId[]>
  /** The room's log ends from now on where its rows end. */
  mend(room: RoomId): Promise<void>
  /** Everything after the reader's mark, but at least the last `least` messages and at most the last `most`. */
  opening(reader: UserId, room: RoomId, least: number, most: number): Promise<Opening>
  /** Refuses what a text of theirs would be refused there now; writes nothing. */
  mayPost(author: UserId, room: RoomId, at: Instant): Promise<void>
  /** Moves the reader's mark forward, never back; gives where it stands. Refuses 'not-a-member'. */
  markRead(reader: UserId, room: RoomId, seq: Seq): Promise<Seq>
}

/** Messages as they are now, for those who look back. */
export interface Pages {
  /** The messages before, behind or around a seq or an instant, those nearest to it, oldest first. Refuses 'not-a-member'. */
  page(reader: UserId, room: RoomId, page: Page): Promise<readonly Message[]>
  /** What happened in (after, upto], at most `limit` of it, oldest first. Refuses 'not-a-member'. */
  happened(reader: UserId, room: RoomId, span: Span): Promise<readonly LogEvent[]>
  /** A message with all that answer to it, and to those, oldest first. Refuses 'not-a-member', 'no-such-message'. */
  thread(reader: UserId, room: RoomId, seq: Seq, limit: number): Promise<readonly Message[]>
  /** What is pinned, oldest first. Refuses 'not-a-member'. */
  pins(reader: UserId, room: RoomId, limit: number): Promise<readonly Message[]>
  /** How many messages of others lie in (after, upto], as far as the reader is shown them. Refuses 'not-a-member'. */
  count(reader: UserId, room: RoomId, span: Omit<Span, 'limit'>): Promise<number>
  /** When something was said in the reader's rooms, or in one of them, as far as the reader is shown it. */
  lastSaid(reader: UserId, room?: RoomId): Promise<readonly LastSaid[]>
  /** How the room stands: a page of it that was read then is the same while that is the same. Refuses 'not-a-member'. */
  state(reader: UserId, room: RoomId): Promise<PageState>
  /** The cursors of these places; those that are none are left out. */
  cursors(places: readonly Head[]): Promise<readonly Cursor[]>
  /**
   * All rooms of the reader, each complete or with a reset. @param most events in all, and no more than two megabytes of
   * them: who comes last gets resets
   */
  catchUp(reader: UserId, cursors: readonly Cursor[], most: number): Promise<readonly CaughtUp[]>
}

/** Of a room; undefined where there is nothing. */
export interface LastSaid {
  readonly room: RoomId
  readonly at: Instant | undefined
  /** Of what the reader has read. */
  readonly read: Instant | undefined
}

/** The seqs in (after, upto], so many of them. */
export interface Span {
  readonly after: Seq
  readonly upto: Seq
  readonly limit: number
}

export interface PageState {
  readonly head: Seq
  /** The last that happened besides messages; 0 for nothing. */
  readonly changed: Seq
  /** Not everybody is shown the same. */
  readonly personal: boolean
}

/** `seq` itself is only in what lies around it, about in the middle. */
interface PageBySeq {
  readonly side: 'before' | 'after' | 'around'
  readonly seq: Seq
  readonly limit: number
}

/** Around the first message of that instant or later, with as much before it as behind; the room is not looked through. */
interface PageByTime {
  readonly side: 'at'
  readonly at: Instant
  readonly limit: number
}

export type Page = PageBySeq | PageByTime

export interface NewRoom extends Looks {
  readonly kind: Exclude<RoomKind, 'direct'>
  readonly name: string
  readonly folded: string
}

/** A conversation with whoever begins it. */
export interface Begun {
  readonly room: Room
  readonly made: boolean
  /** Who has left it is not. */
  readonly isIn: boolean
}

/** A room as one of its people comes into it. */
export interface Entrance {
  readonly room: Room
  readonly head: Seq
  /** The last seq this person has read. */
  readonly read: Seq
  /** The seq of their arrival; 0 for who is there from the start. */
  readonly joined: Seq
  readonly level: Level
}

/** Somebody is asked into a room: they may follow once, whatever the room is to others, as far as who asks may let them in. */
export interface Asked {
  readonly room: Room
  readonly by: Author
  readonly at: Instant
}

/** A room as one person sees it in a list. */
export interface Listing extends Room {
  readonly head: Seq
  /** undefined for who is not in it. */
  readonly role: RoomRole | undefined
  /** The last seq this person has read. */
  readonly read: Seq
  readonly level: Level
  /**
   * Messages of others not read, and those that mention the person; both stop at 100. None of a room that is
   * invisible; what somebody who is blocked says in direct rooms is not counted, nor whom they mention.
   */
  readonly unread: number
  readonly mentions: number
}

export type Sized = Listing & { readonly people: number }

export interface Member {
  readonly person: Profile
  readonly role: RoomRole
  readonly mutedUntil: Instant
  /** The account is; they are still a member. */
  readonly disabled: boolean
}

/** A mask on a list of a room's; a person who is banned counts as one that names them. */
export interface Masked {
  readonly list: MaskList
  readonly mask: string
  /** Who has put it there; undefined where that was not noted. */
  readonly by: string | undefined
  readonly at: Instant
}

/** How a room is kept; only who is in it learns of it. */
export interface Rules {
  readonly kind: RoomKind
  readonly silencedUntil: Instant
  readonly slow: number
  /** As it was typed, empty for none: whoever is in the room may let others in. */
  readonly key: string
  readonly limit: number
  readonly flags: readonly RoomFlag[]
  /** By list, the oldest first. */
  readonly masks: readonly Masked[]
}

export interface Rooms {
  /**
   * Where the person stands in their rooms, or in one of them; in turn, like Log.readInTurn: whoever is told this has
   * heard of all that was answered before.
   */
  entrances(person: UserId, room?: RoomId): Promise<readonly Entrance[]>
  /** The same for who comes back with cursors, with at most `most` events to be shown in all. */
  returns(person: UserId, cursors: readonly Cursor[], most: number): Promise<readonly Return[]>
  /** Who creates it is its owner. Refuses 'room-taken'. */
  create(by: UserId, room: NewRoom, at: Instant): Promise<Room>
  /**
   * Changes the room, under its next seq. undefined when it is so already.
   * Refuses what permissions.ts says, judged by what is true when it is done.
   */
  change(actor: UserId, room: RoomId, change: Change, at: Instant): Promise<LogEvent | undefined>
  /**
   * The direct room of exactly these people, made where there is none: the first begins it.
   * Refuses 'account-needed', 'too-many-rooms', 'too-many-unanswered'.
   */
  direct(people: readonly UserId[], at: Instant): Promise<Begun>
  /** The rooms that the person is in, `general` first, then by name; or one of them. */
  mine(person: UserId, room?: RoomId): Promise<readonly Listing[]>
  /** How many people are in each room of the person. */
  sizes(person: UserId): Promise<readonly { readonly room: RoomId; readonly people: number }[]>
  /** Those that they may join besides. */
  others(person: UserId): Promise<readonly Sized[]>
  /** A room that the person is in or may join, or that they are invited to. */
  find(person: UserId, folded: string): Promise<Room | undefined>
  /** By name, those whose folded name comes behind `after`. Refuses 'not-a-member'. */
  members(person: UserId, room: RoomId, after: string, limit: number): Promise<readonly Member[]>
  /** Those in the room who rank above its members or look after the server, or are muted then, by name. Refuses 'not-a-member'. */
  notable(person: UserId, room: RoomId, at: Instant, limit: number): Promise<readonly Member[]>
  /** Those of these people who are in the room, by name. Refuses 'not-a-member'. */
  among(person: UserId, room: RoomId, people: readonly UserId[]): Promise<readonly Member[]>
  /** Refuses 'not-a-member'. */
  rules(person: UserId, room: RoomId, at: Instant): Promise<Rules>
  /**
   * Asks somebody to come: a pass for one entry. undefined where they are asked already, or have blocked whoever asks.
   * Refuses 'not-a-member', 'no-such-person', 'forbidden', 'account-needed', 'already-there', 'archived', 'banned', 'no-guests'.
   */
  ask(by: UserId, room: RoomId, person: UserId, at: Instant): Promise<Asked | undefined>
  /** The rooms that somebody asks the person into, the newest first. */
  asked(person: UserId): Promise<readonly Asked[]>
  /** @returns false when nobody had asked them */
  decline(person: UserId, room: RoomId): Promise<boolean>
  /** @returns false when it was so already. Refuses 'not-a-member'. */
  setLevel(person: UserId, room: RoomId, level: Level): Promise<boolean>
  /** All that there are but direct ones, for whoever runs the server. */
  all(): Promise<readonly (Sized & { readonly kind: NewRoom['kind'] })[]>
  /**
   * Like `change` for whoever runs the server, in the name of its owner, who need not be in the room.
   * Refuses 'no-such-room', 'no-such-person' where there is no owner yet.
   */
  govern(folded: string, change: Change, at: Instant): Promise<LogEvent | undefined>
}

/** What must stand side by side in a text: what was typed without a space, or a phrase in quotation marks. */
export interface Sought {
  readonly terms: readonly Term[]
  /** Otherwise the last of them may be the beginning of a word. */
  readonly whole: boolean
}

/** What is sought (query.ts): all of it must be true of a message (matching.ts). */
export interface Query {
  readonly wanted: readonly Sought[]
  readonly without: readonly Sought[]
  /** Folded username. */
  readonly from?: string
  /** Folded name of a room. */
  readonly in?: string
  readonly before?: Instant
  readonly after?: Instant
  readonly hasLink?: true
}

/** A message that was found. */
export interface Found {
  readonly message: Message
  readonly room: Room
  /** Where in the text. */
  readonly hits: readonly Hit[]
}

export interface Results {
  readonly found: readonly Found[]
  /** There are more behind these. */
  readonly more: boolean
  /** False when there may be others: the index is far behind, or more would have had to be looked through than is. */
  readonly complete: boolean
}

/** What a search takes. */
export interface Work {
  /** Looked into. */
  readonly rooms: number
  /** UTF-16 units of the texts that are looked through, and what else takes about as long as so many. */
  readonly units: number
}

export interface Search {
  /** Once, before anything is sought: an index that another rule has made (index-terms.ts) is emptied, to be made anew. */
  renew(): Promise<void>
  /** In the rooms that the reader is in, newest first. @param skip so many of them */
  find(reader: UserId, query: Query, skip: number, limit: number): Promise<Results & { readonly work: Work }>
  /**
   * Takes messages into the index, so many of one room: the next behind `after` that has some.
   * @returns that room; undefined when there is none behind it.
   */
  index(after: RoomId, limit: number): Promise<RoomId | undefined>
  /** Makes searching in what is indexed quicker, in a step of that size. @returns whether there was something to do */
  tidy(size: number): Promise<boolean>
}

/** A value that another program has put where it makes no sense. */
export interface Oddity {
  readonly table: string
  readonly column: string
  /** By its id, or room/person. */
  readonly row: string
}

export interface Surveyed {
  readonly odd: readonly Oddity[]
  /** Of what other programs have written; undefined where the database does not tell. */
  readonly version: number | undefined
}

/** Other programs write to the database, too. What they leave is read as the least that it could mean. */
export interface Upkeep {
  /** @returns undefined where no other program has written since that version */
  survey(seen: number | undefined): Promise<Surveyed | undefined>
}

/** Whose it is: a person's, or a room's. */
export type Bearer = { readonly person: UserId } | { readonly room: RoomId }

/** What somebody says of themselves, or moderators of a room, for programs to use. */
export interface Datum {
  readonly bearer: Bearer
  /** a–z, 0–9, _ . / - */
  readonly key: string
  readonly value: string
}

export interface Metadata {
  /** All of theirs, by key. Refuses 'not-a-member' of one of the rooms. */
  read(reader: UserId, bearers: readonly Bearer[]): Promise<readonly Datum[]>
  /**
   * One's own, or a room's that one moderates; undefined takes it away. @returns false where there was nothing to take
   * Refuses 'not-a-member', 'forbidden', 'too-many' keys.
   */
  set(by: UserId, bearer: Bearer, key: string, value: string | undefined): Promise<boolean>
}

export interface Store {
  readonly people: People
  readonly sessions: StoredSessions
  readonly invitations: Invitations
  readonly log: Log
  readonly pages: Pages
  readonly rooms: Rooms
  readonly search: Search
  readonly metadata: Metadata
  readonly upkeep: Upkeep
}

// --- the bus ---------------------------------------------------------------------------------------------

/**
 * Tells the other nodes, and this one, what happened. This node hears it at once and in order, whatever else fails;
 * for the others it is a hint, which may be lost, doubled, late or out of order. The store is the truth.
 */
export interface Bus {
  readonly node: NodeId
  /** Those that were heard of lately. */
  readonly others: ReadonlySet<NodeId>
  publish(room: RoomId, happenings: readonly RoomEvent[]): void
  /** @returns how to stop listening. */
  subscribe(room: RoomId, listener: RoomListener): () => void
  /**
   * To every node. Resolves when this one has done what follows of it, the others may still be at it; rejects when
   * this one could not. What one node tells, another hears in that order and none of it twice; where something is
   * lacking, it hears `missed` instead.
   */
  tell(notice: ClusterMessage): Promise<void>
  /** @returns how to stop hearing. */
  hear(listener: NodeListener): () => void
}

export interface RoomListener {
  happened(happenings: readonly RoomEvent[]): void
  /** The room's log reaches that seq: what has not been told by then is read. */
  reaches(seq: Seq): void
}

export interface NodeListener {
  notice(notice: ClusterMessage, from: NodeId): Promise<void>
  /** Something that this node told was lost on its way here, or was told before this node listened. */
  missed(node: NodeId): void
  /** It has been silent for so long that nobody is there any more. */
  gone(node: NodeId): void
  /** The other nodes can be heard again: what happened in rooms meanwhile was not told. */
  returned(): void
  /** Again and again while they can't be: what they do shows in the store alone. */
  deaf(): void
}

// --- a door's side of a delivery -------------------------------------------------------------------------

/** A run of happenings as one door shows them. */
export interface Rendering {
  /** Bytes of numbers 0 to i, about. */
  readonly ends: Uint32Array
  /**
   * What is written for the numbers [from, to).
   * @param shown the parts of it that are shown, ascending; all of it where none are given
   */
  part(from: number, to: number, shown?: readonly Part[]): Uint8Array
}

/** The numbers [from, to). */
export interface Part {
  readonly from: number
  readonly to: number
}

/** The connections that see the same bytes. A batch is rendered once for all of them. */
export interface Cohort {
  render(happenings: readonly RoomEvent[]): Rendering
}

/** A connection's bounded way out. */
export interface Sink {
  /** Takes the bytes in any case; false when it is full, and nothing more should come before `drained`. */
  write(bytes: Uint8Array): boolean
}

// --- the machine -----------------------------------------------------------------------------------------

export interface Clock {
  /** The time of day. */
  now(): Instant
  /** Milliseconds that never go back, with fractions. */
  elapsed(): number
  /** Calls back once after so many milliseconds; 0 is as soon as the sockets have been served. @returns how to cancel. */
  after(milliseconds: number, call: () => void): () => void
}
