// People and what they may open: accounts, log-ins, sessions, blocks, invitations.

import { hash as digest, timingSafeEqual } from 'node:crypto'
import type { Parts } from '../chat.ts'
import type { ClusterMessage, ClusterMessages, SessionTransfer } from '../cluster/messages.ts'
import type { Resync } from '../cluster/resync.ts'
import {
  type GuessOptions,
  KnownPlaces,
  LATELY_MS,
  MOST_KNOWN,
  type Tally,
  type Throttles,
} from '../limits/throttles.ts'
import type { DoorName, Grant, Instant, Person, Profile, Role, SessionId, UserId } from '../model/model.ts'
import { Refusal, refuse } from '../model/refusals.ts'
import {
  addressee,
  checkEmail,
  checkName,
  checkPassword,
  checkStatus,
  checkUsername,
  checkZone,
  foldCode,
  foldRoomName,
  foldUsername,
  isUsername,
} from '../model/rules.ts'
import type { Invitation } from '../ports/invitations.ts'
import type { Account, Authority, NewAccount } from '../ports/people.ts'
import type { StoredSession } from '../ports/sessions.ts'
import type { Changes } from '../rooms/changes.ts'
import { LONGEST_LIST } from '../rooms/rooms.ts'
import type { Session, Sessions } from '../sessions/sessions.ts'
import { hashOf, type TokenSession, type TokenSessions } from '../sessions/tokens.ts'
import type { SessionTransfers } from '../sessions/transfers.ts'
import { isCurrent } from './scram.ts'

/** Whose password OPER asks for: no username. */
const OPERATOR = ' oper'
/** Of an invitation. */
const MOST_USES = 100_000
const DAY_MS = 86_400_000
const LONGEST_INVITATION_MS = 366 * DAY_MS

/** What the operator decides. */
export interface Policy {
  /** Of a password, in code points. */
  readonly shortestPassword: number
  /** open: whoever likes. invite: with a code. closed: nobody. Whoever is first owns the server in any case. */
  readonly registration: 'open' | 'invite' | 'closed'
  /** What the first one must know, where others than this machine's people might come first. */
  readonly ownerCode?: string
  /** What lets anybody register besides invitations: said to a whole class. */
  readonly classCode?: string
  /** Languages that there are wordings in. */
  readonly languages: readonly string[]
  /** Against floods and guessing. */
  readonly limits: boolean
  /** Whether one may be there without an account. */
  readonly guests: boolean
}

export interface Surroundings
  extends Pick<Parts, 'store' | 'clock' | 'passwords' | 'looksOf' | 'code' | 'secret' | 'policy'> {
  readonly notices: ClusterMessages
  readonly sessions: Sessions
  readonly visits: TokenSessions
  readonly moves: SessionTransfers
  readonly changes: Changes
  readonly reviews: Resync
  readonly throttles: Throttles
}

/** Somebody who may come in. */
export interface Admitted {
  readonly person: Profile
  /** What their password was compared with: looked at again when their session begins. */
  readonly proof: string
}

/** A session that a token opens, which nobody is told again. */
export interface Opened {
  readonly token: string
  readonly session: SessionId
  readonly person: Profile
}

/** A token that somebody wants besides the one they came with. */
export interface Wish {
  /** What they call it. */
  readonly name: string
  readonly grant: Grant
  /** Days; undefined for one that is void only when it has rested too long. */
  readonly days?: number
}

/** From where a password is tried. */
export interface Source {
  /** As far as one subscriber has it (net/address.ts). */
  readonly address: string
  /** What a browser shows that somebody has logged in with before, and nobody else has. */
  readonly device?: string | undefined
}

/** Whose account, and who wants it from where. */
export interface Attempt {
  /** Folded, or what was typed in its place. */
  readonly account: string
  readonly from: Source
}

/** Where somebody comes from who has no connection of their own. */
export interface From {
  readonly door: DoorName
  readonly address: string
}

export interface Registration {
  readonly name: string
  readonly username: string
  readonly password: string
  /** Empty where none is asked for. */
  readonly code: string
  readonly email?: string
  /** Who is there without an account, and has one from now on. */
  readonly guest?: UserId
}

