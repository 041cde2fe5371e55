// Reports of messages: made by anybody, closed by those who look after a room.

import type { Report } from '../../../core/model/reports.ts'
import { printableLine } from '../../../wire/printable.ts'
import { clockTime } from '../../../wording/times.ts'
import { reportNewsTo } from '../../shared/report-news.ts'
import type { ConversationDeps } from '../conversation.ts'
import { type Args, type CommandContext, misused } from './context.ts'
import { numberOf, plain } from './words.ts'

/** Reports in one answer. */
const SHOWN = 20

/** Reports a message: 41 reason. In a direct room only after a yes, since others would read what is private. */
export async function report(context: CommandContext, [seq = '', typed = '']: Args): Promise<void> {
  const { chat, person, room, wording, say } = context
  const target = numberOf(seq)
  const [first = ''] = typed.split(/\s/, 1)
  const says = ['si', 'yes'].includes(plain(first))
  if (room.kind === 'direct' && !says) return say([wording.reportsPrivate(target)])
  const reason = room.kind === 'direct' ? typed.slice(first.length).trim() : typed
  await chat.reports.file(person, room.id, target, reason)
  say([room.kind === 'direct' ? wording.reportedToAdmins(target) : wording.reported(target)])
}

/** Lists the open reports; with a number shows one, with -number closes it. */
export async function reports(context: CommandContext, [typed, note = '']: Args): Promise<void> {
  const { chat, person, wording, say } = context
  if (typed?.startsWith('-')) {
    await chat.reports.close(person, numberOf(typed.slice(1)), note)
    return say([wording.reportClosed])
  }
  if (note !== '') misused()
  if (typed !== undefined) return show(context, numberOf(typed))
  const { reports: found, next } = await chat.reports.list(person, {
    open: true,
    before: undefined,
    limit: SHOWN,
  })
  const lines = found.map(each => oneLine(each, context))
  if (next !== undefined) lines.push(wording.moreReports)
  const { reviewed } = await chat.reports.news(person)
  for (const { seq } of reviewed) lines.push(wording.reportReviewed(seq))
  if (reviewed.length > 0) await chat.reports.told(person)
  say(lines.length === 0 ? [wording.nothingFound] : lines)
}

async function show(context: CommandContext, id: number): Promise<void> {
  const { chat, person, wording, say } = context
  const { reports: found } = await chat.reports.list(person, { open: true, before: id + 1, limit: 1 })
  const [report] = found
  if (report?.id !== id) return say([wording.nothingFound])
  const around = report.messages.map(({ seq, author, text, files }) => {
    const said = printableLine([text, ...files].filter(each => each !== '').join(' '))
    return `${seq === report.seq ? '>' : ' '} #${seq} ${author.username}: ${said}`
  })
  say([oneLine(report, context), ...around])
}

function oneLine(report: Report, { wording, zone }: Pick<CommandContext, 'wording' | 'zone'>): string {
  const { id, room, seq, author, by, at, reason } = report
  const where = room.kind === 'direct' ? wording.inPrivate : `#${room.name}`
  const why = reason === '' ? '' : `: ${printableLine(reason)}`
  return (
    wording.reportIs({ id, where, seq, author: author.username, by: by.username, at: clockTime(at, zone) }) +
    why
  )
}

/** Says what is new of reports, on a connection that shows a conversation. */
export function reportNewsIn(deps: ConversationDeps) {
  const { chat, connection, onError } = deps
  const say = (line: string) => connection.say(line)
  return reportNewsTo({
    chat,
    person: () => connection.person,
    wording: () => deps.locale.wording,
    say,
    onError,
  })
}
