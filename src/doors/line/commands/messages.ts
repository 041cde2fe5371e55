// Commands about messages.

import type { Fold, HistoryEntry, QuietEvent } from '../../../core/model/history.ts'
import type { Message, RoomId, Seq } from '../../../core/model/model.ts'
import { refuse } from '../../../core/model/refusals.ts'
import type { Hit } from '../../../core/search/matching.ts'
import { printable } from '../../../wire/printable.ts'
import { clockTime } from '../../../wording/times.ts'
import { renderEvent, renderMessage } from '../render.ts'
import { titleOf } from '../rooms.ts'
import { type Args, type CommandContext, sayIfUnchanged } from './context.ts'
import { numberOf } from './words.ts'

const SHOWN = 20
const FOUND = 10
/** Messages in one page of an answer. */
const PAGE = 40
/** Messages around one that is looked up, itself included. */
const AROUND = 11

export async function history(context: CommandContext, [count = `${SHOWN}`, before]: Args): Promise<void> {
  const limit = /^\d+$/.test(count) ? Number(count) : SHOWN
  let seq = before === undefined ? (Number.MAX_SAFE_INTEGER as Seq) : numberOf(before)
  const fetch = async () => {
    const page = { side: 'before', seq, limit } as const
    const { entries } = await context.chat.messages.history(context.person, context.room.id, page)
    const last = entries.at(-1)
    seq = ((last ? lastSeqOf(last) : 0) + 1) as Seq // the same entries when it goes on
    return entries.filter(each => each.kind !== 'message' || !each.deleted)
  }
  const first = (await fetch()).find(each => each.kind === 'message')
  const after = await lastBefore(context, first)
  const upto = before === undefined ? {} : { upto: (numberOf(before) - 1) as Seq }
  await sayNumbered(context, fetch, { after, ...upto })
}

/** The seq of the message before this one; 0 if there is none. */
async function lastBefore(
  { chat, person, room }: CommandContext,
  first: HistoryEntry | undefined,
): Promise<Seq> {
  if (!first) return 0 as Seq
  const [before] = await chat.messages.page(person, room.id, { side: 'before', seq: first.seq, limit: 1 })
  return before?.seq ?? (0 as Seq)
}

/** Shows a message by its number or its address (#sala/41, @ana/41, 2/41 by the room's id), with those around it. */
export async function show(context: CommandContext, [typed = '']: Args): Promise<void> {
  const { chat, person, say } = context
  const { room, seq } = await placeOf(context, typed)
  const page = { side: 'around', seq, limit: AROUND } as const
  const fetch = () => chat.messages.page(person, room, page)
  if (!(await fetch()).some(each => each.seq === seq)) refuse('no-such-message')
  await sayNumbered(context, fetch)
  say([context.wording.addressIs(`${room}/${seq}`)])
}

/** Where a message is that was named by its number in the current room, or by its address. */
export async function placeOf(context: CommandContext, typed: string): Promise<{ room: RoomId; seq: Seq }> {
  const [, name, number = typed] = /^(.+)\/(\d+)$/.exec(typed) ?? []
  const room = name === undefined ? context.room.id : await roomAt(context, name)
  return { room, seq: numberOf(number) }
}

async function roomAt({ chat, person }: CommandContext, name: string): Promise<RoomId> {
  if (/^\d+$/.test(name)) return Number(name) as RoomId
  return (
    name.startsWith('@') ? await chat.rooms.direct(person, [name]) : await chat.rooms.find(person, name)
  ).id
}

