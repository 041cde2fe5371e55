// Why a database can't be used as the chat's: said when it is opened, in one line, by whoever opens it.

export type UnusableCode =
  | 'locked'
  | 'unwritable'
  | 'not-a-database'
  | 'not-ours'
  | 'too-new'
  | 'wrong-version' // it is of another than it says
  | 'incomplete' // somebody has taken away what can't be made anew
  | 'full'
  | 'damaged'
  | 'bad-url' // no address of a PostgreSQL server
  | 'other-tables' // the database has some that are not ours
  | 'no-tables' // we may make none there
  | 'bad-encoding' // it is not UTF8
  | 'no-space' // PostgreSQL has none left
  | 'unreachable' // no server of those named answers, and lets write
  | 'not-empty' // a chat was to be copied there, and one is there already
  | 'in-use' // the same, and nodes work there
  | 'denied' // the server does not let us in, or there is no such database

export class Unusable extends Error {
  readonly code: UnusableCode

  constructor(code: UnusableCode, cause?: unknown) {
    super(code, { cause })
    this.name = 'Unusable'
    this.code = code
  }
}
