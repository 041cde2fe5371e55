// The commands of the line door. A command reads its words, calls one use case, and says what came of it.

import type { Chat } from '../../core/chat.ts'
import type { Message, Person, Room, RoomId, RoomRole, Seq } from '../../core/model.ts'
import type { Listing } from '../../core/ports.ts'
import { refuse } from '../../core/refusals.ts'
import { printableLine } from '../../wire/printable.ts'
import type { Wording } from '../../wording/es.ts'
import { languages } from '../../wording/languages.ts'
import { clockTime, message } from './show.ts'

/** What a command may use of the connection that it was typed on. */
export interface Place {
  readonly chat: Chat
  readonly wording: Wording
  readonly person: Person
  /** The room that is written to. */
  readonly room: Room
  /** A long answer stops after a page, and goes on with `more`. */
  say(lines: readonly string[]): void
  /** Goes on with an answer that stopped; @returns false when there is none. */
  more(): Promise<boolean>
  /** What `more` does when nothing is left of the last answer. */
  afterwards(next: () => Promise<void>): void
  moveTo(room: Room): Promise<void>
  /** What this connection has been shown counts as read. */
  markRead(): Promise<void>
  post(room: RoomId, text: string): void
  reply(to: Seq, text: string): void
  /** From now on lines are gathered until one of them is a dot. */
  paste(): void
}

export type Name = keyof Wording['commands']

export interface Command {
  /** Words before the free text. */
  readonly words: number
  /** Words, the free text counting as one, without which it does nothing but say how it is used. */
  readonly least: number
  run(place: Place, args: readonly string[]): void | Promise<void>
}

const PAGE = 20
const FOUND = 10

export const commands: Readonly<Record<Name, Command>> = {
  help: { words: 1, least: 0, run: (place, [word]) => place.say(help(place.wording, word)) },
  rooms: { words: 0, least: 0, run: listRooms },
  join: { words: 1, least: 1, run: join },
  leave: { words: 0, least: 0, run: ({ chat, person, room }) => chat.lobby.leave(person, room.id) },
  create: { words: 2, least: 1, run: create },
  direct: { words: 1, least: 1, run: direct },
  who: { words: 0, least: 0, run: who },
  topic: { words: 0, least: 0, run: topic },
  bring: {
    words: 1,
    least: 1,
    run: ({ chat, person, room }, [whom = '']) => chat.lobby.bring(person, room.id, whom),
  },
  kick: {
    words: 1,
    least: 1,
    run: ({ chat, person, room }, [whom = '', reason = '']) =>
      chat.lobby.kick(person, room.id, { person: whom, reason }),
  },
  ban: { words: 1, least: 1, run: ban },
  mute: { words: 2, least: 1, run: mute },
  appoint: { words: 2, least: 2, run: appoint },
  rename: {
    words: 1,
    least: 1,
    run: ({ chat, person, room }, [name = '']) => chat.lobby.rename(person, room.id, name),
  },
  archive: { words: 1, least: 0, run: archive },
  history: { words: 2, least: 0, run: history },
  search: { words: 0, least: 1, run: (place, [query = '']) => search(place, query, 0) },
  more: { words: 0, least: 0, run: more },
  reply: { words: 1, least: 2, run: (place, [to = '', text = '']) => place.reply(numberOf(to), text) },
  thread: { words: 1, least: 1, run: thread },
  edit: {
    words: 1,
    least: 2,
    run: ({ chat, person, room }, [target = '', text = '']) =>
      chat.messages.edit(person, room.id, numberOf(target), text),
  },
  erase: {
    words: 1,
    least: 1,
    run: ({ chat, person, room }, [target = '']) => chat.messages.erase(person, room.id, numberOf(target)),
  },
  react: { words: 2, least: 1, run: react },
  pin: {
    words: 1,
    least: 1,
    run: ({ chat, person, room }, [target = '']) =>
      chat.messages.pin(person, room.id, numberOf(target.replace('-', '')), !target.startsWith('-')),
  },
  pins: { words: 0, least: 0, run: pins },
  paste: { words: 0, least: 0, run: paste },
}

// --- finding a command -----------------------------------------------------------------------------------

const NAMES = Object.keys(commands) as Name[]
/** In every language, so that who changes language finds what they know. */
const BY_WORD = new Map(
  Object.values(languages).flatMap(({ commands }) => NAMES.map(name => [commands[name].word, name] as const)),
)

/** @param word as typed, without the slash; accents are not needed */
export function commandCalled(word: string): Name | undefined {
  return BY_WORD.get(plain(word))
}

/** The word nearest to what was typed, if one is near. */
export function nearest(typed: string, wording: Wording): string | undefined {
  const word = plain(typed)
  const near = NAMES.map(name => wording.commands[name].word)
    .map(each => ({ each, away: distance(word, each) }))
    .sort((a, b) => a.away - b.away)[0]
  return near && near.away <= Math.max(1, Math.floor(word.length / 3)) ? near.each : undefined
}