/** Fetches the messages again for each page, so that it shows none erased meanwhile, and nothing to former members. */
export async function sayNumbered(
  context: CommandContext,
  fetch: () => Promise<readonly HistoryEntry[]>,
  numbering: Numbering = {},
): Promise<void> {
  const { say, wording, setNext, session } = context
  const { skip = 0, after, upto = 0 } = numbering
  const entries = await fetch()
  const page = entries.slice(skip, skip + PAGE)
  const lines = page.map(each => (each.kind === 'message' ? numbered(each, context) : quiet(each, context)))
  const left = entries.length - skip - PAGE
  if (lines.length === 0) lines.push(wording.nothingFound)
  if (left > 0) lines.push(wording.more(left))
  say(lines)
  const last = page.at(-1)
  if (after !== undefined && last)
    session
      .seat(last.room)
      ?.lookedBack(after, left > 0 ? lastSeqOf(last) : (Math.max(lastSeqOf(last), upto) as Seq))
  if (left > 0) setNext(() => sayNumbered(context, fetch, { ...numbering, skip: skip + PAGE }))
}

interface Numbering {
  readonly skip?: number
  /** The messages are all of the room after this seq, up to their last. */
  readonly after?: Seq
  /** Between their last and this seq there are no messages. */
  readonly upto?: Seq
}

/** The seq of the entry's last event. */
function lastSeqOf(entry: HistoryEntry): Seq {
  return entry.kind === 'fold' ? entry.upto : entry.seq
}

/** [2026-11-23 10:32] * beto entró en #sala. */
function quiet(entry: QuietEvent | Fold, { wording, webUrl, zone, room }: CommandContext): string {
  const options = { wording, webUrl, label: titleOf(room), isOther: false }
  const text =
    entry.kind === 'fold'
      ? `* ${wording.folded({ ...entry.counts, more: entry.more === true })}.`
      : renderEvent(entry, options).trimEnd()
  return `[${clockTime(entry.at, zone)}] ${text}`
}

/** #41 [2026-11-23 10:32] ana: hola */
function numbered(each: Message, { wording, webUrl, zone }: CommandContext): string {
  const signs = each.reactions?.map(({ emoji, count }) => `${emoji} ${count}`) ?? []
  const reactions = signs.length === 0 ? '' : ` (${signs.join(', ')})`
  return `#${each.seq} [${clockTime(each.at, zone)}] ${renderMessage(each, { wording, webUrl })}${reactions}`
}

export async function search(context: CommandContext, query: string, skip: number): Promise<void> {
  const { chat, person, say, wording } = context
  const { found, more, complete } = await chat.messages.search(person, query, { skip, limit: FOUND })
  const lines = found.map(({ message, room, hits }) => {
    const marked = { ...message, text: markedIn(message.text, hits) }
    return `${titleOf(room)} ${numbered(marked, context)}`
  })
  if (found.length === 0) lines.push(wording.nothingFound)
  if (!complete) lines.push(wording.incomplete)
  if (more) lines.push(wording.moreResults)
  say(lines)
  if (more) context.setNext(() => search(context, query, skip + FOUND))
}

/** Marks the matches *with stars*. */
function markedIn(text: string, hits: readonly Hit[]): string {
  let marked = ''
  let done = 0
  for (const { from, to } of hits) {
    marked += `${text.slice(done, from)}*${text.slice(from, to)}*`
    done = to
  }
  return marked + text.slice(done)
}

export async function more(context: CommandContext): Promise<void> {
  if (!(await context.more())) context.say([context.wording.noMore])
}

export function reply({ post, room }: CommandContext, [to = '', text = '']: Args): void {
  post(room.id, { text, reply: numberOf(to) })
}

/** Posts an action: *ana baila* */
export function act({ post, room }: CommandContext, [text = '']: Args): void {
  post(room.id, { text, action: true })
}

export async function edit(context: CommandContext, [target = '', text = '']: Args): Promise<void> {
  const { chat, person, room, format } = context
  sayIfUnchanged(context, await chat.messages.edit(person, room.id, numberOf(target), { text, format }))
}

export async function erase(context: CommandContext, [target = '']: Args): Promise<void> {
  const { chat, person, room } = context
  sayIfUnchanged(context, await chat.messages.erase(person, room.id, numberOf(target)))
}

