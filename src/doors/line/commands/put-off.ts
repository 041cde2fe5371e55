// Commands about what is sent later, and about reminders.

import type { Instant } from '../../../core/model/model.ts'
import { refuse } from '../../../core/model/refusals.ts'
import type { ReminderId, ScheduledId } from '../../../core/model/scheduled.ts'
import { clockTime } from '../../../wording/times.ts'
import { type PutOffContext, reminderLine, scheduledLine } from '../../shared/put-off.ts'
import { whenTyped } from '../../shared/when.ts'
import { titleOf } from '../rooms.ts'
import { type Args, type CommandContext, misused } from './context.ts'
import { numberOf, plain } from './words.ts'

export async function schedule(context: CommandContext, [typed = '']: Args): Promise<void> {
  const { chat, person, room, zone, wording, format, say } = context
  const when = whenTyped(typed, Date.now() as Instant, zone)
  if (!when || when.rest.trim() === '') misused()
  const { id, at } = await chat.putOff.scheduled.schedule(person, room.id, {
    text: when.rest,
    format,
    at: when.at,
  })
  say([wording.putOff.willSend(`${id}`, titleOf(room), clockTime(at, zone))])
}

/** Lists them; -3 deletes one, `now` with a number sends it, and a number with a text changes it. */
export async function listScheduled(context: CommandContext, [word, typed = '']: Args): Promise<void> {
  const { chat, person, wording, say } = context
  if (word === undefined) {
    const [all, shown] = await Promise.all([chat.putOff.scheduled.list(person), shownTo(context)])
    return say(all.length === 0 ? [wording.nothingFound] : all.map(each => scheduledLine(each, shown)))
  }
  if (word.startsWith('-')) {
    await chat.putOff.scheduled.cancel(person, idIn(word.slice(1)) as ScheduledId)
    return say([wording.putOff.deleted])
  }
  if (plain(word) === plain(wording.putOff.now)) {
    await chat.putOff.scheduled.sendNow(person, idIn(typed) as ScheduledId)
    return say([wording.putOff.sent])
  }
  if (typed === '') misused()
  const changed = await chat.putOff.scheduled.amend(person, idIn(word) as ScheduledId, { text: typed })
  say([scheduledLine(changed, await shownTo(context))])
}

export async function remind(context: CommandContext, [target = '', typed = '']: Args): Promise<void> {
  const { chat, person, room, zone, wording, say } = context
  const seq = numberOf(target)
  const when = whenTyped(typed, Date.now() as Instant, zone) ?? misused()
  const { id, at } = await chat.putOff.reminders.remind(
    person,
    { room: room.id, seq },
    { at: when.at, note: when.rest },
  )
  say([wording.putOff.willRemind(`${id}`, `${seq}`, clockTime(at, zone))])
}

/** Lists them; -3 deletes one. */
export async function listReminders(context: CommandContext, [word]: Args): Promise<void> {
  const { chat, person, wording, say } = context
  if (word === undefined) {
    const [all, shown] = await Promise.all([chat.putOff.reminders.list(person), shownTo(context)])
    return say(all.length === 0 ? [wording.nothingFound] : all.map(each => reminderLine(each, shown)))
  }
  if (!word.startsWith('-')) misused()
  const id = /^-(\d{1,12})$/.exec(word)?.[1] ?? refuse('no-such-reminder')
  await chat.putOff.reminders.forget(person, Number(id) as ReminderId)
  say([wording.putOff.deleted])
}

/** Refuses 'no-such-scheduled'. */
function idIn(word: string): number {
  return Number(/^(\d{1,12})$/.exec(word.trim())?.[1] ?? refuse('no-such-scheduled'))
}

async function shownTo({ chat, person, wording, zone }: CommandContext): Promise<PutOffContext> {
  const rooms = await chat.rooms.mine(person)
  const titles = new Map(rooms.map(room => [room.id, titleOf(room)]))
  return { wording, zone, label: room => titles.get(room) ?? '' }
}
