// Reasons why a database can't be used, found when it is opened; the command line has one sentence for each.

export type UnusableCode =
  | 'locked'
  | 'unwritable'
  | 'not-a-database'
  | 'not-ours'
  | 'too-new'
  | 'wrong-version' // not the version that it claims to be
  | 'incomplete' // something is missing that can't be recreated
  | 'full'
  | 'damaged'
  | 'bad-url' // not the address of a PostgreSQL server
  | 'other-tables' // the database has tables that are not ours
  | 'no-tables' // we may not create tables there
  | 'bad-encoding' // its encoding is not UTF8
  | 'no-space' // PostgreSQL's disk is full
  | 'unreachable' // none of the servers answers and accepts writes
  | 'not-empty' // the target of a copy already holds a chat
  | 'in-use' // the target of a copy is used by nodes
  | 'denied' // the server rejects our credentials, or has no such database

export class Unusable extends Error {
  readonly code: UnusableCode

  constructor(code: UnusableCode, cause?: unknown) {
    super(code, { cause })
    this.name = 'Unusable'
    this.code = code
  }
}
