import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BLOCK, History } from '../../src/core/log/history.ts'
import {
  GENERAL,
  type Instant,
  type LogEvent,
  type RoomId,
  type Seq,
  type UserId,
} from '../../src/core/model/model.ts'
import type { Cohort } from '../../src/core/ports/delivery.ts'
import type { Log } from '../../src/core/ports/log.ts'

function event(room: RoomId, seq: number, text = 'x'): LogEvent {
  const author = { id: 1 as UserId, username: 'ana' }
  return { kind: 'message', room, seq: seq as Seq, author, text, format: 'plain', at: 0 as Instant }
}

function countingLog(text?: string) {
  const reads: string[] = []
  const read: Log['read'] = async (room, after, upto, limit) => {
    reads.push(`${after}–${upto}`)
    const count = Math.min(upto - after, limit)
    return Array.from({ length: count }, (_, i) => event(room, after + i + 1, text))
  }
  return { history: new History({ read }), reads }
}

const at = (history: History, after: number, upto: number) =>
  history.range(GENERAL, after as Seq, upto as Seq)

test('a crowd that catches up reads each block once', async () => {
  const { history, reads } = countingLog()
  const stretches = await Promise.all(Array.from({ length: 100 }, (_, i) => at(history, i, 1000)))
  assert.deepEqual(reads, ['0–256'])
  assert.ok(stretches.every(stretch => stretch.last === BLOCK))
  await at(history, 200, 5000)
  assert.deepEqual(reads, ['0–256'], 'and it is kept')
})

test('a block that is not complete is read again', async () => {
  const { history, reads } = countingLog()
  assert.equal((await at(history, 300, 310)).last, 310)
  assert.equal((await at(history, 310, 320)).last, 320)
  assert.deepEqual(reads, ['256–310', '256–320'])
})

test('who needs more than a reading on its way gives reads anew', async () => {
  const { history, reads } = countingLog()
  const [first, second] = await Promise.all([at(history, 0, 10), at(history, 10, 20)])
  assert.deepEqual([first.last, second.last], [10, 20])
  assert.equal(reads.length, 2)
})

test('what is kept is bounded: the least recently used block goes first', async () => {
  const { history, reads } = countingLog('x'.repeat(4000))
  const blocks = 20
  for (let i = 0; i < blocks; i++) await at(history, i * BLOCK, blocks * BLOCK)
  assert.equal(reads.length, blocks)
  await at(history, (blocks - 1) * BLOCK, blocks * BLOCK)
  assert.equal(reads.length, blocks)
  await at(history, 0, blocks * BLOCK)
  assert.equal(reads.length, blocks + 1)
})

test('of long texts no more is rendered than is soon taken, and few renderings are kept', async () => {
  const { history, reads } = countingLog('x'.repeat(4000))
  let rendered = 0
  const kinds = Array.from(
    { length: 50 },
    (): Cohort => ({
      render(events) {
        rendered += events.length
        return { ends: new Uint32Array(events.length), part: () => new Uint8Array() }
      },
    }),
  )
  for (const kind of kinds) {
    for (let place = 0; place < BLOCK; ) {
      const range = await at(history, place, BLOCK)
      range.rendering(kind)
      assert.equal(range.first, place + 1)
      assert.ok(range.events.length <= 16)
      place = range.last
    }
  }
  assert.equal(reads.length, 1)
  assert.equal(rendered, kinds.length * BLOCK)
  const again = async (kind: Cohort | undefined) => {
    const before = rendered
    if (kind) (await at(history, 0, BLOCK)).rendering(kind)
    return rendered > before
  }
  assert.equal(await again(kinds.at(-1)), false)
  assert.equal(await again(kinds[0]), true, 'each kind of connection keeps what it was shown in memory')
})
