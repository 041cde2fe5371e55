// Commands about rooms and who is in them.

import { isWild } from '../../../core/model/masks.ts'
import type { Level, Room, RoomId } from '../../../core/model/model.ts'
import { Refusal, refuse } from '../../../core/model/refusals.ts'
import type { Member, SizedListing } from '../../../core/ports/rooms.ts'
import { LONGEST_LIST } from '../../../core/rooms/rooms.ts'
import { printableLine } from '../../../wire/printable.ts'
import type { Wording } from '../../../wording/es.ts'
import { counted } from '../render.ts'
import { isPair, titleOf } from '../rooms.ts'
import { type Args, type CommandContext, misused, sayIfUnchanged } from './context.ts'
import { setMask } from './room-rules.ts'
import { duration, meaning, plain } from './words.ts'

export async function listRooms({
  chat,
  session,
  person,
  room,
  wording,
  say,
}: CommandContext): Promise<void> {
  await chat.readMarks.moveToShown(session)
  const { mine, others } = await chat.rooms.list(person)
  const line = (each: SizedListing) => `${each.id === room.id ? '>' : ' '} ${listed(each, wording)}`
  const rest = others.length === 0 ? [] : [wording.otherRooms, ...others.map(line)]
  const invitations = (await chat.rooms.invitations(person)).map(each =>
    wording.asksYou(each.by.username, titleOf(each.room)),
  )
  say([wording.yourRooms, ...mine.map(line), ...rest, ...invitations])
}

function listed(each: SizedListing, wording: Wording): string {
  const { archived, kind, people, unread, mentions, topic, level } = each
  const marks = [wording.people(people)]
  if (kind === 'closed' || kind === 'announcement') marks.push(wording.roomMarks[kind])
  if (archived) marks.push(wording.roomMarks.archived)
  if (level !== 'everything') marks.push(wording.levelMark(wording.levelNames[level]))
  const title = topic === '' ? '' : ` ${printableLine(topic)}`
  const news = unread === 0 ? '' : ` — ${wording.unreadIn('', counted(unread), counted(mentions)).trim()}`
  return `${wording.listed(titleOf(each), marks.join(', '))}${title}${news}`
}

export async function join(context: CommandContext, [name = '', key]: Args): Promise<void> {
  const { chat, person } = context
  if (name.startsWith('@')) return context.switchTo(await chat.rooms.direct(person, [name]))
  const room = await chat.rooms.find(person, name)
  await chat.rooms.join(person, room.id, key).catch(error => {
    if (!(error instanceof Refusal && error.code === 'already-there')) throw error
  })
  await context.switchTo(room)
}

export async function leave(context: CommandContext, [name]: Args): Promise<void> {
  const { chat, person } = context
  const room = await roomNamed(context, name)
  if (isPair(room)) return context.switchToGeneral()
  await chat.rooms.leave(person, room.id)
  if (room.id === context.room.id) await context.switchToGeneral()
}

/** The named room, or the current one. */
async function roomNamed({ chat, person, room }: CommandContext, name: string | undefined): Promise<Room> {
  return name === undefined ? room : chat.rooms.find(person, name)
}

export async function create(context: CommandContext, [name = '', kindName]: Args): Promise<void> {
  const { chat, person } = context
  const kind = kindName === undefined ? 'open' : (meaning(each => each.kindNames, kindName) ?? misused())
  await context.switchTo(await chat.rooms.create(person, name, kind))
}

/** Names separated by commas, then text: ana, beto hola. */
const NAMES_AND_TEXT = /^(@?[^\s,]+(?:\s*,\s*@?[^\s,]+)*)\s*(.*)$/s

export async function direct(context: CommandContext, [typed = '']: Args): Promise<void> {
  const [, names = misused(), text = ''] = NAMES_AND_TEXT.exec(typed) ?? []
  const group = /^&(\d{1,7})$/.exec(names)?.[1]
  const room =
    group === undefined
      ? await context.chat.rooms.direct(context.person, names.split(/\s*,\s*/))
      : await groupNumbered(context, Number(group) as RoomId)
  if (text === '') return context.switchTo(room)
  context.post(room.id, { text })
}

/** A conversation that one is in, by its number. Refuses 'no-such-room'. */
async function groupNumbered({ chat, person }: CommandContext, id: RoomId): Promise<Room> {
  const room = await chat.rooms.listing(person, id)
  if (room.kind !== 'direct') refuse('no-such-room')
  await chat.rooms.hide(person, id, false)
  return room
}

export async function who(context: CommandContext, [name]: Args): Promise<void> {
  const room = await roomNamed(context, name)
  await sayMembers(context, room, '')
}

async function sayMembers(context: CommandContext, room: Room, after: string): Promise<void> {
  const { chat, person, say, setNext } = context
  const members = await chat.rooms.members(person, room.id, after)
  const now = Date.now()
  say(members.map(each => member(each, context, now)))
  const last = members.at(-1)
  if (members.length === LONGEST_LIST && last) {
    say([context.wording.moreResults])
    setNext(() => sayMembers(context, room, last.person.username))
  }
}