export async function react(context: CommandContext, [typed = '', seq]: Args): Promise<void> {
  const { chat, person, room } = context
  const target = seq === undefined ? await lastIn(context, room.id) : numberOf(seq)
  const on = !typed.startsWith('-')
  sayIfUnchanged(
    context,
    await chat.messages.react(person, room.id, target, { emoji: on ? typed : typed.slice(1), on }),
  )
}

/** Reactions whose people are said. */
const REACTORS = 200

/** Says who has reacted: 👍 ana, beto */
export async function reactions(context: CommandContext, [target = '']: Args): Promise<void> {
  const { chat, person, room, say, wording } = context
  const { seq } = await chat.messages.one(person, room.id, numberOf(target))
  const found = await chat.messages.reactors(person, room.id, seq, { limit: REACTORS })
  const byEmoji = Map.groupBy(found, ({ emoji }) => emoji)
  const lines = [...byEmoji].map(
    ([emoji, those]) => `${emoji} ${those.map(each => each.person.username).join(', ')}`,
  )
  if (found.length === REACTORS) lines.push('…')
  say(lines.length === 0 ? [wording.nothingFound] : lines)
}

/** The seq of the room's last message. Refuses 'no-such-message'. */
async function lastIn({ chat, person }: CommandContext, room: RoomId): Promise<Seq> {
  const end = Number.MAX_SAFE_INTEGER as Seq
  const [last] = await chat.messages.page(person, room, { side: 'before', seq: end, limit: 1 })
  return last?.seq ?? refuse('no-such-message')
}

export async function pin(context: CommandContext, [target = '']: Args): Promise<void> {
  const { chat, person, room } = context
  const on = !target.startsWith('-')
  sayIfUnchanged(context, await chat.messages.pin(person, room.id, numberOf(target.replace('-', '')), on))
}

export async function pins(context: CommandContext): Promise<void> {
  await sayNumbered(context, () => context.chat.messages.pins(context.person, context.room.id))
}

export async function markUnread(context: CommandContext, [target = '']: Args): Promise<void> {
  const { chat, person, room, wording, say } = context
  const seq = numberOf(target)
  await chat.readMarks.moveBefore(person, room.id, seq)
  say([wording.markedUnread(seq)])
}

/** The texts that a message has had, a line or more each. */
export async function versions(
  { chat, person, room, say, zone }: CommandContext,
  [seq = '']: Args,
): Promise<void> {
  const found = await chat.messages.versions(person, room.id, numberOf(seq))
  say(found.map(({ text, at }) => `[${clockTime(at, zone)}] ${printable(text).replaceAll('\n', '\n| ')}`))
}

/** Saves a message for oneself; -41 no longer. */
export async function save(
  { chat, person, room, wording, say }: CommandContext,
  [target = '']: Args,
): Promise<void> {
  const on = !target.startsWith('-')
  const seq = numberOf(target.replace('-', ''))
  const done = await chat.keeping.save(person, room.id, seq, on)
  say([done ? (on ? wording.savedIt(seq) : wording.unsavedIt(seq)) : wording.alreadySo])
}

/** The latest first, with the rooms that they are in. */
export async function saved(context: CommandContext, before?: number): Promise<void> {
  const { chat, person, say, wording, setNext, zone } = context
  const found = await chat.keeping.saved(person, { before, limit: FOUND + 1 })
  const page = found.slice(0, FOUND)
  const lines = page.map(({ found, at, room, seq }) =>
    found
      ? `${titleOf(found.room)} ${numbered(found.message, context)}`
      : wording.savedUnread(`${room}/${seq}`, clockTime(at, zone)),
  )
  if (lines.length === 0) lines.push(wording.nothingFound)
  const next = found.length > FOUND ? page.at(-1)?.number : undefined
  if (next !== undefined) lines.push(wording.moreResults)
  say(lines)
  if (next !== undefined) setNext(() => saved(context, next))
}

export function paste(context: CommandContext): void {
  context.paste()
  context.say([context.wording.pasting])
}
