import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Post } from '../../src/core/log/appender.ts'
import { GENERAL, type RoomId } from '../../src/core/model/model.ts'
import type { Receipt } from '../../src/core/ports/log.ts'
import { CROWD } from '../../src/core/presence/presence.ts'
import { patiently } from '../tools/patiently.ts'
import { HandClock } from './hand-clock.ts'
import { Place } from './memory-chat.ts'

type Entered = Awaited<ReturnType<Place['enter']>>

function seatOf({ session }: Entered, room: RoomId) {
  return session.seat(room) ?? assert.fail('no seat')
}

function shownTo({ shown }: Entered, kind: 'message' | 'signal' | 'typing'): string[] {
  return shown.filter(each => each.startsWith(kind))
}

// --- who types -------------------------------------------------------------------------------------------

/** Ana and beto in a room, and caro elsewhere; what `types` tells has been shown when it returns. */
async function junta(place: Place, clock: HandClock) {
  const [ana, beto, caro] = [
    await place.register('ana'),
    await place.register('beto'),
    await place.register('caro'),
  ]
  const { id } = await place.chat.rooms.create(ana, 'junta', 'open')
  await place.chat.rooms.join(beto, id)
  return {
    ana: await place.enter(ana),
    beto: await place.enter(beto),
    caro: await place.enter(caro),
    enterAna: () => place.enter(ana),
    types(who: Entered) {
      place.chat.signals.typing(seatOf(who, id))
      clock.pass(0)
    },
  }
}

test('the others in the room are shown who types, who types is not', async () => {
  const clock = new HandClock()
  using place = new Place(clock)
  const { ana, beto, caro, enterAna, types } = await junta(place, clock)
  const elsewhere = await enterAna()
  types(ana)
  assert.deepEqual(shownTo(beto, 'typing'), ['typing ana'])
  for (const each of [ana, elsewhere, caro]) assert.deepEqual(shownTo(each, 'typing'), [])
})

test('who types is told at most once in 3 s, each by themselves', async () => {
  const clock = new HandClock()
  using place = new Place(clock)
  const { ana, beto, types } = await junta(place, clock)
  types(ana)
  clock.pass(2000)
  types(ana)
  types(beto)
  assert.deepEqual(shownTo(beto, 'typing'), ['typing ana'])
  assert.deepEqual(shownTo(ana, 'typing'), ['typing beto'])
  clock.pass(1000)
  types(ana)
  types(beto)
  assert.deepEqual(shownTo(beto, 'typing'), ['typing ana', 'typing ana'])
  assert.deepEqual(shownTo(ana, 'typing'), ['typing beto'])
})

test('a seat that is gone tells nobody that its person types', async () => {
  const clock = new HandClock()
  using place = new Place(clock)
  const { ana, beto, types } = await junta(place, clock)
  place.chat.connections.disconnect(ana.session)
  types(ana)
  assert.deepEqual(shownTo(beto, 'typing'), [])
})

test('in a large room nobody is told who types', async () => {
  const clock = new HandClock()
  using place = new Place(clock)
  const { ana, beto, enterAna, types } = await junta(place, clock)
  for (let seats = 2; seats < CROWD; seats++) await enterAna()
  types(ana)
  assert.deepEqual(shownTo(beto, 'typing'), ['typing ana'])
  await enterAna()
  clock.pass(3000)
  types(ana)
  assert.deepEqual(shownTo(beto, 'typing'), ['typing ana'])
})

// --- what programs tell each other -----------------------------------------------------------------------

test('what a program tells is shown to the others who are there, in order among what is said, also in a large room', async () => {
  const clock = new HandClock()
  using place = new Place(clock)
  const { ana, beto, caro, enterAna } = await junta(place, clock)
  for (let seats = 2; seats <= CROWD; seats++) await enterAna()
  const [seat] = [...ana.session.seats].filter(({ room }) => room !== GENERAL)
  assert.ok(seat)
  for (const value of ['1', '2', '3']) await place.chat.signals.send(seat, [['+a', value]])
  clock.pass(0)
  assert.deepEqual(shownTo(beto, 'signal'), ['signal ana +a=1', 'signal ana +a=2', 'signal ana +a=3'])
  for (const each of [ana, caro]) assert.deepEqual(shownTo(each, 'signal'), [])
})

test('a program of somebody who may not write there tells nobody', async () => {
  const clock = new HandClock()
  using place = new Place(clock)
  const { ana, beto } = await junta(place, clock)
  const [seat] = [...beto.session.seats].filter(({ room }) => room !== GENERAL)
  assert.ok(seat)
  await place.chat.moderation.mask(ana.session.person, seat.room, { list: 'mute', mask: 'beto', on: true })
  await assert.rejects(place.chat.signals.send(seat, [['+a', '1']]), { code: 'muted' })
  clock.pass(0)
  assert.deepEqual(shownTo(ana, 'signal'), [])
})

// --- keys ------------------------------------------------------------------------------------------------

/** Posts all that at once. @returns what each text was answered, in that order */
async function answersTo(place: Place, who: Entered, posts: readonly Post[]): Promise<Receipt[]> {
  const receipts: Receipt[] = []
  const answered = (receipt: Receipt, texts: number) => {
    for (let i = 0; i < texts; i++) receipts.push(receipt)
  }
  for (const each of posts) place.chat.post(seatOf(who, GENERAL), each, answered)
  await patiently(
    () => receipts.length === posts.length,
    () => `${receipts.length} answers to ${posts.length} texts`,
  )
  return receipts
}

test('what is posted with a key, twice at once and again later, is said once', async () => {
  using place = new Place()
  const [ana, beto] = [await place.register('ana'), await place.register('beto')]
  const [writer, reader] = [await place.enter(ana), await place.enter(beto)]
  const keyed = { text: 'hola', key: 'k' }
  const [, first, twin] = await answersTo(place, writer, [{ text: 'buenas' }, keyed, keyed])
  const reconnected = await place.enter(ana)
  const [later] = await answersTo(place, reconnected, [keyed])
  assert.ok(first && 'seq' in first && !first.repeated)
  const repeated = { ...first, repeated: true }
  assert.deepEqual([twin, later], [repeated, repeated])
  assert.equal(reconnected.session.undelivered, 0, 'what was said before is not waited for')
  await answersTo(place, writer, [{ text: 'adiós' }])
  await patiently(
    () => reader.shown.includes('message adiós'),
    () => 'never delivered',
  )
  assert.deepEqual(shownTo(reader, 'message'), ['message buenas', 'message hola', 'message adiós'])
})

test('a key with another text is answered key-reused, and nothing is said', async () => {
  using place = new Place()
  const [ana, beto] = [await place.register('ana'), await place.register('beto')]
  const [writer, reader] = [await place.enter(ana), await place.enter(beto)]
  const answers = await answersTo(place, writer, [
    { text: 'hola', key: 'k' },
    { text: 'otra cosa', key: 'k' },
    { text: 'adiós' },
  ])
  assert.deepEqual(answers[1], { refused: 'key-reused' })
  await patiently(
    () => reader.shown.includes('message adiós'),
    () => 'never delivered',
  )
  assert.deepEqual(shownTo(reader, 'message'), ['message hola', 'message adiós'])
})