function member(
  { person, role, mutedUntil, disabled }: Member,
  { chat, wording }: CommandContext,
  now: number,
): string {
  const marks = []
  const status = chat.statusOf(person.id)
  if (status !== 'offline') marks.push(wording.statusNames[status])
  if (role !== 'member') marks.push(wording.roleNames[role])
  if (person.role === 'bot' || person.role === 'guest') marks.push(wording.serverRoles[person.role])
  if (mutedUntil > now) marks.push(wording.mutedMark)
  if (disabled) marks.push(wording.disabledMark)
  const rest = marks.length === 0 ? '' : ` (${marks.join(', ')})`
  const says = person.status === '' ? '' : `: ${printableLine(person.status)}`
  return `${person.username} — ${printableLine(person.name)}${rest}${says}`
}

export async function topic(context: CommandContext, [text]: Args): Promise<void> {
  const { chat, person, room, wording, say } = context
  if (text !== undefined)
    return sayIfUnchanged(context, await chat.moderation.setTopic(person, room.id, text === '-' ? '' : text))
  const { topic: now } = await chat.rooms.listing(person, room.id)
  say([now === '' ? wording.noTopic : wording.topicIs(printableLine(now))])
}

export async function bring(context: CommandContext, [whom = '']: Args): Promise<void> {
  const { chat, person, room } = context
  sayIfUnchanged(context, await chat.rooms.bring(person, room.id, whom))
}

/** Invites somebody, who may accept or decline. */
export async function ask(context: CommandContext, [whom = '']: Args): Promise<void> {
  const { chat, person, room, wording, say } = context
  const isNews = await chat.rooms.invite(person, room.id, whom)
  say([isNews ? wording.asked(whom.replace(/^@/, ''), titleOf(room)) : wording.alreadySo])
}

/** Declines an invitation to a room. */
export async function decline(context: CommandContext, [name = '']: Args): Promise<void> {
  const { chat, person, wording, say } = context
  const room = await chat.rooms.find(person, name)
  say([(await chat.rooms.decline(person, room.id)) ? wording.declined(titleOf(room)) : wording.alreadySo])
}

export async function kick(context: CommandContext, [whom = '', reason = '']: Args): Promise<void> {
  const { chat, person, room } = context
  sayIfUnchanged(context, await chat.moderation.kick(person, room.id, { person: whom, reason }))
}

/** Bans a person, or with a mask (juan*) everyone it matches; -name lifts the ban. */
export async function ban(context: CommandContext, [whom = '', rest = '']: Args): Promise<void> {
  const { chat, person, room } = context
  const off = whom.startsWith('-')
  if (off || isWild(whom)) {
    if (rest !== '') misused()
    return setMask(context, { list: 'ban', mask: off ? whom.slice(1) : whom, on: !off })
  }
  const { milliseconds, reason } = timeAndReason(rest)
  if (milliseconds === 0) misused()
  await chat.moderation.ban(person, room.id, { person: whom, reason, ...lasting(milliseconds) })
}

/** 2h ruido; each may be left out. */
function timeAndReason(rest: string): { milliseconds: number | undefined; reason: string } {
  const [first = ''] = rest.split(/\s/, 1)
  const milliseconds = duration(first)
  return { milliseconds, reason: milliseconds === undefined ? rest : rest.slice(first.length).trim() }
}

/** Without a duration it never ends. */
function lasting(milliseconds: number | undefined) {
  return milliseconds === undefined ? {} : { milliseconds }
}

export async function mute(context: CommandContext, [whom = '', rest = '']: Args): Promise<void> {
  const { chat, person, room } = context
  if (isWild(whom)) {
    if (rest !== '' && rest !== '0') misused()
    return setMask(context, { list: 'mute', mask: whom, on: rest === '' })
  }
  const { milliseconds, reason } = timeAndReason(rest)
  if (milliseconds === 0 && reason !== '') misused()
  const discipline = { person: whom, reason, ...lasting(milliseconds) }
  sayIfUnchanged(context, await chat.moderation.mute(person, room.id, discipline))
}

export async function appoint(context: CommandContext, [whom = '', roleName = '']: Args): Promise<void> {
  const { chat, person, room } = context
  const role = meaning(each => each.roleNames, roleName) ?? misused()
  sayIfUnchanged(context, await chat.moderation.appoint(person, room.id, whom, role))
}

export async function rename(context: CommandContext, [name = '']: Args): Promise<void> {
  const { chat, person, room } = context
  if (room.kind === 'direct') {
    const title = name === '-' ? '' : name
    return sayIfUnchanged(context, await chat.rooms.setTitle(person, room.id, title))
  }
  const [word = ''] = name.split(/\s/, 1)
  sayIfUnchanged(context, await chat.moderation.rename(person, room.id, word))
}

/** Hides the current conversation from one's list. */
export async function hide(context: CommandContext, [no]: Args): Promise<void> {
  const { chat, person, room, wording, say } = context
  if (no !== undefined && plain(no) !== 'no') misused()
  if (room.kind !== 'direct') refuse('forbidden')
  await chat.rooms.hide(person, room.id, no === undefined)
  say([no === undefined ? wording.hidden : wording.shownAgain])
}

export async function archive(context: CommandContext, [no]: Args): Promise<void> {
  const { chat, person, room } = context
  if (no !== undefined && plain(no) !== 'no') misused()
  sayIfUnchanged(context, await chat.moderation.archive(person, room.id, no === undefined))
}

export async function notify(context: CommandContext, [typed = '']: Args): Promise<void> {
  const { chat, person, room, wording, say } = context
  const level: Level = meaning(each => each.levelNames, typed) ?? misused()
  const done = await chat.rooms.setLevel(person, room.id, level)
  say([done ? wording.levelIs(titleOf(room), wording.levelNames[level]) : wording.alreadySo])
}
