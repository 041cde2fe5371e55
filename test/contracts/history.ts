// The contract of the Store port: pages of history, with what happened between the messages.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { HistoryEntry } from '../../src/core/model/history.ts'
import type { Instant, Person, RoomId, Seq } from '../../src/core/model/model.ts'
import type { Change } from '../../src/core/ports/log.ts'
import { LONGEST_RUN } from '../../src/core/ports/pages.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { ownSkeletons } from '../tools/skeletons.ts'
import { NOW, type Opened, register } from './store.ts'

const END = (2 ** 32 - 1) as Seq

interface Club {
  readonly store: Store
  readonly ana: Person
  readonly beto: Person
  readonly room: RoomId
  say(who: Person, ...texts: string[]): Promise<void>
  change(who: Person, wanted: Change): Promise<void>
}

async function club(store: Store): Promise<Club> {
  const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
  const { id: room } = await store.rooms.create(
    ana.id,
    { kind: 'open', name: 'Club', folded: 'club', ...ownSkeletons('club') },
    NOW,
  )
  return {
    ...{ store, ana, beto, room },
    async say({ id }, ...texts) {
      await store.log.append([{ room, author: id, texts, seen: 0 as Seq }], NOW)
    },
    async change({ id }, wanted) {
      await store.rooms.change(id, room, wanted, NOW)
    },
  }
}

/** 3 arrival, 4 hola, 5 (deleted), 6–9 fold. */
function shown(entry: HistoryEntry): string {
  if (entry.kind === 'fold') return `${entry.seq}–${entry.upto} fold`
  if (entry.kind !== 'message') return `${entry.seq} ${entry.kind}`
  return `${entry.seq} ${entry.deleted ? '(deleted)' : entry.text}`
}

const comes = ({ id }: Person): Change => ({ kind: 'arrival', person: id })
const goes = ({ id }: Person): Change => ({
  kind: 'removal',
  person: id,
  how: 'left',
  reason: '',
  until: 0 as Instant,
})

