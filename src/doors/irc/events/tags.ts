// What every line has by which somebody does something: who, where, and the tags that say more of it.

import type { Author, RoomId, Seq, Tag } from '../../../core/model/model.ts'
import type { Wording } from '../../../wording/es.ts'
import type { Quotations } from '../replies/quotes.ts'
import { hasCap } from '../wire/caps.ts'
import { lineOf, tagPrefix } from '../wire/message.ts'

/** A room on connections that are shown the same of it. */
export interface RenderContext {
  /** Of the server, in every source. */
  readonly host: string
  /** Caps.visible (wire/caps.ts). */
  readonly caps: number
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
  /** What was shown to who can't take it back. */
  readonly quotations: Quotations
  /** What stands before old words, where no tag says when they were said. */
  readonly stamp?: (at: number) => string
  /** Whether somebody is online, and so in the lists of names. */
  readonly isOnline: (person: Author) => boolean
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

export interface EventHead {
  readonly room: RoomId
  readonly seq: Seq
  readonly author: Author
  readonly at: number
}

/** What the client has asked to be told of each. */
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

/** What is told of whoever has done something, with all that they do (account-tag, bot-mode). */
export function identityTags(author: Author, { caps, isBot, isGuest }: Identifying): Tag[] {
  const has = hasCap(caps, 'account-tag') && !isGuest(author)
  const account: Tag[] = has ? [['account', author.username]] : []
  return hasCap(caps, 'message-tags') && isBot(author) ? [...account, ['bot', '']] : account
}

/** What stands before a line by which somebody does something that is no message. */
export function actorTags(
  author: Author,
  at: number,
  context: Identifying,
  more: readonly Tag[] = [],
): string {
  return tagPrefix([...timeTag(at, context), ...identityTags(author, context), ...more])
}

/** The same for what nobody does who is known. */
export function timeTags(at: number, caps: number): string {
  return tagPrefix(timeTag(at, { caps }))
}

function timeTag(at: number, { caps }: Pick<RenderContext, 'caps'>): Tag[] {
  return hasCap(caps, 'server-time') ? [['time', timeOf(at)]] : []
}

export function withLineEnd(line: string): string {
  return `${line}\r\n`
}

/** The lines of what is shown, without their ends. */
export function linesOf(shown: string): string[] {
  return shown.split('\r\n').filter(line => line !== '')
}

/** A line of somebody's, less its tags. */
export function lineFrom(
  author: Author,
  { host }: RenderContext,
  [command, ...params]: readonly [string, ...string[]],
): string {
  return lineOf(sourceOf(author, host), command, params)
}

/** The line door's words, without the star that begins them there. */
function unstarred(text: string): string {
  return text.replace(/^\* /, '')
}

/** From the server, to the room. @param place beside another line, which has the event's id */
export function notice(
  text: string,
  event: EventHead,
  context: RenderContext,
  place: 'alone' | 'beside' = 'alone',
): string {
  const id = place === 'alone' ? idTag(event, context) : []
  const tags = tagPrefix([...timeTag(event.at, context), ...id])
  return withLineEnd(
    tags + lineOf(context.host, 'NOTICE', [context.target(event.author, event.seq), unstarred(text)]),
  )
}
