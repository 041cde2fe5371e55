// The contract of the Store port: lists of rooms, people and messages.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  GENERAL,
  type Instant,
  type Message,
  type Profile,
  type RoomId,
  type Seq,
} from '../../src/core/model/model.ts'
import type { Change } from '../../src/core/ports/log.ts'
import type { Page } from '../../src/core/ports/pages.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { ownSkeletons } from '../tools/skeletons.ts'
import { NOW, type Opened, register } from './store.ts'

function draftOf(author: Profile, text: string, room: RoomId, reply?: number) {
  return { room, author: author.id, texts: [text], seen: 0 as Seq, ...(reply && { reply: reply as Seq }) }
}

async function say(store: Store, author: Profile, text: string, reply?: number): Promise<void> {
  const [receipt] = await store.log.append([draftOf(author, text, GENERAL, reply)], NOW)
  assert.ok(receipt && 'seq' in receipt, JSON.stringify(receipt))
}

function change(store: Store, by: Profile, wanted: Change, room = GENERAL) {
  return store.rooms.change(by.id, room, wanted, NOW)
}

function named(name: string, kind: 'open' | 'closed' = 'open') {
  return { kind, name, folded: name.toLowerCase(), ...ownSkeletons(name.toLowerCase()) }
}

function textsOf(messages: readonly Message[]): string[] {
  return messages.map(({ text }) => text)
}

