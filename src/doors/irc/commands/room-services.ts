// ChanServ's commands about a room's hours and call, and about reports.

import type { Message, Room, Seq } from '../../../core/model/model.ts'
import { refuse } from '../../../core/model/refusals.ts'
import { foldUsername } from '../../../core/model/rules.ts'
import { clockTime } from '../../../wording/times.ts'
import { shownHours, typedHours } from '../../shared/hours.ts'
import { unstarred } from '../events/tags.ts'
import { QUERY_COST } from '../replies/cost.ts'
import { refusing, roomNamed } from './file-services.ts'
import type { ServiceContext } from './services.ts'

/** Messages among which the last one by somebody is looked for. */
const LOOKED_THROUGH = 100
/** Reports in one answer. */
const SHOWN = 20

export const roomServices = {
  HOURS: refusing(hours),
  CALL: refusing(call),
  REPORT: refusing(report),
  REPORTS: refusing(reports),
  CLOSE: refusing(close),
}

/** HOURS #sala, or HOURS #sala lun-vie 7-12; - removes them. */
async function hours(context: ServiceContext): Promise<void> {
  const { chat, person, room, typed, wording, title, tell } = given(context)
  if (typed !== '') {
    const wanted = typed === '-' ? '' : typedHours(typed, person.zone || Temporal.Now.timeZoneId())
    if (!(await chat.moderation.setHours(person, room.id, wanted))) tell(wording.alreadySo)
    return
  }
  const now = await chat.rooms.settings(person, room.id)
  tell(now.hours === '' ? wording.noHours(title) : wording.hoursAre(title, shownHours(now.hours, wording)))
}

/** CALL #sala, or CALL #sala https://…; - removes it. */
async function call(context: ServiceContext): Promise<void> {
  const { chat, person, room, typed, wording, title, tell } = given(context)
  if (typed !== '') {
    if (!(await chat.moderation.setCall(person, room.id, typed === '-' ? '' : typed))) tell(wording.alreadySo)
    return
  }
  const now = await chat.rooms.settings(person, room.id)
  tell(now.call === '' ? wording.noCall(title) : wording.callIs(title, now.call))
}

/** REPORT #sala nick reason: the last message of theirs there. */
async function report(context: ServiceContext): Promise<void> {
  const { chat, person, room, typed, wording, tell } = given(context)
  if (room.kind === 'direct') refuse('no-such-room') // the line and the web door ask before others read what is private
  const [nick = ''] = typed.split(/\s/, 1)
  context.reply.addCost(QUERY_COST)
  const page = { side: 'before', seq: Number.MAX_SAFE_INTEGER as Seq, limit: LOOKED_THROUGH } as const
  const said: readonly Message[] = await chat.messages.page(person, room.id, page)
  const by = said.findLast(each => !each.deleted && foldUsername(each.author.username) === foldUsername(nick))
  if (!by) refuse('no-such-message')
  await chat.reports.file(person, room.id, by.seq, typed.slice(nick.length).trim())
  tell(wording.reported(by.seq))
}

/** REPORTS: those that are waiting. */
async function reports(context: ServiceContext): Promise<void> {
  const { client, notice } = context
  const { wording } = client
  const person = client.account ?? refuse('account-needed')
  const { reports: found } = await client.deps.chat.reports.list(person, {
    open: true,
    before: undefined,
    limit: SHOWN,
  })
  if (found.length === 0) notice(unstarred(wording.nothingFound))
  for (const { id, room, seq, author, by, at, reason, messages } of found) {
    const where = room.kind === 'direct' ? wording.inPrivate : `#${room.name}`
    const line = { id, where, seq, author: author.username, by: by.username, at: clockTime(at) }
    notice(`${wording.reportIs(line)}${reason === '' ? '' : `: ${reason}`}`)
    const said = messages.find(each => each.seq === seq)
    if (said) notice(`  ${[said.text, ...said.files].join(' ').replaceAll('\n', ' ')}`)
  }
}

/** CLOSE number note: closes a report. */
async function close({ client, words, rest, notice }: ServiceContext): Promise<void> {
  const [number = ''] = words
  const person = client.account ?? refuse('account-needed')
  if (!/^\d{1,15}$/.test(number)) refuse('no-such-report')
  await client.deps.chat.reports.close(person, Number(number), rest.slice(number.length).trim())
  notice(unstarred(client.wording.reportClosed))
}

/** What is asked about which room. Refuses 'no-such-room'. */
function given(context: ServiceContext) {
  const { client, words, rest, notice } = context
  const [target = ''] = words
  const room: Room = roomNamed(context, target)
  const { chat, channels } = client.deps
  return {
    chat,
    person: client.person ?? refuse('no-such-room'),
    room,
    typed: rest.slice(target.length).trim(),
    wording: client.wording,
    title: channels.nameOf(room),
    tell: (line: string) => notice(unstarred(line)),
  }
}
