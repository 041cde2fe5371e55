import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import type { Author, Instant, RoomEvent, RoomId, Seq } from '../../src/core/model/model.ts'
import { eventFrames, frameOf } from '../../src/doors/web/socket/frames.ts'

const ROOM = 7 as RoomId
const [ana, beto] = [
  { id: 1, username: 'ana' },
  { id: 2, username: 'beto' },
] as readonly unknown[] as readonly [Author, Author]

const typing = (person: Author): RoomEvent => ({ kind: 'typing', room: ROOM, person })
const frame = (person: Author) => frameOf({ type: 'typing', room: ROOM, person })
const tags = [['+a', 'b']] as const

test('ephemeral events of one batch are a frame each; signals are none', () => {
  const signal: RoomEvent = { kind: 'signal', room: ROOM, person: ana, at: 0 as Instant, tags }
  const rendering = eventFrames.render([typing(ana), signal, typing(beto)])
  const [one, other] = [frame(ana), frame(beto)]
  assert.deepEqual([...rendering.ends], [one.length, one.length, one.length + other.length])
  assert.deepEqual(Buffer.from(rendering.part(0, 3)), Buffer.concat([one, other]))
  assert.deepEqual(Buffer.from(rendering.part(0, 3, [{ from: 2, to: 3 }])), other)
  assert.equal(eventFrames.render([signal]).part(0, 1).length, 0)
  assert.deepEqual(Buffer.from(eventFrames.render([typing(ana)]).part(0, 1)), one)
})

test('a message is sent without its tags', () => {
  const said = {
    room: ROOM,
    seq: 1 as Seq,
    author: ana,
    at: 0 as Instant,
    text: 'hola',
    format: 'plain',
  } as const
  const frames = [said, { ...said, tags }].map(each =>
    Buffer.from(eventFrames.render([{ kind: 'message', ...each }]).part(0, 1)),
  )
  assert.deepEqual(frames[1], frames[0])
})