/** What is asked of somebody who wants to register. */
export type Asked = 'nothing' | 'code' | 'closed'

export class Accounts {
  readonly #around: Surroundings
  readonly #throttles: Throttles
  readonly #known: KnownPlaces
  #learning: Promise<void> | undefined

  constructor(around: Surroundings) {
    this.#around = around
    const { clock, notices, throttles } = around
    this.#throttles = throttles
    this.#known = new KnownPlaces(clock, notices)
    notices.on('ended', ended => this.#end(ended))
    notices.on('voided', ({ session }) => around.visits.drop(new Set([session])))
  }

  /** While it is the same, nobody has another profile or role. */
  get renewals(): number {
    return this.#around.reviews.renewals
  }

  // --- coming in -----------------------------------------------------------------------------------------

  async asked(): Promise<Asked> {
    const { policy, store } = this.#around
    if (policy.registration === 'open' && policy.ownerCode === undefined) return 'nothing'
    if (!(await store.people.hasOwner())) return policy.ownerCode === undefined ? 'nothing' : 'code'
    if (policy.registration === 'open') return 'nothing'
    return policy.registration === 'closed' ? 'closed' : 'code'
  }

  /** Refuses 'bad-username', 'reserved-username'. */
  checkUsername(typed: string): string {
    return checkUsername(typed, this.#around.looksOf)
  }

  /** Whoever registers next owns the server. */
  async isOwnerless(): Promise<boolean> {
    return !(await this.#around.store.people.hasOwner())
  }

  /**
   * Refuses 'bad-name', 'bad-username', 'reserved-username', 'bad-password', 'bad-email', 'registration-closed',
   * 'wrong-code', 'name-taken', 'busy'; 'too-many-attempts' after many wrong codes, 'too-many-accounts' after many that
   * were registered from there.
   */
  async register(wanted: Registration, address: string): Promise<Admitted> {
    const { name, username, password, code, email = '', guest } = wanted
    const { policy, looksOf, changes } = this.#around
    const account = { name: checkName(name), username: checkUsername(username, looksOf) }
    checkPassword(password, policy.shortestPassword)
    const admit = () => this.#admission(foldCode(code))
    const admission = await (code === '' ? admit() : this.guessCode(address, admit))
    const folded = foldUsername(account.username)
    const named = { ...account, folded, ...looksOf(account.username), email: checkEmail(email) }
    const settling = guest === undefined ? {} : { guest }
    const secret = { password, address }
    const keep = () => this.#keepAccount({ ...named, admission, ...settling }, secret)
    const { registered, proof } = await (policy.limits && admission !== 'first'
      ? this.#throttles.ifThereIsRoom(['registrations', address], 'too-many-accounts', keep)
      : keep())
    if (guest !== undefined) await this.#settled(registered.person)
    for (const arrival of registered.arrivals) await changes.made(arrival)
    await this.#keepVerifier(registered.person.id, proof, secret)
    this.#known.add(folded, placeOf(folded, address))
    return { person: registered.person, proof }
  }

  async #keepAccount(account: Omit<NewAccount, 'password' | 'at'>, { password, address }: Secret) {
    const { passwords, store, clock } = this.#around
    const proof = await passwords.hash(password, address)
    const registered = await store.people.register({ ...account, password: proof, at: clock.now() })
    return { registered, proof }
  }

  /** By which right somebody registers; looked at again when it is done. */
  async #admission(code: string): Promise<NewAccount['admission']> {
    const { policy, store, clock } = this.#around
    const asked = await this.asked()
    if (asked === 'closed') refuse('registration-closed')
    if (isSameCode(code, policy.ownerCode)) return 'first'
    if (isSameCode(code, policy.classCode)) return 'class'
    if (asked === 'nothing' && code === '') return policy.registration === 'open' ? 'open' : 'first'
    if (!(await store.invitations.admits(code, clock.now()))) refuse('wrong-code')
    return { code }
  }

  /** Refuses 'wrong-credentials', 'disabled', 'too-many-attempts', 'busy'. */
  async logIn(username: string, password: string, from: Source): Promise<Admitted> {
    const folded = foldUsername(username.trim())
    const found = await this.attempt({ account: folded, from }, async () => {
      const there = await this.#around.store.people.credentials(folded)
      const right = await this.#around.passwords.verify(password, there?.password, from.address)
      return there && right ? there : refuse('wrong-credentials')
    })
    if (found.disabled) refuse('disabled')
    if (!isCurrent(found.verifier))
      await this.#keepVerifier(found.person.id, found.password, { password, address: from.address })
    return { person: found.person, proof: found.password }
  }

  /** So that they may log in by SCRAM from now on (scram-log-in.ts). Nobody is kept out by what hinders that. */
  async #keepVerifier(person: UserId, proof: string, { password, address }: Secret): Promise<void> {
    const { passwords, store } = this.#around
    try {
      await store.people.keepVerifier(person, proof, await passwords.verifier(password, address))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  }

  /**
   * Compares somebody's secret. From where the account was logged in to lately only what was guessed wrong at that
   * account from there makes wait; from elsewhere also what was guessed at it from anywhere, and at any account from
   * there. Refuses 'too-many-attempts', and what the work refuses.
   */
  async attempt<T>({ account, from }: Attempt, work: () => Promise<T>): Promise<T> {
    if (!this.#around.policy.limits) return work()
    await this.#learnt()
    const { address, device } = from
    const name = isUsername(account) || account === OPERATOR ? account : ''
    const places = [placeOf(name, address), ...(device === undefined ? [] : [placeOf(name, hashOf(device))])]
    const place = places.findLast(each => this.#known.has(each))
    const everywhere: Tally[] = [
      ['accounts', name],
      ['addresses', address],
    ]
    const options = { until: this.#throttles.deadline() }
    const done = await (place === undefined
      ? this.#throttles.guess([['attempts', placeOf(name, address)], ...everywhere], work, options)
      : this.#fromKnown({ place, everywhere, options }, work))
    for (const each of places) this.#known.add(name, each)
    return done
  }

  /** From where people came before this server began is asked of the store once, when somebody first wants in. */
  #learnt(): Promise<void> {
    this.#learning ??= this.#learn().catch(error => {
      this.#learning = undefined
      throw error
    })
    return this.#learning
  }

  async #learn(): Promise<void> {
    const { store, clock } = this.#around
    const now = clock.now()
    const found = await store.sessions.places((now - LATELY_MS) as Instant, MOST_KNOWN)
    for (const { account, address, hash, used } of found.toReversed()) {
      this.#known.learn(account, placeOf(account, address), now - used)
      if (hash !== undefined) this.#known.learn(account, placeOfToken(hash), now - used)
    }
  }

  /** Whoever guesses wrong waits as long as elsewhere: how long it takes tells nobody that the place is known. */
  #fromKnown<T>({ place, everywhere, options }: KnownAttempt, work: () => Promise<T>): Promise<T> {
    const tried = () => this.#throttles.guess([['attempts', place]], work, options)
    return this.#throttles.afterwards(everywhere, tried, options)
  }

