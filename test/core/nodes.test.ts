// Two nodes, one store: what is done on one reaches who is on the other.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ClusterMessage } from '../../src/core/cluster/cluster-messages.ts'
import { GENERAL, type Presence, type SessionId } from '../../src/core/model/model.ts'
import type { SessionStart } from '../../src/core/ports/sessions.ts'
import { Cable } from '../tools/cable.ts'
import { NatsServer } from '../tools/nats.ts'
import { lacking } from '../tools/programs.ts'
import { HandClock } from './hand-clock.ts'
import { becomes, Node, reads, refused, two } from './node.ts'

describe('on two nodes', { skip: lacking('nats-server') }, () => {
  let nats: NatsServer
  before(async () => {
    nats = await NatsServer.start()
  })
  after(() => nats.kill())

  test('what is said on one is read on the other, once and in order', async () => {
    await using nodes = await two(nats.url)
    const { one, other, ana, beto } = nodes
    const [her, him] = [await one.enter(ana), await other.enter(beto)]
    for (let i = 1; i <= 30; i++) {
      await one.say(her, GENERAL, `ana ${i}`)
      await other.say(him, GENERAL, `beto ${i}`)
    }
    await reads(her, 'message beto 30')
    await reads(him, 'message ana 30')
    const messages = (shown: readonly string[]) => shown.filter(each => each.startsWith('message'))
    assert.deepEqual(messages(her.shown), said('beto'))
    assert.deepEqual(messages(him.shown), said('ana'))
  })

  test('who is disabled on one is let go on the other, and does not come back', async () => {
    await using nodes = await two(nats.url)
    const { one, other, ana, beto } = nodes
    const him = await other.enter(beto)
    await one.chat.administration.disable(ana.id, 'beto', true)
    await becomes(() => him.endings.length > 0, 'his connection is ended')
    assert.deepEqual(him.endings, ['disabled'])
    await assert.rejects(other.enter(beto), { code: 'disabled' })
    await one.chat.administration.disable(ana.id, 'beto', false)
    const back = await other.enter(beto)
    await one.say(await one.enter(ana), GENERAL, 'hola')
    await reads(back, 'message hola')
    assert.deepEqual(back.endings, [])
  })

  test('a session that is ended on one is let go on the other, and no other one', async () => {
    await using nodes = await two(nats.url)
    const { one, other, ana } = nodes
    const [kept, ended] = [await other.enter(ana), await other.enter(ana)]
    const id = ended.session.id ?? assert.fail()
    await one.chat.authentication.revoke(ana, id)
    await becomes(() => ended.endings.length > 0, 'it is ended')
    assert.deepEqual([ended.endings, kept.endings], [['revoked'], []])
  })

  test('a new password ends all other sessions, on every node', async () => {
    await using nodes = await two(nats.url)
    const { one, other, ana } = nodes
    const [asking, here, there] = [await one.enter(ana), await one.enter(ana), await other.enter(ana)]
    await one.chat.profiles.changePassword(asking.session, { before: 'x', after: 'y' }, 'here')
    assert.deepEqual(here.endings, ['revoked'], 'before it is answered')
    await becomes(() => there.endings.length > 0, 'the one there is ended')
    assert.deepEqual(asking.endings, [])
  })

  test('a token that one node remembers opens nothing once it was revoked on the other', async () => {
    await using nodes = await two(nats.url)
    const { one, other, ana } = nodes
    const admitted = await one.chat.logIns.logIn('ana', 'x', { address: 'here' })
    const { token, session } = await one.chat.authentication.openSession(admitted, {
      door: 'web',
      address: 'here',
    })
    assert.equal((await other.chat.authentication.authenticate(token, 'here')).id, session)
    await one.chat.authentication.revoke(ana, session)
    await refused(other, token)
  })

  test('nor one that the store is being asked for at that moment', async () => {
    await using nodes = await two(nats.url)
    const { one, other, ana } = nodes
    const admitted = await one.chat.logIns.logIn('ana', 'x', { address: 'here' })
    const { token, session } = await one.chat.authentication.openSession(admitted, {
      door: 'web',
      address: 'here',
    })
    const asked = Promise.withResolvers<SessionId>()
    late(one, 'resume', asked.resolve, ending(other))
    const visiting = other.chat.authentication.authenticate(token, 'here')
    await asked.promise
    await one.chat.authentication.revoke(ana, session)
    assert.equal((await visiting).id, session, 'it was there when the store was asked')
    await assert.rejects(other.chat.authentication.authenticate(token, 'here'), { code: 'no-such-session' })
  })

  test('a session that begins while it is being ended on the other node is ended', async () => {
    await using nodes = await two(nats.url)
    const { one, other, ana } = nodes
    const begun = Promise.withResolvers<SessionId>()
    late(one, 'begin', begun.resolve, ending(other))
    const entering = other.enter(ana)
    await one.chat.authentication.revoke(ana, await begun.promise)
    await assert.rejects(entering, { code: 'no-such-session' })
  })

  test('levels and blocks of one count on the other', async () => {
    await using nodes = await two(nats.url)
    const { one, other, ana, beto } = nodes
    const room = await one.chat.rooms.direct(ana, ['beto'])
    const [her, him] = [await one.enter(ana), await other.enter(beto)]
    const seat = him.session.seat(room.id) ?? assert.fail()
    await one.chat.rooms.setLevel(beto, room.id, 'mentions')
    await becomes(() => seat.visibility.level === 'mentions', 'the level is there')
    await one.chat.profiles.block(beto, 'ana', true)
    await becomes(() => him.session.blocked.has(ana.id), 'the block is there')
    await one.say(her, room.id, 'no me oyes')
    await becomes(() => seat.lastShown === 1, 'it has been passed over')
    await one.chat.profiles.block(beto, 'ana', false)
    await becomes(() => !him.session.blocked.has(ana.id), 'the block is gone')
    await one.say(her, room.id, 'y ahora sí')
    await reads(him, 'message y ahora sí')
    assert.ok(!him.shown.includes('message no me oyes'))
  })

  test('what is read on one is marked on the other', async () => {
    await using nodes = await two(nats.url)
    const { one, other, ana } = nodes
    const [her, there] = [await one.enter(ana), await other.enter(ana)]
    await one.say(her, GENERAL, 'hola')
    await one.chat.readMarks.move(ana, GENERAL, 1 as never)
    await becomes(() => there.marks.includes(1), 'the mark is there')
  })

  test('who is brought into a room, made on one, is in it on the other; and out when sent out', async () => {
    await using nodes = await two(nats.url)
    const { one, other, ana, beto } = nodes
    const [her, him] = [await one.enter(ana), await other.enter(beto)]
    const room = await one.chat.rooms.create(ana, 'junta', 'closed')
    await one.chat.rooms.bring(ana, room.id, 'beto')
    await becomes(() => him.session.seat(room.id) !== undefined, 'he has a seat')
    assert.deepEqual(him.entered, ['junta ana'])
    await other.say(him, room.id, 'aquí estoy')
    await reads(her, 'message aquí estoy')
    await one.say(her, room.id, 'adiós')
    await one.chat.moderation.kick(ana, room.id, { person: 'beto', reason: '' })
    await becomes(() => him.left.includes(room.id), 'he is out')
    await one.say(her, room.id, 'ya se fue')
    const [last] = him.shown.filter(each => each !== 'presence ').slice(-1)
    assert.equal(last, 'removal beto', 'that is the last he is shown')
    assert.equal(him.session.seat(room.id), undefined)
    await one.chat.rooms.bring(ana, room.id, 'beto')
    await becomes(() => him.session.seat(room.id) !== undefined, 'he is back')
  })

  test('a direct room and one’s own new room are there on all nodes', async () => {
    await using nodes = await two(nats.url)
    const { one, other, ana, beto } = nodes
    const [hers, his] = [await other.enter(ana), await other.enter(beto)]
    const room = await one.chat.rooms.create(ana, 'mía', 'open')
    const pair = await one.chat.rooms.direct(ana, ['beto'])
    await becomes(() => hers.session.seat(room.id) !== undefined, 'hers is there')
    await becomes(() => his.session.seat(pair.id) !== undefined, 'theirs is there')
  })

  test('a profile and a role are renewed on both', async () => {
    await using nodes = await two(nats.url)
    const { one, other, ana, beto } = nodes
    const him = await other.enter(beto)
    const { profileChanges } = other.chat.profiles
    await one.chat.profiles.amend(beto, { status: 'en clase' })
    await one.chat.administration.setRole(ana.id, 'beto', 'admin')
    await becomes(
      () => him.session.person.status === 'en clase' && him.session.person.role === 'admin',
      'he is as he is',
    )
    assert.ok(other.chat.profiles.profileChanges > profileChanges)
  })

  test('who types on one is shown to the other', async () => {
    await using nodes = await two(nats.url)
    const { one, other, ana, beto } = nodes
    const [her, him] = [await one.enter(ana), await other.enter(beto, 'x')]
    const room = await one.chat.rooms.direct(ana, ['beto'])
    await becomes(() => him.session.seat(room.id)?.state === 'live', 'he is there')
    const seat = her.session.seat(room.id) ?? assert.fail()
    // Typing is said on and on, and kept nowhere: the first may come before NATS knows who listens there.
    const isShown = () => {
      one.chat.signals.typing(seat)
      return him.shown.includes('typing ana')
    }
    await becomes(isShown, 'her typing is shown')
    // Now it knows.
    await one.chat.signals.send(seat, [['+a', 'b']])
    await becomes(() => him.shown.includes('signal ana +a=b'), 'what her program tells his')
  })
})

