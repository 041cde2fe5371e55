// The contract of the Store port: reports of messages.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GENERAL, type Instant, type Profile, type RoomId, type Seq } from '../../src/core/model/model.ts'
import { Refusal } from '../../src/core/model/refusals.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { NOW, type Opened, register } from './store.ts'

const HOUR_MS = 3_600_000

export function reportsContract(driver: string, open: () => Promise<Opened>): void {
  describe(`reports, on ${driver}`, () => {
    /** ana owns the server, beto the club, where caro and dora are too; eva is in general alone. */
    async function scene(store: Store) {
      const people: Profile[] = []
      for (const name of ['ana', 'beto', 'caro', 'dora', 'eva']) people.push(await register(store, name))
      const [ana, beto, caro, dora, eva] = people as [Profile, Profile, Profile, Profile, Profile]
      const names = { name: 'club', folded: 'club', skeleton: 'club', written: 'club', shown: 'club' }
      const { id: club } = await store.rooms.create(beto.id, { kind: 'open', ...names }, NOW)
      for (const { id } of [caro, dora])
        await store.rooms.change(beto.id, club, { kind: 'arrival', person: id }, NOW)
      return { ana, beto, caro, dora, eva, club }
    }

    const say = async (store: Store, who: Profile, room: RoomId, ...texts: string[]) => {
      const [receipt] = await store.log.append([{ room, author: who.id, texts, seen: 0 as Seq }], NOW)
      return receipt && 'seq' in receipt ? receipt.seq : assert.fail('not stored')
    }
    const file = (store: Store, who: Profile, room: RoomId, seq: number, at = NOW) =>
      store.reports.file(who.id, room, { seq: seq as Seq, reason: 'insulta', at }).then(
        people => people.map(Number),
        error => (error instanceof Refusal ? error.code : assert.fail(String(error))),
      )
    const listed = async (store: Store, who: Profile, isOpen = true) =>
      (await store.reports.list(who.id, { open: isOpen, before: undefined, limit: 50 })).reports
    const close = (store: Store, who: Profile, id: number) =>
      store.reports.close(who.id, id, { note: 'hablado', at: NOW }).then(
        ({ reporters }) => reporters.map(Number),
        error => (error instanceof Refusal ? error.code : assert.fail(String(error))),
      )

    test('they keep what was said, with its surroundings, for moderators and admins alone', async () => {
      await using opened = await open()
      const { store } = opened
      const { ana, beto, caro, dora, eva, club } = await scene(store)
      const first = await say(store, caro, club, 'a', 'b', 'c', 'd', 'malo', 'e', 'f', 'g', 'h')
      const bad = first + 4
      assert.deepEqual(await file(store, dora, club, bad), [ana.id, beto.id])
      assert.equal(await file(store, dora, club, bad), 'already-reported')
      assert.equal(await file(store, caro, club, bad), 'oneself')
      assert.equal(await file(store, eva, club, bad), 'not-a-member')
      assert.equal(await file(store, dora, club, 77), 'no-such-message')
      await store.rooms.change(caro.id, club, { kind: 'deletion', target: bad as Seq }, NOW)
      assert.equal(await file(store, beto, club, bad), 'no-such-message', 'it was deleted meanwhile')
      for (const who of [ana, beto]) {
        const [report] = await listed(store, who)
        assert.equal(report?.messages.map(({ text }) => text).join(''), 'bcdmaloefg')
        assert.deepEqual([report.seq, report.by.username, report.author.username], [bad, 'dora', 'caro'])
        assert.deepEqual([report.reason, report.room.name, report.deleted], ['insulta', 'club', true])
        assert.equal((await store.reports.news(who.id)).open, 1)
      }
      for (const who of [caro, dora, eva]) assert.deepEqual(await listed(store, who), [])
      const [{ id } = assert.fail()] = await listed(store, ana)
      assert.equal(await close(store, dora, id), 'no-such-report')
      assert.deepEqual(await close(store, beto, id), [dora.id])
      assert.equal(await close(store, ana, id), 'no-such-report', 'it is closed')
      const [closed] = await listed(store, ana, false)
      assert.deepEqual(
        [closed?.messages, closed?.closed?.note, closed?.closed?.by.username],
        [[], 'hablado', 'beto'],
      )
      const { reviewed } = await store.reports.news(dora.id)
      assert.deepEqual(
        reviewed.map(each => [each.room, each.seq]),
        [[club, bad]],
      )
      await store.reports.told(dora.id)
      assert.deepEqual((await store.reports.news(dora.id)).reviewed, [])
    })

    test('in direct rooms admins see them; of a moderator, whoever was not reported', async () => {
      await using opened = await open()
      const { store } = opened
      const { ana, beto, caro, dora, club } = await scene(store)
      const pair = (await store.rooms.direct([caro.id, dora.id], NOW)).room.id
      const seq = await say(store, caro, pair, 'feo')
      assert.deepEqual(await file(store, dora, pair, seq), [ana.id])
      assert.deepEqual(await listed(store, beto), [])
      assert.equal((await listed(store, ana))[0]?.room.name, '')
      const ours = await say(store, beto, club, 'mando yo')
      assert.deepEqual(await file(store, dora, club, ours), [ana.id], 'its author does not learn of it')
      await store.people.disable(ana.id, 'dora', true, NOW)
      assert.equal((await listed(store, ana))[0]?.by.username, 'dora', 'what somebody said who is gone stays')
      assert.equal(await file(store, dora, club, ours), 'not-a-member')
    })

    test('ten an hour; a thousand are read in pages; rows of another program cost themselves alone', async () => {
      await using opened = await open()
      const { store } = opened
      const { ana, caro, dora, club } = await scene(store)
      const first = await say(store, caro, club, ...Array.from({ length: 12 }, (_, i) => `${i}`))
      for (let i = 0; i < 10; i++) assert.equal(typeof (await file(store, dora, club, first + i)), 'object')
      assert.equal(await file(store, dora, club, first + 10), 'too-many-reports')
      if (driver === 'SQLite')
        assert.equal(
          typeof (await file(store, dora, club, first + 10, (NOW + HOUR_MS + 1) as Instant)),
          'object',
        )
      const many = Array.from(
        { length: 1000 },
        (_, i) => `(${GENERAL * 2 ** 32 + i + 1}, ${caro.id}, ${dora.id}, '', '{', 7)`,
      )
      await opened.outside(
        `INSERT INTO reports (message_id, author_id, user_id, reason, context, created_at) VALUES ${many.join()}`,
      )
      const found = await store.reports.list(ana.id, { open: true, before: undefined, limit: 50 })
      assert.deepEqual([found.reports.length, found.reports[0]?.messages], [50, []])
      const next = await store.reports.list(ana.id, { open: true, before: found.next, limit: 50 })
      assert.ok((next.reports[0]?.id ?? 0) < (found.next ?? 0))
      assert.equal((await store.reports.news(ana.id)).open, 100)
    })
  })
}
