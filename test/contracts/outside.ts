// What every store makes of rows that another program has changed.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GENERAL, NOBODY, type Seq } from '../../src/core/model.ts'
import { draft, NOW, type Opened, register } from './store.ts'

export function outsideContract(driver: string, open: () => Promise<Opened>): void {
  describe(`rows that another program changes, on ${driver}`, () => {
    test('what is missing, or makes no sense, is a deleted message of nobody’s', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.log.append([draft(ana.id, 'a', 'b', 'c', 'd')], NOW)
      await store.rooms.change(ana.id, GENERAL, { kind: 'edit', target: 3 as Seq, text: 'C' }, NOW) // 5
      await store.rooms.change(ana.id, GENERAL, { kind: 'topic', text: 'tema' }, NOW) // 6
      await store.log.append([{ ...draft(ana.id, 'e'), reply: 1 as Seq }], NOW) // 7
      await opened.outside("UPDATE changes SET kind = 'nonsense' WHERE kind = 'alteration'")
      await opened.outside('DELETE FROM messages WHERE seq IN (1, 3)')
      const read = await store.log.read(GENERAL, 0 as Seq, 7 as Seq, 100)
      assert.deepEqual(
        read.map(({ seq, kind, author }) => [seq, kind, author.id === NOBODY.id ? '' : author.username]),
        [
          [1, 'message', ''],
          [2, 'message', 'ana'],
          [3, 'message', ''],
          [4, 'message', 'ana'],
          [5, 'deletion', 'ana'],
          [6, 'message', ''],
          [7, 'message', 'ana'],
        ],
      )
      assert.deepEqual(await store.log.readInTurn(GENERAL, 0 as Seq, 100), read)
      assert.deepEqual(
        (await store.log.read(GENERAL, 2 as Seq, 100 as Seq, 2)).map(({ seq }) => seq),
        [3, 4],
        'as many as are asked for, holes counted',
      )
    })

    test('a cursor at a hole goes on from there; one behind the end never was', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.log.append([draft(ana.id, 'a', 'b', 'c')], NOW)
      const [cursor] = await store.pages.cursors([{ room: GENERAL, head: 2 as Seq }])
      assert.ok(cursor)
      await opened.outside('DELETE FROM messages WHERE seq IN (2, 3)')
      const [caughtUp] = await store.pages.catchUp(ana.id, [cursor], 100)
      assert.ok(caughtUp && caughtUp.events !== 'reset')
      assert.deepEqual(
        caughtUp.events.map(({ seq }) => seq),
        [3],
      )
      const [reset] = await store.pages.catchUp(ana.id, [{ ...cursor, seq: 9 as Seq }], 100)
      assert.equal(reset?.events, 'reset')
    })

    test('rows behind the end are found, taken in, and written behind', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.log.append([draft(ana.id, 'a')], NOW)
      const add = `INSERT INTO messages (id, user_id, message, created_at, epoch_id)
                   SELECT max(id) + 2, max(user_id), 'x', max(created_at), max(epoch_id) FROM messages`
      await opened.outside(add) // 3
      assert.deepEqual(await store.log.heads([GENERAL]), [{ room: GENERAL, head: 3, strays: true }])
      await store.log.mend(GENERAL)
      assert.deepEqual(await store.log.heads([GENERAL]), [{ room: GENERAL, head: 3 }])
      await opened.outside(add) // 5
      const [receipt] = await store.log.append([draft(ana.id, 'b')], NOW)
      assert.deepEqual(receipt, { seq: 6, at: NOW })
      await opened.outside(add) // 8
      const change = await store.rooms.change(ana.id, GENERAL, { kind: 'topic', text: 'tema' }, NOW)
      assert.equal(change?.seq, 9)
      assert.deepEqual(
        (await store.log.readInTurn(GENERAL, 0 as Seq, 100)).map(({ seq }) => seq),
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
      )
    })

    test('what is deleted, and which rooms have rows behind their ends, is told without reading them', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.log.append([draft(ana.id, 'a', 'b', 'c', 'd')], NOW)
      await store.rooms.change(ana.id, GENERAL, { kind: 'deletion', target: 4 as Seq, reason: '' }, NOW) // 5
      assert.deepEqual([await store.log.deleted(9), await store.log.strayed()], [[], []])
      await opened.outside('DELETE FROM messages WHERE seq IN (1, 2)')
      await opened.outside('DELETE FROM changes')
      const [first] = await store.log.deleted(1)
      assert.deepEqual(first, { room: GENERAL, seq: 1 })
      const rest = await store.log.deleted(9)
      assert.deepEqual(
        rest.map(({ seq }) => seq),
        [2, 5],
      )
      assert.deepEqual(await store.log.deleted(9), [])
      await opened.outside(`INSERT INTO messages (id, user_id, message, created_at, epoch_id)
        SELECT 4294967296 + 6, user_id, 'x', created_at, epoch_id FROM messages WHERE seq = 3`)
      assert.deepEqual(await store.log.strayed(), [GENERAL])
      await store.log.mend(GENERAL)
      assert.deepEqual(await store.log.strayed(), [])
    })

    test('an end far behind the rows is put back; where the rows were deleted, it stays', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.log.append([draft(ana.id, 'a', 'b')], NOW)
      await opened.outside('UPDATE rooms SET last_seq = 2000000000 WHERE id = 1')
      assert.deepEqual(await store.log.heads([GENERAL]), [{ room: GENERAL, head: 2, misplaced: true }])
      await store.log.mend(GENERAL)
      assert.deepEqual(await store.log.heads([GENERAL]), [{ room: GENERAL, head: 2 }])
      await opened.outside('UPDATE rooms SET last_seq = 2000000000, searchable_seq = 2000000000 WHERE id = 1')
      await opened.outside('DELETE FROM messages')
      assert.deepEqual(await store.log.append([draft(ana.id, 'c')], NOW), [{ seq: 2_000_000_001, at: NOW }])
    })

    test('rows far behind the end, up to the last place there is, are none of the room’s', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.log.append([draft(ana.id, 'a')], NOW)
      for (const seq of [4_294_967_294, 4_294_967_295, 70_000]) {
        await opened.outside(`INSERT INTO messages (id, user_id, message, created_at, epoch_id)
          SELECT 4294967296 + ${seq}, max(user_id), 'x', max(created_at), max(epoch_id) FROM messages`)
      }
      assert.deepEqual(await store.log.heads([GENERAL]), [{ room: GENERAL, head: 1, lost: 4_294_967_295 }])
      for (const seq of [2, 3]) {
        assert.deepEqual(await store.log.append([draft(ana.id, 'b')], NOW), [{ seq, at: NOW }])
      }
      const change = await store.rooms.change(ana.id, GENERAL, { kind: 'topic', text: 'tema' }, NOW)
      assert.equal(change?.seq, 4)
      for (const seq of [0, 4_294_967_295] as Seq[]) {
        const side = seq === 0 ? 'after' : 'before'
        const page = await store.pages.page(ana.id, GENERAL, { side, seq, limit: 10 })
        assert.deepEqual(
          page.map(({ seq }) => seq),
          [1, 2, 3],
        )
      }
      assert.deepEqual(await store.log.opening(ana.id, GENERAL, 1, 2), { head: 4, after: 2 })
      // Where the room comes near one of them, it goes on behind it.
      await opened.outside('UPDATE rooms SET last_seq = 69998 WHERE id = 1')
      assert.deepEqual(await store.log.append([draft(ana.id, 'c')], NOW), [{ seq: 70_001, at: NOW }])
    })
  })
}
