// Guessing and flooding is held back, on however many nodes somebody tries it.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { LocalBus } from '../../src/bus/local.ts'
import { NatsServer } from '../tools/nats.ts'
import { lacking } from '../tools/parts.ts'
import { patiently } from '../tools/patiently.ts'
import { HandClock } from './hand-clock.ts'
import { Place } from './memory-chat.ts'
import { type Node, two } from './node.ts'

type Chat = Place['chat']

function guess({ accounts }: Chat, username: string, password = 'wrong'): Promise<string> {
  return accounts.logIn(username, password, '198.51.100.7').then(
    () => 'in',
    error => error.code,
  )
}

function limited(): Place {
  return new Place(new HandClock(), { bus: new LocalBus(), limits: true })
}

test('who has guessed twenty times at one account is refused, the right password too; others are not', async () => {
  using place = limited()
  await place.register('ana')
  await place.register('beto')
  for (let i = 0; i < 20; i++) assert.equal(await guess(place.chat, 'ana'), 'wrong-credentials')
  assert.equal(await guess(place.chat, 'ana', 'x'), 'too-many-attempts')
  assert.equal(await guess(place.chat, 'beto', 'x'), 'in')
})

test('no more are tried at once than may fail', async () => {
  using place = limited()
  await place.register('ana')
  const all = await Promise.all(Array.from({ length: 30 }, () => guess(place.chat, 'ana')))
  assert.equal(all.filter(each => each === 'wrong-credentials').length, 20)
})

test('who logs in all the time is not held back', async () => {
  using place = limited()
  await place.register('ana')
  for (let i = 0; i < 300; i++) assert.equal(await guess(place.chat, 'ana', 'x'), 'in')
})

describe('on two nodes', { skip: lacking('nats-server') }, () => {
  let nats: NatsServer
  before(async () => {
    nats = await NatsServer.start()
  })
  after(() => nats.kill())

  test('what was guessed on one counts on the other', async () => {
    await using nodes = await two(nats.url, { limits: true })
    const { one, other } = nodes
    for (let i = 0; i < 20; i++) await guess(one.chat, 'ana')
    await patiently(
      async () => (await guess(other.chat, 'ana', 'x')) === 'too-many-attempts',
      () => 'the other node lets them go on',
    )
    assert.equal(await guess(other.chat, 'beto', 'x'), 'in')
  })

  test('what somebody has asked for on one, they have not got left on the other', async () => {
    await using nodes = await two(nats.url, { limits: true })
    const { one, other, ana, beto } = nodes
    for (let i = 0; i < 300; i++) assert.equal(one.chat.takeTurn(ana), 0)
    for (let i = 0; i < 5; i++) one.chat.takeTurn(beto)
    assert.ok(one.chat.takeTurn(ana) > 0)
    let left = 0
    const isHeldBack = () => (left = turnsLeft(other, ana)) < 200
    await patiently(isHeldBack, () => `${left} left`)
    assert.ok(turnsLeft(other, beto) > 290, 'who asks for little is not spoken of')
  })

  /** As many as there are at once; they are gone then. */
  function turnsLeft({ chat }: Node, person: Parameters<Chat['takeTurn']>[0]): number {
    let turns = 0
    while (chat.takeTurn(person) === 0) turns++
    return turns
  }
})
