// The contract of the Store port: people, their sessions and invitations.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import {
  GENERAL,
  type Instant,
  type Profile,
  type RoomId,
  type Seq,
  type SessionId,
  type UserId,
} from '../../src/core/model/model.ts'
import { Refusal } from '../../src/core/model/refusals.ts'
import type { NewInvitation } from '../../src/core/ports/invitations.ts'
import type { Change } from '../../src/core/ports/log.ts'
import type { Cursor } from '../../src/core/ports/rooms.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { ownSkeletons } from '../tools/skeletons.ts'
import { account, NOW, type Opened, register } from './store.ts'

const LATER = (NOW + 1000) as Instant

async function outcome(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'done',
    error => {
      assert.ok(error instanceof Refusal, String(error))
      return error.code
    },
  )
}

function begin(store: Store, { id, username }: Profile, proof = `hash of ${username}`) {
  return store.sessions.begin({ person: id, proof, door: 'line', address: '127.0.0.1', at: NOW })
}

function goOn(store: Store, { id }: Profile, session: SessionId) {
  return store.sessions.transfer({ person: id, session, door: 'web', address: '::1', at: NOW })
}

function invitation(code: string, wanted: Partial<NewInvitation> = {}): NewInvitation {
  return { code, uses: 1, until: LATER, rooms: [], at: NOW, ...wanted }
}

function invited(store: Store, username: string, code: string) {
  return store.people.register({ ...account(username), admission: { code } })
}

async function room(store: Store, by: UserId, name: string): Promise<RoomId> {
  const { id } = await store.rooms.create(
    by,
    { kind: 'closed', name, folded: name, ...ownSkeletons(name) },
    NOW,
  )
  return id
}

