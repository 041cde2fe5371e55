// Guessing and flooding is held back, on however many nodes somebody tries it; and nobody who guesses keeps others out.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { LocalBus } from '../../src/bus/local.ts'
import { ClusterMessages } from '../../src/core/cluster/cluster-messages.ts'
import type { Source } from '../../src/core/limits/brute-force-guard.ts'
import { KnownOrigins } from '../../src/core/limits/known-origins.ts'
import { GENERAL, type Profile } from '../../src/core/model/model.ts'
import { NatsServer } from '../tools/nats.ts'
import { patiently } from '../tools/patiently.ts'
import { lacking } from '../tools/programs.ts'
import { HandClock } from './hand-clock.ts'
import { Place } from './memory-chat.ts'
import { type Node, two } from './node.ts'

type Chat = Place['chat']

const CLASSROOM: Source = { address: '198.51.100.7' }
const MINUTE = 60_000

function guess({ logIns }: Chat, username: string, password = 'wrong', from = CLASSROOM): Promise<string> {
  return logIns.logIn(username, password, from).then(
    () => 'in',
    error => error.code,
  )
}

function limited(): Place & { clock: HandClock } {
  const clock = new HandClock()
  return Object.assign(new Place(clock, { bus: new LocalBus(), limits: true }), { clock })
}

/** How it ended, and after how long by that clock. */
async function timed(clock: HandClock, tried: Promise<string>): Promise<{ outcome: string; ms: number }> {
  const began = clock.elapsed()
  const over = Symbol()
  for (let waited = 0; waited <= 60_000; waited += 250) {
    await settled()
    const outcome = await Promise.race([tried, Promise.resolve(over)])
    if (typeof outcome === 'string') return { outcome, ms: clock.elapsed() - began }
    clock.pass(250)
  }
  return assert.fail('it was never answered')
}

/** What can be done at once is done. */
async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise(resolve => setImmediate(resolve))
}

/** All wrong guesses that are answered at once. */
async function guessAll(place: Place, wanted: number, from: (i: number) => [username: string, from: Source]) {
  for (let i = 0; i < wanted; i++) {
    const [username, source] = from(i)
    assert.equal(await guess(place.chat, username, 'wrong', source), 'wrong-credentials', `guess ${i}`)
  }
}

test('who has guessed twenty times at one account waits; others do not', async () => {
  using place = limited()
  await place.register('ana')
  await place.register('beto')
  await guessAll(place, 20, () => ['ana', CLASSROOM])
  assert.equal(await guess(place.chat, 'beto', 'x'), 'in')
  assert.deepEqual(await timed(place.clock, guess(place.chat, 'ana')), {
    outcome: 'wrong-credentials',
    ms: 6000,
  })
})

test('no more are tried at once than may fail', async () => {
  using place = limited()
  await place.register('ana')
  const all = Array.from({ length: 30 }, () => guess(place.chat, 'ana'))
  let answered = 0
  for (const each of all) void each.then(() => answered++)
  await settled()
  assert.equal(answered, 20)
  place.clock.pass(MINUTE)
  await Promise.all(all)
})

test('who waits too long is refused', async () => {
  using place = limited()
  await place.register('ana')
  const all = Array.from({ length: 40 }, () => guess(place.chat, 'ana'))
  await settled()
  for (let i = 0; i < 100; i++) {
    place.clock.pass(250)
    await settled()
  }
  const outcomes = await Promise.all(all)
  const held = outcomes.filter(each => each === 'too-many-attempts')
  assert.equal(held.length, 17, 'after 6, 12 and 18 s one more is tried')
})

test('who logs in all the time is not held back', async () => {
  using place = limited()
  await place.register('ana')
  for (let i = 0; i < 300; i++) assert.equal(await guess(place.chat, 'ana', 'x'), 'in')
})

