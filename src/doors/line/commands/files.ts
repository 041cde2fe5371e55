// Commands about files. A bare socket cannot log in to the web door, so what they give are links for their person alone.

import { clockTime } from '../../../wording/times.ts'
import { latestFileLines, personalLink, uploadCommand } from '../../shared/attachments.ts'
import { titleOf } from '../rooms.ts'
import { type Args, type CommandContext, misused } from './context.ts'
import { placeOf } from './messages.ts'

/** What our terminal client gives to know the answer by (clients/terminal/transfers.ts). */
const MARK = /^[a-z\d]{1,16}$/

/** Links to the files of a message, by its number or its address. */
export async function link(context: CommandContext, [typed = '', mark]: Args): Promise<void> {
  const { chat, person, wording, say } = context
  if (mark !== undefined && !MARK.test(mark)) misused()
  const { room, seq } = await placeOf(context, typed)
  const { attachments = [] } = await chat.messages.one(person, room, seq)
  if (attachments.length === 0) return say([wording.noFileThere])
  say(
    await Promise.all(
      attachments.map(each => personalLink(each, { ...context, ...(mark !== undefined && { mark }) })),
    ),
  )
}

/** The room's last files, the latest at the end, each with the number of its message. */
export async function list(context: CommandContext, [count]: Args): Promise<void> {
  const { wording, zone, say } = context
  const lines = await latestFileLines(
    count,
    context,
    ({ seq, at, author }) => `#${seq} [${clockTime(at, zone)}] ${author.username}:`,
  )
  say(lines.length > 0 ? lines : [wording.noFiles])
}

/** How to send a file from where curl is: one of that path, or a program's, with `=MARK`. */
export async function send(context: CommandContext, [typed = '']: Args): Promise<void> {
  const { room, wording, say } = context
  const mark = typed.startsWith('=') && MARK.test(typed.slice(1)) ? typed.slice(1) : undefined
  if (mark !== undefined)
    return say([wording.personalLink(`${mark} ${await uploadCommand(context, undefined)}`)])
  say([wording.sendByLink(titleOf(room), await uploadCommand(context, typed || undefined))])
}
