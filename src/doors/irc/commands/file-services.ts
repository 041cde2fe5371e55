// ChanServ's commands about files. IRC clients have no log-in to the web door, so what these give are links for one person.

import type { FileId, Room } from '../../../core/model/model.ts'
import { Refusal, refuse } from '../../../core/model/refusals.ts'
import { latestFileLines, personalLink, uploadCommand } from '../../shared/attachments.ts'
import { unstarred } from '../events/tags.ts'
import { QUERY_COST } from '../replies/cost.ts'
import type { ServiceContext } from './services.ts'

/** The id in an address /f/ID, or alone. */
const ID = /(?:^|\/f\/)([\w-]{22})(?:$|[?#])/

type Run = (context: ServiceContext) => Promise<void>

export const fileServices: Readonly<Record<'FILE' | 'FILES' | 'SEND', Run>> = {
  FILE: refusing(file),
  FILES: refusing(files),
  SEND: refusing(send),
}

/** Says a refusal. */
export function refusing(run: Run): Run {
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
  const { client, reply } = context
  const { id } = roomNamed(context, target)
  const person = client.person ?? refuse('no-such-room')
  reply.addCost(QUERY_COST)
  const [message] = await client.deps.chat.messages.withFiles(person, id, { kind: 'any', limit: 1 })
  return message?.attachments ?? refuse('no-such-file')
}

/** FILES #sala [count]: the last files of a channel or a query, the latest at the end. */
async function files(context: ServiceContext): Promise<void> {
  const { client, words, reply, notice } = context
  const [target = '', count] = words
  const room = roomNamed(context, target)
  const person = client.person ?? refuse('no-such-room')
  const { chat, webUrl } = client.deps
  const { wording } = client
  reply.addCost(QUERY_COST)
  const lines = await latestFileLines(
    count,
    { chat, person, room, webUrl, wording },
    ({ author }) => `${author.username}:`,
  )
  for (const line of lines) notice(line)
  if (lines.length === 0) notice(unstarred(wording.noFiles))
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
export function roomNamed({ client }: ServiceContext, target: string): Room {
  return client.rooms.named(target) ?? refuse('no-such-room')
}