test('a mischievous student does not keep a classmate out of their account, who sits behind the same address', async () => {
  using place = limited()
  const { clock, chat } = place
  await place.register('ana')
  assert.equal(await guess(chat, 'ana', 'x'), 'in')
  // Nine guesses wait at any moment, and each that is answered is followed by the next.
  let over = false
  const student = async () => {
    while (!over) await guess(chat, 'ana')
  }
  const guessing = Array.from({ length: 9 }, student)
  await settled()
  let tries = 0
  let outcome = ''
  while (outcome !== 'in' && tries++ < 100) outcome = (await timed(clock, guess(chat, 'ana', 'x'))).outcome
  assert.equal(outcome, 'in')
  over = true
  for (let i = 0; i < 100; i++) {
    clock.pass(1000)
    await settled()
  }
  await Promise.all(guessing)
})

test('a browser that was in the account gets in at once, whoever guesses beside it', async () => {
  using place = limited()
  await place.register('ana')
  const mine = { ...CLASSROOM, device: 'mine' }
  assert.equal(await guess(place.chat, 'ana', 'x', mine), 'in')
  await guessAll(place, 20, () => ['ana', CLASSROOM])
  assert.equal((await timed(place.clock, guess(place.chat, 'ana', 'x', mine))).ms, 0)
  const another = { ...CLASSROOM, device: 'another' }
  assert.equal((await timed(place.clock, guess(place.chat, 'ana', 'x', another))).ms, 6000)
})

test('a browser has no more guesses than an address', async () => {
  using place = limited()
  await place.register('ana')
  const mine = { address: '203.0.113.1', device: 'mine' }
  assert.equal(await guess(place.chat, 'ana', 'x', mine), 'in')
  await guessAll(place, 20, () => ['ana', mine])
  assert.equal((await timed(place.clock, guess(place.chat, 'ana', 'wrong', mine))).ms, 6000)
})

test('one account is guessed at from many addresses no faster than from one; where it was in lately it gets in', async () => {
  using place = limited()
  await place.register('ana')
  const home = { address: '203.0.113.1' }
  assert.equal(await guess(place.chat, 'ana', 'x', home), 'in')
  await guessAll(place, 100, i => ['ana', { address: `192.0.2.${i}` }])
  assert.equal((await timed(place.clock, guess(place.chat, 'ana', 'x', home))).ms, 0)
  const { outcome, ms } = await timed(
    place.clock,
    guess(place.chat, 'ana', 'wrong', { address: '192.0.2.200' }),
  )
  assert.equal(outcome, 'too-many-attempts', 'one guess in half a minute, and nobody waits as long')
  assert.equal(ms, 20_000)
})

test('whoever comes with the right password from a place that has not guessed goes before all that have', async () => {
  using place = limited()
  const { chat, clock } = place
  await place.register('ana')
  const elsewhere = (i: number) => ({ address: `192.0.2.${i % 6}` })
  await guessAll(place, 100, i => ['ana', elsewhere(i)])
  clock.pass(15_000)
  const guessing = Array.from({ length: 190 }, (_, i) => guess(chat, 'ana', 'wrong', elsewhere(i)))
  const { outcome } = await timed(clock, guess(chat, 'ana', 'x', { address: '203.0.113.1' }))
  assert.equal(outcome, 'in')
  clock.pass(20_000)
  await Promise.all(guessing)
})

test('when too many wait, those are refused from where most of them come', async () => {
  using place = limited()
  const { chat, clock } = place
  await place.register('ana')
  await guessAll(place, 100, i => ['ana', { address: `192.0.2.${i % 6}` }])
  clock.pass(20_000)
  const mine = guess(chat, 'ana', 'x', { address: '203.0.113.1' })
  const guessing = Array.from({ length: 2000 }, () => guess(chat, 'ana', 'wrong', { address: '192.0.2.1' }))
  assert.equal((await timed(clock, mine)).outcome, 'in')
  clock.pass(20_000)
  await Promise.all(guessing)
})

