// How this door shows what happens: docs/doors.md. Lines with their ends; empty where nothing shows.

import { Buffer } from 'node:buffer'
import type {
  Alteration,
  Appointment,
  Arrival,
  Author,
  Happening,
  Message,
  Reaction,
  Removal,
  RoomId,
  Seq,
} from '../../core/model.ts'
import { printable } from '../../wire/printable.ts'
import type { Wording } from '../../wording/es.ts'
import { shows } from './caps.ts'
import { ALL_RANKS, banOf, flagMode, LETTERS, PREFIXES } from './letters.ts'
import { LONGEST_LINE, lineOf, pieces, taggedWith } from './message.ts'

/** A room on connections that are shown the same of it. */
export interface Setting {
  /** Of the server, in every source. */
  readonly host: string
  /** caps.ts, Caps.shown. */
  readonly shown: number
  readonly wording: Wording
  /** What the room is called, at that seq to who follows its names, else now: #sala. Of a conversation between two it is the other, as one of them sees it. */
  readonly target: (author: Author, seq?: number) => string
  /** Whether it has its members in a list: conversations between two have none. */
  readonly isChannel: boolean
  /** Full names, for extended-join; empty where it is not known. */
  readonly nameOf: (person: Author) => string
  /** A program: it is marked as one (bot-mode). */
  readonly isBot: (person: Author) => boolean
  /** Without an account. */
  readonly isGuest: (person: Author) => boolean
  /** Whether somebody is online, and so in the lists of names. */
  readonly isThere: (person: Author) => boolean
}

/** Of a person; every client of theirs has the same. */
export function sourceOf({ username }: Pick<Author, 'username'>, host: string): string {
  return `${username}!${username}@${host}`
}

export function msgidOf(room: RoomId, seq: Seq): string {
  return `${room}-${seq}`
}

export function seqOf(msgid: string): { room: RoomId; seq: Seq } | undefined {
  const [, room, seq] = /^(\d{1,10})-(\d{1,10})$/.exec(msgid) ?? []
  return room === undefined ? undefined : { room: Number(room) as RoomId, seq: Number(seq) as Seq }
}

/** 2026-11-25T17:43:05.123Z */
export function timeOf(at: number): string {
  return new Date(at).toISOString()
}

export function show(happening: Happening, setting: Setting): string {
  switch (happening.kind) {
    case 'message':
      return message(happening, setting)
    case 'edit':
      return happening.text === ''
        ? ''
        : spoken({ ...happening, text: `✎ ${happening.text}` }, setting, happening.target)
    case 'deletion':
      return deletion(happening, setting)
    case 'reaction':
      return reaction(happening, setting)
    case 'pin': {
      const tell = happening.on ? setting.wording.pinned : setting.wording.unpinned
      return noticed(tell(happening.author.username, happening.target), happening, setting)
    }
    case 'arrival':
      return setting.isChannel ? arrival(happening, setting) : ''
    case 'removal':
      return setting.isChannel ? removal(happening, setting) : ''
    case 'appointment':
      return mode(happening, setting, ...roleModes(happening))
    case 'muting': {
      const on = happening.until > happening.at
      return mode(happening, setting, `${on ? '+' : '-'}b`, [`m:${happening.person.username}!*@*`])
    }
    case 'mask':
      return mode(happening, setting, `${happening.on ? '+' : '-'}${LETTERS[happening.list]}`, [
        banOf(happening),
      ])
    case 'alteration':
      return alteration(happening, setting)
    case 'typing':
      if (!shows(setting.shown, 'message-tags')) return ''
      return said(
        taggedWith([...whoTags(happening.person, setting), ['+typing', 'active']]) +
          from(happening.person, setting, 'TAGMSG', [setting.target(happening.person)]),
      )
    case 'presence':
      return '' // presences.ts: in every channel that is shared
  }
}

function said(line: string): string {
  return `${line}\r\n`
}

function from(author: Author, { host }: Setting, command: string, params: readonly string[]): string {
  return lineOf(sourceOf(author, host), command, params)
}

// --- messages --------------------------------------------------------------------------------------------

type Tag = readonly [string, string]

interface Said {
  readonly room: RoomId
  readonly seq: Seq
  readonly author: Author
  readonly at: number
}

/** What the client has asked to be told of each. */
function tagsOf({ room, seq, author, at }: Said, setting: Setting, more: readonly Tag[] = []): Tag[] {
  return [...timeTag(at, setting), ...idTag({ room, seq }, setting), ...whoTags(author, setting), ...more]
}

function idTag({ room, seq }: Pick<Said, 'room' | 'seq'>, { shown }: Setting): Tag[] {
  return shows(shown, 'message-tags') ? [['msgid', msgidOf(room, seq)]] : []
}

type Signing = Pick<Setting, 'shown' | 'isBot' | 'isGuest'>

