// The contract of the Store port: former texts of edited messages.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GENERAL, type Profile, type Seq } from '../../src/core/model/model.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { NOW, type Opened, register } from './store.ts'

async function textsOf(store: Store, reader: Profile, seq: Seq): Promise<readonly string[]> {
  return (await store.pages.versions(reader.id, GENERAL, seq)).map(({ text }) => text)
}

export function versionsContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract for former texts, on ${driver}`, () => {
    test('they are kept while the server is set to, go with their message, and all when it is not', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const texts = ['uno', 'otro']
      await store.log.append([{ room: GENERAL, author: ana.id, texts, seen: 0 as Seq }], NOW)
      const [seq, other] = [1, 2] as readonly number[] as readonly [Seq, Seq]
      const edit = (target: Seq, text: string) =>
        store.rooms.change(ana.id, GENERAL, { kind: 'edit', target, text }, NOW)
      await edit(seq, 'dos')
      assert.deepEqual(await textsOf(store, beto, seq), ['dos'], 'by default nothing is kept')
      await store.settings.change(ana.id, { editHistory: 'on' }, NOW)
      for (const text of ['tres', 'cuatro']) await edit(seq, text)
      await edit(other, 'otra')
      assert.deepEqual(await textsOf(store, beto, seq), ['dos', 'tres', 'cuatro'])
      for (let i = 0; i < 60; i++) await edit(seq, `${i}`)
      const many = await textsOf(store, beto, seq)
      assert.deepEqual([many[0], many.length, many.at(-2)], ['dos', 51, '58'], 'the first and the latest')
      await assert.rejects(textsOf(store, beto, 9 as Seq), { code: 'no-such-message' })
      await store.rooms.change(ana.id, GENERAL, { kind: 'deletion', target: seq }, NOW)
      await assert.rejects(textsOf(store, beto, seq), { code: 'no-such-message' })
      assert.deepEqual(await textsOf(store, beto, other), ['otro', 'otra'])
      await store.settings.change(ana.id, { editHistory: 'off' }, NOW)
      assert.deepEqual(await textsOf(store, beto, other), ['otra'])
    })
  })
}
