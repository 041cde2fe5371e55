// The whole conversation of a room, for printing. A browser that is about to print does not wait for promises, so the
// messages are read by synchronous requests.

import type { Message } from '../../../wire/schemas.ts'
import type { Room } from './room.ts'

/** Of one conversation: a browser lays them out in a second or two. */
export const MOST_PRINTED = 2000
const PAGE = 200
/** A slow server must not block the page for ever: whatever has come by then is printed. */
const LONGEST_MS = 5000

export interface Conversation {
  /** Oldest first. */
  readonly messages: readonly Message[]
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
    const messages = timeline.entries.filter(each => each.kind === 'message' && !each.deleted) as Message[]
    return { messages, isWhole: !timeline.hasOlder && !timeline.hasNewer }
  }
}

function readNewest(room: number, until: number): Conversation {
  let messages: readonly Message[] = []
  while (messages.length < MOST_PRINTED && performance.now() < until) {
    const page = readPage(room, messages[0] ? `before=${messages[0].seq}` : '')
    messages = [...page, ...messages]
    if (page.length < PAGE) return { messages, isWhole: true }
  }
  return { messages, isWhole: false }
}

function readFrom(room: number, from: number, until: number): Conversation {
  const messages: Message[] = []
  while (messages.length < MOST_PRINTED && performance.now() < until) {
    const page = readPage(room, `after=${messages.at(-1)?.seq ?? from - 1}`)
    messages.push(...page)
    if (page.length < PAGE) break
  }
  return { messages, isWhole: false }
}

/** Throws without a network, and when the server refuses. */
function readPage(room: number, query: string): readonly Message[] {
  const request = new XMLHttpRequest()
  request.open('GET', `/api/v1/rooms/${room}/messages?limit=${PAGE}&${query}`, false)
  request.send()
  if (request.status !== 200) throw new Error(`the server answered ${request.status}`)
  return (JSON.parse(request.responseText) as { messages: Message[] }).messages
}
