// A session goes on through another connection, on the same node or on another one.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { GENERAL } from '../../src/core/model/model.ts'
import { NatsServer } from '../tools/nats.ts'
import { patiently } from '../tools/patiently.ts'
import { lacking } from '../tools/programs.ts'
import { HandClock } from './hand-clock.ts'
import { Place } from './memory-chat.ts'
import { type Connected, reads, refused, two } from './node.ts'

function messages({ shown }: Connected): string[] {
  return shown.filter(each => each.startsWith('message'))
}

describe('a session that moves to another node', { skip: lacking('nats-server') }, () => {
  let nats: NatsServer
  before(async () => {
    nats = await NatsServer.start()
  })
  after(() => nats.kill())

  test('goes on where it was: nothing is missed, and nothing shown twice', async () => {
    await using nodes = await two(nats.url)
    const { one, other, ana, beto } = nodes
    const room = await one.chat.rooms.create(ana, 'junta', 'open')
    await one.chat.rooms.join(beto, room.id)
    const [her, him] = [await one.enter(ana), await one.enter(beto)]
    await one.say(him, room.id, 'antes')
    await reads(her, 'message antes')
    one.chat.setAway(her.session, true)
    const code = one.chat.connections.offerTransfer(her.session, room.id)
    await one.say(him, room.id, 'mientras')
    await reads(her, 'message mientras')
    const moving = await other.chat.connections.redeemTransfer(code, 'there')
    assert.deepEqual(her.endings, ['moved'])
    await one.say(him, room.id, 'en camino')
    const there = await other.enter(moving.person, moving)
    await one.say(him, room.id, 'después')
    await reads(there, 'message después')
    assert.deepEqual(messages(there), ['message en camino', 'message después'])
    assert.deepEqual(messages(her), ['message antes', 'message mientras'])
    assert.equal(moving.room, room.id)
    assert.deepEqual([there.session.id, there.session.away], [her.session.id, true])
    assert.deepEqual(there.endings, [])
    const [stored, ...more] = await one.chat.authentication.list(ana)
    assert.deepEqual([stored?.id, more], [her.session.id, []])
  })

  test('has gone for every other code, and once', async () => {
    await using nodes = await two(nats.url)
    const { one, other, ana } = nodes
    const her = await one.enter(ana)
    const code = one.chat.connections.offerTransfer(her.session, GENERAL)
    await assert.rejects(other.chat.connections.redeemTransfer('nada-nada', 'there'), { code: 'wrong-code' })
    const tries = await Promise.allSettled([
      other.chat.connections.redeemTransfer(code, 'there'),
      one.chat.connections.redeemTransfer(code, 'there'),
    ])
    assert.deepEqual(tries.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    await assert.rejects(other.chat.connections.redeemTransfer(code, 'there'), { code: 'wrong-code' })
  })

  test('is taken from all its connections, and ends when it is revoked on the way', async () => {
    await using nodes = await two(nats.url)
    const { one, other, ana } = nodes
    const her = await one.enter(ana)
    const moving = await other.chat.connections.redeemTransfer(
      one.chat.connections.offerTransfer(her.session, GENERAL),
      'there',
    )
    const id = her.session.id ?? assert.fail()
    await one.chat.authentication.revoke(ana, id)
    await assert.rejects(other.enter(ana, moving), { code: 'no-such-session' })
  })

  test('takes its token with it: the old one opens nothing on any node', async () => {
    await using nodes = await two(nats.url)
    const { one, other, ana } = nodes
    const from = { door: 'web', address: 'here' } as const
    const { token } = await one.chat.authentication.openSession(
      await one.chat.logIns.logIn('ana', 'x', { address: 'here' }),
      from,
    )
    const visit = await one.chat.authentication.authenticate(token, 'here')
    const code = one.chat.connections.offerTransferByToken(visit, GENERAL)
    const moving = await other.chat.connections.redeemTransfer(code, 'there')
    const moved = await other.chat.connections.transfer(moving, from)
    assert.equal(moved.session, visit.id)
    assert.equal((await one.chat.authentication.authenticate(moved.token, 'here')).id, visit.id)
    await assert.rejects(other.chat.authentication.authenticate(token, 'here'), { code: 'no-such-session' })
    await refused(one, token)
    assert.equal(ana.id, moved.person.id)
  })
})

test('a session that nobody goes on with after its code was redeemed has ended', async () => {
  const clock = new HandClock()
  using place = new Place(clock)
  const ana = await place.register('ana')
  const her = await place.enter(ana)
  const code = place.chat.connections.offerTransfer(her.session, GENERAL)
  await place.chat.connections.redeemTransfer(code, 'there')
  assert.equal(her.session.endReason, 'moved')
  assert.equal((await place.chat.authentication.list(ana)).length, 1)
  clock.pass(10_000)
  await patiently(
    async () => (await place.chat.authentication.list(ana)).length === 0,
    () => 'it is still there',
  )
})

test('one that goes on does not end later', async () => {
  const clock = new HandClock()
  using place = new Place(clock)
  const ana = await place.register('ana')
  const her = await place.enter(ana)
  const moving = await place.chat.connections.redeemTransfer(
    place.chat.connections.offerTransfer(her.session, GENERAL),
    'there',
  )
  const origin = { door: 'line', address: 'there', credential: moving } as const
  const { session } = await place.chat.connections.connect(moving.person, place.view(), origin)
  place.chat.connections.disconnect(her.session)
  clock.pass(10 * 60_000)
  assert.deepEqual(
    (await place.chat.authentication.list(ana)).map(({ id }) => id),
    [session.id],
  )
})
