// Commands about messages.

import type { Message, RoomId, Seq } from '../../../core/model/model.ts'
import { refuse } from '../../../core/model/refusals.ts'
import type { Hit } from '../../../core/search/matching.ts'
import { clockTime } from '../../../wording/times.ts'
import { message } from '../render.ts'
import { titleOf } from '../rooms.ts'
import { type Place, told, type Words } from './context.ts'
import { numberOf } from './words.ts'

const SHOWN = 20
const FOUND = 10
/** Messages in one page of an answer. */
const PAGE = 40
/** With the one that is looked for. */
const AROUND = 11

export async function history(place: Place, [count = `${SHOWN}`, before]: Words): Promise<void> {
  const limit = /^\d+$/.test(count) ? Number(count) : SHOWN
  let seq = before === undefined ? (Number.MAX_SAFE_INTEGER as Seq) : numberOf(before)
  const fetch = async () => {
    const page = { side: 'before', seq, limit } as const
    const messages = await place.chat.messages.page(place.person, place.room.id, page)
    seq = ((messages.at(-1)?.seq ?? 0) + 1) as Seq // the same ones when it goes on
    return messages
  }
  const after = await lastBefore(place, (await fetch())[0])
  const upto = before === undefined ? {} : { upto: (numberOf(before) - 1) as Seq }
  await sayNumbered(place, fetch, { after, ...upto })
}

/** The seq of the message before that one; 0 where there is none. */
async function lastBefore({ chat, person, room }: Place, first: Message | undefined): Promise<Seq> {
  if (!first) return 0 as Seq
  const [before] = await chat.messages.page(person, room.id, { side: 'before', seq: first.seq, limit: 1 })
  return before?.seq ?? (0 as Seq)
}

/** A message by its number or its address (#sala/41, @ana/41, 2/41 whatever the room is called), and those around it. */
export async function show(place: Place, [typed = '']: Words): Promise<void> {
  const { chat, person, say } = place
  const [, name, number = typed] = /^(.+)\/(\d+)$/.exec(typed) ?? []
  const room = name === undefined ? place.room.id : await roomAt(place, name)
  const seq = numberOf(number)
  const page = { side: 'around', seq, limit: AROUND } as const
  const fetch = () => chat.messages.page(person, room, page)
  if (!(await fetch()).some(each => each.seq === seq)) refuse('no-such-message')
  await sayNumbered(place, fetch)
  say([place.wording.addressIs(`${room}/${seq}`)])
}

async function roomAt({ chat, person }: Place, name: string): Promise<RoomId> {
  if (/^\d+$/.test(name)) return Number(name) as RoomId
  return (
    name.startsWith('@') ? await chat.rooms.direct(person, [name]) : await chat.rooms.find(person, name)
  ).id
}

/** Looked up again for each page, so that nothing that was erased meanwhile is shown, nor to whom has been sent out. */
async function sayNumbered(
  place: Place,
  fetch: () => Promise<readonly Message[]>,
  numbering: Numbering = {},
): Promise<void> {
  const { say, wording, afterwards, session } = place
  const { skip = 0, after, upto = 0 } = numbering
  const messages = await fetch()
  const shown = messages.slice(skip, skip + PAGE)
  const lines = shown.map(each => numbered(each, place))
  const left = messages.length - skip - PAGE
  if (lines.length === 0) lines.push(wording.nothingFound)
  if (left > 0) lines.push(wording.more(left))
  say(lines)
  const last = shown.at(-1)
  if (after !== undefined && last)
    session.seat(last.room)?.lookedBack(after, left > 0 ? last.seq : (Math.max(last.seq, upto) as Seq))
  if (left > 0) afterwards(() => sayNumbered(place, fetch, { ...numbering, skip: skip + PAGE }))
}

interface Numbering {
  readonly skip?: number
  /** The messages are all that the room has behind that seq, up to their last. */
  readonly after?: Seq
  /** What lies between their last and this is no message. */
  readonly upto?: Seq
}

/** #41 [2026-11-23 10:32] ana: hola */
function numbered(each: Message, { wording, zone }: Place): string {
  const signs = each.reactions?.map(({ emoji, count }) => `${emoji} ${count}`) ?? []
  const reactions = signs.length === 0 ? '' : ` (${signs.join(', ')})`
  return `#${each.seq} [${clockTime(each.at, zone)}] ${message(each, wording)}${reactions}`
}

export async function search(place: Place, query: string, skip: number): Promise<void> {
  const { chat, person, say, wording } = place
  const { found, more, complete } = await chat.messages.search(person, query, { skip, limit: FOUND })
  const lines = found.map(({ message, room, hits }) => {
    const marked = { ...message, text: markedIn(message.text, hits) }
    return `${titleOf(room)} ${numbered(marked, place)}`
  })
  if (found.length === 0) lines.push(wording.nothingFound)
  if (!complete) lines.push(wording.incomplete)
  if (more) lines.push(wording.moreResults)
  say(lines)
  if (more) place.afterwards(() => search(place, query, skip + FOUND))
}

/** What was sought stands *between stars*. */
function markedIn(text: string, hits: readonly Hit[]): string {
  let marked = ''
  let done = 0
  for (const { from, to } of hits) {
    marked += `${text.slice(done, from)}*${text.slice(from, to)}*`
    done = to
  }
  return marked + text.slice(done)
}

export async function more(place: Place): Promise<void> {
  if (!(await place.more())) place.say([place.wording.noMore])
}

export async function thread(place: Place, [seq = '']: Words): Promise<void> {
  const { chat, person, room } = place
  await sayNumbered(place, () => chat.messages.thread(person, room.id, numberOf(seq)))
}

export function reply({ post, room }: Place, [to = '', text = '']: Words): void {
  post(room.id, { text, reply: numberOf(to) })
}

/** What one does: * ana baila */
export function act({ post, room }: Place, [text = '']: Words): void {
  post(room.id, { text, action: true })
}

export async function edit(place: Place, [target = '', text = '']: Words): Promise<void> {
  const { chat, person, room, format } = place
  told(place, await chat.messages.edit(person, room.id, numberOf(target), { text, format }))
}

export async function erase(place: Place, [target = '']: Words): Promise<void> {
  const { chat, person, room } = place
  told(place, await chat.messages.erase(person, room.id, numberOf(target)))
}

export async function react(place: Place, [typed = '', seq]: Words): Promise<void> {
  const { chat, person, room } = place
  const target = seq === undefined ? await lastIn(place, room.id) : numberOf(seq)
  const on = !typed.startsWith('-')
  told(place, await chat.messages.react(person, room.id, target, { emoji: on ? typed : typed.slice(1), on }))
}

/** The last message of the room. Refuses 'no-such-message'. */
async function lastIn({ chat, person }: Place, room: RoomId): Promise<Seq> {
  const end = Number.MAX_SAFE_INTEGER as Seq
  const [last] = await chat.messages.page(person, room, { side: 'before', seq: end, limit: 1 })
  return last?.seq ?? refuse('no-such-message')
}

export async function pin(place: Place, [target = '']: Words): Promise<void> {
  const { chat, person, room } = place
  const on = !target.startsWith('-')
  told(place, await chat.messages.pin(person, room.id, numberOf(target.replace('-', '')), on))
}

export async function pins(place: Place): Promise<void> {
  await sayNumbered(place, () => place.chat.messages.pins(place.person, place.room.id))
}

export function paste(place: Place): void {
  place.paste()
  place.say([place.wording.pasting])
}
