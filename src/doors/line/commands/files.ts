// Commands about files. A bare socket cannot log in to the web door, so what they give are links for their person alone.

import type { Message, Seq } from '../../../core/model/model.ts'
import { clockTime } from '../../../wording/times.ts'
import { attachmentLines, personalLink, uploadCommand } from '../../shared/attachments.ts'
import { titleOf } from '../rooms.ts'
import { type Args, type CommandContext, misused } from './context.ts'
import { placeOf } from './messages.ts'

const LISTED = 10

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
export async function list(context: CommandContext, [count = `${LISTED}`]: Args): Promise<void> {
  const { chat, person, room, wording, say } = context
  const limit = /^\d+$/.test(count) ? Number(count) : LISTED
  const page = { kind: 'any', before: Number.MAX_SAFE_INTEGER as Seq, limit } as const
  const messages = await chat.messages.withFiles(person, room.id, page)
  const lines = messages.toReversed().flatMap(message => linesOf(message, context))
  say(lines.length > 0 ? lines.slice(-limit) : [wording.noFiles])
}

/** #41 [2026-11-23 10:32] ana: foto.jpg (1,2 MB) https://chat.example.org/f/… */
function linesOf({ seq, at, author, attachments }: Message, context: CommandContext): readonly string[] {
  const head = `#${seq} [${clockTime(at, context.zone)}] ${author.username}:`
  return attachmentLines(attachments, context).map(line => `${head} ${line}`)
}

/** How to send a file from where curl is. */
export async function send(context: CommandContext, [path]: Args): Promise<void> {
  const { room, wording, say } = context
  say([wording.sendByLink(titleOf(room), await uploadCommand(context, path))])
}