export function historyContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract for histories, on ${driver}`, () => {
    test('what happened stands among the messages; what changed one of them does not', async () => {
      await using opened = await open()
      const { store, ana, beto, room, say, change } = await club(opened.store)
      await change(beto, comes(beto))
      await say(ana, 'uno', 'dos', 'tres')
      await change(beto, { kind: 'reaction', target: 3 as Seq, emoji: '👍', on: true })
      await change(ana, { kind: 'edit', target: 3 as Seq, text: 'UNO' })
      await change(ana, { kind: 'deletion', target: 4 as Seq })
      await change(ana, { kind: 'pin', target: 3 as Seq, on: true })
      await change(ana, { kind: 'topic', text: 'redes' })
      await say(beto, 'cuatro')
      await change(beto, goes(beto))
      const page = (page: Parameters<Store['pages']['history']>[2]) => store.pages.history(ana.id, room, page)
      const whole = await page({ side: 'before', seq: END, limit: 10 })
      assert.deepEqual(whole.entries.map(shown), [
        '1 arrival',
        '2 arrival',
        '3 UNO',
        '4 (deleted)',
        '5 tres',
        '9 pin',
        '10 alteration',
        '11 cuatro',
        '12 removal',
      ])
      assert.deepEqual([whole.hasOlder, whole.hasNewer], [false, false])
      const [, , first] = whole.entries
      assert.ok(first?.kind === 'message' && first.reactions?.length === 1)
      const newest = await page({ side: 'before', seq: END, limit: 1 })
      assert.deepEqual(newest.entries.map(shown), ['11 cuatro', '12 removal'])
      assert.equal(newest.hasOlder, true)
      const before = await page({ side: 'before', seq: 11 as Seq, limit: 1 })
      assert.deepEqual(before.entries.map(shown), ['5 tres', '9 pin', '10 alteration'])
      assert.deepEqual([before.hasOlder, before.hasNewer], [true, true])
      const after = await page({ side: 'after', seq: 4 as Seq, limit: 1 })
      assert.deepEqual(after.entries.map(shown), ['5 tres'])
      const rest = await page({ side: 'after', seq: 5 as Seq, limit: 9 })
      assert.deepEqual(rest.entries.map(shown), ['9 pin', '10 alteration', '11 cuatro', '12 removal'])
      assert.deepEqual([rest.hasOlder, rest.hasNewer], [true, false])
      const around = await page({ side: 'around', seq: 5 as Seq, limit: 2 })
      assert.deepEqual(around.entries.map(shown), ['5 tres', '9 pin', '10 alteration', '11 cuatro'])
      await assert.rejects(store.pages.history(beto.id, room, { side: 'before', seq: END, limit: 1 }), {
        code: 'not-a-member',
      })
    })

    test('a long run is one fold, which is read piece by piece', async () => {
      await using opened = await open()
      const { store, ana, beto, room, say, change } = await club(opened.store)
      await say(ana, 'antes')
      for (let i = 0; i < LONGEST_RUN; i++) await change(beto, i % 2 === 0 ? comes(beto) : goes(beto))
      await change(beto, comes(beto))
      await say(ana, 'después')
      const newest = { side: 'before', seq: END, limit: 2 } as const
      const { entries } = await store.pages.history(ana.id, room, newest)
      assert.deepEqual(entries.map(shown), [
        '2 antes',
        `3–${LONGEST_RUN + 3} fold`,
        `${LONGEST_RUN + 4} después`,
      ])
      const [, fold] = entries
      assert.ok(fold?.kind === 'fold')
      assert.deepEqual(fold.counts, { joined: 1, left: 1, removed: 0, erased: 0, other: 0 })
      const first = await store.pages.quiet(ana.id, room, { after: 2 as Seq, upto: fold.upto, limit: 5 })
      assert.deepEqual([first.events.length, first.upto], [5, 7])
      const rest = await store.pages.quiet(ana.id, room, { after: first.upto, upto: fold.upto, limit: 99 })
      assert.deepEqual([rest.events.length, rest.upto], [LONGEST_RUN - 4, fold.upto])
    })

    test('reactions between two messages make no fold; 10,000 changes make one', async () => {
      await using opened = await open()
      const { store, ana, beto, room, say, change } = await club(opened.store)
      await change(beto, comes(beto))
      await say(ana, 'antes')
      for (let i = 0; i <= LONGEST_RUN; i++)
        await change(beto, { kind: 'reaction', target: 3 as Seq, emoji: '👍', on: i % 2 === 0 })
      await change(ana, { kind: 'topic', text: 'redes' })
      await say(ana, 'después')
      const newest = { side: 'before', seq: END, limit: 2 } as const
      const kinds = async () =>
        (await store.pages.history(ana.id, room, newest)).entries.map(each => each.kind)
      assert.deepEqual(await kinds(), ['message', 'alteration', 'message'])
      const last = (await store.log.heads([room]))[0]?.head ?? 0
      await opened.outside(`INSERT INTO changes (id, user_id, kind, person_id, created_at, epoch_id)
        WITH RECURSIVE seqs (seq) AS (SELECT ${last} + 1 UNION ALL SELECT seq + 1 FROM seqs WHERE seq < ${last} + 10000)
        SELECT ${room} * 4294967296 + seq, ${beto.id}, 'arrival', ${beto.id}, ${NOW}, 1 FROM seqs`)
      await opened.outside(`UPDATE rooms SET last_seq = ${last} + 10000 WHERE id = ${room}`)
      await say(ana, 'al fin')
      const { entries } = await store.pages.history(ana.id, room, newest)
      assert.deepEqual(entries.map(shown), [
        `${last} después`,
        `${last + 1}–${last + 10_000} fold`,
        `${last + 10_001} al fin`,
      ])
    })
  })
}
