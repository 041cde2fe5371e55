// The rows of the table of scripts (scripts.ts) about polls, and about what people keep for themselves.

import type { Keeping } from '../../core/ports/keeping.ts'
import type { Polls } from '../../core/ports/polls.ts'
import { type MethodsOf, read, write } from './method.ts'
import { tell } from './poll-changes.ts'
import * as polls from './polls.ts'
import * as saved from './saved.ts'
import * as sidebar from './sidebar.ts'

export const keepingMethods = {
  polls: {
    due: { ...read(polls.due), retime: ([, limit], now) => [now, limit] },
    tell: write(tell, {
      locks: ([room]) => ({ rooms: [room] }),
      retime: ([room, seq], now) => [room, seq, now],
    }),
    latest: read(polls.latest),
    ballots: read(polls.ballots),
  } satisfies MethodsOf<Polls>,
  keeping: {
    save: write(saved.save, {
      locks: ([person]) => ({ people: [person] }),
      retime: ([person, room, seq], now) => [person, room, seq, now],
    }),
    unsave: write(saved.unsave, { locks: 'nothing' }),
    isSaved: read(saved.isSaved),
    saved: read(saved.saved),
    sidebar: read(sidebar.sidebar),
    addSection: write(sidebar.addSection, { locks: ([person]) => ({ people: [person] }) }),
    changeSection: write(sidebar.changeSection, { locks: ([person]) => ({ people: [person] }) }),
    removeSection: write(sidebar.removeSection, { locks: ([person]) => ({ people: [person] }) }),
    place: write(sidebar.place, { locks: ([person]) => ({ people: [person] }) }),
  } satisfies MethodsOf<Keeping>,
}
