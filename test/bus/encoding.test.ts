import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  decodeBatch,
  decodeNodeMessage,
  encodeBatch,
  encodeNodeMessage,
  type Heartbeat,
  type NodeMessage,
} from '../../src/bus/encoding.ts'
import type { ClusterMessage } from '../../src/core/cluster/cluster-messages.ts'
import type {
  Author,
  Instant,
  LogEvent,
  NodeId,
  Profile,
  RoomEvent,
  RoomId,
  Seq,
} from '../../src/core/model/model.ts'

const ROOM = 7 as RoomId
const SENDER = { node: 'uno' as NodeId, epoch: 'época' }
const [ANA, BETO] = [
  { id: 1, username: 'ana' },
  { id: 2, username: 'beto' },
] as readonly unknown[] as readonly [Author, Author]

const happened = (seq: number, author = ANA) => ({
  room: ROOM,
  seq: seq as Seq,
  author,
  at: (1_700_000_000_000 - seq) as Instant, // clocks of two nodes
})
const target = 3 as Seq

/** Events of each kind, and each kind of message. */
const ALL: {
  readonly [K in Exclude<RoomEvent['kind'], 'presence'>]: readonly Extract<RoomEvent, { kind: K }>[]
} = {
  message: [
    { kind: 'message', ...happened(1), text: 'hola', format: 'plain' },
    { kind: 'message', ...happened(2, BETO), text: '"\\\r\n\u0000 ¿ñ? 👩‍👩‍👧 \ud800', format: 'plain' },
    {
      kind: 'message',
      ...happened(4),
      text: 'eso',
      format: 'plain',
      reply: { seq: target, username: 'beto' },
    },
    { kind: 'message', ...happened(5), text: '@todos', format: 'plain', everyone: true },
    { kind: 'message', ...happened(6), text: '', format: 'plain', deleted: true },
    { kind: 'message', ...happened(20), text: '**hola**', format: 'markdown' },
    {
      kind: 'message',
      ...happened(21),
      text: 'hola',
      format: 'plain',
      styles: [{ from: 0, to: 4, style: 'bold' }],
    },
    { kind: 'message', ...happened(22), text: 'baila', format: 'markdown', action: true },
    { kind: 'message', ...happened(24), text: 'hola', format: 'plain', tags: [['+b/c', 'ñ;']] },
    { kind: 'message', ...happened(18), text: 'aviso', format: 'plain', notice: true },
    {
      kind: 'message',
      ...happened(7),
      text: 'x',
      format: 'plain',
      edited: true,
      reactions: [{ emoji: '👍', count: 2, mine: false }],
    },
  ],
  edit: [{ kind: 'edit', ...happened(8), target, text: 'así', format: 'markdown' }],
  deletion: [
    { kind: 'deletion', ...happened(9), target },
    { kind: 'deletion', ...happened(23), target, reason: 'ruido' },
  ],
  reaction: [{ kind: 'reaction', ...happened(10), target, emoji: '👍', on: true }],
  pin: [{ kind: 'pin', ...happened(11), target, text: 'hola', on: false }],
  preview: [
    { kind: 'preview', ...happened(25), target, links: [{ url: 'https://a.example/' }] },
    {
      kind: 'preview',
      ...happened(26),
      target,
      links: [
        {
          ...{ url: 'https://b.example/', title: 'B', description: 'b', site: 'b' },
          picture: { id: 'abc' as never, width: 3, height: 4, placeholder: 'x' },
        },
      ],
    },
  ],
  poll: [
    {
      kind: 'poll',
      ...happened(27),
      target,
      how: 'voted',
      poll: { question: '¿?', options: [{ text: 'a', votes: 1 }], voters: 1, until: 9 as Instant, mine: [1] },
    },
    { kind: 'poll', ...happened(28), target, how: 'closed' },
  ],
  arrival: [{ kind: 'arrival', ...happened(12), person: BETO }],
  removal: [{ kind: 'removal', ...happened(13), person: BETO, how: 'kicked', reason: 'porque sí' }],
  appointment: [
    { kind: 'appointment', ...happened(14), person: BETO, role: 'moderator' },
    { kind: 'appointment', ...happened(19), person: BETO, role: 'helper', before: 'member' },
  ],
  mask: [{ kind: 'mask', ...happened(20), list: 'ban', mask: 'b*', on: true }],
  muting: [{ kind: 'muting', ...happened(15), person: BETO, until: 0 as Instant }],
  alteration: [
    { kind: 'alteration', ...happened(16), what: 'topic', value: '' },
    { kind: 'alteration', ...happened(22), what: 'name', value: 'peña', reason: 'mal escrito' },
  ],
  typing: [{ kind: 'typing', room: ROOM, person: ANA }],
  signal: [
    {
      kind: 'signal',
      room: ROOM,
      person: ANA,
      at: 5 as Instant,
      tags: [
        ['+a', ''],
        ['+b/c', 'ñ;'],
      ],
    },
  ],
}