export function usage(name: Name, { commands }: Wording): string {
  return `/${commands[name].word} ${commands[name].args}`.trim()
}

/** The first words and what follows them; spaces inside the free text stay. */
export function argumentsOf({ words }: Command, typed: string): string[] {
  const args: string[] = []
  let rest = typed.trim()
  for (let i = 0; i < words && rest !== ''; i++) {
    const [word = ''] = rest.split(/\s/, 1)
    args.push(word)
    rest = rest.slice(word.length).trimStart()
  }
  return rest === '' ? args : [...args, rest]
}

function plain(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** Letters to put in, take out or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same))
    }
    row = next
  }
  return row[b.length] ?? 0
}

// --- reading words ---------------------------------------------------------------------------------------

/** #41 or 41. Refuses 'no-such-message'. */
function numberOf(word: string): Seq {
  const digits = /^#?(\d{1,10})$/.exec(word)?.[1]
  return digits === undefined ? refuse('no-such-message') : (Number(digits) as Seq)
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** 30m, 2h, 7d or 0, in milliseconds; undefined for any other word. */
function duration(word: string): number | undefined {
  if (word === '0') return 0
  const [, digits, unit = ''] = /^(\d{1,5})([mhd])$/.exec(word) ?? []
  return digits === undefined ? undefined : Number(digits) * (UNITS[unit] ?? 0)
}

/** What this word stands for in any language. */
function meaning<Key extends string>(
  pick: (wording: Wording) => Readonly<Record<Key, string>>,
  word: string,
) {
  for (const wording of Object.values(languages)) {
    for (const [key, name] of Object.entries(pick(wording)) as [Key, string][]) {
      if (plain(name) === plain(word)) return key
    }
  }
  return undefined
}

// --- the commands ----------------------------------------------------------------------------------------

function help(wording: Wording, word: string | undefined): string[] {
  const only = word === undefined ? undefined : commandCalled(word.replace(/^\//, ''))
  return (only ? [only] : NAMES).map(name => `${usage(name, wording)} — ${wording.commands[name].help}`)
}

async function listRooms({ chat, person, room, wording, say, markRead }: Place): Promise<void> {
  await markRead()
  const { mine, others } = await chat.lobby.list(person)
  const line = (each: Listing) => `${each.id === room.id ? '>' : ' '} ${listed(each, wording)}`
  const rest = others.length === 0 ? [] : [wording.otherRooms, ...others.map(line)]
  say([wording.yourRooms, ...mine.map(line), ...rest])
}

function listed(each: Listing, wording: Wording): string {
  const { archived, kind, people, unread, mentions, topic } = each
  const marks = [wording.people(people)]
  if (kind === 'closed' || kind === 'announcement') marks.push(wording.roomMarks[kind])
  if (archived) marks.push(wording.roomMarks.archived)
  const name = kind === 'direct' ? `@${each.name}` : `#${each.name}`
  const title = topic === '' ? '' : ` ${printableLine(topic)}`
  const news = unread === 0 ? '' : ` — ${wording.unreadIn('', counted(unread), counted(mentions)).trim()}`
  return `${wording.listed(name, marks.join(', '))}${title}${news}`
}

/** Counting stops at a hundred. */
export function counted(count: number): string {
  return count >= 100 ? '99+' : `${count}`
}

async function join(place: Place, [name = '']: readonly string[]): Promise<void> {
  const { chat, person } = place
  const room = await chat.lobby.find(person, name)
  const { mine } = await chat.lobby.list(person)
  if (!mine.some(each => each.id === room.id)) await chat.lobby.join(person, room.id)
  await place.moveTo(room)
}

async function create(place: Place, [name = '', kindName]: readonly string[]): Promise<void> {
  const { chat, person, wording } = place
  const kind = kindName === undefined ? 'open' : meaning(each => each.kindNames, kindName)
  if (!kind) return place.say([wording.usage(usage('create', wording))])
  await place.moveTo(await chat.lobby.create(person, name, kind))
}

async function direct(place: Place, [names = '', text]: readonly string[]): Promise<void> {
  const room = await place.chat.lobby.direct(place.person, names.split(',').filter(Boolean))
  if (text === undefined) await place.moveTo(room)
  else place.post(room.id, text)
}

async function who({ chat, person, room, wording, say }: Place): Promise<void> {
  const members = await chat.lobby.members(person, room.id)
  const now = Date.now()
  say(
    members.map(member => {
      const marks = []
      if (chat.isOnline(member.person.id)) marks.push(wording.online)
      if (member.role !== 'member') marks.push(wording.roleNames[member.role])
      if (member.mutedUntil > now) marks.push(wording.mutedMark)
      const rest = marks.length === 0 ? '' : ` (${marks.join(', ')})`
      return `${member.person.username} — ${printableLine(member.person.name)}${rest}`
    }),
  )
}

async function topic({ chat, person, room, wording, say }: Place, [text]: readonly string[]): Promise<void> {
  if (text !== undefined) return chat.lobby.setTopic(person, room.id, text === '-' ? '' : text)
  const { mine } = await chat.lobby.list(person)
  const now = mine.find(each => each.id === room.id)?.topic ?? ''
  say([now === '' ? wording.noTopic : wording.topicIs(printableLine(now))])
}

async function ban({ chat, person, room }: Place, [whom = '', rest = '']: readonly string[]): Promise<void> {
  const [first = ''] = rest.split(/\s/, 1)
  const milliseconds = duration(first)
  const reason = milliseconds === undefined ? rest : rest.slice(first.length).trim()
  const until = milliseconds === undefined ? {} : { milliseconds }
  await chat.lobby.ban(person, room.id, { person: whom, reason, ...until })
}

async function mute(place: Place, [whom = '', time]: readonly string[]): Promise<void> {
  const { chat, person, room, wording } = place
  const milliseconds = time === undefined ? undefined : duration(time)
  if (time !== undefined && milliseconds === undefined)
    return place.say([wording.usage(usage('mute', wording))])
  const until = milliseconds === undefined ? {} : { milliseconds }
  await chat.lobby.mute(person, room.id, { person: whom, reason: '', ...until })
}

async function appoint(place: Place, [whom = '', roleName = '']: readonly string[]): Promise<void> {
  const role: RoomRole | undefined = meaning(each => each.roleNames, roleName)
  if (!role) return place.say([place.wording.usage(usage('appoint', place.wording))])
  await place.chat.lobby.appoint(place.person, place.room.id, whom, role)
}

async function archive({ chat, person, room }: Place, [no]: readonly string[]): Promise<void> {
  await chat.lobby.archive(person, room.id, no === undefined)
}

async function history(place: Place, [count = `${PAGE}`, before]: readonly string[]): Promise<void> {
  const seq = before === undefined ? (Number.MAX_SAFE_INTEGER as Seq) : numberOf(before)
  const limit = /^\d+$/.test(count) ? Number(count) : PAGE
  const messages = await place.chat.messages.page(place.person, place.room.id, { side: 'before', seq, limit })
  sayNumbered(place, messages)
}

function sayNumbered({ say, wording }: Place, messages: readonly Message[]): void {
  say(messages.length === 0 ? [wording.nothingFound] : messages.map(each => numbered(each, wording)))
}

/** #41 [2026-11-23 10:32] ana: hola */
function numbered(each: Message, wording: Wording): string {
  return `#${each.seq} [${clockTime(each.at)}] ${message(each, wording)}`
}

async function search(place: Place, query: string, skip: number): Promise<void> {
  const { chat, person, say, wording } = place
  const { found, more, complete } = await chat.messages.search(person, query, { skip, limit: FOUND })
  const lines = found.map(({ message, room }) => {
    return `${room.kind === 'direct' ? `@${room.name}` : `#${room.name}`} ${numbered(message, wording)}`
  })
  if (found.length === 0) lines.push(wording.nothingFound)
  if (!complete) lines.push(wording.incomplete)
  if (more) lines.push(wording.moreResults)
  say(lines)
  if (more) place.afterwards(() => search(place, query, skip + FOUND))
}

async function more(place: Place): Promise<void> {
  if (!(await place.more())) place.say([place.wording.noMore])
}

async function thread(place: Place, [seq = '']: readonly string[]): Promise<void> {
  sayNumbered(place, await place.chat.messages.thread(place.person, place.room.id, numberOf(seq)))
}

async function react(place: Place, [typed = '', seq]: readonly string[]): Promise<void> {
  const { chat, person, room } = place
  const target = seq === undefined ? await lastOf(place) : numberOf(seq)
  const on = !typed.startsWith('-')
  await chat.messages.react(person, room.id, target, { emoji: on ? typed : typed.slice(1), on })
}

/** The last message of the room. Refuses 'no-such-message'. */
async function lastOf({ chat, person, room }: Place): Promise<Seq> {
  const end = Number.MAX_SAFE_INTEGER as Seq
  const [last] = await chat.messages.page(person, room.id, { side: 'before', seq: end, limit: 1 })
  return last?.seq ?? refuse('no-such-message')
}

async function pins(place: Place): Promise<void> {
  sayNumbered(place, await place.chat.messages.pins(place.person, place.room.id))
}

function paste(place: Place): void {
  place.paste()
  place.say([place.wording.pasting])
}
