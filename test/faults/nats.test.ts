// The bus is a hint: what of it is lost, doubled, late or away for a while costs time, and nothing else.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GENERAL, type Level, type Profile, type RoomId } from '../../src/core/model/model.ts'
import { HandClock } from '../core/hand-clock.ts'
import { becomes, type Connected, type Node, reads, two } from '../core/node.ts'
import { Cable } from '../tools/cable.ts'
import { NatsServer } from '../tools/nats.ts'
import { NatsProxy } from '../tools/nats-proxy.ts'
import { patiently } from '../tools/patiently.ts'
import { lacking } from '../tools/programs.ts'
import { oneOf, random } from '../tools/random.ts'

const skip = lacking('nats-server')

function texts({ shown }: Connected): string[] {
  return shown.filter(each => each.startsWith('message'))
}

describe('NATS is killed and started again in the middle of a conversation', { skip }, () => {
  test('everybody reads everything, once and in order', async () => {
    await using nats = await NatsServer.start()
    await using nodes = await two(nats.url)
    const { one, other, ana, beto } = nodes
    const [her, him] = [await one.enter(ana), await other.enter(beto)]
    const talk = async (when: string) => {
      for (let i = 1; i <= 20; i++) {
        await one.say(her, GENERAL, `ana ${when} ${i}`)
        await other.say(him, GENERAL, `beto ${when} ${i}`)
      }
    }
    await talk('antes')
    await nats.kill()
    await becomes(() => one.nats.problem !== undefined && other.nats.problem !== undefined, 'it is noticed')
    await talk('mientras')
    await reads(her, 'message beto mientras 20') // by the sweep, with no bus at all
    await nats.start()
    await becomes(() => one.nats.problem === undefined && other.nats.problem === undefined, 'all is well')
    await talk('después')
    await reads(her, 'message beto después 20')
    await reads(him, 'message ana después 20')
    const all = ['antes', 'mientras', 'después'].flatMap(when =>
      Array.from({ length: 20 }, (_, i) => `${when} ${i + 1}`),
    )
    assert.deepEqual(
      texts(her),
      all.map(each => `message beto ${each}`),
    )
    assert.deepEqual(
      texts(him),
      all.map(each => `message ana ${each}`),
    )
    assert.deepEqual([...one.place.troubles, ...other.place.troubles, ...one.nats.troubles], [])
  })

  test('what was done to people meanwhile is done when it is back', async () => {
    await using nats = await NatsServer.start()
    await using nodes = await two(nats.url, { clock: new HandClock() })
    const { one, other, ana, beto } = nodes
    const [caro, dora] = [await one.place.register('caro'), await one.place.register('dora')]
    const [his, hers] = [await other.enter(beto), await other.enter(caro)]
    const [kept, revoked] = [await other.enter(dora), await other.enter(dora)]
    const pair = await one.chat.rooms.direct(ana, ['caro'])
    await becomes(() => hers.session.seat(pair.id) !== undefined, 'she is in it')
    await nats.kill()
    await becomes(() => one.nats.problem !== undefined && other.nats.problem !== undefined, 'it is noticed')
    await one.chat.administration.disable(ana.id, 'beto', true)
    await one.chat.authentication.revoke(dora, revoked.session.id ?? assert.fail())
    await one.chat.profiles.amend(caro, { status: 'en clase' })
    await one.chat.profiles.block(caro, 'ana', true)
    await one.chat.rooms.setLevel(caro, GENERAL, 'nothing')
    const room = await one.chat.rooms.create(ana, 'junta', 'closed')
    await one.chat.rooms.bring(ana, room.id, 'caro')
    const { session } = await one.enter(ana)
    assert.deepEqual([his.endings, revoked.endings], [[], []], 'they have not heard of it')
    assert.equal(other.chat.statusOf(ana.id), 'offline')
    await nats.start()
    await becomes(() => his.endings[0] === 'disabled', 'beto is let go')
    await becomes(() => revoked.endings[0] === 'revoked', 'that session has ended')
    await becomes(() => hers.session.seat(room.id) !== undefined, 'caro is in the new room')
    await becomes(() => other.chat.statusOf(ana.id) === 'online', 'ana is there')
    assert.equal(hers.session.person.status, 'en clase')
    assert.ok(hers.session.blocked.has(ana.id))
    assert.equal(hers.session.seat(GENERAL)?.visibility.level, 'nothing')
    assert.deepEqual([kept.endings, hers.endings], [[], []])
    one.chat.connections.disconnect(session)
  })

  test('who is disabled while it is away is let go on the other node a little later', async () => {
    const clock = new HandClock()
    await using nats = await NatsServer.start()
    await using nodes = await two(nats.url, { clock })
    const { one, other, ana, beto } = nodes
    const [his, hers] = [await other.enter(beto), await other.enter(ana)]
    await nats.kill()
    await becomes(() => other.nats.problem !== undefined, 'it is noticed')
    await one.chat.administration.disable(ana.id, 'beto', true)
    assert.deepEqual(his.endings, [])
    clock.pass(3000)
    await becomes(() => his.endings[0] === 'disabled', 'beto is let go')
    assert.deepEqual(hers.endings, [])
  })

  test('nobody goes away because NATS does', async () => {
    const clock = new HandClock()
    await using nats = await NatsServer.start()
    await using nodes = await two(nats.url, { clock })
    const { one, other, ana, beto } = nodes
    await one.enter(ana)
    await other.enter(beto)
    await becomes(() => one.chat.statusOf(beto.id) === 'online', 'beto is there')
    const told: string[] = []
    one.chat.watchPresence(({ people }) => void told.push(...people.map(({ status }) => status)))
    await nats.kill()
    await becomes(() => one.nats.problem !== undefined && other.nats.problem !== undefined, 'it is noticed')
    clock.pass(60_000)
    await nats.start()
    await becomes(() => one.nats.problem === undefined && other.nats.problem === undefined, 'all is well')
    clock.pass(9000)
    assert.equal(one.chat.statusOf(beto.id), 'online')
    assert.deepEqual(told, [])
  })
})

