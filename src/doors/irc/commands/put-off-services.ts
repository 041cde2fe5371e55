// ChanServ's commands about what is sent later, and about reminders. A message is named by its msgid.

import type { Instant } from '../../../core/model/model.ts'
import { refuse } from '../../../core/model/refusals.ts'
import type { ReminderId, ScheduledId } from '../../../core/model/scheduled.ts'
import { clockTime } from '../../../wording/times.ts'
import { reminderLine, scheduledLine } from '../../shared/put-off.ts'
import { whenTyped } from '../../shared/when.ts'
import { putOffContext } from '../events/put-off.ts'
import { seqOf, unstarred } from '../events/tags.ts'
import { QUERY_COST } from '../replies/cost.ts'
import { refusing } from './file-services.ts'
import type { ServiceContext } from './services.ts'

type Run = (context: ServiceContext) => Promise<void>

export const putOffServices: Readonly<Record<'SCHEDULE' | 'SCHEDULED' | 'REMIND' | 'REMINDERS', Run>> = {
  SCHEDULE: refusing(schedule),
  SCHEDULED: refusing(scheduled),
  REMIND: refusing(remind),
  REMINDERS: refusing(reminders),
}

/** SCHEDULE #sala mañana 9:00 text. */
async function schedule(context: ServiceContext): Promise<void> {
  const { client, words, rest, notice } = context
  const [target = ''] = words
  const room = client.rooms.named(target) ?? refuse('no-such-room')
  const person = client.person ?? refuse('no-such-room')
  const { zone } = putOffContext(client)
  const when = whenTyped(rest.slice(target.length), Date.now() as Instant, zone)
  if (!when || when.rest.trim() === '') return usage(context, 'SCHEDULE')
  const { id, at } = await client.deps.chat.putOff.scheduled.schedule(person, room.id, {
    text: when.rest,
    at: when.at,
  })
  const name = client.deps.channels.nameOf(room)
  notice(unstarred(client.wording.putOff.willSend(`${id}`, name, clockTime(at, zone))))
}

/** SCHEDULED lists them, SCHEDULED -3 deletes one. */
async function scheduled({ client, words, notice, reply }: ServiceContext): Promise<void> {
  const { chat } = client.deps
  const person = client.person ?? refuse('no-such-scheduled')
  const [word] = words
  if (word !== undefined) {
    await chat.putOff.scheduled.cancel(person, deletedIn(word) as ScheduledId)
    return notice(unstarred(client.wording.putOff.deleted))
  }
  reply.addCost(QUERY_COST)
  const all = await chat.putOff.scheduled.list(person)
  const context = putOffContext(client)
  if (all.length === 0) return notice(unstarred(client.wording.nothingFound))
  for (const each of all) notice(scheduledLine(each, context))
}

/** REMIND 2-41 mañana 9:00 note. */
async function remind(context: ServiceContext): Promise<void> {
  const { client, words, rest, notice } = context
  const [typed = ''] = words
  const person = client.person ?? refuse('no-such-message')
  const place = seqOf(typed) ?? refuse('no-such-message')
  const { zone } = putOffContext(client)
  const when = whenTyped(rest.slice(typed.length), Date.now() as Instant, zone)
  if (!when) return usage(context, 'REMIND')
  const wanted = { at: when.at, note: when.rest }
  const { id, at } = await client.deps.chat.putOff.reminders.remind(person, place, wanted)
  notice(unstarred(client.wording.putOff.willRemind(`${id}`, `${place.seq}`, clockTime(at, zone))))
}

/** REMINDERS lists them, REMINDERS -3 deletes one. */
async function reminders({ client, words, notice, reply }: ServiceContext): Promise<void> {
  const { chat } = client.deps
  const person = client.person ?? refuse('no-such-reminder')
  const [word] = words
  if (word !== undefined) {
    await chat.putOff.reminders.forget(person, deletedIn(word) as ReminderId)
    return notice(unstarred(client.wording.putOff.deleted))
  }
  reply.addCost(QUERY_COST)
  const all = await chat.putOff.reminders.list(person)
  const context = putOffContext(client)
  if (all.length === 0) return notice(unstarred(client.wording.nothingFound))
  for (const each of all) notice(reminderLine(each, context))
}

/** The number in -3; 0, which none has, for anything else. */
function deletedIn(word: string): number {
  return Number(/^-(\d{1,12})$/.exec(word)?.[1] ?? 0)
}

async function usage({ client, notice }: ServiceContext, command: string): Promise<void> {
  notice(client.wording.irc.services.ChanServ.find(line => line.startsWith(`${command} `)) ?? '')
}
