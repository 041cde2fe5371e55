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

test('messages in order are accepted, and none is missed', () => {
  const { peers, events } = watched()
  assert.deepEqual(
    [1, 2, 3].map(number => peers.accepts(DOS, number)),
    [true, true, true],
  )
  peers.heartbeat(DOS, 3)
  assert.deepEqual(events, [])
})

test('late and duplicate messages are not accepted', () => {
  const { peers, events } = watched()
  assert.deepEqual(
    [1, 1, 3, 2, 3, 4].map(number => peers.accepts(DOS, number)),
    [true, false, true, false, false, true],
  )
  assert.deepEqual(events, ['missed dos'], 'the second came too late')
})

test('a lost last message shows with the next heartbeat; a late heartbeat says nothing', () => {
  const { peers, events } = watched()
  peers.accepts(DOS, 1)
  peers.heartbeat(DOS, 2)
  assert.deepEqual(events, ['missed dos'])
  peers.heartbeat(DOS, 1)
  assert.equal(peers.accepts(DOS, 2), false)
  assert.equal(peers.accepts(DOS, 3), true)
  assert.deepEqual(events, ['missed dos'])
})

test('messages that a node sent before it was heard of count as missed', () => {
  const [fresh, late] = [watched(), watched()]
  fresh.peers.heartbeat(DOS, 0)
  late.peers.heartbeat(DOS, 7)
  assert.deepEqual([fresh.events, late.events], [[], ['missed dos']])
})

test('a node that is silent for ten seconds is gone, and counts as new when it is back', () => {
  const { clock, peers, events } = watched()
  const beats = (count: number) => {
    for (let i = 0; i < count; i++) {
      clock.pass(BEAT_MS)
      peers.expireSilent()
    }
  }
  peers.accepts(DOS, 1)
  beats(Math.floor(SILENT_MS / BEAT_MS))
  assert.deepEqual([events, [...peers.nodes]], [[], [DOS]])
  beats(1)
  assert.deepEqual([events, [...peers.nodes]], [['gone dos'], []])
  peers.heartbeat(DOS, 1)
  assert.deepEqual(events, ['gone dos', 'missed dos'], 'what it has told is to be asked for')
})

test('a node with heartbeats lives, and silence while this node was deaf or suspended counts for nothing', () => {
  const { clock, peers, events } = watched()
  for (let i = 0; i < 10; i++) {
    peers.heartbeat(DOS, 0)
    clock.pass(BEAT_MS)
    peers.expireSilent()
  }
  clock.pass(60_000)
  peers.expireSilent() // this node was suspended
  assert.deepEqual(events, [])
  for (let i = 0; i < 3; i++) {
    clock.pass(BEAT_MS)
    peers.expireSilent()
  }
  peers.restartTimers()
  clock.pass(BEAT_MS)
  peers.expireSilent()
  assert.deepEqual(events, [])
})

test('a node that says bye is gone at once, and once', () => {
  const { peers, events } = watched()
  peers.heartbeat(DOS, 0)
  peers.remove(DOS)
  peers.remove(DOS)
  assert.deepEqual(events, ['gone dos'])
})
