// The Store port, method for method: each sends its call to the lane that the table of scripts names. The table is handed
// in: where the scripts run in another thread, this one need not load them.

import type {
  Invitations,
  Log,
  Metadata,
  Pages,
  People,
  Rooms,
  Search,
  Store,
  StoredSessions,
  Upkeep,
} from '../core/ports/ports.ts'
import type { Call, Lane, LanesOfMethods } from './scripts/scripts.ts'

/** What runs the calls of each lane. */
type Lanes = Readonly<Record<Lane, { call(call: Call): Promise<unknown> }>>

export class LanedStore implements Store {
  readonly people: People
  readonly sessions: StoredSessions
  readonly invitations: Invitations
  readonly log: Log
  readonly pages: Pages
  readonly rooms: Rooms
  readonly search: Search
  readonly metadata: Metadata
  readonly upkeep: Upkeep

  constructor(methods: LanesOfMethods, lanes: Lanes) {
    const port = <Port>(name: Call['port']) => portOf<Port>(name, methods[name], lanes)
    this.people = port<People>('people')
    this.sessions = port<StoredSessions>('sessions')
    this.invitations = port<Invitations>('invitations')
    this.log = port<Log>('log')
    this.pages = port<Pages>('pages')
    this.rooms = port<Rooms>('rooms')
    this.search = port<Search>('search')
    this.metadata = port<Metadata>('metadata')
    this.upkeep = port<Upkeep>('upkeep')
  }
}

function portOf<Port>(port: Call['port'], table: Readonly<Record<string, Lane>>, lanes: Lanes): Port {
  const methods = Object.entries(table).map(([method, lane]) => [
    method,
    (...args: unknown[]) => lanes[lane].call({ port, method, args }),
  ])
  return Object.fromEntries(methods) as Port
}
