// The table of scripts: a row for each method of the Store port, with everything that a driver must know of it (method.ts).

import type { Instant } from '../../core/model/model.ts'
import type { Acts } from '../../core/ports/acts.ts'
import type { Invitations } from '../../core/ports/invitations.ts'
import type { Log } from '../../core/ports/log.ts'
import type { Metadata } from '../../core/ports/metadata.ts'
import type { Pages } from '../../core/ports/pages.ts'
import type { People } from '../../core/ports/people.ts'
import type { Previews } from '../../core/ports/previews.ts'
import type { Reports } from '../../core/ports/reports.ts'
import type { Rooms } from '../../core/ports/rooms.ts'
import type { Search } from '../../core/ports/search.ts'
import type { StoredServerSettings } from '../../core/ports/server-settings.ts'
import type { StoredSessions } from '../../core/ports/sessions.ts'
import type { Teams } from '../../core/ports/teams.ts'
import type { Threads } from '../../core/ports/threads.ts'
import type { Upkeep } from '../../core/ports/upkeep.ts'
import { accountMethods } from './account-methods.ts'
import * as acts from './acts.ts'
import { uploadsOf } from './attaching.ts'
import * as blocks from './blocks.ts'
import { change, govern } from './change-room.ts'
import { hide } from './conversations.ts'
import * as events from './events.ts'
import { fileMethods } from './file-methods.ts'
import * as guests from './guests.ts'
import { history, quiet } from './history.ts'
import * as invitations from './invitations.ts'
import { keepingMethods } from './keeping-methods.ts'
import * as log from './log.ts'
import * as metadata from './metadata.ts'
import {
  type AnyMethod,
  type Bulk,
  type Locks,
  type MethodsOf,
  type Queue,
  read,
  readInTurn,
  seek,
  write,
} from './method.ts'
import * as pages from './pages.ts'
import * as people from './people.ts'
import * as previews from './previews.ts'
import { putOffMethods } from './put-off-methods.ts'
import * as reports from './reports.ts'
import { catchUp, cursors, resume } from './resume.ts'
import { changeAt, movedTo, withToken } from './retime.ts'
import * as roomInvitations from './room-invitations.ts'
import * as roomSettings from './room-settings.ts'
import * as rooms from './rooms.ts'
import * as search from './search.ts'
import * as settings from './server-settings.ts'
import * as sessions from './sessions.ts'
import type { Script } from './sql.ts'
import { bans, standing } from './standing.ts'
import { survey } from './survey.ts'
import * as teams from './teams.ts'
import * as threads from './threads.ts'
import { versions } from './versions.ts'

