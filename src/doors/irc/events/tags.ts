// What lines about people have in common: the source, the target, and the tags.

import type { Author, RoomId, Seq, Tag } from '../../../core/model/model.ts'
import type { Wording } from '../../../wording/es.ts'
import type { LinkContext } from '../../shared/attachments.ts'
import type { Quotations } from '../replies/quotes.ts'
import { hasCap } from '../wire/caps.ts'
import { lineOf, tagPrefix } from '../wire/message.ts'

/** What rendering the events of a room depends on: connections with equal contexts are sent the same bytes. */
export interface RenderContext extends LinkContext {
  /** The server's name, in every source. */
  readonly host: string
  /** Caps.visible (wire/caps.ts). */
  readonly caps: number
  readonly wording: Wording
  /**
   * The target of a line: `#sala`, by its name at that seq for clients with channel-rename, else by its present one. In a
   * conversation between two it is the receiver's nick, as IRC has it.
   */
  readonly target: (author: Author, seq?: number) => string
  /** Whether it has a NAMES list: conversations between two have none. */
  readonly isChannel: boolean
  /** The full name, for extended-join; empty if it is not known. */
  readonly nameOf: (person: Author) => string
  /** Bots are tagged (IRCv3 bot-mode). */
  readonly isBot: (person: Author) => boolean
  /** Guests have no account tag. */
  readonly isGuest: (person: Author) => boolean
  /** Beginnings of messages, for notices of their deletion. */
  readonly quotations: Quotations
  /** The time before past messages, for clients without server-time. */
  readonly stamp?: (at: number) => string
  /** Whether somebody is online, and so in NAMES. */
  readonly isOnline: (person: Author) => boolean
}

/** The source of a person's lines: the same for all their clients. */
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

export interface EventHead {
  readonly room: RoomId
  readonly seq: Seq
  readonly author: Author
  readonly at: number
}

/** The tags of a line about a logged event, as far as the client has negotiated them. */
export function tagsOf(
  { room, seq, author, at }: EventHead,
  context: RenderContext,
  more: readonly Tag[] = [],
): Tag[] {
  return [
    ...timeTag(at, context),
    ...idTag({ room, seq }, context),
    ...identityTags(author, context),
    ...more,
  ]
}

function idTag({ room, seq }: Pick<EventHead, 'room' | 'seq'>, { caps }: RenderContext): Tag[] {
  return hasCap(caps, 'message-tags') ? [['msgid', msgidOf(room, seq)]] : []
}

type Identifying = Pick<RenderContext, 'caps' | 'isBot' | 'isGuest'>

/** The tags that identify who acts (IRCv3 account-tag, bot-mode). */
export function identityTags(author: Author, { caps, isBot, isGuest }: Identifying): Tag[] {
  const has = hasCap(caps, 'account-tag') && !isGuest(author)
  const account: Tag[] = has ? [['account', author.username]] : []
  return hasCap(caps, 'message-tags') && isBot(author) ? [...account, ['bot', '']] : account
}

/** The tags before a line about what somebody does outside the log. */
export function actorTags(
  author: Author,
  at: number,
  context: Identifying,
  more: readonly Tag[] = [],
): string {
  return tagPrefix([...timeTag(at, context), ...identityTags(author, context), ...more])
}

/** The same for a client without a session. */
export function timeTags(at: number, caps: number): string {
  return tagPrefix(timeTag(at, { caps }))
}

function timeTag(at: number, { caps }: Pick<RenderContext, 'caps'>): Tag[] {
  return hasCap(caps, 'server-time') ? [['time', timeOf(at)]] : []
}

export function withLineEnd(line: string): string {
  return `${line}\r\n`
}

/** Splits rendered lines; without their line ends. */
export function linesOf(rendered: string): string[] {
  return rendered.split('\r\n').filter(line => line !== '')
}

/** A line with a person as its source, without tags. */
export function lineFrom(
  author: Author,
  { host }: RenderContext,
  [command, ...params]: readonly [string, ...string[]],
): string {
  return lineOf(sourceOf(author, host), command, params)
}

/** Removes the star that begins a sentence in the line door. */
export function unstarred(text: string): string {
  return text.replace(/^\* /, '')
}

/** A NOTICE from the server to the room. @param position 'beside' another line of the event, which has its msgid */
export function notice(
  text: string,
  event: EventHead,
  context: RenderContext,
  position: 'alone' | 'beside' = 'alone',
): string {
  const id = position === 'alone' ? idTag(event, context) : []
  const tags = tagPrefix([...timeTag(event.at, context), ...id])
  return withLineEnd(
    tags + lineOf(context.host, 'NOTICE', [context.target(event.author, event.seq), unstarred(text)]),
  )
}
