// The rows of the table of scripts (scripts.ts) about what people have put off.

import type { Reminders } from '../../core/ports/reminders.ts'
import type { ScheduledMessages } from '../../core/ports/scheduled.ts'
import { uploadsOf } from './attaching.ts'
import { type MethodsOf, readInTurn, write } from './method.ts'
import * as reminders from './reminders.ts'
import * as scheduled from './scheduled.ts'

export const putOffMethods = {
  scheduled: {
    schedule: write(scheduled.schedule, {
      locks: ([{ author, attachments = [] }]) => ({ people: [author], uploads: uploadsOf(attachments) }),
      retime: 'as-given', // the time of day that its author means
    }),
    list: readInTurn(scheduled.list),
    amend: write(scheduled.amend, { locks: 'nothing', retime: 'as-given', erases: () => true }),
    cancel: write(scheduled.cancel, { locks: 'alone', erases: () => true }),
    next: readInTurn(scheduled.next),
    due: { ...readInTurn(scheduled.due), retime: ([, limit], now) => [now, limit] },
    send: write(scheduled.send, { locks: 'alone', retime: ([id, space], now) => [id, space, now] }),
    sendNow: write(scheduled.sendNow, {
      locks: 'alone',
      retime: ([author, id, space], now) => [author, id, space, now],
    }),
  } satisfies MethodsOf<ScheduledMessages>,
  reminders: {
    remind: write(reminders.remind, {
      locks: ([{ person }]) => ({ people: [person] }),
      retime: 'as-given', // the time of day that the person means
    }),
    list: readInTurn(reminders.list),
    rung: readInTurn(reminders.rung),
    move: write(reminders.move, { locks: 'nothing', retime: 'as-given' }),
    forget: write(reminders.forget, { locks: 'nothing' }),
    next: readInTurn(reminders.next),
    due: { ...readInTurn(reminders.due), retime: ([, limit], now) => [now, limit] },
    ring: write(reminders.ring, { locks: 'nothing', retime: ([id], now) => [id, now] }),
  } satisfies MethodsOf<Reminders>,
}
