// The contract of the Store port: what people keep for themselves.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GENERAL, type Instant, type Profile, type RoomId, type Seq } from '../../src/core/model/model.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { NOW, type Opened, register } from './store.ts'

async function say(store: Store, author: Profile, room: RoomId, ...texts: string[]): Promise<Seq> {
  const [receipt] = await store.log.append([{ room, author: author.id, texts, seen: 0 as Seq }], NOW)
  return receipt && 'seq' in receipt ? receipt.seq : assert.fail(JSON.stringify(receipt))
}

async function savedOf(store: Store, { id }: Profile, before?: number, limit = 10) {
  const saved = await store.keeping.saved(id, { before, limit })
  return saved.map(({ seq, found }) => [seq, found?.message.text])
}

export function keepingContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract for what people keep for themselves, on ${driver}`, () => {
    test('saved messages are in order, go with their text, and stay without it when the room is left', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const club = await store.rooms.create(
        ana.id,
        { kind: 'open', name: 'club', folded: 'club', skeleton: 'club', written: 'club', shown: 'club' },
        NOW,
      )
      const arrival = { kind: 'arrival', person: beto.id } as const
      await store.rooms.change(beto.id, club.id, arrival, NOW)
      const seq = await say(store, ana, club.id, 'uno', 'dos', 'tres')
      const at = (i: number) => (seq + i) as Seq
      const { keeping } = store
      assert.ok(await keeping.save(beto.id, club.id, at(1), NOW))
      assert.ok(await keeping.save(beto.id, club.id, at(0), NOW))
      assert.ok(await keeping.save(beto.id, club.id, at(2), NOW))
      assert.equal(await keeping.save(beto.id, club.id, at(2), NOW), false)
      await assert.rejects(keeping.save(beto.id, club.id, at(9), NOW), { code: 'no-such-message' })
      await assert.rejects(keeping.save(beto.id, 99 as RoomId, at(0), NOW), { code: 'not-a-member' })
      const all = [
        [at(2), 'tres'],
        [at(0), 'uno'],
        [at(1), 'dos'],
      ]
      assert.deepEqual(await savedOf(store, beto), all)
      const [first] = await keeping.saved(beto.id, { limit: 1 })
      assert.deepEqual(await savedOf(store, beto, first?.number, 1), [all[1]])
      assert.deepEqual(await savedOf(store, ana), [], 'a list is its person’s alone')
      await store.rooms.change(ana.id, club.id, { kind: 'deletion', target: at(0) }, NOW)
      assert.equal(await keeping.isSaved(beto.id, club.id, at(0)), false)
      const leaving = {
        kind: 'removal',
        how: 'left',
        person: beto.id,
        reason: '',
        until: 0 as Instant,
      } as const
      await store.rooms.change(beto.id, club.id, leaving, NOW)
      assert.deepEqual(await savedOf(store, beto), [
        [at(2), undefined],
        [at(1), undefined],
      ])
      assert.ok(await keeping.unsave(beto.id, club.id, at(1)), 'also from outside')
      await store.rooms.change(beto.id, club.id, arrival, NOW)
      assert.deepEqual(await savedOf(store, beto), [[at(2), 'tres']])
    })

    test('sections are the person’s, in their order; a removed one leaves its rooms in none', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const { keeping } = store
      const [one, two, three] = [
        await keeping.addSection(ana.id, 'uno'),
        await keeping.addSection(ana.id, 'dos'),
        await keeping.addSection(ana.id, 'tres'),
      ]
      await keeping.changeSection(ana.id, three.id, { before: one.id, folded: true })
      await keeping.changeSection(ana.id, one.id, { before: null, name: '1' })
      await keeping.place(ana.id, GENERAL, { section: two.id, favourite: true })
      await assert.rejects(keeping.place(ana.id, 99 as RoomId, { favourite: true }), { code: 'not-a-member' })
      await assert.rejects(keeping.place(beto.id, GENERAL, { section: two.id }), { code: 'no-such-section' })
      await assert.rejects(keeping.changeSection(beto.id, two.id, {}), { code: 'no-such-section' })
      await assert.rejects(keeping.removeSection(beto.id, two.id), { code: 'no-such-section' })
      assert.deepEqual(await keeping.sidebar(ana.id), {
        sections: [
          { id: three.id, name: 'tres', folded: true },
          { id: two.id, name: 'dos', folded: false },
          { id: one.id, name: '1', folded: false },
        ],
        rooms: [{ room: GENERAL, favourite: true, section: two.id }],
      })
      await keeping.removeSection(ana.id, two.id)
      const { rooms } = await keeping.sidebar(ana.id)
      assert.deepEqual(rooms, [{ room: GENERAL, favourite: true }])
      await keeping.place(ana.id, GENERAL, { favourite: false })
      assert.deepEqual((await keeping.sidebar(ana.id)).rooms, [])
      for (let i = 2; i < 50; i++) await keeping.addSection(ana.id, `${i}`)
      await assert.rejects(keeping.addSection(ana.id, 'más'), { code: 'too-many-sections' })
    })
  })
}