test('a key of a room is found by trying no faster than a password; others get in meanwhile', async () => {
  using place = limited()
  const { chat, clock } = place
  const [ana, beto, eva] = [
    await place.register('ana'),
    await place.register('beto'),
    await place.register('eva'),
  ]
  const { id } = await chat.rooms.create(ana, 'examen', 'open')
  await chat.moderation.setKey(ana, id, 'abre')
  const join = (person: Profile, key: string) =>
    chat.rooms.join(person, id, key).then(
      () => 'in',
      error => error.code,
    )
  for (let i = 0; i < 20; i++) assert.equal(await join(eva, `clave${i}`), 'wrong-key')
  for (let i = 0; i < 5; i++) assert.equal(await join(eva, ''), 'wrong-key', 'none is no guess')
  const right = join(eva, 'abre')
  await settled()
  assert.equal((await timed(clock, join(beto, 'abre'))).outcome, 'in')
  assert.equal((await timed(clock, right)).outcome, 'in')
  assert.ok(clock.elapsed() >= 6000, `${clock.elapsed()} ms`)
})

test('one address tries no more passwords over all accounts; the class that was in from there gets in', async () => {
  using place = limited()
  for (const name of ['ana', 'beto', 'caro']) await place.register(name)
  assert.equal(await guess(place.chat, 'ana', 'x'), 'in')
  await guessAll(place, 100, i => [`nobody${i}`, CLASSROOM])
  assert.deepEqual(await timed(place.clock, guess(place.chat, 'ana', 'x')), { outcome: 'in', ms: 0 })
  const elsewhere = { address: '203.0.113.9' }
  assert.equal(await guess(place.chat, 'beto', 'x', elsewhere), 'in')
  const newcomer = await timed(place.clock, guess(place.chat, 'beto', 'x'))
  assert.deepEqual(newcomer, { outcome: 'in', ms: 3000 })
})

test('neither the answer nor the wait tells whether there is such an account, or whether it was in from there', async () => {
  using place = limited()
  await place.register('ana')
  await place.register('beto')
  assert.equal(await guess(place.chat, 'ana', 'x'), 'in')
  await place.chat.logIns.logIn('beto', 'x', { address: '203.0.113.9' })
  await guessAll(place, 100, i => [`nobody${i}`, CLASSROOM])
  for (const username of ['ana', 'beto', 'nadie', 'x y']) {
    const wrong = await timed(place.clock, guess(place.chat, username))
    assert.deepEqual(wrong, { outcome: 'wrong-credentials', ms: 3000 }, username)
  }
})

test('codes that are guessed keep nobody from logging in, nor passwords anybody from using a code', async () => {
  using place = limited()
  const { registration, connections } = place.chat
  await place.register('ana')
  await guessAll(place, 100, i => [`nobody${i}`, CLASSROOM])
  for (let i = 0; i < 100; i++)
    await assert.rejects(connections.redeemTransfer(`aaaa-${i}`, CLASSROOM.address), { code: 'wrong-code' })
  const { address } = { address: '203.0.113.9' }
  for (let i = 0; i < 100; i++)
    await assert.rejects(connections.redeemTransfer(`aaaa-${i}`, address), { code: 'wrong-code' })
  assert.equal(await guess(place.chat, 'ana', 'x', { address }), 'in')
  const registering = registration.register({ name: 'b', username: 'beto', password: 'x', code: '' }, address)
  assert.equal((await registering).person.username, 'beto', 'no code is no guess')
})

test('the right code is taken at once, however many others guess at codes from the same address', async () => {
  using place = limited()
  const { administration, registration, connections } = place.chat
  const ana = await place.register('ana')
  const { session } = await place.enter(ana)
  const { address } = CLASSROOM
  const register = (username: string, code: string) =>
    registration.register({ name: username, username, password: 'x', code }, address).then(
      () => 'in',
      error => error.code,
    )
  const invitation = await administration.invite(ana.id, { uses: 1, milliseconds: MINUTE, rooms: [] })
  const move = connections.offerTransfer(session, GENERAL)
  let answered = 0
  const wrong = Array.from({ length: 300 }, async (_, i) => {
    const outcome = await register(`otro${i}`, 'wrong')
    answered++
    return outcome
  })
  await settled()
  assert.equal(answered, 100, 'the others wait')
  assert.deepEqual(await timed(place.clock, register('nueva', invitation)), { outcome: 'in', ms: 0 })
  const moved = connections.redeemTransfer(move, address).then(({ person }) => person.username)
  assert.deepEqual(await timed(place.clock, moved), { outcome: 'ana', ms: 0 })
  assert.equal(answered, 100, 'and go on waiting')
  for (let i = 0; i < 100; i++) {
    place.clock.pass(250)
    await settled()
  }
  const outcomes = await Promise.all(wrong)
  assert.equal(outcomes.filter(each => each === 'wrong-code').length, 106, 'one more in three seconds')
})

