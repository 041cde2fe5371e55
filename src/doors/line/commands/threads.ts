// Commands about threads, and who follows them.

import type { FollowedThread } from '../../../core/ports/threads.ts'
import { clockTime } from '../../../wording/times.ts'
import { counted, renderMessage } from '../render.ts'
import { titleOf } from '../rooms.ts'
import { type Args, type CommandContext, sayIfUnchanged } from './context.ts'
import { placeOf, sayNumbered } from './messages.ts'

/** Threads in one page of the list. */
const LISTED = 20
/** Code points of a thread's first message that its line shows. */
const SHOWN = 80

/** Shows a thread; to whoever follows it, its answers are read by that. */
export async function thread(context: CommandContext, [typed = '']: Args): Promise<void> {
  const { chat, person } = context
  const { room, seq } = await placeOf(context, typed)
  const fetch = async () => (await chat.threads.page(person, room, seq)).filter(({ deleted }) => !deleted)
  await sayNumbered(context, fetch)
  const last = (await fetch()).at(-1)
  if (last) await chat.threads.markRead(person, room, seq, last.seq)
}

/** Lists the threads that the person follows, those with unread answers first. */
export async function threads(context: CommandContext, _: Args = [], skip = 0): Promise<void> {
  const { chat, person, say, wording, setNext } = context
  const followed = await chat.threads.followed(person, { skip, limit: LISTED })
  const rooms = new Map((await chat.rooms.mine(person)).map(room => [room.id, titleOf(room)]))
  const lines = followed.map(each => lineOf(each, rooms.get(each.room) ?? '', context))
  if (lines.length === 0) lines.push(wording.nothingFound)
  const isFull = followed.length === LISTED
  if (isFull) lines.push(wording.moreResults)
  say(lines)
  if (isFull) setNext(() => threads(context, [], skip + LISTED))
}

/** #general/41 [2026-11-23 10:32] ana: hola (3 respuestas, 2 nuevas) */
function lineOf({ message, unread }: FollowedThread, title: string, context: CommandContext): string {
  const { wording, zone } = context
  const [first = ''] = renderMessage(message, context).split('\n')
  const text = message.deleted ? wording.erasedMessage : cut(first)
  const answers = wording.answers(message.thread?.answers ?? 0, counted(unread))
  return `${title}/${message.seq} [${clockTime(message.at, zone)}] ${text} (${answers})`
}

function cut(text: string): string {
  const points = Array.from(text)
  return points.length > SHOWN ? `${points.slice(0, SHOWN).join('')}…` : text
}

export async function follow(context: CommandContext, [typed = '']: Args): Promise<void> {
  const { chat, person } = context
  const on = !typed.startsWith('-')
  const { room, seq } = await placeOf(context, on ? typed : typed.slice(1))
  const done = await chat.threads.follow(person, room, seq, on)
  if (done) context.say([on ? context.wording.followed : context.wording.unfollowed])
  else sayIfUnchanged(context, done)
}
