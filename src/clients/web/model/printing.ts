// The whole conversation of a room, for printing. A browser that is about to print does not wait for promises, so the
// messages are read by synchronous requests.

import type { HistoryPage } from '../../../wire/history.ts'
import { lastSeqOf } from './fold.ts'
import type { Room } from './room.ts'
import { isEntry, type TimelineEntry } from './timeline.ts'

/** Entries of one conversation: a browser lays them out in a second or two. */
export const MOST_PRINTED = 2000
const PAGE = 200
/** A slow server must not block the page for ever: whatever has come by then is printed. */
const LONGEST_MS = 5000

export interface Conversation {
  /** Oldest first, with what happened between them. */
  readonly entries: readonly TimelineEntry[]
  /** How many messages they hold. */
  readonly messages: number
  /** Nothing of the conversation is missing. */
  readonly isWhole: boolean
}

/**
 * Reads all messages. Of more than MOST_PRINTED, the newest; if the timeline has been scrolled back, those from its
 * first entry on. Offline, those that are on the page.
 */
export function readForPrint({ id, timeline }: Room): Conversation {
  const [first] = timeline.entries
  const until = performance.now() + LONGEST_MS
  try {
    const newest = readNewest(id, until)
    return newest.isWhole || !timeline.hasNewer || !first ? newest : readFrom(id, first.seq, until)
  } catch {
    return conversation(timeline.entries, !timeline.hasOlder && !timeline.hasNewer)
  }
}

function conversation(entries: readonly TimelineEntry[], isWhole: boolean): Conversation {
  const messages = entries.filter(each => each.kind === 'message' && !each.deleted).length
  return { entries, messages, isWhole }
}

function readNewest(room: number, until: number): Conversation {
  let entries: readonly TimelineEntry[] = []
  while (entries.length < MOST_PRINTED && performance.now() < until) {
    const page = readPage(room, entries[0] ? `before=${entries[0].seq}` : '')
    entries = [...page.entries.filter(isEntry), ...entries]
    if (!page.hasOlder) return conversation(entries, true)
  }
  return conversation(entries, false)
}

function readFrom(room: number, from: number, until: number): Conversation {
  const entries: TimelineEntry[] = []
  while (entries.length < MOST_PRINTED && performance.now() < until) {
    const last = entries.at(-1)
    const page = readPage(room, `after=${last ? lastSeqOf(last) : from - 1}`)
    entries.push(...page.entries.filter(isEntry))
    if (!page.hasNewer || page.entries.length === 0) break
  }
  return conversation(entries, false)
}

/** Throws without a network, and when the server refuses. */
function readPage(room: number, query: string): HistoryPage {
  const request = new XMLHttpRequest()
  request.open('GET', `/api/v1/rooms/${room}/history?limit=${PAGE}&${query}`, false)
  request.send()
  if (request.status !== 200) throw new Error(`the server answered ${request.status}`)
  return JSON.parse(request.responseText) as HistoryPage
}
