import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LocalBus } from '../../src/bus/local.ts'
import { GENERAL } from '../../src/core/model/model.ts'
import type { NodeListener } from '../../src/core/ports/bus.ts'
import type { Receipt } from '../../src/core/ports/log.ts'
import { patiently } from '../tools/patiently.ts'
import { HandClock } from './hand-clock.ts'
import { Place } from './memory-chat.ts'

/** On which something can be told to have been missed. */
class HeardBus extends LocalBus {
  listener: NodeListener | undefined

  override listen(listener: NodeListener): () => void {
    this.listener = listener
    return super.listen(listener)
  }
}

for (const call of ['log.heads', 'rooms.memberships']) {
  test(`who is sent out while logging in reads nothing more (${call} is slow)`, async () => {
    using place = new Place()
    const [ana, beto] = [await place.register('ana'), await place.register('beto')]
    const room = await place.chat.rooms.create(ana, 'junta', 'closed')
    await place.chat.rooms.bring(ana, room.id, 'beto')
    const held = place.hold(call)
    const entering = place.enter(beto)
    await held.come
    const kicked = place.chat.moderation.kick(ana, room.id, { person: 'beto', reason: '' })
    held.release()
    await kicked
    const there = await place.enter(ana)
    const inside = await entering
    const seat = there.session.seat(room.id)
    assert.ok(seat)
    const second = await place.enter(ana)
    place.chat.post(seat, { text: 'secreto' }, () => {})
    await patiently(
      () => second.shown.includes('message secreto'),
      () => 'never delivered',
    )
    assert.equal(inside.session.seat(room.id), undefined)
    assert.deepEqual(
      inside.shown.filter(each => each.includes('secreto')),
      [],
    )
    assert.deepEqual(place.troubles, [])
  })
}

test('who is sent out and comes back at once is in the room', async () => {
  using place = new Place()
  const [ana, beto] = [await place.register('ana'), await place.register('beto')]
  const room = await place.chat.rooms.create(ana, 'junta', 'open')
  await place.chat.rooms.join(beto, room.id)
  const [one, other] = [await place.enter(ana), await place.enter(beto)]
  const speaker = one.session.seat(room.id)
  assert.ok(speaker)
  for (let i = 0; i < 20; i++) {
    const gone = place.chat.moderation.kick(ana, room.id, { person: 'beto', reason: '' })
    const back = gone.then(() => place.chat.rooms.join(beto, room.id))
    await back
    place.chat.post(speaker, { text: `hola ${i}` }, () => {})
    await patiently(
      () => other.shown.includes(`message hola ${i}`),
      () => `beto never read hola ${i}: ${other.shown.slice(-3)}`,
    )
  }
  assert.equal(other.shown.filter(each => each.startsWith('message')).length, 20, 'once each')
})

test('who comes in while all people are looked at again is shown no more than what was said since they were here', async () => {
  const bus = new HeardBus()
  using place = new Place(undefined, { bus })
  const [ana, beto] = [await place.register('ana'), await place.register('beto')]
  const { session } = await place.enter(ana)
  const seat = session.seat(GENERAL)
  assert.ok(seat)
  const say = (text: string) =>
    new Promise<Receipt>(resolve => place.chat.post(seat, { text }, receipt => resolve(receipt)))
  const receipt = await say('antes')
  assert.ok('seq' in receipt)
  const [cursor] = await place.store.pages.cursors([{ room: GENERAL, head: receipt.seq }])
  assert.ok(cursor)
  const view = place.view()
  const held = place.hold('rooms.resume')
  const origin = { door: 'web', address: 'here', credential: 'x', cursors: [cursor] } as const
  const entering = place.chat.connections.connect(beto, view, origin)
  await held.come
  bus.listener?.missed(bus.node)
  await say('mientras')
  for (let i = 0; i < 100; i++) await new Promise(setImmediate) // until it has been looked at them
  held.release()
  const { seats } = await entering
  assert.deepEqual(
    seats.map(({ room, resumed }) => [room.id, resumed]),
    [[GENERAL, true]],
  )
  for (const each of seats) each.seat.begin()
  await say('después')
  const last = () => view.shown.includes('message después')
  await patiently(last, () => `shown: ${view.shown}`)
  assert.deepEqual(
    view.shown.filter(each => each.startsWith('message')),
    ['message mientras', 'message después'],
  )
  assert.deepEqual(place.troubles, [])
})

test('a session that is gone gets no seat', async () => {
  using place = new Place()
  const [ana, beto] = [await place.register('ana'), await place.register('beto')]
  const room = await place.chat.rooms.create(ana, 'junta', 'open')
  const { session } = await place.enter(beto)
  const held = place.hold('rooms.memberships')
  const brought = place.chat.rooms.bring(ana, room.id, 'beto')
  await held.come
  place.chat.connections.disconnect(session)
  held.release()
  await brought
  assert.equal(session.seat(room.id), undefined)
})

test('a private message while the other logs in does not show the whole room again', async () => {
  using place = new Place()
  const [ana, beto] = [await place.register('ana'), await place.register('beto')]
  const room = await place.chat.rooms.direct(ana, ['beto'])
  const { session } = await place.enter(ana)
  const seat = session.seat(room.id)
  assert.ok(seat)
  let stored = 0
  for (let i = 0; i < 10; i++) {
    place.chat.post(seat, { text: `viejo ${i}` }, (_, texts) => {
      stored += texts
    })
  }
  await patiently(
    () => stored === 10 && seat.own.count === 0,
    () => 'never delivered',
  )
  const held = place.hold('rooms.memberships')
  const entering = place.enter(beto)
  await held.come
  await place.chat.rooms.direct(ana, ['beto'])
  held.release()
  const { shown } = await entering
  place.chat.post(seat, { text: 'nuevo' }, () => {})
  await patiently(
    () => shown.includes('message nuevo'),
    () => 'never read',
  )
  assert.deepEqual(
    shown.filter(each => each.startsWith('message')),
    ['message nuevo'],
  )
})

test('a feed that is given up while somebody is on the way into the room is opened anew', async () => {
  const clock = new HandClock()
  using place = new Place(clock)
  const [ana, beto] = [await place.register('ana'), await place.register('beto')]
  const room = await place.chat.rooms.create(ana, 'junta', 'open')
  const { session, shown } = await place.enter(beto)
  const held = place.hold('rooms.memberships')
  const joining = place.chat.rooms.join(beto, room.id)
  await held.come
  clock.pass(1_500) // the sweep comes once a second
  held.release()
  await joining
  await place.chat.moderation.setTopic(ana, room.id, 'hola')
  await patiently(
    () => {
      clock.pass(100)
      return shown.some(each => each.startsWith('alteration'))
    },
    () => 'beto sits in a feed that nobody tells anything',
  )
  assert.ok(session.seat(room.id))
})