describe('who is there, on two nodes', { skip: lacking('nats-server') }, () => {
  let nats: NatsServer
  before(async () => {
    nats = await NatsServer.start()
  })
  after(() => nats.kill())

  test('is there for both, until the last connection on either is gone', async () => {
    await using nodes = await two(nats.url)
    const { one, other, ana, beto } = nodes
    const told = watched(other)
    const first = await one.enter(ana)
    await becomes(() => other.chat.statusOf(ana.id) === 'online', 'she is there')
    const second = await other.enter(ana)
    one.chat.connections.disconnect(first.session)
    await other.enter(beto)
    await becomes(() => one.chat.statusOf(beto.id) === 'online', 'beto is there')
    assert.equal(one.chat.statusOf(ana.id), 'online')
    assert.deepEqual(one.chat.present?.map(({ person }) => person.username).toSorted(), ['ana', 'beto'])
    other.chat.connections.disconnect(second.session)
    await becomes(() => one.chat.statusOf(ana.id) === 'offline', 'she is gone')
    await becomes(() => told.includes('ana online→offline'), 'it is told')
    assert.deepEqual(
      told.filter(each => each.startsWith('ana')),
      ['ana offline→online', 'ana online→offline'],
    )
  })

  test('is away when away everywhere', async () => {
    await using nodes = await two(nats.url)
    const { one, other, ana } = nodes
    const [here, there] = [await one.enter(ana), await other.enter(ana)]
    one.chat.setAway(here.session, true)
    await becomes(() => one.chat.statusOf(ana.id) === 'online', 'the other one is not away')
    other.chat.setAway(there.session, true)
    await becomes(() => one.chat.statusOf(ana.id) === 'away', 'she is away')
  })

  test('was there before the node that asks', async () => {
    await using nodes = await two(nats.url)
    const { one, other, ana, beto } = nodes
    await one.enter(ana)
    await other.enter(beto)
    await becomes(() => one.chat.present?.length === 2, 'both are there')
    await using third = await Node.open('tres', nats.url, {
      prefix: nodes.prefix,
      beside: one.place,
    })
    await becomes(() => third.chat.present?.length === 2, 'both are there for the third')
    assert.equal(third.chat.statusOf(ana.id), 'online')
  })

  test('is gone with a node that stops, at once, and with one that dies, after ten seconds', async () => {
    for (const end of ['stop', 'death'] as const) {
      const clock = new HandClock()
      using cable = await Cable.to(nats.port)
      await using nodes = await two(nats.url, { clock, way: `nats://127.0.0.1:${cable.port}` })
      const { one, other, ana, beto } = nodes
      await one.enter(ana)
      await other.enter(beto)
      await becomes(() => one.chat.statusOf(beto.id) === 'online', 'beto is there')
      clock.pass(9000)
      assert.equal(one.chat.statusOf(beto.id), 'online')
      if (end === 'stop') await other.nats.bus.close()
      else cable.pull()
      if (end === 'death') clock.pass(22_000)
      await becomes(() => one.chat.statusOf(beto.id) === 'offline', 'beto is gone')
      assert.equal(one.chat.statusOf(ana.id), 'online')
    }
  })
})

/** Resolves when the node has heard that a session has ended. */
function ending({ nats: { bus } }: Node): Promise<void> {
  const nothing = () => {}
  return new Promise(resolve => {
    const receive = async ({ kind }: ClusterMessage) => void (kind === 'ended' && resolve())
    bus.listen({ receive, missed: nothing, gone: nothing, reconnected: nothing, disconnected: nothing })
  })
}

/** What the store, which all nodes share, has done is answered only then. */
function late(
  { place }: Node,
  call: 'begin' | 'resume',
  done: (session: SessionId) => void,
  then: Promise<void>,
): void {
  const { sessions } = place.store
  const now = sessions[call] as (wanted: unknown) => Promise<SessionStart>
  const held = async (wanted: unknown) => {
    const entered = await now(wanted)
    done(entered.session)
    await then
    return entered
  }
  Object.assign(sessions, { [call]: held })
}

function watched({ chat }: Node): string[] {
  const told: string[] = []
  chat.watchPresence(({ people }: Presence) => {
    for (const { person, before, status } of people) told.push(`${person.username} ${before}→${status}`)
  })
  return told
}

function said(by: string): string[] {
  return Array.from({ length: 30 }, (_, i) => `message ${by} ${i + 1}`)
}
