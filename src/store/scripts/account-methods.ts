// Rows of the table of scripts (scripts.ts) for what admins do with accounts.

import type { Accounts } from '../../core/ports/accounts.ts'
import * as accounts from './accounts.ts'
import { type MethodsOf, read, write } from './method.ts'
import { codeAt, rosterAt } from './retime.ts'
import * as roster from './roster.ts'

export const accountMethods = {
  list: read(accounts.list),
  sessions: read(accounts.sessions),
  endSessions: write(accounts.endSessions, {
    locks: 'alone',
    retime: ([by, folded, session], now) => [by, folded, session, now],
  }),
  makeCode: write(accounts.makeCode, {
    locks: 'alone',
    retime: ([by, folded, code, at], now) => [by, folded, codeAt(now, code, at), now],
  }),
  spendCode: write(accounts.spendCode, {
    locks: ([person]) => ({ people: [person] }),
    retime: ([person, { hash }, password], now) => [person, { hash, at: now }, password],
  }),
  known: read(roster.known),
  enroll: write(roster.enroll, {
    locks: 'alone',
    retime: ([by, people, into], now) => [by, rosterAt(now, people, into.at), { ...into, at: now }],
  }),
} satisfies MethodsOf<Accounts>
