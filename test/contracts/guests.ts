// The contract of the Store port: guests, verifiers, notices and metadata.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GENERAL, type Profile, type Seq } from '../../src/core/model/model.ts'
import { Refusal } from '../../src/core/model/refusals.ts'
import type { NewGuest } from '../../src/core/ports/people.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { ownSkeletons } from '../tools/skeletons.ts'
import { account, NOW, type Opened, register } from './store.ts'

function guest(username: string): NewGuest {
  return { name: username, username, folded: username, ...ownSkeletons(username), at: NOW }
}

async function outcome(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'done',
    error => (error instanceof Refusal ? error.code : String(error)),
  )
}

function comesIn(store: Store, { id }: Profile, proof: string) {
  return store.sessions.begin({ person: id, proof, door: 'irc', address: 'x', at: NOW })
}

export function guestsContract(name: string, open: () => Promise<Opened>): void {
  describe(`a store without accounts: ${name}`, () => {
    test('a guest is in general under a unique name until they are let go', async () => {
      await using opened = await open()
      const { people, rooms } = opened.store
      const ana = await register(opened.store, 'ana')
      assert.equal(await outcome(people.welcomeGuest(guest('ana'))), 'name-taken')
      const eva = await people.welcomeGuest(guest('eva'))
      assert.equal(eva.role, 'guest')
      assert.equal(await outcome(people.register(account('eva'))), 'name-taken')
      assert.equal(await outcome(people.welcomeGuest(guest('eva'))), 'name-taken')
      const names = async () =>
        (await rooms.members(ana.id, GENERAL, '', 10)).map(({ person }) => person.username)
      assert.deepEqual(await names(), ['ana', 'eva'])
      await comesIn(opened.store, eva, '')
      await people.letGuestGo(eva.id)
      assert.deepEqual(await names(), ['ana'])
      assert.equal(await people.find('eva'), undefined)
      assert.deepEqual(
        (await opened.store.accounts.list(undefined, { after: '', limit: 10 })).map(
          ({ person }) => person.username,
        ),
        ['ana'],
      )
      assert.equal(await outcome(comesIn(opened.store, eva, '')), 'disabled')
      const again = await people.welcomeGuest(guest('eva'))
      assert.notEqual(again.id, eva.id)
      await people.letGuestGo(ana.id)
      assert.equal((await people.find('ana'))?.id, ana.id, 'who has an account stays')
    })

    test('a guest who is disabled leaves their name to others', async () => {
      await using opened = await open()
      const { people, rooms } = opened.store
      const ana = await register(opened.store, 'ana')
      const eva = await people.welcomeGuest(guest('eva'))
      await comesIn(opened.store, eva, '')
      const { person, ended } = await people.disable(ana.id, 'eva', true, NOW)
      assert.deepEqual([person.username, ended.length], ['eva', 1])
      assert.equal(await outcome(comesIn(opened.store, eva, '')), 'disabled')
      assert.deepEqual(
        (await rooms.members(ana.id, GENERAL, '', 10)).map(each => each.person.username),
        ['ana'],
      )
      assert.equal(await outcome(people.register(account('eva'))), 'done')
    })

    test('a guest gets no role that would go with them', async () => {
      await using opened = await open()
      const { people } = opened.store
      const ana = await register(opened.store, 'ana')
      const eva = await people.welcomeGuest(guest('eva'))
      for (const role of ['owner', 'admin', 'member', 'bot'] as const)
        assert.equal(await outcome(people.setRole(ana.id, 'eva', role, NOW)), 'account-needed')
      assert.equal(await outcome(people.setRole(ana.id, 'eva', 'guest', NOW)), 'done')
      await people.register({ ...account('eva'), guest: eva.id })
      assert.equal(await outcome(people.setRole(ana.id, 'eva', 'admin', NOW)), 'done')
    })

    test('a guest’s messages stay theirs, and their direct rooms still say with whom', async () => {
      await using opened = await open()
      const { people, log, pages, rooms } = opened.store
      const ana = await register(opened.store, 'ana')
      const eva = await people.welcomeGuest(guest('eva'))
      await log.append([{ room: GENERAL, author: eva.id, texts: ['hola'], seen: 0 as Seq }], NOW)
      const { room } = await rooms.direct([ana.id, eva.id], NOW)
      await people.letGuestGo(eva.id)
      await people.welcomeGuest(guest('eva'))
      const [said] = await pages.page(ana.id, GENERAL, { side: 'after', seq: 0 as Seq, limit: 5 })
      assert.equal(said?.author.id, eva.id)
      assert.equal(said?.author.username, 'eva')
      assert.equal((await rooms.mine(ana.id)).find(({ id }) => id === room.id)?.name, 'eva')
    })

    test('a guest who registers is the same person; one who is gone is not', async () => {
      await using opened = await open()
      const { people } = opened.store
      await register(opened.store, 'ana')
      const eva = await people.welcomeGuest(guest('eva'))
      const { person } = await people.register({ ...account('eva'), guest: eva.id, email: 'eva@example.org' })
      assert.equal(person.id, eva.id)
      assert.equal(person.role, 'member')
      const [, stored] = await opened.store.accounts.list(undefined, { after: '', limit: 10 })
      assert.equal(stored?.email, 'eva@example.org')
      await people.letGuestGo(eva.id)
      assert.equal((await people.credentials('eva'))?.disabled, false)
      const leo = await people.welcomeGuest(guest('leo'))
      await people.letGuestGo(leo.id)
      assert.equal(await outcome(people.register({ ...account('leo'), guest: leo.id })), 'no-such-person')
    })

    test('the same name for a guest and an account at once: one gets it', async () => {
      await using opened = await open()
      const { people } = opened.store
      const tries = await Promise.all([
        outcome(people.welcomeGuest(guest('eva'))),
        outcome(people.register(account('eva'))),
        outcome(people.welcomeGuest(guest('eva'))),
      ])
      assert.deepEqual(tries.toSorted(), ['done', 'name-taken', 'name-taken'])
    })

    test('a verifier belongs to one password', async () => {
      await using opened = await open()
      const { people } = opened.store
      const ana = await register(opened.store, 'ana')
      const kept = async () => (await people.credentials('ana'))?.verifier
      await people.keepVerifier(ana.id, 'another', 'v0')
      assert.equal(await kept(), '')
      await people.keepVerifier(ana.id, 'hash of ana', 'v1')
      assert.equal(await kept(), 'v1')
      await people.setPassword(ana.id, 'new', NOW)
      assert.equal(await kept(), '')
    })

    test('the chat has a secret of its own, which stays', async () => {
      await using opened = await open()
      await using another = await open()
      const secret = await opened.store.people.secret()
      assert.match(secret, /^[\da-f]{64}$/)
      assert.equal(await opened.store.people.secret(), secret)
      assert.notEqual(await another.store.people.secret(), secret)
    })

    test('a notice stays one; events are read with it, but not from outside the room', async () => {
      await using opened = await open()
      const { log, pages } = opened.store
      const ana = await register(opened.store, 'ana')
      const draft = { room: GENERAL, author: ana.id, seen: 0 as Seq }
      await log.append(
        [
          { ...draft, texts: ['hola'] },
          { ...draft, texts: ['aviso'], notice: true },
        ],
        NOW,
      )
      const events = await pages.events(ana.id, GENERAL, { after: 0 as Seq, upto: 9 as Seq, limit: 9 })
      assert.deepEqual(
        events.map(event => event.kind === 'message' && [event.text, event.notice]),
        [
          ['hola', undefined],
          ['aviso', true],
        ],
      )
      const span = { after: 0 as Seq, upto: 1 as Seq, limit: 9 }
      assert.equal((await pages.events(ana.id, GENERAL, span)).length, 1)
      assert.equal(await outcome(pages.events(99 as never, GENERAL, span)), 'not-a-member')
    })

    test('metadata: one’s own, and a room’s by its moderators, read by its members, at most twenty keys', async () => {
      await using opened = await open()
      const { metadata, rooms } = opened.store
      const [ana, beto] = [await register(opened.store, 'ana'), await register(opened.store, 'beto')]
      const wanted = { kind: 'open', name: 'Club', folded: 'club', ...ownSkeletons('club') } as const
      const { id: room } = await rooms.create(beto.id, wanted, NOW)
      assert.equal(await metadata.set(ana.id, { person: ana.id }, 'url', 'a'), true)
      assert.equal(await metadata.set(ana.id, { person: ana.id }, 'url', 'b'), true)
      assert.equal(await metadata.set(ana.id, { person: ana.id }, 'nada', undefined), false)
      assert.equal(await outcome(metadata.set(beto.id, { person: ana.id }, 'url', 'c')), 'forbidden')
      assert.equal(await metadata.set(beto.id, { room }, 'url', 'club'), true)
      assert.equal(await outcome(metadata.set(ana.id, { room }, 'url', 'x')), 'not-a-member')
      assert.equal(await outcome(metadata.read(ana.id, [{ room }])), 'not-a-member')
      assert.deepEqual(await metadata.read(beto.id, [{ person: ana.id }, { room }]), [
        { bearer: { person: ana.id }, key: 'url', value: 'b' },
        { bearer: { room }, key: 'url', value: 'club' },
      ])
      for (let i = 1; i < 20; i++) await metadata.set(ana.id, { person: ana.id }, `k${i}`, 'v')
      assert.equal(await outcome(metadata.set(ana.id, { person: ana.id }, 'k20', 'v')), 'too-many')
      assert.equal(await metadata.set(ana.id, { person: ana.id }, 'url', undefined), true)
      assert.equal(await metadata.set(ana.id, { person: ana.id }, 'k20', 'v'), true)
    })
  })
}
