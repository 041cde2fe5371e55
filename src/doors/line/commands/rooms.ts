// Commands about rooms and who is in them.

import { isWild } from '../../../core/model/masks.ts'
import type { Level, Room } from '../../../core/model/model.ts'
import { Refusal } from '../../../core/model/refusals.ts'
import type { Member, SizedListing } from '../../../core/ports/rooms.ts'
import { LONGEST_LIST } from '../../../core/rooms/rooms.ts'
import { printableLine } from '../../../wire/printable.ts'
import type { Wording } from '../../../wording/es.ts'
import { counted } from '../render.ts'
import { isPair, titleOf } from '../rooms.ts'
import { misused, type Place, told, type Words } from './context.ts'
import { setMask } from './room-rules.ts'
import { duration, meaning, plain } from './words.ts'

export async function listRooms({ chat, session, person, room, wording, say }: Place): Promise<void> {
  await chat.markShown(session)
  const { mine, others } = await chat.rooms.list(person)
  const line = (each: SizedListing) => `${each.id === room.id ? '>' : ' '} ${listed(each, wording)}`
  const rest = others.length === 0 ? [] : [wording.otherRooms, ...others.map(line)]
  const asked = (await chat.rooms.invitations(person)).map(each =>
    wording.asksYou(each.by.username, titleOf(each.room)),
  )
  say([wording.yourRooms, ...mine.map(line), ...rest, ...asked])
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

export async function join(place: Place, [name = '', key]: Words): Promise<void> {
  const { chat, person } = place
  if (name.startsWith('@')) return place.moveTo(await chat.rooms.direct(person, [name]))
  const room = await chat.rooms.find(person, name)
  await chat.rooms.join(person, room.id, key).catch(error => {
    if (!(error instanceof Refusal && error.code === 'already-there')) throw error
  })
  await place.moveTo(room)
}

export async function leave(place: Place, [name]: Words): Promise<void> {
  const { chat, person } = place
  const room = await roomNamed(place, name)
  if (isPair(room)) return place.goHome()
  await chat.rooms.leave(person, room.id)
  if (room.id === place.room.id) await place.goHome()
}

/** The room that is written to where none is named. */
async function roomNamed({ chat, person, room }: Place, name: string | undefined): Promise<Room> {
  return name === undefined ? room : chat.rooms.find(person, name)
}

export async function create(place: Place, [name = '', kindName]: Words): Promise<void> {
  const { chat, person } = place
  const kind = kindName === undefined ? 'open' : (meaning(each => each.kindNames, kindName) ?? misused())
  await place.moveTo(await chat.rooms.create(person, name, kind))
}

/** ana, beto hola: the names, and what follows them. */
const NAMES_AND_TEXT = /^(@?[^\s,]+(?:\s*,\s*@?[^\s,]+)*)\s*(.*)$/s

export async function direct(place: Place, [typed = '']: Words): Promise<void> {
  const [, names = misused(), text = ''] = NAMES_AND_TEXT.exec(typed) ?? []
  const room = await place.chat.rooms.direct(place.person, names.split(/\s*,\s*/))
  if (text === '') return place.moveTo(room)
  place.post(room.id, { text })
}

export async function who(place: Place, [name]: Words): Promise<void> {
  const room = await roomNamed(place, name)
  await sayMembers(place, room, '')
}

async function sayMembers(place: Place, room: Room, after: string): Promise<void> {
  const { chat, person, say, afterwards } = place
  const members = await chat.rooms.members(person, room.id, after)
  const now = Date.now()
  say(members.map(each => member(each, place, now)))
  const last = members.at(-1)
  if (members.length === LONGEST_LIST && last) {
    say([place.wording.moreResults])
    afterwards(() => sayMembers(place, room, last.person.username))
  }
}

function member(
  { person, role, mutedUntil, disabled }: Member,
  { chat, wording }: Place,
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

export async function topic(place: Place, [text]: Words): Promise<void> {
  const { chat, person, room, wording, say } = place
  if (text !== undefined)
    return told(place, await chat.rooms.setTopic(person, room.id, text === '-' ? '' : text))
  const { topic: now } = await chat.rooms.listing(person, room.id)
  say([now === '' ? wording.noTopic : wording.topicIs(printableLine(now))])
}

export async function bring(place: Place, [whom = '']: Words): Promise<void> {
  const { chat, person, room } = place
  told(place, await chat.rooms.bring(person, room.id, whom))
}

/** Asks somebody to come, who may, or not. */
export async function ask(place: Place, [whom = '']: Words): Promise<void> {
  const { chat, person, room, wording, say } = place
  const isNews = await chat.rooms.invite(person, room.id, whom)
  say([isNews ? wording.asked(whom.replace(/^@/, ''), titleOf(room)) : wording.alreadySo])
}

/** Says no to who asks one into a room. */
export async function decline(place: Place, [name = '']: Words): Promise<void> {
  const { chat, person, wording, say } = place
  const room = await chat.rooms.find(person, name)
  say([(await chat.rooms.decline(person, room.id)) ? wording.declined(titleOf(room)) : wording.alreadySo])
}

export async function kick(place: Place, [whom = '', reason = '']: Words): Promise<void> {
  const { chat, person, room } = place
  told(place, await chat.rooms.kick(person, room.id, { person: whom, reason }))
}

/** Somebody; -somebody: they may come back; juan*: whoever is called so. */
export async function ban(place: Place, [whom = '', rest = '']: Words): Promise<void> {
  const { chat, person, room } = place
  const off = whom.startsWith('-')
  if (off || isWild(whom)) {
    if (rest !== '') misused()
    return setMask(place, { list: 'ban', mask: off ? whom.slice(1) : whom, on: !off })
  }
  const [first = ''] = rest.split(/\s/, 1)
  const milliseconds = duration(first)
  if (milliseconds === 0) misused()
  const reason = milliseconds === undefined ? rest : rest.slice(first.length).trim()
  await chat.rooms.ban(person, room.id, { person: whom, reason, ...lasting(milliseconds) })
}

/** For ever where nothing is said. */
function lasting(milliseconds: number | undefined) {
  return milliseconds === undefined ? {} : { milliseconds }
}

/** 30m, or 0 for the end of it; undefined for ever. */
function timeOf(word: string | undefined): number | undefined {
  return word === undefined ? undefined : (duration(word) ?? misused())
}

export async function mute(place: Place, [whom = '', time]: Words): Promise<void> {
  const { chat, person, room } = place
  if (isWild(whom)) {
    if (time !== undefined && time !== '0') misused()
    return setMask(place, { list: 'mute', mask: whom, on: time === undefined })
  }
  const discipline = { person: whom, ...lasting(timeOf(time)) }
  told(place, await chat.rooms.mute(person, room.id, discipline))
}

export async function silence(place: Place, [time]: Words): Promise<void> {
  const { chat, person, room } = place
  told(place, await chat.rooms.silence(person, room.id, timeOf(time)))
}

export async function slow(place: Place, [typed = '']: Words): Promise<void> {
  const { chat, person, room } = place
  if (!/^\d{1,6}$/.test(typed)) misused()
  told(place, await chat.rooms.slow(person, room.id, Number(typed)))
}

export async function appoint(place: Place, [whom = '', roleName = '']: Words): Promise<void> {
  const { chat, person, room } = place
  const role = meaning(each => each.roleNames, roleName) ?? misused()
  told(place, await chat.rooms.appoint(person, room.id, whom, role))
}

export async function rename(place: Place, [name = '']: Words): Promise<void> {
  const { chat, person, room } = place
  told(place, await chat.rooms.rename(person, room.id, name))
}

export async function archive(place: Place, [no]: Words): Promise<void> {
  const { chat, person, room } = place
  if (no !== undefined && plain(no) !== 'no') misused()
  told(place, await chat.rooms.archive(person, room.id, no === undefined))
}

export async function notify(place: Place, [typed = '']: Words): Promise<void> {
  const { chat, person, room, wording, say } = place
  const level: Level = meaning(each => each.levelNames, typed) ?? misused()
  const done = await chat.rooms.setLevel(person, room.id, level)
  say([done ? wording.levelIs(titleOf(room), wording.levelNames[level]) : wording.alreadySo])
}