export function peopleContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract for people, on ${driver}`, () => {
    test('a profile is amended in part, and found again', async () => {
      await using opened = await open()
      const ana = await register(opened.store, 'ana')
      await opened.store.people.amend(ana.id, { status: 'en clase', zone: 'America/Bogota' })
      const amended = await opened.store.people.amend(ana.id, { language: 'en', name: 'Ana María' })
      assert.deepEqual({ ...amended }, { ...(await opened.store.people.find('ana')) })
      assert.deepEqual(
        [amended.name, amended.status, amended.zone, amended.language],
        ['Ana María', 'en clase', 'America/Bogota', 'en'],
      )
    })

    test('a session begins, is transferred to another door, is listed, and ends', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const { session } = await begin(store, ana)
      assert.equal((await goOn(store, ana, session)).session, session)
      assert.deepEqual(await store.sessions.list(ana.id), [
        {
          id: session,
          door: 'web',
          address: '::1',
          since: NOW,
          used: NOW,
          client: undefined,
          token: undefined,
        },
      ])
      assert.equal(await outcome(goOn(store, beto, session)), 'no-such-session', 'another’s does not go on')
      assert.equal(await outcome(store.sessions.revoke(beto.id, session)), 'no-such-session')
      await store.sessions.revoke(ana.id, session)
      assert.equal(await outcome(store.sessions.revoke(ana.id, session)), 'no-such-session')
      assert.equal(await outcome(goOn(store, ana, session)), 'no-such-session', 'nor one that has ended')
      const other = await begin(store, ana)
      await store.sessions.end(ana.id, other.session, NOW)
      assert.deepEqual(await store.sessions.list(ana.id), [])
    })

    test('a new password ends all sessions but one', async () => {
      await using opened = await open()
      const ana = await register(opened.store, 'ana')
      const [first, second] = [await begin(opened.store, ana), await begin(opened.store, ana)]
      const by = ({ session }: { session: SessionId }, password = 'hash of ana') => ({ session, password })
      const { setPassword } = opened.store.people
      assert.deepEqual(await setPassword(ana.id, 'new', by(first)), [second.session])
      assert.equal(await outcome(setPassword(ana.id, 'newer', by(first))), 'wrong-credentials')
      assert.equal(await outcome(setPassword(ana.id, 'newer', by(second, 'new'))), 'wrong-credentials')
      assert.equal(await outcome(begin(opened.store, ana)), 'wrong-credentials', 'verified before the change')
      assert.equal((await opened.store.people.credentials('ana'))?.password, 'new')
      assert.deepEqual(
        (await opened.store.sessions.list(ana.id)).map(({ id }) => id),
        [first.session],
      )
    })

    test('a disabled account loses its sessions and invitations, and can do nothing any more', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      await store.people.setRole(undefined, 'beto', 'admin', NOW)
      await store.invitations.create(beto.id, invitation('abc'))
      await begin(store, beto)
      await store.people.disable(ana.id, 'beto', true, NOW)
      assert.deepEqual(await store.sessions.list(beto.id), [])
      assert.equal(await store.invitations.admits('abc', NOW), false)
      assert.equal(await outcome(begin(store, beto)), 'disabled')
      assert.equal((await store.people.credentials('beto'))?.disabled, true)
      assert.equal(await store.people.find('beto'), undefined)
      assert.equal(await store.people.byId(beto.id), undefined)
      assert.deepEqual(await store.people.byId(ana.id), await store.people.find('ana'))
      assert.equal(await store.people.byId(99 as UserId), undefined)
      const draft = { room: GENERAL, author: beto.id, texts: ['hola'], seen: 0 as Seq }
      assert.deepEqual(await store.log.append([draft], NOW), [{ refused: 'not-a-member' }])
      assert.equal(await outcome(store.people.setRole(beto.id, 'ana', 'member', NOW)), 'forbidden')
      assert.deepEqual(
        (await store.rooms.members(ana.id, GENERAL, '', 10)).map(each => [
          each.person.username,
          each.disabled,
        ]),
        [
          ['ana', false],
          ['beto', true],
        ],
      )
      await store.people.disable(ana.id, 'beto', false, NOW)
      assert.deepEqual(
        (await store.log.append([draft], NOW)).map(each => 'seq' in each),
        [true],
      )
    })

    test('an account disabled while it logs in: refused, or its session is gone', async () => {
      await using opened = await open()
      const { store } = opened
      const [, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      for (let i = 0; i < 20; i++) {
        const [began] = await Promise.allSettled([
          begin(store, beto),
          store.people.disable(undefined, 'beto', true, NOW),
        ])
        assert.ok(began.status === 'fulfilled' || began.reason.code === 'disabled')
        assert.deepEqual(await store.sessions.list(beto.id), [])
        await store.people.disable(undefined, 'beto', false, NOW)
      }
    })

    test('roles: only over lower ranks, never above one’s own, and an owner stays', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      await register(store, 'caro')
      const give = (by: UserId | undefined, whom: string, role: Profile['role']) =>
        outcome(store.people.setRole(by, whom, role, NOW))
      assert.equal(await give(beto.id, 'caro', 'guest'), 'forbidden')
      assert.equal(await give(beto.id, 'nobody', 'guest'), 'forbidden', 'who may not learns nothing')
      assert.equal(await give(ana.id, 'beto', 'admin'), 'done')
      assert.equal(await give(beto.id, 'caro', 'admin'), 'done')
      assert.equal(await give(beto.id, 'caro', 'member'), 'forbidden')
      assert.equal(await give(beto.id, 'beto', 'owner'), 'forbidden')
      assert.equal(await give(beto.id, 'ana', 'member'), 'forbidden')
      assert.equal(await give(ana.id, 'ana', 'member'), 'last-owner')
      assert.equal(await outcome(store.people.disable(undefined, 'ana', true, NOW)), 'last-owner')
      assert.equal(await give(undefined, 'beto', 'owner'), 'done')
      assert.equal(await give(ana.id, 'ana', 'member'), 'done')
      assert.equal(await give(undefined, 'nobody', 'admin'), 'no-such-person')
    })

    test('two owners who step down at once: one stays', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      await store.people.setRole(undefined, 'beto', 'owner', NOW)
      const outcomes = await Promise.all([
        outcome(store.people.setRole(ana.id, 'ana', 'member', NOW)),
        outcome(store.people.setRole(beto.id, 'beto', 'member', NOW)),
      ])
      assert.deepEqual(outcomes.toSorted(), ['done', 'last-owner'])
    })

    test('people are listed by name, a page at a time, to admins', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      for (const name of ['dora', 'beto', 'caro']) await register(store, name)
      const names = async (after: string, limit: number) =>
        (await store.accounts.list(ana.id, { after, limit })).map(({ person }) => person.username)
      assert.deepEqual(await names('', 2), ['ana', 'beto'])
      assert.deepEqual(await names('beto', 10), ['caro', 'dora'])
      const beto = await store.people.find('beto')
      assert.equal(await outcome(store.accounts.list(beto?.id, { after: '', limit: 10 })), 'forbidden')
    })

    test('an invitation admits a number of people, until a date, into its rooms', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const club = await room(store, ana.id, 'club')
      await store.invitations.create(ana.id, invitation('abc', { uses: 2, rooms: ['club'] }))
      assert.deepEqual(await store.invitations.list(ana.id, NOW), [
        { code: 'abc', by: 'ana', left: 2, until: LATER, rooms: ['club'] },
      ])
      const { person, arrivals } = await invited(store, 'beto', 'abc')
      assert.deepEqual(
        arrivals.map(({ kind, room, seq, author }) => [kind, room, seq, author.username]),
        [['arrival', club, 2, 'ana']],
      )
      assert.equal((await store.rooms.memberships(person.id, club)).length, 1)
      assert.equal(await outcome(invited(store, 'beto', 'abc')), 'name-taken')
      assert.equal((await store.invitations.list(ana.id, NOW))[0]?.left, 1, 'no place was lost by that')
      assert.equal(await store.invitations.admits('abc', LATER), false)
      const late = { ...account('caro'), at: LATER, admission: { code: 'abc' } }
      assert.equal(await outcome(store.people.register(late)), 'wrong-code')
      await store.invitations.withdraw(ana.id, 'abc', NOW)
      assert.equal(await outcome(invited(store, 'caro', 'abc')), 'wrong-code')
      assert.equal(await outcome(store.invitations.withdraw(ana.id, 'abc', NOW)), 'wrong-code')
    })

    test('the last use of an invitation, claimed by many at once: one is let in', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.invitations.create(ana.id, invitation('abc'))
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, i) => outcome(invited(store, `p${i}`, 'abc'))),
      )
      assert.deepEqual(outcomes.toSorted(), ['done', ...Array(7).fill('wrong-code')])
    })

    test('only admins issue invitations, and not into closed rooms that they are not in', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      await room(store, ana.id, 'club')
      const create = (by: UserId | undefined, rooms: string[]) =>
        outcome(store.invitations.create(by, invitation(randomUUID(), { rooms })))
      assert.equal(await create(beto.id, []), 'forbidden')
      await store.people.setRole(undefined, 'beto', 'admin', NOW)
      assert.equal(await create(beto.id, ['club']), 'no-such-room', 'nor do they learn of it')
      assert.equal(await create(ana.id, ['nada']), 'no-such-room')
      assert.equal(await create(undefined, ['club']), 'done')
      assert.equal((await store.invitations.list(undefined, NOW)).length, 1, 'what is refused leaves nothing')
      assert.equal(
        await outcome(store.invitations.list((await register(store, 'caro')).id, NOW)),
        'forbidden',
      )
    })

    test('an admin may invite into rooms that anybody may join, as if people came by themselves', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const beto = await register(store, 'beto')
      await store.people.setRole(undefined, 'beto', 'admin', NOW)
      const rooms: Record<string, RoomId> = {}
      for (const [name, kind] of [
        ['plaza', 'open'],
        ['avisos', 'announcement'],
        ['llave', 'open'],
        ['llena', 'open'],
      ] as const)
        rooms[name] = (
          await store.rooms.create(ana.id, { kind, name, folded: name, ...ownSkeletons(name) }, NOW)
        ).id
      const { plaza, avisos, llave, llena } = rooms
      assert.ok(plaza && avisos && llave && llena)
      const change = (room: RoomId, wanted: Change) => store.rooms.change(ana.id, room, wanted, NOW)
      await change(llave, { kind: 'key', key: 'secreta' })
      const into = (code: string, names: string[]) =>
        outcome(store.invitations.create(beto.id, invitation(code, { uses: 9, rooms: names })))
      assert.equal(await into('abc', ['llave']), 'wrong-key')
      assert.equal(await into('def', ['plaza', 'avisos', 'llena']), 'done')
      await change(llena, { kind: 'limit', people: 1 })
      await change(plaza, { kind: 'mask', list: 'ban', mask: 'malo*', on: true })
      const { arrivals } = await invited(store, 'caro', 'def')
      assert.deepEqual(
        arrivals.map(({ room, author }) => [room, author.username]),
        [
          [plaza, 'caro'],
          [avisos, 'caro'],
        ],
        'who invites is not there: nobody is brought in, and a full room stays full',
      )
      const banned = await invited(store, 'malote', 'def')
      assert.deepEqual(
        banned.arrivals.map(({ room }) => room),
        [avisos],
      )
      await change(avisos, { kind: 'kind', to: 'closed' })
      assert.deepEqual(
        (await invited(store, 'dora', 'def')).arrivals.map(({ room }) => room),
        [plaza],
      )
    })

    test('no invitation makes an owner, and the invitations of a former admin are void', async () => {
      await using opened = await open()
      const { store } = opened
      await store.invitations.create(undefined, invitation('abc', { uses: 9 }))
      assert.equal((await invited(store, 'ana', 'abc')).person.role, 'member')
      assert.equal(await store.people.hasOwner(), false)
      const { person } = await store.people.register({ ...account('beto'), admission: 'first' })
      assert.equal(person.role, 'owner')
      await store.people.setRole(undefined, 'ana', 'admin', NOW)
      const ana = await store.people.find('ana')
      await store.invitations.create(ana?.id, invitation('def'))
      await store.people.setRole(undefined, 'ana', 'member', NOW)
      assert.equal(await store.invitations.admits('def', NOW), false)
      assert.equal(await store.invitations.admits('abc', NOW), true)
    })

    test('the right of the first account works once', async () => {
      await using opened = await open()
      const first = (name: string) => opened.store.people.register({ ...account(name), admission: 'first' })
      const outcomes = await Promise.all([outcome(first('ana')), outcome(first('beto'))])
      assert.deepEqual(outcomes, ['done', 'wrong-code'])
    })

    test('the code of a class makes members; the owner may come after them', async () => {
      await using opened = await open()
      const come = (name: string, admission: 'class' | 'first') =>
        opened.store.people.register({ ...account(name), admission })
      assert.equal((await come('beto', 'class')).person.role, 'member')
      assert.equal((await come('ana', 'first')).person.role, 'owner')
      assert.equal((await come('caro', 'class')).person.role, 'member')
    })

    test('a catch-up holds at most two megabytes of long texts: the rest is read in pages', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const club = await room(store, ana.id, 'club')
      const texts = Array.from({ length: 140 }, (_, i) => `${i}`.padEnd(4000, '·'))
      for (const where of [GENERAL, club])
        await store.log.append([{ room: where, author: ana.id, texts, seen: 0 as Seq }], NOW)
      const cursors = [GENERAL, club].map(where => ({ room: where, epoch: '', seq: 0 as Seq }))
      const { rooms: caught } = await store.pages.catchUp(ana.id, cursors, 2000)
      assert.deepEqual(
        caught.map(({ events }) => (events === 'reset' ? events : events.length)),
        [140, 'reset'],
      )
      const [, inClub] = (await store.pages.catchUp(ana.id, cursors.slice(1), 2000)).rooms
      assert.equal(inClub?.events.length, 141, 'its arrival, too')
    })

    test('little is read for rooms that do not fit into one catch-up, however many there are', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const quiet = 'tranquila'
      const rooms = [GENERAL]
      for (const name of ['uno', 'dos', 'tres', 'cuatro', 'cinco', quiet])
        rooms.push(await room(store, ana.id, name))
      const long = Array.from({ length: 140 }, (_, i) => `${i}`.padEnd(4000, '·'))
      for (const where of rooms) {
        const texts = where === rooms.at(-1) ? ['hola'] : long
        await store.log.append([{ room: where, author: ana.id, texts, seen: 0 as Seq }], NOW)
      }
      const cursors = rooms.map(where => ({ room: where, epoch: '', seq: 0 as Seq }))
      const { rooms: caught, unsent } = await store.pages.catchUp(ana.id, cursors, 2000)
      assert.deepEqual(
        caught.map(({ events }) => (events === 'reset' ? events : events.length)),
        [140, 'reset', 'reset', 'reset', 'reset', 'reset', 2],
        'a room in which little happened is complete',
      )
      assert.ok(unsent > 0, 'what was read in vain is counted')
      assert.ok(unsent < 4 << 20, `${unsent} bytes were read in vain`)
    })

    test('somebody who comes back gets everything after their cursors, or a reset', async () => {
      await using opened = await open()
      let { store } = opened
      const ana = await register(store, 'ana')
      const club = await room(store, ana.id, 'club')
      const say = (...texts: string[]) =>
        store.log.append([{ room: GENERAL, author: ana.id, texts, seen: 0 as Seq }], NOW)
      await say('a', 'b')
      const heads = async (...cursors: Cursor[]) => (await store.pages.catchUp(ana.id, cursors, 5)).rooms
      const [general, inClub] = await heads()
      assert.ok(general && inClub)
      assert.deepEqual([general.events, inClub.events], ['reset', 'reset'], 'there were no cursors')
      assert.deepEqual([general.cursor.seq, inClub.cursor.seq, inClub.cursor.room], [2, 1, club])
      store = await opened.reopen()
      await say('c')
      const [later] = await heads(general.cursor)
      assert.deepEqual(later?.events !== 'reset' && later?.events.map(({ seq }) => seq), [3])
      assert.notEqual(later?.cursor.epoch, general.cursor.epoch, 'another start, another epoch')
      const wrong = { ...general.cursor, epoch: later?.cursor.epoch ?? '' }
      assert.equal((await heads(wrong))[0]?.events, 'reset', 'that seq is of another history')
      assert.equal((await heads({ ...wrong, seq: 99 as Seq }))[0]?.events, 'reset', 'that never was')
      assert.equal((await heads({ ...wrong, seq: -1 as Seq }))[0]?.events, 'reset')
      assert.equal((await heads({ ...wrong, seq: 1e300 as Seq }))[0]?.events, 'reset')
      await say('d', 'e', 'f')
      assert.equal((await heads({ ...general.cursor, seq: 0 as Seq }))[0]?.events, 'reset', 'too much')
      const [complete] = await heads(general.cursor)
      assert.deepEqual(complete?.events !== 'reset' && complete?.events.map(({ seq }) => seq), [3, 4, 5, 6])
    })

    test('in slow mode one text of a run is taken, and rejoining does not help', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const { id } = await store.rooms.create(
        ana.id,
        { kind: 'open', name: 'club', folded: 'club', ...ownSkeletons('club') },
        NOW,
      )
      const join = () => store.rooms.change(beto.id, id, { kind: 'arrival', person: beto.id }, NOW)
      const say = async (at: Instant, ...texts: string[]) => {
        const [receipt] = await store.log.append([{ room: id, author: beto.id, texts, seen: 0 as Seq }], at)
        return receipt && 'refused' in receipt ? receipt.refused : receipt
      }
      await join()
      await store.rooms.change(ana.id, id, { kind: 'slow', seconds: 1 }, NOW)
      assert.deepEqual(await say(NOW, 'a', 'b'), { seq: 4, at: NOW, rest: 'slow-mode' })
      assert.equal(await say((NOW + 999) as Instant, 'c'), 'slow-mode')
      const left = { kind: 'removal', person: beto.id, how: 'left', reason: '', until: NOW } as const
      await store.rooms.change(beto.id, id, left, NOW)
      await join()
      assert.equal(await say((NOW + 999) as Instant, 'c'), 'slow-mode')
      assert.deepEqual(await say(LATER, 'c'), { seq: 7, at: LATER })
    })

    test('the operator moderates rooms in the name of the server’s owner', async () => {
      await using opened = await open()
      const { store } = opened
      const govern = (name: string) => store.rooms.govern(name, { kind: 'archived', on: true }, NOW)
      assert.equal(await outcome(govern('general')), 'no-such-person')
      const [, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const club = await room(store, beto.id, 'club')
      const event = await govern('club')
      assert.deepEqual([event?.kind, event?.author.username, event?.room], ['alteration', 'ana', club])
      assert.equal(await govern('club'), undefined)
      assert.equal(await outcome(govern('general')), 'everyones')
      assert.equal(await outcome(govern('nada')), 'no-such-room')
      assert.deepEqual(
        (await store.rooms.all()).map(({ name, people }) => [name, people]),
        [
          ['general', 2],
          ['club', 1],
        ],
      )
    })
  })
}