test('guests come by hundreds, and then one a second; who is refused nothing costs nothing', async () => {
  using place = limited()
  const { guests } = place.chat
  const { address } = CLASSROOM
  await place.register('ana')
  const come = (username: string) =>
    guests.enter({ username, name: username }, address).then(
      () => 'in',
      error => error.code,
    )
  for (let i = 0; i < 300; i++) assert.equal(await come('ana'), 'name-taken')
  for (let i = 0; i < 200; i++) assert.equal(await come(`g${i}`), 'in')
  assert.deepEqual(await timed(place.clock, come('tarde')), { outcome: 'in', ms: 1000 })
})

test('a class registers at once, and then one more in ten seconds; who is refused costs nothing', async () => {
  using place = limited()
  const register = (username: string, address = CLASSROOM.address) =>
    place.chat.registration.register({ name: username, username, password: 'x', code: '' }, address).then(
      () => 'in',
      error => error.code,
    )
  assert.equal(await register('ana'), 'in')
  for (let i = 0; i < 100; i++) assert.equal(await register('ana'), 'name-taken')
  const all = await Promise.all(Array.from({ length: 80 }, (_, i) => register(`p${i}`)))
  assert.equal(all.filter(each => each === 'in').length, 59)
  assert.equal(all.filter(each => each === 'too-many-accounts').length, 21)
  assert.equal(await register('beto', '203.0.113.1'), 'in')
  place.clock.pass(10_000)
  assert.deepEqual([await register('caro'), await register('dani')], ['in', 'too-many-accounts'])
})

test('a token that has just been given out is good at once, however many others are made up', async () => {
  using place = limited()
  const { authentication, logIns } = place.chat
  const from = { door: 'web', address: CLASSROOM.address } as const
  await place.register('ana')
  for (let i = 0; i < 1000; i++)
    await assert.rejects(authentication.authenticate(`none${i}`, from.address), { code: 'no-such-session' })
  const visiting = async (token: string) => {
    const visit = authentication.authenticate(token, from.address)
    const username = visit.then(({ person }) => person.username)
    assert.deepEqual(await timed(place.clock, username), { outcome: 'ana', ms: 0 })
    return visit
  }
  const opened = await authentication.openSession(await logIns.logIn('ana', 'x', CLASSROOM), from)
  const visit = await visiting(opened.token)
  await visiting(
    (await authentication.issueToken(visit, { name: 'bot', grant: { scope: 'read' } }, from)).token,
  )
})

test('who is in changes their password, however much is guessed at their account', async () => {
  using place = limited()
  const ana = await place.register('ana')
  const { session } = await place.enter(ana)
  await guessAll(place, 20, () => ['ana', CLASSROOM])
  const change = place.chat.profiles.changePassword(session, { before: 'x', after: 'y' }, CLASSROOM.address)
  assert.equal(
    (
      await timed(
        place.clock,
        change.then(() => 'changed'),
      )
    ).ms,
    0,
  )
})

test('however often somebody logs in, the places of others stay known', () => {
  const bus = new LocalBus()
  const onError = (error: unknown) => assert.ifError(error)
  const known = new KnownOrigins(new HandClock(), new ClusterMessages(bus, onError))
  known.add('ana', 'ana\nhome')
  for (let i = 0; i < 20_000; i++) known.add('eva', `eva\n${i}`)
  assert.ok(known.has('ana\nhome'))
  assert.ok(known.has('eva\n19999'))
  assert.ok(!known.has('eva\n19000'), 'these are pushed out by their own')
  for (let i = 0; i < 20_000; i++) known.add(`p${i}`, `p${i}\nhome`)
  assert.ok(!known.has('ana\nhome'), 'and the oldest of all by many people')
})

