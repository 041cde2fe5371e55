// The contract of the Store port: threads, what stands below their first messages, and who follows them.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GENERAL, type Profile, type RoomId, type Seq } from '../../src/core/model/model.ts'
import type { Draft, Receipt } from '../../src/core/ports/log.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { NOW, type Opened, register } from './store.ts'

const LAST = { side: 'before', seq: 1000 as Seq, limit: 50 } as const

async function say(store: Store, who: Profile, text: string, more: Partial<Draft> = {}): Promise<Receipt> {
  const draft = { room: GENERAL, author: who.id, texts: [text], seen: 0 as Seq, ...more }
  const [receipt] = await store.log.append([draft], NOW)
  assert.ok(receipt)
  return receipt
}

function answer(to: number, more: Partial<Draft> = {}): Partial<Draft> {
  return { reply: to as Seq, ...more }
}

async function unreadOf(store: Store, who: Profile): Promise<(readonly [root: number, unread: number])[]> {
  return (await store.threads.followed(who.id, 0, 10)).map(({ root, unread }) => [root, unread])
}

async function people(store: Store): Promise<[Profile, Profile, Profile]> {
  return [await register(store, 'ana'), await register(store, 'beto'), await register(store, 'caro')]
}

export function threadsContract(name: string, open: () => Promise<Opened>): void {
  describe(`${name}: threads`, () => {
    test('below its first message stand the answers, who gave the last ones, and when', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto, caro] = await people(store)
      await say(store, ana, '¿cuándo?')
      await say(store, beto, 'el lunes', answer(1))
      await say(store, caro, 'no, el martes', answer(2))
      await say(store, caro, 'o el jueves', answer(1))
      const [root, ...rest] = await store.pages.page(ana.id, GENERAL, LAST)
      const { id, username } = beto
      const caroShown = { id: caro.id, username: 'caro' }
      assert.deepEqual(root?.thread, { answers: 3, people: [caroShown, { id, username }], last: 4, at: NOW })
      assert.deepEqual(
        rest.map(({ reply, thread }) => [reply, thread]),
        [
          [{ seq: 1, username: 'ana' }, undefined],
          [{ seq: 2, username: 'beto', thread: 1 }, undefined],
          [{ seq: 1, username: 'ana' }, undefined],
        ],
      )
      const erased = await store.rooms.change(caro.id, GENERAL, { kind: 'deletion', target: 4 as Seq }, NOW)
      assert.equal(erased?.kind === 'deletion' && erased.thread, 1)
      const [now] = await store.pages.page(ana.id, GENERAL, LAST)
      assert.deepEqual([now?.thread?.answers, now?.thread?.last], [2, 3])
    })

    test('an answer to one that stands in its thread alone stands there too, and a page may leave both out', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = await people(store)
      await say(store, ana, 'a')
      const apart = await say(store, beto, 'b', answer(1, { threadOnly: true }))
      assert.equal('threadOnly' in apart && apart.threadOnly, true)
      await say(store, ana, 'c', answer(2))
      await say(store, ana, 'd', answer(1))
      const texts = async (page: Parameters<Store['pages']['page']>[2]) =>
        (await store.pages.page(ana.id, GENERAL, page)).map(each => each.text).join('')
      assert.equal(await texts(LAST), 'abcd')
      assert.equal(await texts({ ...LAST, withoutThreadOnly: true }), 'ad')
      assert.equal(await texts({ ...LAST, side: 'after', seq: 1 as Seq, withoutThreadOnly: true }), 'd')
      assert.equal(await texts({ ...LAST, side: 'around', seq: 2 as Seq, withoutThreadOnly: true }), 'ad')
      const thread = await store.threads.page(ana.id, GENERAL, 3 as Seq, { limit: 10 })
      assert.deepEqual(
        thread.map(each => [each.text, each.threadOnly]),
        [
          ['a', undefined],
          ['b', true],
          ['c', true],
          ['d', undefined],
        ],
      )
      const [listed] = await store.rooms.mine(beto.id)
      assert.equal(listed?.unread, 2, 'a and d: what stands apart is counted in its thread')
    })

    test('a thread gives its first message and the latest answers, or those before one', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana] = await people(store)
      await say(store, ana, '0')
      for (const text of ['1', '2', '3', '4']) await say(store, ana, text, answer(1))
      const texts = async (page: Parameters<Store['threads']['page']>[3]) =>
        (await store.threads.page(ana.id, GENERAL, 1 as Seq, page)).map(each => each.text).join('')
      assert.equal(await texts({ limit: 2 }), '034')
      assert.equal(await texts({ before: 4 as Seq, limit: 2 }), '012')
      await store.rooms.change(ana.id, GENERAL, { kind: 'deletion', target: 1 as Seq }, NOW)
      const [root] = await store.threads.page(ana.id, GENERAL, 5 as Seq, { limit: 1 })
      assert.deepEqual([root?.seq, root?.deleted], [1, true])
    })

    test('whoever writes in a thread or is mentioned there follows it; ceasing holds until they write again', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto, caro] = await people(store)
      await say(store, ana, 'a')
      await say(store, beto, 'b', answer(1, { threadOnly: true }))
      assert.deepEqual(await unreadOf(store, ana), [[1, 1]])
      assert.deepEqual(await unreadOf(store, beto), [[1, 0]])
      assert.deepEqual(await unreadOf(store, caro), [])
      await say(store, beto, '@caro mira', answer(1, { threadOnly: true }))
      assert.deepEqual(await unreadOf(store, caro), [[1, 1]])
      assert.equal(await store.threads.follow(caro.id, GENERAL, 3 as Seq, false), true)
      await say(store, beto, '@caro ven', answer(1, { threadOnly: true }))
      assert.deepEqual(await unreadOf(store, caro), [])
      await say(store, caro, 'voy', answer(4))
      await say(store, ana, 'bien', answer(4))
      assert.deepEqual(await unreadOf(store, caro), [[1, 1]])
      assert.deepEqual(await unreadOf(store, beto), [[1, 2]])
      assert.equal(await store.threads.follow(beto.id, GENERAL, 1 as Seq, true), false)
    })

    test('a mark in a thread goes forward only; what was read in the room is read', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto, caro] = await people(store)
      await say(store, ana, 'a')
      await say(store, beto, 'aparte', answer(1, { threadOnly: true }))
      await say(store, beto, 'en la sala', answer(1))
      await say(store, caro, 'otra')
      await say(store, beto, 'y otra', answer(4))
      assert.deepEqual(await unreadOf(store, ana), [[1, 2]])
      await store.log.markRead(ana.id, GENERAL, 5 as Seq)
      assert.deepEqual(await unreadOf(store, ana), [[1, 1]])
      assert.deepEqual(await unreadOf(store, caro), [[4, 1]], 'the order is that of unread ones first')
      assert.equal(await store.threads.markRead(ana.id, GENERAL, 1 as Seq, 2 as Seq), true)
      assert.equal(await store.threads.markRead(ana.id, GENERAL, 1 as Seq, 1 as Seq), false)
      assert.equal(await store.threads.markRead(ana.id, GENERAL, 4 as Seq, 5 as Seq), false, 'not followed')
      const standing = await store.threads.standing(ana.id, GENERAL, 2 as Seq)
      assert.deepEqual(standing, { root: 1, following: true, read: 2, unread: 0 })
      await store.rooms.setLevel(caro.id, GENERAL, 'invisible')
      assert.deepEqual(await unreadOf(store, caro), [[4, 0]])
    })

    test('nobody reads or follows a thread of a room that they are not in', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = await people(store)
      const { id: room } = await store.rooms.create(
        ana.id,
        { kind: 'closed', name: 'club', folded: 'club', skeleton: 'club', written: 'club', shown: 'club' },
        NOW,
      )
      await say(store, ana, 'a', { room })
      const refused = (asked: Promise<unknown>) => assert.rejects(asked, { code: 'not-a-member' })
      const seq = 2 as Seq
      await refused(store.threads.page(beto.id, room as RoomId, seq, { limit: 1 }))
      await refused(store.threads.standing(beto.id, room, seq))
      await refused(store.threads.follow(beto.id, room, seq, true))
      await refused(store.threads.markRead(beto.id, room, seq, seq))
      await refused(store.pages.reactors(beto.id, room, seq, { limit: 1 }))
      await assert.rejects(store.threads.follow(ana.id, room, 99 as Seq, true), { code: 'no-such-message' })
      await assert.rejects(store.threads.standing(ana.id, room, -1 as Seq), { code: 'no-such-message' })
    })

    test('who has reacted is told by emoji and name, in pages', async () => {
      await using opened = await open()
      const { store } = opened
      const everybody = await people(store)
      const [ana] = everybody
      await say(store, ana, 'a')
      for (const emoji of ['🎉', '👍'])
        for (const { id } of everybody)
          await store.rooms.change(id, GENERAL, { kind: 'reaction', target: 1 as Seq, emoji, on: true }, NOW)
      const list = async (page: Parameters<Store['pages']['reactors']>[3]) =>
        (await store.pages.reactors(ana.id, GENERAL, 1 as Seq, page)).map(
          ({ emoji, person }) => emoji + person.username,
        )
      assert.deepEqual(await list({ limit: 4 }), ['🎉ana', '🎉beto', '🎉caro', '👍ana'])
      assert.deepEqual(await list({ limit: 4, after: { emoji: '👍', username: 'ana' } }), [
        '👍beto',
        '👍caro',
      ])
      assert.deepEqual(await list({ limit: 2, emoji: '👍' }), ['👍ana', '👍beto'])
    })
  })
}