test('a node that is cut off goes on, and catches up when it is back', { skip }, async () => {
  await using nats = await NatsServer.start()
  using cable = await Cable.to(nats.port)
  await using nodes = await two(nats.url, { way: `nats://127.0.0.1:${cable.port}` })
  const { one, other, ana, beto } = nodes
  const [her, him] = [await one.enter(ana), await other.enter(beto)]
  const beside = await other.enter(beto)
  cable.pull()
  await becomes(() => other.nats.problem !== undefined, 'it is noticed')
  await other.say(him, GENERAL, 'solo')
  await reads(beside, 'message solo')
  await reads(her, 'message solo')
  cable.plug()
  await becomes(() => other.nats.problem === undefined, 'all is well')
  const start = performance.now()
  await one.say(her, GENERAL, 'otra vez juntos')
  await reads(him, 'message otra vez juntos')
  assert.ok(performance.now() - start < 5000)
})

test('hints that are lost, doubled and late change nothing of what anybody sees', { skip }, async () => {
  await using nats = await NatsServer.start()
  const mischief = { drop: 0.2, double: 0.2, swap: 0.2 }
  using proxy = await NatsProxy.to(nats.port, mischief)
  using second = await NatsProxy.to(nats.port, mischief)
  await using nodes = await two(second.url, { way: proxy.url })
  const story = new Story(nodes)
  await story.begin()
  for (let i = 0; i < 600; i++) await story.step()
  for (const each of [proxy, second]) {
    assert.ok(each.dropped > 10 && each.doubled > 10 && each.swapped > 10, 'there was mischief')
    each.calm()
  }
  await story.end()
})

const LEVELS: readonly Level[] = ['everything', 'mentions', 'nothing', 'invisible']

