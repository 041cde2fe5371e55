// Pages of history and metadata to clients that do not read: they cost little, and hold up nobody.

import assert from 'node:assert/strict'
import { Duplex } from 'node:stream'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Chat } from '../../src/core/chat.ts'
import type { Instant, Message, Person, Room, RoomId, Seq, UserId } from '../../src/core/model/model.ts'
import type { Bearer } from '../../src/core/ports/metadata.ts'
import { Channels } from '../../src/doors/irc/channels.ts'
import type { Client } from '../../src/doors/irc/client.ts'
import { HistorySlots } from '../../src/doors/irc/history-slots.ts'
import { sendHistory } from '../../src/doors/irc/replies/history.ts'
import { syncAll } from '../../src/doors/irc/replies/metadata.ts'
import type { Recipient } from '../../src/doors/irc/replies/recipient.ts'
import { Reply } from '../../src/doors/irc/replies/reply.ts'
import { LineSocket, type Transport } from '../../src/doors/irc/wire/line-socket.ts'
import { Flow } from '../../src/doors/shared/flow.ts'

const HOST = 'h.example'
const room: Room = { id: 1 as RoomId, kind: 'open', name: 'general', topic: '', archived: false }
const ana = { id: 1 as UserId, username: 'ana', name: 'Ana', role: 'member' } as Person
const beto = { id: 2 as UserId, username: 'beto' }

const chat = { strangerRateLimit: () => () => 0, connectionRateLimit: () => () => 0 } as unknown as Chat
const FLOW = new Flow(chat, { person: () => undefined, goOn: () => {} })

/** A peer that reads nothing until it is told to. */
class Peer extends Duplex {
  readonly #held: (() => void)[] = []
  taken = 0

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.taken += chunk.length
    this.#held.push(done)
  }

  swallow(): void {
    for (const done of this.#held.splice(0)) done()
  }
}

function page(count: number, text = '🦉'.repeat(4000)): Message[] {
  return Array.from({ length: count }, (_, i) => ({
    kind: 'message',
    room: room.id,
    seq: (i + 1) as Seq,
    author: beto,
    at: 0 as Instant,
    text,
    format: 'plain',
  }))
}

function clientOf(peer: Peer): { client: Client; reply: Reply } {
  const socket = new LineSocket(peer as unknown as Transport, { first: Buffer.alloc(0), flow: FLOW })
  const channels = new Channels(HOST, {
    webUrl: () => '',
    isOnline: () => true,
    renamed: () => {},
    memberChanged: () => {},
  })
  const viewerFor = (person: Person) => ({ caps: 0, language: 'es', person })
  const client = { person: ana, socket, deps: { channels, zone: 'UTC' }, viewerFor } as unknown as Client
  const send = (line: string) => socket.send(line)
  const recipient = {
    host: HOST,
    name: 'ana',
    send,
    hasBatches: () => false,
    textOf: () => undefined,
  } as unknown as Recipient
  return { client, reply: new Reply(recipient, undefined) }
}

test('a page is rendered as fast as the client takes it, and not for a client that has gone', async () => {
  const peer = new Peer()
  const { client, reply } = clientOf(peer)
  let isSaid = false
  const saying = sendHistory(client, { room, events: page(100) }, reply).then(() => {
    isSaid = true
  })
  for (let turn = 0; turn < 100; turn++) await nextTurn()
  assert.equal(isSaid, false)
  assert.ok(peer.writableLength < 1 << 20, `${peer.writableLength} bytes wait for a peer that takes nothing`)
  while (!isSaid) {
    peer.swallow()
    await nextTurn()
  }
  await saying
  while (peer.writableLength > 0) {
    peer.swallow()
    await nextTurn()
  }
  assert.ok(peer.taken > 100 * 16_000, 'all of it')

  const gone = new Peer()
  const other = clientOf(gone)
  const never = sendHistory(other.client, { room, events: page(100) }, other.reply)
  await nextTurn()
  gone.destroy()
  await never
})

test('a turn renders texts of many lines one by one, short ones together', () => {
  const inOneTurn = (text: string) => {
    const peer = new Peer()
    const { client, reply } = clientOf(peer)
    void sendHistory(client, { room, events: page(100, text) }, reply)
    const given = peer.taken + peer.writableLength
    peer.destroy()
    return Math.round(given / sizeOf(text))
  }
  assert.deepEqual([inOneTurn('a\n'.repeat(1999)), inOneTurn('hola')], [1, 100])
})

test('the metadata of many channels is read and sent as fast as the client takes it', async () => {
  const peer = new Peer()
  const { client, reply } = clientOf(peer)
  const channels = Array.from(
    { length: 1000 },
    (_, i): Room => ({ ...room, id: (i + 2) as RoomId, name: `r${i}` }),
  )
  const values = (bearers: readonly Bearer[]) =>
    bearers.flatMap(bearer => KEYS.map(key => ({ bearer, key, value: 'x'.repeat(400) })))
  const reads: number[] = []
  const metadata = {
    async of(_: Person, bearers: readonly Bearer[]) {
      reads.push(bearers.length)
      return values(bearers)
    },
  }
  const avatars = { of: async () => ({ people: [], rooms: [] }) }
  const known = {
    session: { person: ana, seat: () => undefined },
    caps: new Set(['draft/metadata-3']),
    rooms: new Map(channels.map(each => [each.id, each])),
    preferences: { subscriptions: new Set(KEYS) },
    deps: {
      ...client.deps,
      historySlots: new HistorySlots(),
      chat: { metadata, avatars },
    },
  }
  const saying = syncAll(Object.assign(client, known) as unknown as Client, reply)
  for (let turn = 0; turn < 100; turn++) await nextTurn()
  assert.ok(peer.writableLength < 1 << 20, `${peer.writableLength} bytes wait for a peer that takes nothing`)
  assert.ok(reads.length < 3, `${reads}`)
  peer.destroy()
  await saying
})

const KEYS = Array.from({ length: 20 }, (_, i) => `k${i}`)

/** Bytes of a text in a page. */
function sizeOf(text: string): number {
  const lines = text.trim().split('\n')
  const head = `:${beto.username}!${beto.username}@${HOST} PRIVMSG #${room.name} :[1970-01-01 00:00] `
  return lines.reduce((sum, line) => sum + head.length + line.length + 2, 0)
}