export function listsContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract for lists, on ${driver}`, () => {
    test('one’s rooms: `general` first, then by name, direct ones last; what is unread, and what mentions one', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      for (const name of ['zeta', 'Beta', 'ábaco']) await store.rooms.create(ana.id, named(name), NOW)
      const { room: direct } = await store.rooms.direct([ana.id, beto.id], NOW)
      for (const text of ['uno', '@ana dos', '@todos tres']) await say(store, beto, text)
      const drafts = ['@ana', '@todos'].map(text => draftOf(beto, text, direct.id))
      await store.log.append(drafts, NOW)
      const mine = async () =>
        (await store.rooms.mine(ana.id)).map(({ name, head, read, unread, mentions, role }) => [
          ...[name, head, read, unread, mentions, role],
        ])
      assert.deepEqual(await mine(), [
        ['general', 3, 0, 3, 1, 'member'],
        ['Beta', 1, 1, 0, 0, 'owner'],
        ['zeta', 1, 1, 0, 0, 'owner'],
        ['ábaco', 1, 1, 0, 0, 'owner'],
        ['beto', 2, 0, 2, 2, 'member'],
      ])
      await store.log.markRead(ana.id, GENERAL, 2 as Seq)
      assert.deepEqual((await mine())[0], ['general', 3, 2, 1, 0, 'member'])
      assert.equal(await store.rooms.setLevel(ana.id, GENERAL, 'invisible'), true)
      assert.equal(await store.rooms.setLevel(ana.id, GENERAL, 'invisible'), false)
      assert.deepEqual((await mine())[0], ['general', 3, 2, 0, 0, 'member'])
      const sizes = await store.rooms.sizes(ana.id)
      assert.deepEqual(new Set(sizes.map(({ people }) => people)), new Set([1, 2]))
      assert.equal(sizes.length, 5)
      assert.equal((await store.rooms.memberships(ana.id, direct.id))[0]?.room.name, 'beto')
    })

    test('counts stop at a hundred', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const texts = Array.from({ length: 130 }, (_, i) => `@ana ${i}`)
      await store.log.append([{ room: GENERAL, author: beto.id, texts, seen: 0 as Seq }], NOW)
      const [general] = await store.rooms.mine(ana.id)
      assert.deepEqual([general?.unread, general?.mentions], [100, 100])
    })

    test('the number of messages of others between two seqs, without a bound', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const texts = Array.from({ length: 150 }, (_, i) => `m${i}`)
      await store.log.append([{ room: GENERAL, author: beto.id, texts, seen: 0 as Seq }], NOW)
      await say(store, ana, 'mío')
      await change(store, beto, { kind: 'deletion', target: 7 as Seq })
      const counted = (after: number, upto: number, { room = GENERAL, limit = 1000 } = {}) =>
        store.pages.count(ana.id, room, { after: after as Seq, upto: upto as Seq, limit })
      assert.deepEqual(
        await Promise.all([counted(0, 152), counted(0, 10), counted(149, 152), counted(5, 5)]),
        [149, 9, 1, 0],
      )
      assert.equal(await counted(0, 152, { limit: 100 }), 100, 'it stops there')
      const { room: direct } = await store.rooms.direct([ana.id, beto.id], NOW)
      await store.log.append([draftOf(beto, 'psst', direct.id)], NOW)
      assert.equal(await counted(0, 9, { room: direct.id }), 1)
      await store.people.block(ana.id, beto.id, true)
      assert.deepEqual([await counted(0, 9, { room: direct.id }), await counted(0, 152)], [0, 149])
      const club = await store.rooms.create(beto.id, named('Club'), NOW)
      await assert.rejects(counted(0, 9, { room: club.id }), { code: 'not-a-member' })
    })

    test('one room of a list alone; the times of the last and the last read message, of all rooms or of one', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const club = await store.rooms.create(ana.id, named('Club'), NOW)
      const { room: direct } = await store.rooms.direct([ana.id, beto.id], NOW)
      const [one, two] = [(NOW + 1000) as Instant, (NOW + 2000) as Instant]
      await store.log.append([draftOf(beto, 'uno', GENERAL), draftOf(beto, 'psst', direct.id)], one)
      await store.log.append([draftOf(beto, 'dos', GENERAL), draftOf(ana, 'sí', direct.id)], two)
      await store.log.markRead(ana.id, GENERAL, 1 as Seq)

      const all = await store.rooms.mine(ana.id)
      assert.equal(all.length, 3)
      for (const each of all) assert.deepEqual(await store.rooms.mine(ana.id, each.id), [each])
      assert.deepEqual(await store.rooms.mine(beto.id, club.id), [])

      const times = async ({ id }: Profile, room?: RoomId) =>
        (await store.pages.lastMessageTimes(id, room)).map(each => [each.room, each.at, each.read])
      assert.deepEqual(await times(ana), [
        [GENERAL, two, one],
        [club.id, undefined, undefined],
        [direct.id, two, undefined],
      ])
      assert.deepEqual(await times(ana, GENERAL), [[GENERAL, two, one]])
      assert.deepEqual(await times(beto, club.id), [])
      const change = { kind: 'deletion', target: 2 as Seq } as const
      await store.rooms.change(beto.id, GENERAL, change, two)
      assert.deepEqual(await times(ana, GENERAL), [[GENERAL, one, one]], 'what was deleted is not shown')
      await store.people.block(beto.id, ana.id, true)
      assert.deepEqual(
        (await times(beto, direct.id))[0]?.[1],
        one,
        'nor what whom one has blocked says there',
      )
    })

    test('blocked people: not counted and not shown in direct rooms, and listed', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const caro = await register(store, 'caro')
      const { room } = await store.rooms.direct([ana.id, beto.id, caro.id], NOW)
      const drafts = [draftOf(beto, '@ana b', room.id), draftOf(caro, 'c', room.id)]
      await store.log.append(drafts, NOW)
      assert.equal(await store.people.block(ana.id, beto.id, true), true)
      assert.equal(await store.people.block(ana.id, beto.id, true), false)
      assert.deepEqual(
        (await store.people.blocked(ana.id)).map(({ username }) => username),
        ['beto'],
      )
      const direct = (await store.rooms.mine(ana.id)).find(({ id }) => id === room.id)
      assert.deepEqual([direct?.unread, direct?.mentions], [1, 0])
      const page = { side: 'before', seq: 100 as Seq, limit: 10 } as const
      assert.deepEqual(textsOf(await store.pages.page(ana.id, room.id, page)), ['c'])
      assert.deepEqual(textsOf(await store.pages.page(caro.id, room.id, page)), ['@ana b', 'c'])
      const { rooms: caught } = await store.pages.catchUp(
        ana.id,
        [{ room: room.id, epoch: '', seq: 0 as Seq }],
        10,
      )
      const events = caught.find(each => each.room.id === room.id)?.events
      assert.deepEqual(events !== 'reset' && events?.map(({ author }) => author.username), ['caro'])
      await store.people.block(ana.id, caro.id, true)
      assert.ok(
        !(await store.rooms.mine(ana.id)).some(({ id }) => id === room.id),
        'nobody else is left in it',
      )
      assert.equal(await store.people.block(ana.id, caro.id, false), true)

      const dora = await register(store, 'dora')
      const together = (host: Profile) =>
        store.rooms.direct([host.id, ...[ana, beto, dora].map(({ id }) => id)], NOW)
      await assert.rejects(together(beto), { code: 'forbidden' }, 'nor do they bring one into a conversation')
      assert.equal((await store.rooms.direct([beto.id, ana.id], NOW)).isNew, true, 'that of two is not shown')
      assert.equal((await together(caro)).isNew, true)
    })

    test('rooms that one may join, and rooms that one finds', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const club = await store.rooms.create(ana.id, named('Club'), NOW)
      const old = await store.rooms.create(ana.id, named('Viejo'), NOW)
      await store.rooms.create(ana.id, named('Junta', 'closed'), NOW)
      await change(store, ana, { kind: 'archived', on: true }, old.id)
      await change(store, ana, { kind: 'topic', text: 'de todo' }, club.id)
      const others = await store.rooms.others(beto.id)
      assert.deepEqual(
        others.map(({ name, people, role, topic, head }) => [name, people, role, topic, head]),
        [['Club', 1, undefined, 'de todo', 2]],
      )
      assert.equal((await store.rooms.find(beto.id, 'viejo'))?.archived, true)
      assert.equal(await store.rooms.find(beto.id, 'junta'), undefined)
      assert.equal((await store.rooms.find(ana.id, 'junta'))?.kind, 'closed')
      await change(
        store,
        ana,
        { kind: 'name', name: 'Peña', folded: 'peña', ...ownSkeletons('pena') },
        club.id,
      )
      assert.equal((await store.rooms.find(beto.id, 'peña'))?.id, club.id)
      assert.deepEqual(
        (await store.rooms.all()).map(({ name }) => name),
        ['general', 'Junta', 'Peña', 'Viejo'],
      )
    })

    test('names come in byte order, a page at a time', async () => {
      await using opened = await open()
      const { store } = opened
      const names = ['ana', 'zoe', 'ñandú', 'a-b', 'a_b', 'a.b', 'ab', 'élan', 'дом', '한']
      const people: Profile[] = []
      for (const name of names) people.push(await register(store, name))
      const [ana] = people
      assert.ok(ana)
      const inOrder = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      const pages: string[] = []
      for (let after = ''; ; ) {
        const page = await store.rooms.members(ana.id, GENERAL, after, 3)
        if (page.length === 0) break
        pages.push(...page.map(({ person }) => person.username))
        after = pages.at(-1) ?? ''
      }
      assert.deepEqual(pages, inOrder)
      const { room } = await store.rooms.direct([ana.id, ...people.slice(1).map(({ id }) => id)], NOW)
      assert.equal(room.name, inOrder.filter(name => name !== 'ana').join(', '))
      assert.equal((await store.rooms.memberships(ana.id, room.id))[0]?.room.name, room.name)
    })

    test('people who rank above members or are muted are listed without the others', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const [beto, caro] = [await register(store, 'beto'), await register(store, 'caro')]
      const [dora, eva] = [await register(store, 'dora'), await register(store, 'eva')]
      const outsider = await store.rooms.create(
        eva.id,
        { kind: 'closed', name: 'x', folded: 'x', ...ownSkeletons('x') },
        NOW,
      )
      await change(store, ana, { kind: 'appointment', person: beto.id, role: 'speaker' })
      await change(store, ana, { kind: 'muting', person: caro.id, until: (NOW + 10) as Instant })
      await change(store, ana, { kind: 'muting', person: dora.id, until: NOW })
      const notable = async (at: number, limit = 9) =>
        (await store.rooms.notable(eva.id, GENERAL, at as Instant, limit)).map(
          ({ person, role, mutedUntil }) => [person.username, role, mutedUntil > at],
        )
      const all = [
        ['ana', 'member', false],
        ['beto', 'speaker', false],
        ['caro', 'member', true],
      ]
      assert.deepEqual(await notable(NOW), all)
      assert.deepEqual(await notable(NOW + 10), all.slice(0, 2))
      assert.deepEqual(await notable(NOW, 1), all.slice(0, 1))
      await assert.rejects(store.rooms.notable(beto.id, outsider.id, NOW, 9), { code: 'not-a-member' })
    })

    test('pages before, after and around a message, with its reactions', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      for (const text of 'abcdefghij') await say(store, ana, text)
      const react = (by: Profile, emoji: string) =>
        change(store, by, { kind: 'reaction', target: 5 as Seq, emoji, on: true })
      for (const emoji of ['👍', '❤️']) await react(ana, emoji)
      await react(beto, '👍')
      const page = async (page: Page) => textsOf(await store.pages.page(ana.id, GENERAL, page)).join('')
      assert.equal(await page({ side: 'before', seq: 5 as Seq, limit: 3 }), 'bcd')
      assert.equal(await page({ side: 'after', seq: 5 as Seq, limit: 3 }), 'fgh')
      assert.equal(await page({ side: 'around', seq: 5 as Seq, limit: 5 }), 'cdefg')
      assert.equal(await page({ side: 'before', seq: 1e300 as Seq, limit: 2 }), 'ij')
      const [fifth] = await store.pages.page(ana.id, GENERAL, { side: 'around', seq: 5 as Seq, limit: 1 })
      assert.deepEqual(
        fifth?.reactions?.map(each => ({ ...each })),
        [
          { emoji: '❤️', count: 1, mine: true },
          { emoji: '👍', count: 2, mine: true },
        ],
      )
      await change(store, ana, { kind: 'reaction', target: 5 as Seq, emoji: '❤️', on: false })
      const [seen] = await store.pages.page(beto.id, GENERAL, { side: 'around', seq: 5 as Seq, limit: 1 })
      assert.deepEqual(
        seen?.reactions?.map(({ emoji, mine }) => [emoji, mine]),
        [['👍', true]],
      )
    })

    test('a message takes twenty reactions of one person, whatever those of others', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      await say(store, ana, 'a')
      const react = (by: Profile, i: number, on = true) =>
        change(store, by, {
          kind: 'reaction',
          target: 1 as Seq,
          emoji: String.fromCodePoint(0x1f600 + i),
          on,
        })
      for (let i = 0; i < 20; i++) await react(beto, i)
      await assert.rejects(react(beto, 20), { code: 'too-many-reactions' })
      assert.equal(await react(beto, 3), undefined, 'one that is there already')
      await react(ana, 20)
      await react(beto, 3, false)
      await react(beto, 20)
      const [seen] = await store.pages.page(ana.id, GENERAL, { side: 'around', seq: 1 as Seq, limit: 1 })
      assert.equal(seen?.reactions?.length, 20)
    })

    test('a thread is a message with its replies, and theirs; pins are in order', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await say(store, ana, 'a')
      await say(store, ana, 'b', 1)
      await say(store, ana, 'c')
      await say(store, ana, 'd', 2)
      const thread = await store.threads.page(ana.id, GENERAL, 4 as Seq, { limit: 10 })
      assert.deepEqual(
        thread.map(({ text, reply }) => [text, reply?.seq, reply?.username]),
        [
          ['a', undefined, undefined],
          ['b', 1, 'ana'],
          ['d', 2, 'ana'],
        ],
      )
      for (const target of [3, 1] as Seq[])
        await store.rooms.govern('general', { kind: 'pin', target, on: true }, NOW)
      assert.deepEqual(textsOf(await store.pages.pins(ana.id, GENERAL, 10)), ['a', 'c'])
      await change(store, ana, { kind: 'deletion', target: 1 as Seq })
      assert.deepEqual(textsOf(await store.pages.pins(ana.id, GENERAL, 10)), ['c'])
      const [gone] = await store.log.append([draftOf(ana, 'x', GENERAL, 1)], NOW)
      assert.deepEqual({ ...gone }, { refused: 'no-such-message' })
    })

    test('several drafts in one append see each other: a repeated key, a reply, mentions, all at once', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const club = await store.rooms.create(ana.id, named('Club'), NOW)
      await change(store, beto, { kind: 'arrival', person: beto.id }, club.id)
      const receipts = await store.log.append(
        [
          { ...draftOf(ana, '@beto hola', club.id), key: 'k' },
          draftOf(beto, '@todos no', GENERAL),
          { ...draftOf(ana, '@beto hola', club.id), key: 'k' },
          draftOf(beto, 'sí', club.id, 3),
          { room: club.id, author: ana.id, texts: ['@todos', '@beto @todos @beto', 'x'], seen: 0 as Seq },
        ],
        NOW,
      )
      assert.deepEqual(
        receipts.map(receipt => ({ ...receipt })),
        [
          { seq: 3, at: NOW },
          { seq: 1, at: NOW },
          { seq: 3, at: NOW, repeated: true },
          { seq: 4, at: NOW, reply: { seq: 3, username: 'ana' } },
          { seq: 5, at: NOW, everyone: [0, 1] },
        ],
      )
      const mine = await store.rooms.mine(beto.id)
      assert.equal(mine.find(({ id }) => id === club.id)?.mentions, 4, 'one of both kinds counts twice')
      const events = await store.log.read(club.id, 2 as Seq, 100 as Seq, 100)
      assert.deepEqual(
        events.map(event => event.kind === 'message' && event.everyone),
        [undefined, undefined, true, true, undefined],
      )
    })

    test('a change of each kind is read as it was made', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const { id } = await store.rooms.create(ana.id, named('Club'), NOW)
      const until = (NOW + 60_000) as Instant
      const made = []
      const all: Change[] = [
        { kind: 'arrival', person: beto.id },
        { kind: 'appointment', person: beto.id, role: 'moderator' },
        { kind: 'appointment', person: beto.id, role: 'member' },
        { kind: 'muting', person: beto.id, until },
        { kind: 'topic', text: 'tema' },
        { kind: 'name', name: 'Otro', folded: 'otro', ...ownSkeletons('otro') },
        { kind: 'name', name: 'Club', folded: 'club', ...ownSkeletons('club'), reason: 'era  mejor' },
        { kind: 'silenced', until },
        { kind: 'slow', seconds: 5 },
        { kind: 'reaction', target: 3 as Seq, emoji: '👍', on: true },
        { kind: 'edit', target: 3 as Seq, text: '@beto y @todos' },
        { kind: 'pin', target: 3 as Seq, on: true },
        { kind: 'deletion', target: 4 as Seq, reason: 'por error' },
        { kind: 'archived', on: true },
        { kind: 'archived', on: false },
        { kind: 'removal', person: beto.id, how: 'banned', reason: 'ruido', until },
      ]
      const [joining, ...others] = all
      assert.ok(joining)
      made.push(await change(store, ana, joining, id))
      await store.log.append([draftOf(ana, 'a', id), draftOf(ana, 'b', id)], NOW)
      for (const wanted of others) made.push(await change(store, ana, wanted, id))
      assert.ok(made.every(event => event !== undefined))
      const reasons = made.flatMap(event => (event && 'reason' in event ? event.reason : []))
      assert.deepEqual(reasons, ['era  mejor', 'por error', 'ruido'])
      const events = await store.log.read(id, 1 as Seq, 100 as Seq, 100)
      assert.deepEqual(
        events.filter(({ kind }) => kind !== 'message'),
        made,
      )
      const [edited] = await store.pages.page(ana.id, id, { side: 'around', seq: 3 as Seq, limit: 1 })
      assert.deepEqual([edited?.text, edited?.everyone, edited?.edited], ['@beto y @todos', true, true])
      assert.equal(await change(store, ana, { kind: 'slow', seconds: 5 }, id), undefined)
    })
  })
}
