// Implements the Store port by sending each call to the queue that its row in the table of scripts names. Only the names
// of the queues are passed in: where scripts run in another thread, this one never loads them, which speeds up the start.

import type { Accounts } from '../core/ports/accounts.ts'
import type { Acts } from '../core/ports/acts.ts'
import type { FileUpkeep } from '../core/ports/file-upkeep.ts'
import type { Files } from '../core/ports/files.ts'
import type { Invitations } from '../core/ports/invitations.ts'
import type { Keeping } from '../core/ports/keeping.ts'
import type { Log } from '../core/ports/log.ts'
import type { Metadata } from '../core/ports/metadata.ts'
import type { Pages } from '../core/ports/pages.ts'
import type { People } from '../core/ports/people.ts'
import type { Polls } from '../core/ports/polls.ts'
import type { Previews } from '../core/ports/previews.ts'
import type { Reminders } from '../core/ports/reminders.ts'
import type { Reports } from '../core/ports/reports.ts'
import type { Rooms } from '../core/ports/rooms.ts'
import type { ScheduledMessages } from '../core/ports/scheduled.ts'
import type { Search } from '../core/ports/search.ts'
import type { StoredServerSettings } from '../core/ports/server-settings.ts'
import type { StoredSessions } from '../core/ports/sessions.ts'
import type { Store } from '../core/ports/store.ts'
import type { Teams } from '../core/ports/teams.ts'
import type { Threads } from '../core/ports/threads.ts'
import type { Upkeep } from '../core/ports/upkeep.ts'
import type { Queue } from './scripts/method.ts'
import type { Call, QueuesOfMethods } from './scripts/scripts.ts'

/** Runs the calls of each queue. */
type Runners = Readonly<Record<Queue, { call(call: Call): Promise<unknown> }>>

export class StoreProxy implements Store {
  readonly people: People
  readonly accounts: Accounts
  readonly sessions: StoredSessions
  readonly invitations: Invitations
  readonly settings: StoredServerSettings
  readonly log: Log
  readonly pages: Pages
  readonly rooms: Rooms
  readonly search: Search
  readonly reports: Reports
  readonly files: Files
  readonly fileUpkeep: FileUpkeep
  readonly previews: Previews
  readonly polls: Polls
  readonly keeping: Keeping
  readonly scheduled: ScheduledMessages
  readonly reminders: Reminders
  readonly metadata: Metadata
  readonly acts: Acts
  readonly teams: Teams
  readonly threads: Threads
  readonly upkeep: Upkeep

  constructor(methods: QueuesOfMethods, runners: Runners) {
    const port = <Port>(name: Call['port']) => portOf<Port>(name, methods[name], runners)
    this.people = port<People>('people')
    this.accounts = port<Accounts>('accounts')
    this.sessions = port<StoredSessions>('sessions')
    this.invitations = port<Invitations>('invitations')
    this.settings = port<StoredServerSettings>('settings')
    this.log = port<Log>('log')
    this.pages = port<Pages>('pages')
    this.rooms = port<Rooms>('rooms')
    this.search = port<Search>('search')
    this.reports = port<Reports>('reports')
    this.files = port<Files>('files')
    this.fileUpkeep = port<FileUpkeep>('fileUpkeep')
    this.previews = port<Previews>('previews')
    this.polls = port<Polls>('polls')
    this.keeping = port<Keeping>('keeping')
    this.scheduled = port<ScheduledMessages>('scheduled')
    this.reminders = port<Reminders>('reminders')
    this.metadata = port<Metadata>('metadata')
    this.acts = port<Acts>('acts')
    this.teams = port<Teams>('teams')
    this.threads = port<Threads>('threads')
    this.upkeep = port<Upkeep>('upkeep')
  }
}

function portOf<Port>(port: Call['port'], table: Readonly<Record<string, Queue>>, runners: Runners): Port {
  const methods = Object.entries(table).map(([method, queue]) => [
    method,
    (...args: unknown[]) => runners[queue].call({ port, method, args }),
  ])
  return Object.fromEntries(methods) as Port
}
