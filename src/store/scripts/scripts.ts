// The table of all scripts: the Store port, method for method, and where each may run.

import type { Invitations } from '../../core/ports/invitations.ts'
import type { Log } from '../../core/ports/log.ts'
import type { Metadata } from '../../core/ports/metadata.ts'
import type { Pages } from '../../core/ports/pages.ts'
import type { People } from '../../core/ports/people.ts'
import type { Rooms } from '../../core/ports/rooms.ts'
import type { Search } from '../../core/ports/search.ts'
import type { StoredSessions } from '../../core/ports/sessions.ts'
import type { Upkeep } from '../../core/ports/upkeep.ts'
import * as blocks from './blocks.ts'
import { change, govern } from './change-room.ts'
import * as events from './events.ts'
import * as guests from './guests.ts'
import * as invitations from './invitations.ts'
import * as log from './log.ts'
import * as metadata from './metadata.ts'
import * as pages from './pages.ts'
import * as passes from './passes.ts'
import * as people from './people.ts'
import { catchUp, cursors, resume } from './resume.ts'
import * as rooms from './rooms.ts'
import * as search from './search.ts'
import * as sessions from './sessions.ts'
import type { Script } from './sql.ts'
import { survey } from './survey.ts'

/**
 * write: in the writer's queue, behind everything asked before, on disk when it is answered.
 * read: beside the writer, on what was committed when it began.
 * search: the same, for what may take long: nobody's log-in waits for it.
 */
export type Lane = 'write' | 'read' | 'search'

interface Method<Arguments extends unknown[], Result> {
  readonly lane: Lane
  /** In the writer's queue it only waits its turn. */
  readonly reads?: true
  readonly script: (...args: Arguments) => Script<Result>
}

type MethodsOf<Port> = {
  readonly [Name in keyof Port]: Port[Name] extends (...args: infer Arguments) => Promise<infer Result>
    ? Method<Arguments, Result>
    : never
}

const write = <Arguments extends unknown[], Result>(script: (...args: Arguments) => Script<Result>) =>
  ({ lane: 'write', script }) as const
const readInTurn = <Arguments extends unknown[], Result>(script: (...args: Arguments) => Script<Result>) =>
  ({ lane: 'write', script, reads: true }) as const
const read = <Arguments extends unknown[], Result>(script: (...args: Arguments) => Script<Result>) =>
  ({ lane: 'read', script }) as const
const seek = <Arguments extends unknown[], Result>(script: (...args: Arguments) => Script<Result>) =>
  ({ lane: 'search', script }) as const

export const scripts = {
  people: {
    register: write(people.register),
    welcomeGuest: write(guests.welcomeGuest),
    letGuestGo: write(guests.letGuestGo),
    keepVerifier: write(people.keepVerifier),
    secret: read(people.secret),
    credentials: read(people.credentials),
    hasOwner: readInTurn(people.hasOwner),
    guestsAndBots: read(people.guestsAndBots),
    findAll: read(people.findAll),
    find: read(people.find),
    amend: write(people.amend),
    setPassword: write(people.setPassword),
    list: read(people.list),
    setRole: write(people.setRole),
    disable: write(people.disable),
    block: write(blocks.block),
    blocked: read(blocks.blocked),
  } satisfies MethodsOf<People>,
  sessions: {
    begin: write(sessions.begin),
    transfer: write(sessions.transfer),
    resume: readInTurn(sessions.resume),
    noteUse: write(sessions.noteUse),
    issue: write(sessions.issue),
    end: write(sessions.end),
    list: read(sessions.list),
    revoke: write(sessions.revoke),
    loginOrigins: read(sessions.loginOrigins),
  } satisfies MethodsOf<StoredSessions>,
  invitations: {
    create: write(invitations.create),
    list: read(invitations.list),
    withdraw: write(invitations.withdraw),
    admits: read(invitations.admits),
  } satisfies MethodsOf<Invitations>,
  log: {
    append: write(log.append),
    read: read(events.read),
    readInTurn: readInTurn(events.readInTurn),
    heads: readInTurn(log.heads),
    deleted: write(log.deleted),
    strayed: readInTurn(log.strayed),
    mend: write(log.mend),
    mayPost: read(log.mayPost),
    backlog: read(log.backlog),
    markRead: write(log.markRead),
  } satisfies MethodsOf<Log>,
  pages: {
    page: read(pages.page),
    events: read(pages.between),
    count: read(pages.countOthers),
    thread: read(pages.thread),
    pins: read(pages.pins),
    lastMessageTimes: read(pages.lastSaid),
    state: read(pages.state),
    cursors: read(cursors),
    catchUp: read(catchUp),
  } satisfies MethodsOf<Pages>,
  rooms: {
    create: write(rooms.create),
    change: write(change),
    direct: write(rooms.direct),
    mine: read(rooms.mine),
    sizes: read(rooms.sizes),
    others: read(rooms.others),
    find: read(rooms.find),
    memberships: readInTurn(rooms.memberships),
    resume: readInTurn(resume),
    members: read(rooms.members),
    notable: read(rooms.notable),
    among: read(rooms.among),
    settings: read(rooms.settings),
    setLevel: write(rooms.setLevel),
    invite: write(passes.invite),
    invitations: read(passes.invitations),
    decline: write(passes.decline),
    all: read(rooms.all),
    govern: write(govern),
  } satisfies MethodsOf<Rooms>,
  search: {
    renew: write(search.renew),
    find: seek(search.find),
    index: write(search.index),
    tidy: write(search.tidy),
  } satisfies MethodsOf<Search>,
  metadata: {
    read: read(metadata.read),
    set: write(metadata.set),
  } satisfies MethodsOf<Metadata>,
  upkeep: {
    survey: readInTurn(survey),
  } satisfies MethodsOf<Upkeep>,
}

/** One call of a port's method, as it crosses to where it runs. */
export interface Call {
  readonly port: keyof typeof scripts
  readonly method: string
  readonly args: readonly unknown[]
}

/** The lane of each method, by ports. */
export type LanesOfMethods = Readonly<Record<Call['port'], Readonly<Record<string, Lane>>>>

export function lanesOfMethods(): LanesOfMethods {
  const ports = Object.entries(scripts).map(([port, methods]) => [
    port,
    Object.fromEntries(Object.entries(methods).map(([method, { lane }]) => [method, lane])),
  ])
  return Object.fromEntries(ports) as LanesOfMethods
}

/** Starts the script that a call names. */
export function begin(call: Call): Script<unknown> {
  return methodOf(call).script(...(call.args as never[]))
}

/** Whether the call writes nothing. */
export function isReading(call: Call): boolean {
  return methodOf(call).reads === true
}

function methodOf({ port, method }: Call): Method<never[], unknown> {
  const methods: Record<string, Method<never[], unknown>> = scripts[port]
  const found = methods[method]
  if (!found) throw new Error(`the store has no ${port}.${method}`)
  return found
}