  /**
   * Whoever knows that password runs the server, as far as their connection goes.
   * @param kept as Passwords made it; undefined where there is none by the name that was said
   * Refuses 'wrong-credentials', 'too-many-attempts', 'busy'.
   */
  async proveOperator(kept: string | undefined, password: string, address: string): Promise<void> {
    await this.attempt({ account: OPERATOR, from: { address } }, async () => {
      if (!(await this.#around.passwords.verify(password, kept, address))) refuse('wrong-credentials')
    })
  }

  /**
   * Codes are nobody's, and a class that uses one shares its address with who guesses. They are so long that trying
   * many finds none (Parts, `code`): so the right one is taken at once, and the wrong ones wait.
   * Refuses 'too-many-attempts', and what the work refuses.
   */
  async guessCode<T>(address: string, work: () => Promise<T>): Promise<T> {
    return this.#around.policy.limits ? this.#throttles.afterwards([['codes', address]], work) : work()
  }

  /**
   * A password that many share is nobody's either, but people have chosen it: whoever tries waits first.
   * Refuses 'too-many-attempts', and what the work refuses.
   */
  async guessShared<T>(address: string, work: () => Promise<T>): Promise<T> {
    return this.#around.policy.limits ? this.#throttles.guess([['codes', address]], work) : work()
  }

  // --- sessions that tokens open ------------------------------------------------------------------------------

  /** A session that lasts until it is ended. Refuses 'disabled', 'wrong-credentials'. */
  async openSession({ person, proof }: Admitted, from: From): Promise<Opened> {
    const { store, clock } = this.#around
    const { token, stored } = this.#newToken({ name: '', grant: { scope: 'admin' } })
    const wanted = { ...from, person: person.id, proof, at: clock.now(), token: stored }
    const entered = await store.sessions.begin(wanted)
    await this.#revoked(person.id, entered.pushedOut)
    this.#knowToken(person, stored.hash)
    return { token, session: entered.session, person: entered.person }
  }

  /** Who comes with that token. Refuses 'no-such-session', 'too-many-attempts'. */
  async authenticate(token: string, address: string): Promise<TokenSession> {
    const { visits, policy } = this.#around
    const known = visits.known(token)
    if (known) return known
    await this.#learnt()
    const hash = hashOf(token)
    const asks = () => visits.of(token)
    const isHeld = policy.limits && !this.#known.has(placeOfToken(hash))
    const visit = await (isHeld
      ? this.#throttles.guess([['strangers', address]], asks, { counts: isNoToken })
      : asks())
    this.#knowToken(visit.person, hash)
    return visit
  }

  /** Whoever comes with it does not guess. */
  #knowToken({ username }: Person, hash: string): void {
    this.#known.add(foldUsername(username), placeOfToken(hash))
  }

  /** Refuses 'bad-name', 'no-such-session', 'too-many', 'not-a-member' of the room that it is for. */
  async issueToken({ id, person }: TokenSession, wish: Wish, from: From): Promise<Opened> {
    const { store, clock } = this.#around
    const { token, stored } = this.#newToken({ ...wish, name: checkName(wish.name) })
    const wanted = { ...from, by: id, person: person.id, at: clock.now(), token: stored }
    const session = await store.sessions.issue(wanted)
    this.#knowToken(person, stored.hash)
    return { token, session, person }
  }

  /** The same stored session under a token, through another door: what opened it before is void. */
  async carryOver(moving: SessionTransfer, from: From): Promise<Opened> {
    const { store, clock } = this.#around
    const { session, person, grant } = moving
    const { token, stored } = this.#newToken({ name: '', grant })
    const wanted = { ...from, session, person: person.id, at: clock.now(), token: stored }
    const entered = await store.sessions.goOn(wanted)
    await this.#around.notices.tell({ kind: 'voided', session })
    this.#knowToken(person, stored.hash)
    return { token, session, person: entered.person }
  }

  #newToken({ name, grant, days }: Wish) {
    const token = this.#around.secret()
    const until = days === undefined ? undefined : ((this.#around.clock.now() + days * DAY_MS) as Instant)
    return { token, stored: { hash: hashOf(token), name, grant, until } }
  }

  // --- one's own account ---------------------------------------------------------------------------------

  /** Refuses 'no-such-person'. */
  async profile(username: string): Promise<Profile> {
    const found = await this.#around.store.people.find(addressee(username))
    return found ?? refuse('no-such-person')
  }

  /** In the order in which they are named; undefined where nobody is called so. */
  async profiles(usernames: readonly string[]): Promise<readonly (Profile | undefined)[]> {
    const wanted = usernames.map(addressee)
    const found = await this.#around.store.people.findAll([...new Set(wanted)])
    const byName = new Map(found.map(person => [foldUsername(person.username), person]))
    return wanted.map(folded => byName.get(folded))
  }

  /** Whoever is or was one: what they said before is shown as theirs. */
  async guestsAndBots(): Promise<readonly Pick<Profile, 'id' | 'role'>[]> {
    return this.#around.store.people.guestsAndBots()
  }

  /**
   * Refuses 'bad-name', 'long-status', 'bad-language', 'bad-zone'. An empty language or zone is the server's.
   * @param by the session that it is done in, where there is one to be told from the person's others
   */
  async amend(
    person: Person,
    wanted: Partial<Pick<Profile, 'name' | 'status' | 'language' | 'zone'>>,
    by?: SessionId,
  ): Promise<Profile> {
    const { name, status, language, zone } = wanted
    const amended = await this.#around.store.people.amend(person.id, {
      ...(name !== undefined && { name: checkName(name) }),
      ...(status !== undefined && { status: checkStatus(status) }),
      ...(language !== undefined && { language: this.#checkLanguage(language) }),
      ...(zone !== undefined && { zone: checkZone(zone) }),
    })
    await this.#renewed(amended)
    if (name !== undefined) await this.#tellFullName(amended, by)
    return amended
  }

  #checkLanguage(language: string): string {
    if (language !== '' && !this.#around.policy.languages.includes(language)) refuse('bad-language')
    return language
  }

  /**
   * All other sessions of the person end. Refuses 'wrong-credentials', 'bad-password', 'too-many-attempts', 'busy',
   * 'disabled', 'no-such-session'.
   */
  async changePassword(
    by: Pick<Session, 'person' | 'id'>,
    { before, after }: { before: string; after: string },
    address: string,
  ): Promise<void> {
    const { policy, passwords, store } = this.#around
    const { person, id } = by
    checkPassword(after, policy.shortestPassword)
    const session = id ?? refuse('no-such-session')
    const device = `session ${session}`
    const account = foldUsername(person.username)
    this.#known.add(account, placeOf(account, hashOf(device))) // they have shown the password, or a token
    const { proof } = await this.logIn(person.username, before, { address, device })
    const verified = { session, password: proof }
    const kept = await passwords.hash(after, address)
    const ended = await store.people.setPassword(person.id, kept, verified)
    await this.#revoked(person.id, ended)
    await this.#keepVerifier(person.id, kept, { password: after, address })
  }

  async sessions({ id }: Person): Promise<readonly StoredSession[]> {
    return this.#around.store.sessions.list(id)
  }

  /** Its connections are closed. Refuses 'no-such-session'. */
  async revoke({ id }: Person, session: SessionId): Promise<void> {
    await this.#around.store.sessions.revoke(id, session)
    await this.#revoked(id, [session])
  }

  /**
   * What that person writes in direct rooms reaches one no more, nor whom they mention; nobody is told.
   * @returns false when it was so already. Refuses 'no-such-person', 'oneself', 'too-many'.
   */
  async block(person: Person, username: string, on: boolean): Promise<boolean> {
    const { store, notices } = this.#around
    const whom = await this.#anybody(username)
    if (whom.id === person.id) refuse('oneself')
    const done = await store.people.block(person.id, whom.id, on)
    if (done) await notices.tell({ kind: 'changed', person: person.id, what: 'blocks' })
    return done
  }

  async blocked({ id }: Person): Promise<readonly Profile[]> {
    return this.#around.store.people.blocked(id)
  }

  // --- looking after others ------------------------------------------------------------------------------

  /** By name, those behind `after`. Refuses 'forbidden'. */
  async list(by: Authority, after: string, limit: number): Promise<readonly Account[]> {
    const most = Math.min(Math.max(1, Math.trunc(limit)), LONGEST_LIST)
    return this.#around.store.people.list(by, foldUsername(after), most)
  }

  /** Refuses 'forbidden', 'no-such-person', 'last-owner'. */
  async setRole(by: Authority, username: string, role: Role): Promise<Profile> {
    const changed = await this.#around.store.people.setRole(by, addressee(username), role)
    await this.#renewed(changed)
    return changed
  }

  /** Its connections are closed at once. Refuses 'forbidden', 'no-such-person', 'last-owner'. */
  async disable(by: Authority, username: string, on: boolean): Promise<Profile> {
    const { store, notices } = this.#around
    const { person, ended } = await store.people.disable(by, addressee(username), on)
    if (on) await notices.tell({ kind: 'ended', person: person.id, sessions: ended, how: 'disabled' })
    return person
  }

  /** For whoever runs the server. All sessions of the person end. Refuses 'no-such-person', 'bad-password', 'busy'. */
  async setPassword(username: string, password: string): Promise<void> {
    const { policy, passwords, store } = this.#around
    checkPassword(password, policy.shortestPassword)
    const { id } = await this.#anybody(username)
    const kept = await passwords.hash(password)
    const ended = await store.people.setPassword(id, kept, undefined)
    await this.#revoked(id, ended)
    await this.#keepVerifier(id, kept, { password, address: '' })
  }

  /** @returns its code. Refuses 'forbidden', 'no-such-room'; 'registration-closed' where it would let nobody in. */
  async invite(
    by: Authority,
    { uses, milliseconds, rooms }: { uses: number; milliseconds: number; rooms: readonly string[] },
  ): Promise<string> {
    const { store, clock, policy } = this.#around
    if (policy.registration === 'closed') refuse('registration-closed')
    const code = this.#around.code()
    const lasting = Math.min(Math.max(0, milliseconds), LONGEST_INVITATION_MS)
    await store.invitations.create(by, {
      code,
      uses: Math.min(Math.max(1, Math.trunc(uses)), MOST_USES),
      until: (clock.now() + lasting) as Instant,
      rooms: rooms.map(foldRoomName),
      at: clock.now(),
    })
    return code
  }

  /** Refuses 'forbidden'. */
  async invitations(by: Authority): Promise<readonly Invitation[]> {
    return this.#around.store.invitations.list(by, this.#around.clock.now())
  }

  /** Refuses 'forbidden', 'wrong-code'. */
  async withdraw(by: Authority, code: string): Promise<void> {
    await this.#around.store.invitations.withdraw(by, foldCode(code))
  }

  /** Also whose account is disabled. Refuses 'no-such-person'. */
  async #anybody(username: string): Promise<Profile> {
    const found = await this.#around.store.people.credentials(addressee(username))
    return found?.person ?? refuse('no-such-person')
  }

  // --- what is open now ----------------------------------------------------------------------------------

  /** A guest is on one node alone, and may have another name now: who looks for the old one finds nobody. */
  async #settled(person: Profile): Promise<void> {
    for (const session of this.#around.sessions.of(person.id)) session.person = person
    await this.#renewed(person)
  }

  #renewed({ id }: Profile): Promise<void> {
    return this.#around.notices.tell({ kind: 'changed', person: id, what: 'profile' })
  }

