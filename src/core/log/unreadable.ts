// Events that the store can't read, because they are damaged. They are given as deleted messages of nobody's.

import {
  type Author,
  type Instant,
  type LogEvent,
  type Message,
  NOBODY,
  type RoomId,
  type Seq,
} from '../model/model.ts'
import { isDamage } from '../model/refusals.ts'

/** The author of the first of several in a row, which stands for all of them. */
const UNREADABLE: Author = Object.freeze({ ...NOBODY })

/** Whether the doors should say that something here can't be read. */
export function isUnreadable({ author }: LogEvent): boolean {
  return author === UNREADABLE
}

type Read = (after: Seq, upto: Seq) => Promise<readonly LogEvent[]>

/** Reads the events in (after, upto], also around damage: in halves, down to single events. */
export async function readAround(
  room: RoomId,
  read: Read,
  [after, upto]: [Seq, Seq],
): Promise<readonly LogEvent[]> {
  const events: LogEvent[] = []
  await readHalves(after, upto)
  return events

  async function readHalves(from: Seq, to: Seq): Promise<void> {
    try {
      events.push(...(await read(from, to)))
      return
    } catch (error) {
      if (!isDamage(error)) throw error
    }
    if (to - from <= 1) return void events.push(unreadable(room, to, events.at(-1)))
    const middle = (from + Math.ceil((to - from) / 2)) as Seq
    await readHalves(from, middle)
    await readHalves(middle, to)
  }
}

function unreadable(room: RoomId, seq: Seq, before: LogEvent | undefined): Message {
  const isFirst = before?.author !== UNREADABLE && before?.author !== NOBODY
  const at = before?.at ?? (0 as Instant)
  const author = isFirst ? UNREADABLE : NOBODY
  return { kind: 'message', room, seq, author, at, text: '', format: 'plain', deleted: true }
}
