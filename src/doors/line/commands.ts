// The commands of the line door. A command reads its words, calls one use case, and says what came of it.

import type { Chat } from '../../core/chat.ts'
import type { LogEvent, Message, Person, Room, RoomId, Seq } from '../../core/model.ts'
import type { Sized } from '../../core/ports.ts'
import { Refusal, refuse } from '../../core/refusals.ts'
import { printableLine } from '../../wire/printable.ts'
import type { Wording } from '../../wording/es.ts'
import { titleOf } from './rooms.ts'
import { clockTime, message } from './show.ts'
import { duration, meaning, nearest, numberOf, plain, wordsOfAll } from './words.ts'

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
  /** What is typed goes to `general` again. */
  goHome(): Promise<void>
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

const SHOWN = 20
const FOUND = 10
/** Messages in one page of an answer. */
const PAGE = 40

type Changing = (place: Place, args: readonly string[]) => Promise<LogEvent | undefined>

/** One that changes the room: what everybody is shown is the answer, and where nothing changed, that. */
function changing(words: number, least: number, change: Changing): Command {
  return {
    words,
    least,
    async run(place, args) {
      if (!(await change(place, args))) place.say([place.wording.alreadySo])
    },
  }
}

export const commands: Readonly<Record<Name, Command>> = {
  help: { words: 1, least: 0, run: (place, [word]) => place.say(help(place.wording, word)) },
  rooms: { words: 0, least: 0, run: listRooms },
  join: { words: 1, least: 1, run: join },
  leave: { words: 1, least: 0, run: leave },
  create: { words: 2, least: 1, run: create },
  direct: { words: 0, least: 1, run: direct },
  who: { words: 1, least: 0, run: who },
  topic: { words: 0, least: 0, run: topic },
  bring: changing(1, 1, ({ chat, person, room }, [whom = '']) => chat.lobby.bring(person, room.id, whom)),
  kick: changing(1, 1, ({ chat, person, room }, [whom = '', reason = '']) =>
    chat.lobby.kick(person, room.id, { person: whom, reason }),
  ),
  ban: { words: 1, least: 1, run: ban },
  mute: { words: 2, least: 1, run: mute },
  appoint: { words: 2, least: 2, run: appoint },
  rename: changing(1, 1, ({ chat, person, room }, [name = '']) => chat.lobby.rename(person, room.id, name)),
  archive: { words: 1, least: 0, run: archive },
  history: { words: 2, least: 0, run: history },
  search: { words: 0, least: 1, run: (place, [query = '']) => search(place, query, 0) },
  more: { words: 0, least: 0, run: more },
  reply: { words: 1, least: 2, run: (place, [to = '', text = '']) => place.reply(numberOf(to), text) },
  thread: { words: 1, least: 1, run: thread },
  edit: changing(1, 2, ({ chat, person, room }, [target = '', text = '']) =>
    chat.messages.edit(person, room.id, numberOf(target), text),
  ),
  erase: changing(1, 1, ({ chat, person, room }, [target = '']) =>
    chat.messages.erase(person, room.id, numberOf(target)),
  ),
  react: changing(2, 1, react),
  pin: changing(1, 1, ({ chat, person, room }, [target = '']) =>
    chat.messages.pin(person, room.id, numberOf(target.replace('-', '')), !target.startsWith('-')),
  ),
  pins: { words: 0, least: 0, run: pins },
  paste: { words: 0, least: 0, run: paste },
}

// --- finding a command -----------------------------------------------------------------------------------

const NAMES = Object.keys(commands) as Name[]
/** In every language, so that who changes language finds what they know. */
const BY_WORD = wordsOfAll(({ commands }) => NAMES.map(name => [commands[name].word, name] as const))

/** @param word as typed, without the slash; accents are not needed */
export function commandCalled(word: string): Name | undefined {
  return BY_WORD.get(plain(word))
}

