// What CHATHISTORY reads: pages of messages before, after, around or between points of a room's log, with the other
// events where the client wants them (draft/event-playback).

import type { Instant, LogEvent, Message, Room, Seq } from '../../../core/model/model.ts'
import type { Page } from '../../../core/ports/pages.ts'
import type { Client } from '../client.ts'
import { readingCost } from '../replies/cost.ts'
import type { Reply } from '../replies/reply.ts'

/** A point in a room's log: a message, or a time in milliseconds. */
export type Point = { readonly seq: Seq } | { readonly at: number }

export const END = (2 ** 32 - 1) as Seq

export interface HistoryRequest {
  readonly client: Client
  readonly room: Room
  readonly points: readonly (Point | undefined)[]
  readonly limit: number
  /** Charged for all that is read, including what is not sent. */
  readonly reply: Reply
}

async function pageOf({ client, room, reply }: HistoryRequest, page: Page): Promise<readonly Message[]> {
  const { session } = client
  if (!session) return []
  const messages = await client.deps.chat.messages.page(session.person, room.id, page)
  reply.addCost(readingCost(messages))
  return messages
}

export function before(request: HistoryRequest, seq: Seq): Promise<readonly Message[]> {
  return undeleted(request, 'before', seq)
}

export function after(request: HistoryRequest, seq: Seq): Promise<readonly Message[]> {
  return undeleted(request, 'after', seq)
}

/**
 * Messages that are not deleted: as many as requested, unless there are no more, since a client that gets fewer takes it
 * that the room begins or ends there.
 */
async function undeleted(
  request: HistoryRequest,
  side: 'before' | 'after',
  seq: Seq,
): Promise<readonly Message[]> {
  const { limit } = request
  let found: readonly Message[] = []
  let [next, isLast] = [seq, limit === 0]
  while (found.length < limit && !isLast) {
    const page = await pageOf(request, { side, seq: next, limit })
    const alive = page.filter(({ deleted }) => !deleted)
    found = side === 'before' ? [...alive, ...found].slice(-limit) : [...found, ...alive].slice(0, limit)
    next = page.at(side === 'before' ? 0 : -1)?.seq ?? next
    isLast = page.length < limit
  }
  return found
}

/** The seq before which a page ends: the first one at or after the point. */
export async function seqBefore(request: HistoryRequest, point: Point | undefined): Promise<Seq> {
  if (!point) return END
  if ('seq' in point) return point.seq
  const page = await pageOf(request, { side: 'at', at: point.at as Instant, limit: 2 })
  return page.find(({ at }) => at >= point.at)?.seq ?? END
}

/** The seq after which a page begins: the last one at or before the point. */
export async function seqAfter(request: HistoryRequest, point: Point | undefined): Promise<Seq> {
  if (!point) return 0 as Seq
  if ('seq' in point) return point.seq
  const next = await seqBefore(request, { at: point.at + 1 })
  return (next - 1) as Seq
}

export async function latest(request: HistoryRequest): Promise<readonly Message[]> {
  const [point] = request.points
  const all = await before(request, END)
  if (!point) return all
  const from = await seqAfter(request, point)
  return all.filter(({ seq }) => seq > from)
}

export async function around(request: HistoryRequest): Promise<readonly Message[]> {
  const [point] = request.points
  if (!point) return before(request, END)
  const { limit } = request
  const page: Page =
    'seq' in point
      ? { side: 'around', seq: point.seq, limit }
      : { side: 'at', at: point.at as Instant, limit }
  return (await pageOf(request, page)).filter(({ deleted }) => !deleted)
}

/** Messages between two points, beginning at the first, in either direction. */
export async function between(request: HistoryRequest): Promise<readonly Message[]> {
  const [one, other] = request.points
  const [a, b] = [await seqAfter(request, one), await seqAfter(request, other)]
  if (a <= b) {
    const end = await seqBefore(request, other)
    return (await after(request, a)).filter(({ seq }) => seq < end)
  }
  const start = await seqBefore(request, one)
  return (await before(request, start)).filter(({ seq }) => seq > b)
}

/** Events that show in the messages themselves, which are sent as they are now, and previews, which do not show. */
const IN_MESSAGES = new Set<LogEvent['kind']>(['message', 'edit', 'deletion', 'preview', 'poll'])

/** The most seqs in which other events are looked for. */
const WINDOW = 2000

/** The seqs in (after, upto], and the end at which the page begins. */
interface SeqRange {
  readonly after: number
  readonly upto: number
  readonly from: 'older' | 'newer'
}

/**
 * Adds the other events of a page (draft/event-playback): as many events of all kinds as requested, from the client's point
 * on. So those before the first message, after the last, or where there is no message are included.
 */
export async function withEvents(
  request: HistoryRequest,
  messages: readonly Message[],
  command: string,
): Promise<readonly LogEvent[]> {
  const { client, room, limit, reply } = request
  const { session } = client
  if (!session) return messages
  const { after, upto, from } = await seqRange(request, messages, command)
  const span =
    from === 'newer'
      ? { after: Math.max(after, upto - WINDOW), upto }
      : { after, upto: Math.min(upto, after + WINDOW) }
  if (span.after >= span.upto) return messages
  const events = await client.deps.chat.messages.events(session.person, room.id, {
    after: span.after as Seq,
    upto: span.upto as Seq,
    limit: WINDOW,
  })
  reply.addCost(readingCost(events))
  const others = events.filter(({ kind }) => !IN_MESSAGES.has(kind))
  const all = [...messages, ...others].sort((a, b) => a.seq - b.seq)
  return from === 'newer' ? all.slice(-limit) : all.slice(0, limit)
}

async function seqRange(
  request: HistoryRequest,
  messages: readonly Message[],
  command: string,
): Promise<SeqRange> {
  const { client, room, points } = request
  const [one, other] = points
  const head = client.session
    ? (await client.deps.chat.rooms.listing(client.session.person, room.id)).head
    : 0
  const behind = async (point: Point | undefined) => Math.min(head, await seqAfter(request, point))
  const ahead = async (point: Point | undefined) => Math.min(head, (await seqBefore(request, point)) - 1)
  switch (command) {
    case 'LATEST':
      return { after: await behind(one), upto: head, from: 'newer' }
    case 'BEFORE':
      return { after: 0, upto: await ahead(one), from: 'newer' }
    case 'AFTER':
      return { after: await behind(one), upto: head, from: 'older' }
    case 'BETWEEN': {
      const [a, b] = [await behind(one), await behind(other)]
      if (a <= b) return { after: a, upto: await ahead(other), from: 'older' }
      return { after: b, upto: await ahead(one), from: 'newer' }
    }
    default: // AROUND: between the messages
      return { after: (messages[0]?.seq ?? 1) - 1, upto: messages.at(-1)?.seq ?? 0, from: 'newer' }
  }
}
