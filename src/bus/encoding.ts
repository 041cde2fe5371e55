// The wire format between nodes: JSON. A room's batch is encoded once and decoded once on each node that subscribes.
// Most events are plain messages: they are arrays of numbers and a text next to a list of authors, at a fraction of the
// cost of the same objects.

import type { ClusterMessage } from '../core/cluster/cluster-messages.ts'
import {
  type Author,
  type Format,
  type Instant,
  isLogged,
  type Message,
  type NodeId,
  type RoomEvent,
  type RoomId,
  type Seq,
} from '../core/model/model.ts'
import { count, isClusterMessage, isObject, isRoomEvent, list, text } from './checks.ts'

/** The sending node and its store's epoch: messages of another epoch, so of another store, are dropped. */
export interface Sender {
  readonly node: NodeId
  readonly epoch: string
}

/** Events of a room or, when there are none, only a hint of how far its log reaches now. */
export interface Batch extends Sender {
  readonly events: readonly RoomEvent[]
  /** The last seq in the batch; undefined when none of its events is logged. */
  readonly last: Seq | undefined
}

/** beat: periodic. hello: asks every node for a beat in return. bye: the node leaves. */
export type Heartbeat = 'beat' | 'hello' | 'bye'

/** A message about people, or a heartbeat. */
export interface NodeMessage extends Sender {
  /** How many cluster messages the node has sent, including this one. */
  readonly number: number
  readonly what: ClusterMessage | Heartbeat
}

/** Index in the list of authors, seq and milliseconds as offsets from the batch's first, text, and 1 if that is plain. */
type Row = readonly [author: number, seq: number, at: number, text: string, plain?: 1]

// --- rooms -----------------------------------------------------------------------------------------------

/** @param events all of one room; may be empty */
export function encodeBatch(sender: Sender, events: readonly RoomEvent[], last: Seq | undefined): Buffer {
  const logged = events.filter(isLogged)
  const [first] = logged
  const authors = new Map<number, [index: number, username: string]>()
  const base = { seq: first?.seq ?? 0, at: first?.at ?? 0 }
  const rows = events.map(each => (isPlainMessage(each) ? rowOf(each, base, authors) : each))
  const named = [...authors].map(([id, [, username]]) => [id, username])
  return Buffer.from(
    JSON.stringify({ node: sender.node, epoch: sender.epoch, last, ...base, authors: named, rows }),
  )
}

function rowOf(
  { author, seq, at, text, format }: Message,
  base: { seq: number; at: number },
  authors: Map<number, [number, string]>,
): Row {
  let [index] = authors.get(author.id) ?? []
  if (index === undefined) authors.set(author.id, [(index = authors.size), author.username])
  const row = [index, seq - base.seq, at - base.at, text] as const
  return format === 'plain' ? [...row, 1] : row
}

/** Whether the message has none of the optional fields, so that it fits into a row. */
function isPlainMessage(event: RoomEvent): event is Message {
  if (event.kind !== 'message') return false
  const { styles, action, reply, notice, tags, attachments, everyone, reactions, previews, edited, deleted } =
    event
  const isMarked = everyone || reactions || previews || edited || deleted
  return !(styles || action || reply || notice || tags || attachments || isMarked)
}

/** @returns undefined for bytes that are no valid batch of this room */
export function decodeBatch(room: RoomId, bytes: Uint8Array): Batch | undefined {
  const sent = parsed(bytes)
  if (!sent || !count(sent.seq) || !count(sent.at) || !(sent.last === undefined || count(sent.last))) return
  const sender = senderOf(sent)
  const authors = authorsOf(sent.authors)
  if (!sender || !authors || !Array.isArray(sent.rows)) return
  const [seq, at] = [Number(sent.seq), Number(sent.at)]
  const events: RoomEvent[] = []
  for (const row of sent.rows) {
    const event = Array.isArray(row) ? messageOf(row, { room, seq, at, authors }) : row
    if (event === undefined || (event === row && !isOf(room, event))) return
    events.push(event)
  }
  return { ...sender, events, last: sent.last === undefined ? undefined : (Number(sent.last) as Seq) }
}

function isOf(room: RoomId, value: unknown): value is RoomEvent {
  return isRoomEvent(value) && 'room' in value && value.room === room
}

interface Rows {
  readonly room: RoomId
  readonly seq: number
  readonly at: number
  readonly authors: readonly Author[]
}

function messageOf(row: readonly unknown[], { room, authors, ...base }: Rows): Message | undefined {
  const [index, seq, at, text, plain] = row
  const author = typeof index === 'number' ? authors[index] : undefined
  if (!author || !Number.isSafeInteger(seq) || !Number.isSafeInteger(at) || typeof text !== 'string') return
  const [place, instant] = [base.seq + Number(seq), base.at + Number(at)]
  if (place < 1 || instant < 0) return
  const format: Format = plain === 1 ? 'plain' : 'markdown'
  return { kind: 'message', room, seq: place as Seq, author, at: instant as Instant, text, format }
}

function authorsOf(value: unknown): Author[] | undefined {
  if (!Array.isArray(value)) return undefined
  const pairs: readonly (readonly [unknown, unknown])[] = value.filter(list(() => true))
  if (pairs.length < value.length || !pairs.every(([id, name]) => count(id) && text(name))) return undefined
  return pairs.map(([id, username]) => ({ id, username }) as Author)
}

// --- people ----------------------------------------------------------------------------------------------

export function encodeNodeMessage(message: NodeMessage): Buffer {
  return Buffer.from(JSON.stringify(message))
}

/** @returns undefined for bytes that are no valid message */
export function decodeNodeMessage(bytes: Uint8Array): NodeMessage | undefined {
  const sent = parsed(bytes)
  const sender = sent && senderOf(sent)
  if (!sender || !count(sent.number)) return undefined
  const { what } = sent
  return isHeartbeat(what) || isClusterMessage(what)
    ? { ...sender, number: Number(sent.number), what }
    : undefined
}

function isHeartbeat(value: unknown): value is Heartbeat {
  return value === 'beat' || value === 'hello' || value === 'bye'
}

function senderOf({ node, epoch }: Readonly<Record<string, unknown>>): Sender | undefined {
  if (typeof node !== 'string' || typeof epoch !== 'string') return undefined
  return { node: node as NodeId, epoch }
}

function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString())
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