/** The command whose word is nearest to what was typed, if one is near. */
export function suggested(typed: string, { commands }: Wording): string | undefined {
  return nearest(
    typed,
    NAMES.map(name => commands[name].word),
  )
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

// --- the commands ----------------------------------------------------------------------------------------

function help(wording: Wording, word: string | undefined): string[] {
  const only = word === undefined ? undefined : commandCalled(word.replace(/^\//, ''))
  return (only ? [only] : NAMES).map(name => `${usage(name, wording)} — ${wording.commands[name].help}`)
}

async function listRooms({ chat, person, room, wording, say, markRead }: Place): Promise<void> {
  await markRead()
  const { mine, others } = await chat.lobby.list(person)
  const line = (each: Sized) => `${each.id === room.id ? '>' : ' '} ${listed(each, wording)}`
  const rest = others.length === 0 ? [] : [wording.otherRooms, ...others.map(line)]
  say([wording.yourRooms, ...mine.map(line), ...rest])
}

function listed(each: Sized, wording: Wording): string {
  const { archived, kind, people, unread, mentions, topic } = each
  const marks = [wording.people(people)]
  if (kind === 'closed' || kind === 'announcement') marks.push(wording.roomMarks[kind])
  if (archived) marks.push(wording.roomMarks.archived)
  const title = topic === '' ? '' : ` ${printableLine(topic)}`
  const news = unread === 0 ? '' : ` — ${wording.unreadIn('', counted(unread), counted(mentions)).trim()}`
  return `${wording.listed(titleOf(each), marks.join(', '))}${title}${news}`
}

/** Counting stops at a hundred. */
export function counted(count: number): string {
  return count >= 100 ? '99+' : `${count}`
}

async function join(place: Place, [name = '']: readonly string[]): Promise<void> {
  const { chat, person } = place
  if (name.startsWith('@')) return place.moveTo(await chat.lobby.direct(person, [name]))
  const room = await chat.lobby.find(person, name)
  await chat.lobby.join(person, room.id).catch(error => {
    if (!(error instanceof Refusal && error.code === 'already-there')) throw error
  })
  await place.moveTo(room)
}

async function leave(place: Place, [name]: readonly string[]): Promise<void> {
  const { chat, person } = place
  const room = await roomNamed(place, name)
  if (room.kind === 'direct') return place.goHome()
  await chat.lobby.leave(person, room.id)
  if (room.id === place.room.id) await place.goHome()
}

/** The room that is written to where none is named. */
async function roomNamed({ chat, person, room }: Place, name: string | undefined): Promise<Room> {
  return name === undefined ? room : chat.lobby.find(person, name)
}

async function create(place: Place, [name = '', kindName]: readonly string[]): Promise<void> {
  const { chat, person, wording } = place
  const kind = kindName === undefined ? 'open' : meaning(each => each.kindNames, kindName)
  if (!kind) return place.say([wording.usage(usage('create', wording))])
  await place.moveTo(await chat.lobby.create(person, name, kind))
}

/** ana, beto hola: the names, and what follows them. */
const NAMES_AND_TEXT = /^(@?[^\s,]+(?:\s*,\s*@?[^\s,]+)*)\s*(.*)$/s

async function direct(place: Place, [typed = '']: readonly string[]): Promise<void> {
  const [, names = '', text = ''] = NAMES_AND_TEXT.exec(typed) ?? []
  if (names === '') return place.say([place.wording.usage(usage('direct', place.wording))])
  const room = await place.chat.lobby.direct(place.person, names.split(/\s*,\s*/))
  if (text === '') return place.moveTo(room)
  place.post(room.id, text)
}

async function who(place: Place, [name]: readonly string[]): Promise<void> {
  const { chat, person, wording, say } = place
  const room = await roomNamed(place, name)
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
  if (text !== undefined) {
    const done = await chat.lobby.setTopic(person, room.id, text === '-' ? '' : text)
    return done ? undefined : say([wording.alreadySo])
  }
  const mine = await chat.lobby.mine(person)
  const now = mine.find(each => each.id === room.id)?.topic ?? ''
  say([now === '' ? wording.noTopic : wording.topicIs(printableLine(now))])
}

async function ban(
  { chat, person, room, say, wording }: Place,
  [whom = '', rest = '']: readonly string[],
): Promise<void> {
  const [first = ''] = rest.split(/\s/, 1)
  const milliseconds = duration(first)
  if (milliseconds === 0) return say([wording.usage(usage('ban', wording))])
  const reason = milliseconds === undefined ? rest : rest.slice(first.length).trim()
  const until = milliseconds === undefined ? {} : { milliseconds }
  await chat.lobby.ban(person, room.id, { person: whom, reason, ...until })
}

async function mute(place: Place, [whom = '', time]: readonly string[]): Promise<void> {
  const { chat, person, room, wording, say } = place
  const milliseconds = time === undefined ? undefined : duration(time)
  if (time !== undefined && milliseconds === undefined) return say([wording.usage(usage('mute', wording))])
  const until = milliseconds === undefined ? {} : { milliseconds }
  const done = await chat.lobby.mute(person, room.id, { person: whom, ...until })
  if (!done) say([wording.alreadySo])
}

async function appoint(place: Place, [whom = '', roleName = '']: readonly string[]): Promise<void> {
  const { chat, person, room, wording, say } = place
  const role = meaning(each => each.roleNames, roleName)
  if (!role) return say([wording.usage(usage('appoint', wording))])
  if (!(await chat.lobby.appoint(person, room.id, whom, role))) say([wording.alreadySo])
}

async function archive({ chat, person, room, wording, say }: Place, [no]: readonly string[]): Promise<void> {
  if (no !== undefined && plain(no) !== 'no') return say([wording.usage(usage('archive', wording))])
  if (!(await chat.lobby.archive(person, room.id, no === undefined))) say([wording.alreadySo])
}

async function history(place: Place, [count = `${SHOWN}`, before]: readonly string[]): Promise<void> {
  const limit = /^\d+$/.test(count) ? Number(count) : SHOWN
  let seq = before === undefined ? (Number.MAX_SAFE_INTEGER as Seq) : numberOf(before)
  const fetch = async () => {
    const messages = await place.chat.messages.page(place.person, place.room.id, {
      side: 'before',
      seq,
      limit,
    })
    seq = ((messages.at(-1)?.seq ?? 0) + 1) as Seq // the same ones when it goes on
    return messages
  }
  await sayNumbered(place, fetch)
}

/** Looked up again for each page, so that nothing that was erased meanwhile is shown, nor to whom has been sent out. */
async function sayNumbered(place: Place, fetch: () => Promise<readonly Message[]>, skip = 0): Promise<void> {
  const { say, wording, afterwards } = place
  const messages = await fetch()
  const lines = messages.slice(skip, skip + PAGE).map(each => numbered(each, wording))
  const left = messages.length - skip - PAGE
  if (lines.length === 0) lines.push(wording.nothingFound)
  if (left > 0) lines.push(wording.more(left))
  say(lines)
  if (left > 0) afterwards(() => sayNumbered(place, fetch, skip + PAGE))
}

/** #41 [2026-11-23 10:32] ana: hola */
function numbered(each: Message, wording: Wording): string {
  return `#${each.seq} [${clockTime(each.at)}] ${message(each, wording)}`
}

async function search(place: Place, query: string, skip: number): Promise<void> {
  const { chat, person, say, wording } = place
  const { found, more, complete } = await chat.messages.search(person, query, { skip, limit: FOUND })
  const lines = found.map(({ message, room }) => `${titleOf(room)} ${numbered(message, wording)}`)
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
  const { chat, person, room } = place
  await sayNumbered(place, () => chat.messages.thread(person, room.id, numberOf(seq)))
}

async function react(place: Place, [typed = '', seq]: readonly string[]): Promise<LogEvent | undefined> {
  const { chat, person, room } = place
  const target = seq === undefined ? await lastOf(place) : numberOf(seq)
  const on = !typed.startsWith('-')
  return chat.messages.react(person, room.id, target, { emoji: on ? typed : typed.slice(1), on })
}

/** The last message of the room. Refuses 'no-such-message'. */
async function lastOf({ chat, person, room }: Place): Promise<Seq> {
  const end = Number.MAX_SAFE_INTEGER as Seq
  const [last] = await chat.messages.page(person, room.id, { side: 'before', seq: end, limit: 1 })
  return last?.seq ?? refuse('no-such-message')
}

async function pins(place: Place): Promise<void> {
  await sayNumbered(place, () => place.chat.messages.pins(place.person, place.room.id))
}

function paste(place: Place): void {
  place.paste()
  place.say([place.wording.pasting])
}