/** What is told of whoever has done something, with all that they do (account-tag, bot-mode). */
function whoTags(author: Author, { shown, isBot, isGuest }: Signing): Tag[] {
  const has = shows(shown, 'account-tag') && !isGuest(author)
  const account: Tag[] = has ? [['account', author.username]] : []
  return shows(shown, 'message-tags') && isBot(author) ? [...account, ['bot', '']] : account
}

/** What stands before a line by which somebody does something that is no message. */
export function signed(author: Author, at: number, setting: Signing): string {
  return taggedWith([...timeTag(at, setting), ...whoTags(author, setting)])
}

function timeTag(at: number, { shown }: Pick<Setting, 'shown'>): Tag[] {
  return shows(shown, 'server-time') ? [['time', timeOf(at)]] : []
}

export function message(event: Message, setting: Setting): string {
  return event.deleted ? '' : spoken(event, setting, event.reply?.seq)
}

/** As it is called now, and as clients have known it for years. */
function answering(msgid: string): Tag[] {
  return [
    ['+reply', msgid],
    ['+draft/reply', msgid],
  ]
}

/** @param answered the seq that it is about */
function spoken(
  event: Said & { readonly text: string; readonly notice?: true },
  setting: Setting,
  answered: Seq | undefined,
): string {
  const { shown } = setting
  const about: Tag[] =
    answered !== undefined && shows(shown, 'message-tags') ? answering(msgidOf(event.room, answered)) : []
  const tags = tagsOf(event, setting, about)
  const target = setting.target(event.author, event.seq)
  const head = lineOf(sourceOf(event.author, setting.host), event.notice ? 'NOTICE' : 'PRIVMSG', [target, ''])
  const most = Math.max(4, LONGEST_LINE - 2 - Buffer.byteLength(head))
  const text = printable(event.text)
  if (!text.includes('\n') && text.length * 3 <= most) return said(taggedWith(tags) + head + text)
  const lines = text.split('\n').map(line => pieces(line, most))
  const isMany = lines.length > 1 || (lines[0]?.length ?? 0) > 1
  if (isMany && shows(shown, 'draft/multiline') && shows(shown, 'batch'))
    return multiline(lines, { event, setting, tags, head, target })
  return plain(lines.flat(), { tags, rest: tagsOf(event, setting).filter(([key]) => key !== 'msgid'), head })
}

/** Only the first of its lines has the id (draft/multiline, Fallback). Empty ones can't be said. */
function plain(
  lines: readonly string[],
  { tags, rest, head }: { tags: Tag[]; rest: Tag[]; head: string },
): string {
  const spoken = lines.filter(line => line !== '')
  return spoken.map((line, i) => said(taggedWith(i === 0 ? tags : rest) + head + line)).join('')
}

interface Many {
  readonly event: Said
  readonly setting: Setting
  readonly tags: Tag[]
  readonly head: string
  readonly target: string
}

function multiline(
  lines: readonly (readonly string[])[],
  { event, setting, tags, head, target }: Many,
): string {
  const batch = `m${event.room}-${event.seq}`
  const inside = lines.flatMap(parts =>
    parts.map((part, i) => {
      const joined: Tag[] = i === 0 ? [] : [['draft/multiline-concat', '']]
      return said(taggedWith([['batch', batch], ...joined]) + head + part)
    }),
  )
  const begin = from(event.author, setting, 'BATCH', [`+${batch}`, 'draft/multiline', target])
  const end = lineOf(setting.host, 'BATCH', [`-${batch}`])
  return said(taggedWith(tags) + begin) + inside.join('') + said(end)
}

function deletion(event: Extract<Happening, { kind: 'deletion' }>, setting: Setting): string {
  if (!shows(setting.shown, 'draft/message-redaction'))
    return noticed(setting.wording.erased(event.author.username, event.target), event, setting)
  const params = [setting.target(event.author, event.seq), msgidOf(event.room, event.target)]
  return said(taggedWith(tagsOf(event, setting)) + from(event.author, setting, 'REDACT', params))
}

function reaction(event: Reaction, setting: Setting): string {
  if (!shows(setting.shown, 'message-tags')) return ''
  const tags = tagsOf(event, setting, [
    ...answering(msgidOf(event.room, event.target)),
    [event.on ? '+draft/react' : '+draft/unreact', event.emoji],
  ])
  return said(
    taggedWith(tags) + from(event.author, setting, 'TAGMSG', [setting.target(event.author, event.seq)]),
  )
}

/** The line door's words, without the star that begins them there. */
function unstarred(text: string): string {
  return text.replace(/^\* /, '')
}

