// Renders events as WebSocket frames: a batch is one frame, shared by all connections that are shown all of it.

import { Buffer } from 'node:buffer'
import {
  type Author,
  type EphemeralEvent,
  isEphemeral,
  type LogEvent,
  type Message,
  type Poll,
  type Profile,
  type Room,
  type Signal,
} from '../../../core/model/model.ts'
import type { Cohort, Part, Rendering } from '../../../core/ports/delivery.ts'
import { textFrame } from '../../../net/frames.ts'
import type { ServerMessage } from '../../../wire/websocket.ts'
import { inBytes } from '../../shared/cohort.ts'

/** The cohort of this door: all connections are sent the same. */
export const eventFrames: Cohort = {
  render(events) {
    const [first] = events
    if (!first) return NOTHING
    return isEphemeral(first)
      ? ephemeralFrames(events as readonly EphemeralEvent[])
      : new EventBatch(first, events as readonly LogEvent[])
  },
}

/** How a door shows a message to members of its room. Each door has one, which the composition root hands in. */
export interface Display {
  /** The door's name in the API. */
  readonly door: string
  /** Everything that the door writes to a connection for the message. */
  text(message: Message, to: { readonly person: Profile; readonly room: Room }): string
}

/** The WebSocket's: the message alone in its frame. */
export const jsonDisplay: Display = {
  door: 'json',
  text({ reactions: _, tags: __, previews: ___, thread: ____, poll, styles, attachments, teams, ...rest }) {
    const { room, seq } = rest
    const message = {
      ...rest,
      ...(styles && { styles: [...styles] }),
      ...(attachments && { attachments: [...attachments] }),
      ...(poll && { poll: pollOfAll(poll) }),
      ...(teams && { teams: [...teams] }),
    }
    return JSON.stringify({
      type: 'events',
      room,
      after: seq - 1,
      upto: seq,
      events: [message],
    } satisfies ServerMessage)
  },
}

/** What everybody is told of a poll: without the votes of one reader. */
function pollOfAll({ mine: _, options, ...poll }: Poll) {
  return { ...poll, options: [...options] }
}

const NOTHING: Rendering = { ends: new Uint32Array(0), part: () => new Uint8Array(0) }

/** Renders each event as a frame of its own. */
function ephemeralFrames(events: readonly EphemeralEvent[]): Rendering {
  const frames = events.map(ephemeralFrame)
  let end = 0
  const ends = Uint32Array.from(frames, ({ length }) => (end += length))
  const [only] = frames
  if (only && frames.length === 1) return { ends, part: () => only }
  return {
    ends,
    part: (from, to, some = [{ from, to }]) =>
      Buffer.concat(some.flatMap(part => frames.slice(part.from, part.to))),
  }
}

/** Signals between IRC clients are not sent here. */
function ephemeralFrame(event: EphemeralEvent): Buffer {
  return event.kind === 'signal' ? NO_FRAME : frameOf(messageOf(event))
}

const NO_FRAME = Buffer.alloc(0)

export function frameOf(message: ServerMessage): Buffer {
  return textFrame(JSON.stringify(message))
}

function messageOf(event: Exclude<EphemeralEvent, Signal>): ServerMessage {
  if (event.kind === 'typing') return { type: 'typing', room: event.room, person: event.person }
  const people = event.people.map(({ person, status }) => ({ person: named(person), status }))
  return { type: 'presence', people, among: event.among }
}

/** The part of a person that others are shown with events. */
export function named({ id, username }: Author): Author {
  return { id, username }
}

/** Drops the tags of a message, but for when one that was sent late was meant: what IRC clients tell is not sent here. */
export function untagged<Event extends LogEvent>(event: Event): Event {
  if (event.kind !== 'message' || event.tags === undefined) return event // almost all
  const { tags, ...rest } = event
  const scheduled = Date.parse(tags.find(([name]) => name === 'scheduled')?.[1] ?? '')
  return (Number.isNaN(scheduled) ? rest : { ...rest, scheduled }) as Event
}

/** Events with consecutive seqs, each with a comma before it. */
class EventBatch implements Rendering {
  readonly #room: number
  readonly #first: number
  readonly #bytes: Buffer
  readonly ends: Uint32Array
  /** The last frame made: most connections are sent the same one. */
  #last: { readonly from: number; readonly to: number; readonly frame: Buffer } | undefined

  constructor({ room, seq }: LogEvent, events: readonly LogEvent[]) {
    this.#room = room
    this.#first = seq
    ;[this.#bytes, this.ends] = inBytes(events.map(event => `,${JSON.stringify(untagged(event))}`))
  }

  part(from: number, to: number, some?: readonly Part[]): Uint8Array {
    if (some) return this.#frame(from, to, some)
    if (this.#last?.from !== from || this.#last.to !== to) {
      this.#last = { from, to, frame: this.#frame(from, to, [{ from, to }]) }
    }
    return this.#last.frame
  }

  /** `upto` is the end of the range, even if the last events are not shown to this person. */
  #frame(from: number, to: number, some: readonly Part[]): Buffer {
    const { room, after, upto } = {
      room: this.#room,
      after: this.#first + from - 1,
      upto: this.#first + to - 1,
    }
    const head = `{"type":"events","room":${room},"after":${after},"upto":${upto},"events":[`
    const parts = some.map(part => this.#bytes.subarray(this.#startOf(part.from), this.#startOf(part.to)))
    const events = Buffer.concat(parts).subarray(1) // less the first comma
    return textFrame(Buffer.concat([Buffer.from(head), events, END]))
  }

  #startOf(number: number): number {
    return number === 0 ? 0 : (this.ends[number - 1] ?? 0)
  }
}

const END = Buffer.from(']}')