export const scripts = {
  people: {
    register: write(people.register, {
      locks: 'alone',
      retime: ([account], now) => [{ ...account, at: now }],
    }),
    welcomeGuest: write(guests.welcomeGuest, { locks: 'alone', retime: 'as-given' }), // the node's time
    letGuestGo: write(guests.letGuestGo, { locks: ([person]) => ({ people: [person] }) }),
    keepVerifier: write(people.keepVerifier, { locks: ([person]) => ({ people: [person] }) }),
    secret: read(people.secret),
    credentials: read(people.credentials),
    hasOwner: readInTurn(people.hasOwner),
    guestsAndBots: read(people.guestsAndBots),
    findAll: read(people.findAll),
    find: read(people.find),
    byId: readInTurn(people.byId),
    amend: write(people.amend, { locks: 'nothing' }),
    setPassword: write(people.setPassword, {
      locks: ([person]) => ({ people: [person] }),
      retime: ([person, password, by], now) => [person, password, typeof by === 'object' ? by : now],
    }),
    setRole: write(people.setRole, {
      locks: 'alone',
      retime: ([by, folded, role], now) => [by, folded, role, now],
    }),
    disable: write(people.disable, {
      locks: 'alone',
      retime: ([by, folded, on], now) => [by, folded, on, now],
    }),
    block: write(blocks.block, { locks: ([person]) => ({ people: [person] }) }),
    blocked: read(blocks.blocked),
  } satisfies MethodsOf<People>,
  accounts: accountMethods,
  sessions: {
    begin: write(sessions.begin, {
      locks: ([{ person }]) => ({ people: [person] }),
      retime: ([wanted], now) => [withToken(wanted, now)],
    }),
    transfer: write(sessions.transfer, {
      locks: 'nothing',
      retime: ([wanted], now) => [withToken(wanted, now)],
    }),
    resume: {
      ...readInTurn(sessions.resume),
      retime: ([{ hash, at, idleSince }], now) => [
        { hash, at: now, idleSince: (idleSince + now - at) as Instant },
      ],
    },
    noteUse: write(sessions.noteUse, { locks: 'nothing', retime: 'as-given' }), // the node's time
    issue: write(sessions.issue, {
      locks: ([{ person }]) => ({ people: [person] }),
      retime: ([wanted], now) => [withToken(wanted, now)],
    }),
    end: write(sessions.end, {
      locks: ([person]) => ({ people: [person] }),
      retime: ([person, session], now) => [person, session, now],
    }),
    list: read(sessions.list),
    revoke: write(sessions.revoke, { locks: 'nothing' }),
    revokeOthers: write(sessions.revokeOthers, { locks: 'nothing' }),
    loginOrigins: { ...read(sessions.loginOrigins), retime: 'as-given' }, // the node's time
  } satisfies MethodsOf<StoredSessions>,
  invitations: {
    create: write(invitations.create, {
      locks: ([by]) => (by === undefined ? {} : { people: [by] }),
      retime: ([by, wanted], now) => [
        by,
        { ...wanted, at: now, until: movedTo(now, wanted.until, wanted.at) },
      ],
    }),
    list: { ...read(invitations.list), retime: ([by], now) => [by, now] },
    withdraw: write(invitations.withdraw, {
      locks: 'nothing',
      retime: ([by, code], now) => [by, code, now],
    }),
    redeem: write(invitations.redeemAs, {
      locks: 'alone',
      retime: ([person, code], now) => [person, code, now],
    }),
    admits: { ...read(invitations.admits), retime: ([code], now) => [code, now] },
  } satisfies MethodsOf<Invitations>,
  settings: {
    read: readInTurn(settings.readSettings),
    change: write(settings.changeSettings, {
      locks: 'nothing',
      retime: ([by, wanted], now) => [by, wanted, now],
      erases: isNew => isNew,
    }),
  } satisfies MethodsOf<StoredServerSettings>,
  log: {
    append: write(log.append, {
      locks: ([drafts]) => ({
        rooms: drafts.map(({ room }) => room),
        uploads: drafts.flatMap(({ attach }) => (attach ? uploadsOf(attach.uploads) : [])),
      }),
      retime: ([drafts], now) => [drafts, now],
      bulk: ([drafts, at]) =>
        drafts.some(({ attach, poll }) => attach ?? poll) ? undefined : { kind: 'append', drafts, at },
    }),
    read: read(events.read),
    readInTurn: readInTurn(events.readInTurn),
    heads: readInTurn(log.heads),
    deleted: write(log.deleted, { locks: 'nothing' }),
    strayed: readInTurn(log.strayed),
    mend: write(log.mend, { locks: 'nothing' }),
    mayPost: { ...read(log.mayPost), retime: ([author, room], now) => [author, room, now] },
    backlog: read(log.backlog),
    markRead: write(log.markRead, {
      locks: ([, room]) => ({ rooms: [room] }),
      bulk: ([person, room, seq]) => ({ kind: 'mark', person, room, seq }),
    }),
    markUnread: write(log.markUnread, { locks: ([, room]) => ({ rooms: [room] }) }),
  } satisfies MethodsOf<Log>,
  pages: {
    page: { ...read(pages.page), retime: 'as-given' },
    history: { ...read(history), retime: 'as-given' },
    quiet: read(quiet),
    events: read(pages.events),
    count: read(pages.countOthers),
    reactors: read(pages.reactors),
    versions: read(versions),
    pins: read(pages.pins),
    withFiles: read(pages.withFiles),
    lastMessageTimes: read(pages.lastMessageTimes),
    state: read(pages.state),
    cursors: read(cursors),
    catchUp: read(catchUp),
  } satisfies MethodsOf<Pages>,
  rooms: {
    create: write(rooms.create, {
      locks: ([by]) => ({ people: [by] }),
      retime: ([by, room], now) => [by, room, now],
    }),
    change: write(change, {
      locks: ([, room, change]) => ({
        rooms: [room],
        people: change.kind === 'arrival' ? [change.person] : [],
        uploads: change.kind === 'preview' ? previews.uploadsOf(change.found) : [],
      }),
      retime: ([actor, room, change, at], now) => [actor, room, changeAt(now, change, at), now],
      erases: event => event?.kind === 'deletion' || event?.kind === 'edit',
    }),
    direct: write(rooms.direct, {
      locks: ([people]) => ({ people: people.slice(0, 1) }),
      retime: ([people], now) => [people, now],
    }),
    mine: read(rooms.mine),
    sizes: read(rooms.sizes),
    others: read(rooms.others),
    find: read(rooms.find),
    memberships: readInTurn(rooms.memberships),
    resume: readInTurn(resume),
    members: read(rooms.members),
    notable: { ...read(rooms.notable), retime: 'as-given' }, // the node's time
    among: read(rooms.among),
    settings: { ...read(roomSettings.settings), retime: 'as-given' }, // the node's time
    standing: { ...read(standing), retime: ([person, room], now) => [person, room, now] },
    bans: { ...read(bans), retime: ([person, room, , limit], now) => [person, room, now, limit] },
    hide: write(hide, { locks: ([, room]) => ({ rooms: [room] }) }),
    setLevel: write(rooms.setLevel, { locks: ([, room]) => ({ rooms: [room] }) }),
    invite: write(roomInvitations.invite, { locks: 'alone', retime: 'as-given' }), // the node's time
    invitations: read(roomInvitations.invitations),
    decline: write(roomInvitations.decline, { locks: 'nothing' }),
    all: read(rooms.all),
    govern: write(govern, {
      locks: 'alone',
      retime: ([folded, change, at], now) => [folded, changeAt(now, change, at), now],
      erases: event => event?.kind === 'deletion' || event?.kind === 'edit',
    }),
  } satisfies MethodsOf<Rooms>,
  reports: {
    file: write(reports.fileReport, {
      locks: ([by]) => ({ people: [by] }),
      retime: ([by, room, report], now) => [by, room, { ...report, at: now }],
    }),
    list: read(reports.listReports),
    close: write(reports.closeReport, {
      locks: 'nothing',
      retime: ([by, id, closing], now) => [by, id, { ...closing, at: now }],
      erases: () => true,
    }),
    news: readInTurn(reports.reportNews),
    told: write(reports.reportsTold, { locks: 'nothing' }),
  } satisfies MethodsOf<Reports>,
  search: {
    renew: write(search.renew, { locks: 'nothing' }),
    find: { ...seek(search.find), retime: 'as-given' },
    index: write(search.index, { locks: 'alone' }),
    tidy: write(search.tidy, { locks: 'nothing' }),
  } satisfies MethodsOf<Search>,
  ...fileMethods,
  previews: {
    known: { ...read(previews.known), retime: 'as-given' }, // the node's time
  } satisfies MethodsOf<Previews>,
  ...keepingMethods,
  ...putOffMethods,
  metadata: {
    read: read(metadata.read),
    set: write(metadata.set, { locks: 'alone' }),
  } satisfies MethodsOf<Metadata>,
  acts: {
    list: read(acts.list),
  } satisfies MethodsOf<Acts>,
  teams: {
    list: read(teams.list),
    members: read(teams.members),
    create: write(teams.create, { locks: 'alone', retime: ([by, team], now) => [by, team, now] }),
    change: write(teams.change, { locks: 'alone' }),
    remove: write(teams.remove, { locks: 'alone' }),
    memberships: readInTurn(teams.memberships),
  } satisfies MethodsOf<Teams>,
  threads: {
    page: read(threads.page),
    standing: read(threads.standing),
    follow: write(threads.follow, { locks: ([, room]) => ({ rooms: [room] }) }),
    markRead: write(threads.markRead, { locks: ([, room]) => ({ rooms: [room] }) }),
    followed: read(threads.followed),
  } satisfies MethodsOf<Threads>,
  upkeep: {
    survey: readInTurn(survey),
  } satisfies MethodsOf<Upkeep>,
}

