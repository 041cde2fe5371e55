// The Store port, method for method: each sends its call to the lane that the table of scripts names.

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
} from '../core/ports.ts'
import { type Call, type Lane, scripts } from './scripts.ts'

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

  constructor(lanes: Lanes) {
    this.people = port<People>('people', lanes)
    this.sessions = port<StoredSessions>('sessions', lanes)
    this.invitations = port<Invitations>('invitations', lanes)
    this.log = port<Log>('log', lanes)
    this.pages = port<Pages>('pages', lanes)
    this.rooms = port<Rooms>('rooms', lanes)
    this.search = port<Search>('search', lanes)
    this.metadata = port<Metadata>('metadata', lanes)
    this.upkeep = port<Upkeep>('upkeep', lanes)
  }
}

function port<Port>(name: Call['port'], lanes: Lanes): Port {
  const table: Record<string, { lane: Lane }> = scripts[name]
  const methods = Object.entries(table).map(([method, { lane }]) => [
    method,
    (...args: unknown[]) => lanes[lane].call({ port: name, method, args }),
  ])
  return Object.fromEntries(methods) as Port
}