/** From the server, to the room. */
function noticed(text: string, event: Said, setting: Setting): string {
  const tags = taggedWith([...timeTag(event.at, setting), ...idTag(event, setting)])
  return said(
    tags + lineOf(setting.host, 'NOTICE', [setting.target(event.author, event.seq), unstarred(text)]),
  )
}

// --- rooms -----------------------------------------------------------------------------------------------

/** Who is not there at the moment is in no list of names: it is told, no more. */
function arrival({ author, person, ...event }: Arrival, setting: Setting): string {
  if (!setting.isThere(person)) {
    const room = setting.target(author)
    const { brought, arrived } = setting.wording
    const tell =
      author.id === person.id
        ? arrived(person.username, room)
        : brought(author.username, person.username, room)
    return noticed(tell, { ...event, author }, setting)
  }
  const invited =
    author.id !== person.id && shows(setting.shown, 'invite-notify')
      ? said(
          signed(author, event.at, setting) +
            from(author, setting, 'INVITE', [person.username, setting.target(author)]),
        )
      : ''
  return invited + said(joined(person, event.at, setting))
}

/** Somebody is in the room from now on. */
export function joined(person: Author, at: number, setting: Setting): string {
  const tags = signed(person, at, setting)
  const room = setting.target(person)
  const params = shows(setting.shown, 'extended-join')
    ? [room, setting.isGuest(person) ? '*' : person.username, setting.nameOf(person) || person.username]
    : [room]
  return tags + from(person, setting, 'JOIN', params)
}

function removal({ author, person, how, reason, ...event }: Removal, setting: Setting): string {
  if (!setting.isThere(person)) {
    const { departed, kicked, banned } = setting.wording
    const room = setting.target(author)
    const tell =
      how === 'left'
        ? departed(person.username, room)
        : (how === 'kicked' ? kicked : banned)(author.username, person.username, room)
    return noticed(tell, { ...event, author }, setting)
  }
  const tags = signed(how === 'left' ? person : author, event.at, setting)
  const room = setting.target(person, event.seq)
  const line =
    how === 'left'
      ? from(person, setting, 'PART', reason === '' ? [room] : [room, reason])
      : from(author, setting, 'KICK', [room, person.username, reason === '' ? author.username : reason])
  return said(tags + line)
}

function roleModes({ role, before, person }: Appointment): [string, string[]] {
  const given = PREFIXES[role].mode
  // Of what was written before it was noted nobody knows which they had.
  const taken = before === undefined ? ALL_RANKS.replace(given, '') : PREFIXES[before].mode
  const change = `${taken === '' ? '' : `-${taken}`}${given === '' ? '' : `+${given}`}`
  return [change, Array.from(taken + given, () => person.username)]
}

function mode(event: Said, setting: Setting, change: string, params: readonly string[]): string {
  const tags = signed(event.author, event.at, setting)
  const room = setting.target(event.author, event.seq)
  return said(tags + from(event.author, setting, 'MODE', [room, change, ...params]))
}

function alteration(event: Alteration, setting: Setting): string {
  const { author, what, value, at } = event
  const { wording, shown } = setting
  const room = setting.target(author, what === 'name' ? event.seq - 1 : event.seq)
  const tags = signed(author, at, setting)
  switch (what) {
    case 'topic':
      return said(tags + from(author, setting, 'TOPIC', [room, value]))
    case 'name':
      // Who does not know of it is brought over (channels.ts).
      return shows(shown, 'draft/channel-rename')
        ? said(tags + from(author, setting, 'RENAME', [room, `#${value}`, '']))
        : ''
    case 'silenced':
      return mode(event, setting, Number(value) > at ? '+m' : '-m', [])
    case 'archived': {
      const tell = value === 'yes' ? wording.archivedRoom : wording.unarchivedRoom
      return noticed(tell(author.username, room), event, setting)
    }
    case 'kind':
      return kindModes(event, setting)
    case 'key':
      return mode(event, setting, value === '' ? '-k' : '+k', [value === '' ? '*' : value])
    case 'limit':
      return value === '0' ? mode(event, setting, '-l', []) : mode(event, setting, '+l', [value])
    case 'open-topic':
    case 'no-ctcp':
    case 'no-guests':
    case 'quiet-guests':
      return mode(event, setting, flagMode(what, value === 'yes'), [])
    case 'slow':
      return noticed(
        value === '0'
          ? wording.unslowed(author.username, room)
          : wording.slowed(author.username, room, value),
        event,
        setting,
      )
  }
}

/** What was not closed before, or is not any more, says so; what else it has become is said in words. */
function kindModes(event: Alteration, setting: Setting): string {
  const { author, value } = event
  if (value === 'closed') return mode(event, setting, '+is', [])
  const room = setting.target(author, event.seq)
  const told = setting.wording.rekinded[value === 'announcement' ? value : 'open'](author.username, room)
  return mode(event, setting, '-is', []) + noticed(told, event, setting)
}