test('tokens that nobody has given out keep nobody out who comes with one that was good', async () => {
  using place = limited()
  const { authentication, logIns } = place.chat
  const { address } = CLASSROOM
  await place.register('ana')
  const { token } = await authentication.openSession(await logIns.logIn('ana', 'x', CLASSROOM), {
    door: 'web',
    address,
  })
  await authentication.authenticate(token, address)
  place.clock.pass(MINUTE) // it is not remembered any more
  for (let i = 0; i < 1000; i++)
    await assert.rejects(authentication.authenticate(`none${i}`, address), { code: 'no-such-session' })
  const visit = authentication.authenticate(token, address).then(({ person }) => person.username)
  assert.deepEqual(await timed(place.clock, visit), { outcome: 'ana', ms: 0 })
})

test('where people came from before a restart is known after it, and so are their tokens', async () => {
  using before = limited()
  for (const name of ['ana', 'beto']) await before.register(name)
  const { address } = CLASSROOM
  const { authentication, logIns } = before.chat
  const from = { door: 'web', address } as const
  const { token } = await authentication.openSession(await logIns.logIn('ana', 'x', CLASSROOM), from)
  const clock = new HandClock()
  clock.pass(MINUTE)
  using place = new Place(clock, { bus: new LocalBus(), limits: true, beside: before })
  await guessAll(place, 100, i => [`nobody${i}`, CLASSROOM])
  for (let i = 0; i < 1000; i++)
    await assert.rejects(place.chat.authentication.authenticate(`none${i}`, address), {
      code: 'no-such-session',
    })
  const visit = place.chat.authentication.authenticate(token, address).then(({ person }) => person.username)
  assert.deepEqual(await timed(clock, visit), { outcome: 'ana', ms: 0 })
  assert.deepEqual(await timed(clock, guess(place.chat, 'ana', 'x')), { outcome: 'in', ms: 0 })
  assert.deepEqual(await timed(clock, guess(place.chat, 'beto', 'x')), { outcome: 'in', ms: 3000 })
})

describe('on two nodes', { skip: lacking('nats-server') }, () => {
  let nats: NatsServer
  before(async () => {
    nats = await NatsServer.start()
  })
  after(() => nats.kill())

  test('what was guessed on one counts on the other; where somebody was in on one, they are known on the other', async () => {
    await using nodes = await two(nats.url, { limits: true })
    const { one, other } = nodes
    assert.equal(await guess(one.chat, 'beto', 'x'), 'in')
    for (let i = 0; i < 100; i++) await guess(one.chat, `nobody${i}`)
    // Each of these may be one of those that the node does not know of yet.
    const isHeldBack = () => staysOpen(guess(other.chat, 'ana'))
    await patiently(isHeldBack, () => 'the other node lets them go on')
    assert.equal(await guess(other.chat, 'beto', 'x'), 'in')
  })

  /** It is not answered as soon as it could be. */
  async function staysOpen(tried: Promise<unknown>): Promise<boolean> {
    const over = new Promise(resolve => setTimeout(resolve, 100, 'open'))
    return (await Promise.race([tried, over])) === 'open'
  }

  test('what somebody has asked for on one, they have not got left on the other', async () => {
    await using nodes = await two(nats.url, { limits: true })
    const { one, other, ana, beto } = nodes
    for (let i = 0; i < 300; i++) assert.equal(one.chat.throttle(ana), 0)
    for (let i = 0; i < 5; i++) one.chat.throttle(beto)
    assert.ok(one.chat.throttle(ana) > 0)
    let left = 0
    const isHeldBack = () => (left = turnsLeft(other, ana)) < 200
    await patiently(isHeldBack, () => `${left} left`)
    assert.ok(turnsLeft(other, beto) > 290, 'who asks for little is not spoken of')
  })

  /** As many as there are at once; they are gone then. */
  function turnsLeft({ chat }: Node, person: Parameters<Chat['throttle']>[0]): number {
    let turns = 0
    while (chat.throttle(person) === 0) turns++
    return turns
  }
})