const profile = { ...ANA, name: 'Ana', role: 'owner', status: '', language: 'es', zone: '' } as Profile
const person = ANA.id
const named = { ...ANA, name: 'Ana', role: 'owner' } as const
const moving = {
  session: 9 as never,
  person: profile,
  grant: { scope: 'admin' } as const,
  away: false,
  lasts: true,
  room: ROOM,
  places: [{ room: ROOM, place: 4 as Seq, seen: 3 as Seq }],
}

const CLUSTER_MESSAGES: {
  readonly [K in ClusterMessage['kind']]: readonly Extract<ClusterMessage, { kind: K }>[]
} = {
  ended: [{ kind: 'ended', person, sessions: [1 as never], how: 'disabled' }],
  voided: [{ kind: 'voided', session: 1 as never }],
  voted: [{ kind: 'voted', person, room: ROOM, seq: target, options: [1, 3] }],
  moved: [{ kind: 'moved', person, session: 1 as never }],
  claim: [{ kind: 'claim', claim: 'uno/1', code: 'abcd2345' }],
  claimed: [
    { kind: 'claimed', claim: 'uno/1' },
    { kind: 'claimed', claim: 'uno/1', moving },
    { kind: 'claimed', claim: 'uno/1', moving: { ...moving, grant: { scope: 'read', room: ROOM } } },
  ],
  changed: [{ kind: 'changed', person, what: 'levels' }],
  scheduled: [
    { kind: 'scheduled', person, at: 9 as Instant },
    {
      kind: 'scheduled',
      person,
      kept: {
        ...{ id: 3 as never, room: ROOM, text: '', format: 'plain', at: 9 as Instant, refused: 'muted' },
        attachments: [{ upload: 'a' as never, name: 'a.png' }],
      },
    },
  ],
  reminders: [
    { kind: 'reminders', person },
    {
      kind: 'reminders',
      person,
      rung: {
        ...{ id: 3 as never, room: ROOM, seq: target, note: 'leer', at: 9 as Instant, rung: true },
        message: { author: BETO, text: 'hola', format: 'markdown' },
      },
    },
  ],
  person: [{ kind: 'person', person: { ...named, status: 'en clase' } }],
  settings: [{ kind: 'settings' }],
  teams: [{ kind: 'teams' }],
  'full-name': [
    { kind: 'full-name', person: named },
    { kind: 'full-name', person: named, by: 7 as never },
  ],
  avatar: [
    { kind: 'avatar', person: BETO, avatar: 'a' as never, by: 7 as never },
    { kind: 'avatar', room: ROOM },
  ],
  arrived: [{ kind: 'arrived', person, room: ROOM, at: 0 as Seq, author: BETO }],
  asked: [
    {
      kind: 'asked',
      person,
      asked: {
        room: { id: ROOM, kind: 'closed', name: 'club', topic: '', archived: false },
        by: BETO,
        at: 1 as Instant,
      },
    },
  ],
  marked: [{ kind: 'marked', person, room: ROOM, seq: 5 as Seq }],
  there: [{ kind: 'there', people: [{ person: ANA, status: 'away' }] }],
  roll: [{ kind: 'roll', people: [], first: true, last: false }],
  'roll-call': [{ kind: 'roll-call', node: SENDER.node }],
  failed: [{ kind: 'failed', throttle: 'addresses', key: '::1' }],
  known: [{ kind: 'known', account: 'ana', place: 'ana\n::1' }],
  spent: [{ kind: 'spent', turns: [{ person, count: 20 }] }],
  door: [{ kind: 'door', door: 'irc', said: '{}' }],
}
const HEARTBEATS: readonly Heartbeat[] = ['beat', 'hello', 'bye']