/** A call of a port's method, as it is sent to the thread or connection that runs it. */
export interface Call {
  readonly port: keyof typeof scripts
  readonly method: string
  readonly args: readonly unknown[]
}

/** The queue of each method, by port. */
export type QueuesOfMethods = Readonly<Record<Call['port'], Readonly<Record<string, Queue>>>>

export function queuesOfMethods(): QueuesOfMethods {
  const ports = Object.entries(scripts).map(([port, methods]) => [
    port,
    Object.fromEntries(Object.entries(methods).map(([method, { queue }]) => [method, queue])),
  ])
  return Object.fromEntries(ports) as QueuesOfMethods
}

function methodOf({ port, method }: Call): AnyMethod {
  const methods: Readonly<Record<string, AnyMethod>> = scripts[port]
  const found = methods[method]
  if (!found) throw new Error(`the store has no ${port}.${method}`)
  return found
}

/** Starts the script of a call. Throws for an unknown method. */
export function begin(call: Call): Script<unknown> {
  return methodOf(call).script(...(call.args as never[]))
}

/** Whether the call waits in the write queue, but only reads. */
export function isReading(call: Call): boolean {
  return methodOf(call).reads === true
}

/** Whether the call must have a round of PostgreSQL for itself. */
export function runsAlone(call: Call): boolean {
  return methodOf(call).locks === 'alone'
}

/** The rows that the call declares to lock. */
export function locksOf(call: Call): Locks {
  const { locks } = methodOf(call)
  return typeof locks === 'function' ? locks(call.args as never) : {}
}

/** The call with its instants moved to this time of the database. */
export function retimed(call: Call, now: Instant): Call {
  const { retime } = methodOf(call)
  return typeof retime === 'function' ? { ...call, args: retime(call.args as never, now) } : call
}

/** What PostgreSQL can run together with the call's neighbours; undefined for a call that runs by itself. */
export function bulkOf(call: Call): Bulk | undefined {
  return methodOf(call).bulk?.(call.args as never)
}

/** Whether a call with this result has erased a text. */
export function hasErased(call: Call, result: unknown): boolean {
  return methodOf(call).erases?.(result as never) === true
}
