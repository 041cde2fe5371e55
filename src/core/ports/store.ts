// The store. Each method is one atomic unit. When a writing method resolves, what it wrote is on disk and survives a
// power cut; when it rejects, it wrote nothing. A rejection is a Refusal, or an Error that nobody expected.

import type { Accounts } from './accounts.ts'
import type { Acts } from './acts.ts'
import type { FileUpkeep } from './file-upkeep.ts'
import type { Files } from './files.ts'
import type { Invitations } from './invitations.ts'
import type { Keeping } from './keeping.ts'
import type { Log } from './log.ts'
import type { Metadata } from './metadata.ts'
import type { Pages } from './pages.ts'
import type { People } from './people.ts'
import type { Polls } from './polls.ts'
import type { Previews } from './previews.ts'
import type { Reminders } from './reminders.ts'
import type { Reports } from './reports.ts'
import type { Rooms } from './rooms.ts'
import type { ScheduledMessages } from './scheduled.ts'
import type { Search } from './search.ts'
import type { StoredServerSettings } from './server-settings.ts'
import type { StoredSessions } from './sessions.ts'
import type { Teams } from './teams.ts'
import type { Threads } from './threads.ts'
import type { Upkeep } from './upkeep.ts'

export interface Store {
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
}