const everything = Object.values<readonly RoomEvent[]>(ALL).flatMap(some => [...some])
const messages = [...Object.values(CLUSTER_MESSAGES).flat(), ...HEARTBEATS].map(
  (what): NodeMessage => ({ ...SENDER, number: 3, what }),
)

test('every event of a room arrives as it was sent', () => {
  const last = 16 as Seq
  assert.deepEqual(decodeBatch(ROOM, encodeBatch(SENDER, everything, last)), {
    ...SENDER,
    events: everything,
    last,
  })
  for (const each of everything) {
    const seq = 'seq' in each ? each.seq : undefined
    assert.deepEqual(decodeBatch(ROOM, encodeBatch(SENDER, [each], seq))?.events, [each])
  }
})

test('a batch without events says how far the log reaches', () => {
  const hint = decodeBatch(ROOM, encodeBatch(SENDER, [], 12 as Seq))
  assert.deepEqual(hint, { ...SENDER, events: [], last: 12 })
})

test('every node message arrives as it was sent', () => {
  for (const each of messages) assert.deepEqual(decodeNodeMessage(encodeNodeMessage(each)), each)
})

test('plain messages take less than half of their size as JSON objects', () => {
  const texts = Array.from(
    { length: 100 },
    (_, i): LogEvent => ({ kind: 'message', ...happened(i + 1), text: 'hola', format: 'plain' }),
  )
  const bytes = encodeBatch(SENDER, texts, 100 as Seq)
  assert.ok(bytes.length * 2 < JSON.stringify(texts).length, `${bytes.length}`)
})

// --- invalid input ------------------------------------------------------------------------------------

test('invalid bytes are dropped', () => {
  const holds = fc.property(fc.uint8Array(), bytes => {
    assert.equal(decodeBatch(ROOM, bytes), undefined)
    assert.equal(decodeNodeMessage(bytes), undefined)
  })
  fc.assert(holds)
})

test('any other value is dropped, and never throws', () => {
  const holds = fc.property(fc.jsonValue(), value => {
    const bytes = Buffer.from(JSON.stringify(value))
    assert.equal(decodeBatch(ROOM, bytes), undefined)
    assert.equal(decodeNodeMessage(bytes), undefined)
  })
  fc.assert(holds, { numRuns: 500 })
})

/** Copies of a value in which one property, at any depth, is missing or of another type. */
function* spoilt(value: unknown): Generator<unknown> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    const others = [null, {}, -1, 1.5, true, 'x'].filter(
      each => typeof each !== typeof inner || typeof each === 'number',
    )
    for (const other of others) yield copyWith(value, key, other)
    for (const deeper of spoilt(inner)) yield copyWith(value, key, deeper)
  }
}

function copyWith(value: object, key: string, inner: unknown): unknown {
  return Array.isArray(value) ? value.with(Number(key), inner) : { ...value, [key]: inner }
}

test('an invalid event is dropped with its batch', () => {
  let tried = 0
  for (const each of everything) {
    const sent = JSON.parse(encodeBatch(SENDER, [each], undefined).toString())
    for (const bad of spoilt(sent)) {
      const decoded = decodeBatch(ROOM, Buffer.from(JSON.stringify(bad)))
      tried++
      // A changed batch may still be valid; then it has the same shape.
      if (decoded) assert.equal(JSON.stringify(shapeOf(decoded.events[0])), JSON.stringify(shapeOf(each)))
    }
  }
  assert.ok(tried > 500)
})

test('an invalid node message is dropped', () => {
  let tried = 0
  for (const each of messages) {
    for (const bad of spoilt(each)) {
      const decoded = decodeNodeMessage(Buffer.from(JSON.stringify(bad)))
      tried++
      if (decoded) assert.equal(JSON.stringify(shapeOf(decoded)), JSON.stringify(shapeOf(each)))
    }
  }
  assert.ok(tried > 300)
})

test('an event of another room is dropped', () => {
  const [edit] = ALL.edit
  assert.ok(edit)
  assert.equal(decodeBatch(8 as RoomId, encodeBatch(SENDER, [edit], edit.seq)), undefined)
})

/** The types of a value's parts, at every depth. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]))
  if (typeof value === 'number') assert.ok(Number.isSafeInteger(value) && value >= 0, String(value))
  return typeof value
}
