import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BEAT_MS, Peers, SILENT_MS } from '../../src/bus/peers.ts'
import type { NodeId } from '../../src/core/model/model.ts'
import { HandClock } from '../core/hand-clock.ts'

const DOS = 'dos' as NodeId

function watched() {
  const clock = new HandClock()
  const events: string[] = []
  const peers = new Peers(clock, {
    missed: node => events.push(`missed ${node}`),
    gone: node => events.push(`gone ${node}`),
  })
  return { clock, events, peers }
}

test('what comes in order is taken, and nothing is missed', () => {
  const { peers, events } = watched()
  assert.deepEqual(
    [1, 2, 3].map(number => peers.takes(DOS, number)),
    [true, true, true],
  )
  peers.beat(DOS, 3)
  assert.deepEqual(events, [])
})

test('what comes twice or late is not taken', () => {
  const { peers, events } = watched()
  assert.deepEqual(
    [1, 1, 3, 2, 3, 4].map(number => peers.takes(DOS, number)),
    [true, false, true, false, false, true],
  )
  assert.deepEqual(events, ['missed dos'], 'the second came too late')
})

test('a last one that is lost shows with the next sign of life; one that is late says nothing', () => {
  const { peers, events } = watched()
  peers.takes(DOS, 1)
  peers.beat(DOS, 2)
  assert.deepEqual(events, ['missed dos'])
  peers.beat(DOS, 1)
  assert.equal(peers.takes(DOS, 2), false)
  assert.equal(peers.takes(DOS, 3), true)
  assert.deepEqual(events, ['missed dos'])
})

test('of a node that told something before it was heard of, that is missed', () => {
  const [fresh, late] = [watched(), watched()]
  fresh.peers.beat(DOS, 0)
  late.peers.beat(DOS, 7)
  assert.deepEqual([fresh.events, late.events], [[], ['missed dos']])
})

test('who is silent for ten seconds is gone, and is another one when back', () => {
  const { clock, peers, events } = watched()
  const beats = (count: number) => {
    for (let i = 0; i < count; i++) {
      clock.pass(BEAT_MS)
      peers.look()
    }
  }
  peers.takes(DOS, 1)
  beats(Math.floor(SILENT_MS / BEAT_MS))
  assert.deepEqual([events, [...peers.nodes]], [[], [DOS]])
  beats(1)
  assert.deepEqual([events, [...peers.nodes]], [['gone dos'], []])
  peers.beat(DOS, 1)
  assert.deepEqual(events, ['gone dos', 'missed dos'], 'what it has told is to be asked for')
})

test('who beats lives, and nobody is blamed for what a deaf node, or one asleep, did not hear', () => {
  const { clock, peers, events } = watched()
  for (let i = 0; i < 10; i++) {
    peers.beat(DOS, 0)
    clock.pass(BEAT_MS)
    peers.look()
  }
  clock.pass(60_000)
  peers.look() // this node was asleep
  assert.deepEqual(events, [])
  for (let i = 0; i < 3; i++) {
    clock.pass(BEAT_MS)
    peers.look()
  }
  peers.excuse()
  clock.pass(BEAT_MS)
  peers.look()
  assert.deepEqual(events, [])
})

test('who says good-bye is gone at once, and once', () => {
  const { peers, events } = watched()
  peers.beat(DOS, 0)
  peers.leaves(DOS)
  peers.leaves(DOS)
  assert.deepEqual(events, ['gone dos'])
})
