import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LocalBus } from '../../src/bus/local.ts'
import { ClusterMessages } from '../../src/core/cluster/cluster-messages.ts'
import type { UserId } from '../../src/core/model/model.ts'
import { Presence } from '../../src/core/presence/presence.ts'
import { HandClock } from './hand-clock.ts'
import { JoinedBus } from './joined-bus.ts'

function person(id: number) {
  return { id: id as UserId, username: `p${id}` }
}

function watched() {
  const clock = new HandClock()
  const told: string[] = []
  const cluster = new ClusterMessages(new LocalBus(), error => assert.fail(String(error)))
  const presence = new Presence(clock, cluster, changes => {
    told.push(
      changes.map(({ person, before, status }) => `${person.username} ${before}→${status}`).join(', '),
    )
  })
  return { clock, told, presence }
}

test('a person is online while one connection is not away', () => {
  const { clock, told, presence } = watched()
  const ana = person(1)
  assert.equal(presence.connected(ana, false), true)
  assert.equal(presence.connected(ana, false), false)
  clock.pass(3000)
  presence.setAway(ana, true)
  assert.equal(presence.statusOf(ana.id), 'online')
  presence.setAway(ana, true)
  clock.pass(3000)
  assert.equal(presence.disconnected(ana, true), false)
  presence.setAway(ana, false)
  clock.pass(3000)
  assert.equal(presence.disconnected(ana, false), true)
  assert.deepEqual(told, ['p1 offline→online', 'p1 online→away', 'p1 away→online', 'p1 online→offline'])
})

test('of one person at most one change is told in 3 s, and the last state always', () => {
  const { clock, told, presence } = watched()
  const ana = person(1)
  presence.connected(ana, false)
  for (let i = 0; i < 100; i++) {
    presence.disconnected(ana, false)
    clock.pass(10)
    presence.connected(ana, false)
    clock.pass(10)
  }
  assert.deepEqual(told, ['p1 offline→online'], 'who came back in time never went')
  presence.disconnected(ana, false)
  assert.equal(presence.statusOf(ana.id), 'offline', 'who asks is told at once')
  clock.pass(3000)
  assert.deepEqual(told, ['p1 offline→online', 'p1 online→offline'])
  clock.pass(10_000)
  assert.equal(clock.waiting, 0, 'nothing is kept of who is gone')
})

test('among many, what changes is told together', () => {
  const { clock, told, presence } = watched()
  for (let i = 1; i <= 200; i++) presence.connected(person(i), false)
  assert.equal(told.length, 200)
  for (let i = 201; i <= 210; i++) presence.connected(person(i), false)
  presence.setAway(person(1), true)
  assert.equal(told.length, 200)
  clock.pass(3000)
  assert.equal(told.length, 201)
  assert.equal(told.at(-1)?.split(', ').length, 10)
  clock.pass(3000)
  assert.match(told.at(-1) ?? '', /p1 online→away/)
})

// --- several nodes ---------------------------------------------------------------------------------------

function nodes(count: number) {
  const clock = new HandClock()
  return JoinedBus.of(count).map(bus => {
    const cluster = new ClusterMessages(bus, error => assert.fail(String(error)))
    const told: string[] = []
    const presence = new Presence(clock, cluster, (changes, among) => {
      for (const { person, before, status } of changes)
        told.push(`${person.username} ${before}→${status} (${among})`)
    })
    return { bus, clock, cluster, told, presence }
  })
}

test('who is on two nodes is one person, and each node tells of them once', () => {
  const [one, other] = nodes(2)
  assert.ok(one && other)
  const ana = person(1)
  assert.equal(one.presence.connected(ana, false), true)
  assert.equal(other.presence.connected(ana, true), true, 'the first one on that node')
  one.clock.pass(3000)
  one.presence.disconnected(ana, false)
  one.clock.pass(3000)
  other.presence.disconnected(ana, true)
  one.clock.pass(3000)
  const all = ['p1 offline→online (1)', 'p1 online→away (1)', 'p1 away→offline (1)']
  assert.deepEqual([one.told, other.told], [all, all])
  assert.equal(one.clock.waiting, 0, 'nothing is kept of who is gone')
})

test('a roll of many comes in parts; who is not in it is gone', () => {
  const [one, other] = nodes(2)
  assert.ok(one && other)
  for (let i = 1; i <= 1234; i++) other.presence.connected(person(i), i % 2 === 0)
  const stale = { person: person(5000), status: 'online' } as const
  void other.cluster.broadcast({ kind: 'there', people: [stale] })
  assert.equal(one.presence.statusOf(person(5000).id), 'online')
  let parts = 0
  one.bus.listen({
    receive: async ({ kind }) => void (kind === 'roll' && parts++),
    missed: () => {},
    gone: () => {},
    reconnected: () => {},
    disconnected: () => {},
  })
  one.cluster.missed(other.bus.node)
  one.clock.pass(5000)
  assert.equal(parts, 3)
  assert.equal(one.presence.statusOf(person(5000).id), 'offline')
  assert.deepEqual(
    [one.presence.statusOf(person(1).id), one.presence.statusOf(person(1234).id)],
    ['online', 'away'],
  )
  one.cluster.gone(other.bus.node)
  assert.equal(one.presence.statusOf(person(1).id), 'offline')
  assert.equal(one.presence.present?.length, 0)
})
