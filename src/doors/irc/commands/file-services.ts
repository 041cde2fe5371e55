// ChanServ's commands about files. IRC clients have no log-in to the web door, so what these give are links for one person.

import type { FileId, Message, Room, Seq } from '../../../core/model/model.ts'
import { Refusal, refuse } from '../../../core/model/refusals.ts'
import { attachmentLines, personalLink, uploadCommand } from '../../shared/attachments.ts'
import { unstarred } from '../events/tags.ts'
import { QUERY_COST } from '../replies/cost.ts'
import type { ServiceContext } from './services.ts'

const LISTED = 10
const MOST_LISTED = 50
/** The id in an address /f/ID, or alone. */
const ID = /(?:^|\/f\/)([\w-]{22})(?:$|[?#])/

type Run = (context: ServiceContext) => Promise<void>

export const fileServices: Readonly<Record<'FILE' | 'FILES' | 'SEND', Run>> = {
  FILE: refusing(file),
  FILES: refusing(files),
  SEND: refusing(send),
}

function refusing(run: Run): Run {
  return context =>
    run(context).catch(error => {
      if (!(error instanceof Refusal)) throw error
      context.notice(context.client.refused(error))
    })
}

/** FILE https://…/f/ID, or FILE #sala for its last file: a link for the person who asks. */
async function file(context: ServiceContext): Promise<void> {
  const { client, words, notice } = context
  const { chat, webUrl } = client.deps
  const { person, wording } = client
  if (!person) refuse('no-such-file')
  const [typed = ''] = words
  const [, id] = ID.exec(typed) ?? []
  const found = id === undefined ? await lastOf(context, typed) : [await opened(context, id as FileId)]
  for (const each of found) notice(unstarred(await personalLink(each, { chat, person, webUrl, wording })))
}

async function opened({ client }: ServiceContext, id: FileId) {
  const { name, file } = await client.deps.chat.files.open(client.person?.id ?? refuse('no-such-file'), id)
  return { id, name, size: file.size }
}

async function lastOf(context: ServiceContext, target: string) {
  const [message] = await messagesIn(context, roomNamed(context, target), 1)
  return message?.attachments ?? refuse('no-such-file')
}

/** FILES #sala [count]: the last files of a channel or a query, the latest at the end. */
async function files(context: ServiceContext): Promise<void> {
  const { client, words, notice } = context
  const [target = '', count = `${LISTED}`] = words
  const limit = /^\d{1,4}$/.test(count) ? Math.min(Number(count), MOST_LISTED) : LISTED
  const messages = await messagesIn(context, roomNamed(context, target), limit)
  const lines = messages.toReversed().flatMap(({ author, attachments }) => {
    const { wording, deps } = client
    const { webUrl } = deps
    return attachmentLines(attachments, { wording, webUrl }).map(line => `${author.username}: ${line}`)
  })
  for (const line of lines.slice(-limit)) notice(line)
  if (lines.length === 0) notice(unstarred(client.wording.noFiles))
}

/** SEND #sala: a command that sends one file there. */
async function send(context: ServiceContext): Promise<void> {
  const { client, words, notice } = context
  const { chat, webUrl, channels } = client.deps
  const { person, wording } = client
  const room = roomNamed(context, words[0] ?? '')
  if (!person) refuse('no-such-room')
  const command = await uploadCommand({ chat, person, webUrl, wording, room }, undefined)
  notice(unstarred(wording.sendByLink(channels.nameOf(room), command)))
}

/** Refuses 'no-such-room'. */
function roomNamed({ client }: ServiceContext, target: string): Room {
  return client.rooms.named(target) ?? refuse('no-such-room')
}

async function messagesIn(
  { client, reply }: ServiceContext,
  { id }: Room,
  limit: number,
): Promise<readonly Message[]> {
  reply.addCost(QUERY_COST)
  const page = { kind: 'any', before: Number.MAX_SAFE_INTEGER as Seq, limit } as const
  return client.deps.chat.messages.withFiles(client.person ?? refuse('no-such-room'), id, page)
}