/** Three people on two nodes, who do this and that. */
class Story {
  readonly #nodes: readonly Node[]
  readonly #ana: Profile
  readonly #beto: Profile
  #room = GENERAL as RoomId
  /** Whom everything of `general` is shown. */
  readonly #readers: Connected[] = []
  #said = 0
  /** Beto, who comes and goes. */
  #comer: { node: Node; there: Connected } | undefined

  constructor({ one, other, ana, beto }: { one: Node; other: Node; ana: Profile; beto: Profile }) {
    this.#nodes = [one, other]
    this.#ana = ana
    this.#beto = beto
  }

  async begin(): Promise<void> {
    this.#room = (await this.#any.chat.rooms.create(this.#ana, 'junta', 'open')).id
    for (const node of this.#nodes) this.#readers.push(await node.enter(this.#ana))
  }

  get #any(): Node {
    return oneOf(this.#nodes)
  }

  async step(): Promise<void> {
    const lot = random()
    const { profiles, rooms } = this.#any.chat
    if (lot < 0.6) return this.#say()
    if (lot < 0.7) return void (await profiles.amend(this.#ana, { status: String(lot) }))
    if (lot < 0.75) return void (await profiles.block(this.#ana, 'beto', lot < 0.73))
    if (lot < 0.8)
      return void (await rooms.setLevel(
        this.#ana,
        this.#room,
        LEVELS[Math.floor(lot * 100) % 4] ?? 'nothing',
      ))
    if (lot < 0.9) return this.#inOrOut()
    return this.#comeOrGo()
  }

  async #comeOrGo(): Promise<void> {
    if (this.#comer) {
      const { node, there } = this.#comer
      assert.deepEqual(there.endings, [])
      node.chat.connections.disconnect(there.session)
      this.#comer = undefined
    } else {
      const node = this.#any
      this.#comer = { node, there: await node.enter(this.#beto) }
    }
  }

  /** By somebody who is in no room, so that both readers are shown it. */
  async #say(): Promise<void> {
    const receipt = await this.#any.chat.postAs(this.#beto, GENERAL, { text: `número ${++this.#said}` })
    assert.ok('seq' in receipt)
  }

  async #inOrOut(): Promise<void> {
    const { rooms } = this.#any.chat
    const done = random() < 0.5 ? rooms.join(this.#beto, this.#room) : rooms.leave(this.#beto, this.#room)
    await done.catch(error => assert.match(error.code, /already-there|not-a-member/))
  }

  async end(): Promise<void> {
    await this.#say()
    const all = Array.from({ length: this.#said }, (_, i) => `message número ${i + 1}`)
    for (const each of this.#readers) {
      await reads(each, all.at(-1) ?? '')
      assert.deepEqual(texts(each), all)
    }
    await patiently(
      async () => JSON.stringify(this.#kept()) === JSON.stringify(await this.#stored()),
      () => `a node has ${JSON.stringify(this.#kept())}`,
    )
    const expected = this.#comer ? 'online' : 'offline'
    await becomes(
      () => this.#nodes.every(({ chat }) => chat.statusOf(this.#beto.id) === expected),
      `beto is ${expected} for both`,
    )
    for (const { place, nats } of this.#nodes) assert.deepEqual([place.troubles, nats.troubles], [[], []])
  }

  /** What the nodes have of ana. */
  #kept() {
    return this.#readers.map(({ session }) => {
      const level = session.seat(this.#room)?.visibility.level
      return [session.person.status, [...session.blocked], level]
    })
  }

  async #stored() {
    const { store } = this.#nodes[0]?.place ?? assert.fail()
    const person = await store.people.find('ana')
    const blocked = await store.people.blocked(this.#ana.id)
    const [entrance] = await store.rooms.memberships(this.#ana.id, this.#room)
    const own = [person?.status, blocked.map(({ id }) => id), entrance?.level]
    return this.#readers.map(() => own)
  }
}