  #tellFullName({ id, username, name, role }: Profile, by: SessionId | undefined): Promise<void> {
    const person = { id, username, name, role }
    return this.#around.notices.tell({ kind: 'full-name', person, ...(by !== undefined && { by }) })
  }

  async #revoked(person: UserId, sessions: readonly SessionId[]): Promise<void> {
    if (sessions.length > 0)
      await this.#around.notices.tell({ kind: 'ended', person, sessions, how: 'revoked' })
  }

  #end({ person, sessions, how }: Extract<ClusterMessage, { kind: 'ended' }>): void {
    const ids = new Set(sessions)
    this.#around.moves.drop(ids)
    this.#around.visits.drop(ids)
    this.#around.sessions.end(person, ids, how)
  }
}

/** A password, and from where it was said. */
interface Secret {
  readonly password: string
  readonly address: string
}

interface KnownAttempt {
  readonly place: string
  readonly everywhere: readonly Tally[]
  readonly options: GuessOptions
}

/** An account, from an address or with a device. */
function placeOf(account: string, from: string): string {
  return `${account}\n${from}`
}

function placeOfToken(hash: string): string {
  return `token ${hash}`
}

function isNoToken(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'no-such-session'
}

/** In a time that does not tell how much of it is right. */
function isSameCode(typed: string, code: string | undefined): boolean {
  const digested = (text: string) => digest('sha256', text, 'buffer')
  return code !== undefined && timingSafeEqual(digested(typed), digested(code))
}
