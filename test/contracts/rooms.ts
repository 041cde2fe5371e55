// The contract of the Store port: rooms.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  GENERAL,
  type Instant,
  type Person,
  type RoomId,
  type Seq,
  type UserId,
} from '../../src/core/model/model.ts'
import { Refusal } from '../../src/core/model/refusals.ts'
import type { Change } from '../../src/core/ports/log.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { parseQuery } from '../../src/core/search/query.ts'
import { ownSkeletons } from '../tools/skeletons.ts'
import { NOW, type Opened, register } from './store.ts'

interface Club {
  readonly store: Store
  readonly ana: Person
  readonly beto: Person
  readonly room: RoomId
}

/** ana's open room, with beto in it. */
async function club(store: Store): Promise<Club> {
  const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
  const { id: room } = await store.rooms.create(
    ana.id,
    { kind: 'open', name: 'Club', folded: 'club', ...ownSkeletons('club') },
    NOW,
  )
  await store.rooms.change(beto.id, room, { kind: 'arrival', person: beto.id }, NOW)
  return { store, ana, beto, room }
}

async function say({ store, room }: Club, { id }: Person, ...texts: string[]): Promise<void> {
  const [receipt] = await store.log.append([{ room, author: id, texts, seen: 0 as Seq }], NOW)
  assert.ok(receipt && 'seq' in receipt, JSON.stringify(receipt))
}

/** The log, as seq and kind. */
async function events({ store, room }: Club): Promise<string[]> {
  const found = await store.log.readInTurn(room, 0 as Seq, 1000)
  return found.map(({ seq, kind }) => `${seq} ${kind}`)
}

async function outcome(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    value => (value === undefined ? 'nothing' : 'done'),
    error => {
      assert.ok(error instanceof Refusal, String(error))
      return error.code
    },
  )
}

export function roomsContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract for rooms, on ${driver}`, () => {
    test('messages and changes share the seqs, in call order, and are read together', async () => {
      await using opened = await open()
      const here = await club(opened.store)
      const { store, ana, beto, room } = here
      await say(here, ana, 'a', 'b')
      const change = (who: Person, wanted: Change) => store.rooms.change(who.id, room, wanted, NOW)
      await change(beto, { kind: 'reaction', target: 3 as Seq, emoji: '👍', on: true })
      await say(here, beto, 'c')
      await change(ana, { kind: 'edit', target: 4 as Seq, text: 'B' })
      await change(ana, { kind: 'deletion', target: 3 as Seq })
      assert.deepEqual(await events(here), [
        '1 arrival',
        '2 arrival',
        '3 message',
        '4 message',
        '5 reaction',
        '6 message',
        '7 edit',
        '8 deletion',
      ])
      const read = await store.log.read(room, 2 as Seq, 7 as Seq, 3)
      assert.deepEqual(
        read.map(({ seq }) => seq),
        [3, 4, 5],
      )
      const [gone, edited] = read
      assert.ok(gone?.kind === 'message' && gone.deleted && gone.text === '')
      assert.ok(edited?.kind === 'message' && edited.edited && edited.text === 'B')
    })

    test('racing pairs: each ends as if one had come after the other', async () => {
      await using opened = await open()
      const here = await club(opened.store)
      const { store, ana, beto, room } = here
      const change = (who: Person, wanted: Change) => outcome(store.rooms.change(who.id, room, wanted, NOW))
      for (let round = 0; round < 10; round++) {
        await say(here, beto, `m${round}`)
        const target = Number((await store.log.heads([room]))[0]?.head) as Seq
        const [erased, edited] = await Promise.all([
          change(ana, { kind: 'deletion', target }),
          change(beto, { kind: 'edit', target, text: `e${round}` }),
        ])
        assert.deepEqual([erased, edited], ['done', 'no-such-message'], 'an edit behind a deletion')
        const kicked = {
          kind: 'removal',
          person: beto.id,
          how: 'kicked',
          reason: '',
          until: 0 as Instant,
        } as const
        const joined = { kind: 'arrival', person: beto.id } as const
        const draft = { room, author: beto.id, texts: ['late'], seen: 0 as Seq }
        const [out, late, back, again] = await Promise.all([
          change(ana, kicked),
          store.log.append([draft], NOW),
          change(beto, joined),
          change(beto, joined),
        ])
        assert.deepEqual([out, back, again], ['done', 'done', 'already-there'])
        assert.deepEqual(
          late.map(each => 'refused' in each && each.refused),
          ['not-a-member'],
          'a post behind a kick',
        )
      }
      const [archived, late] = await Promise.all([
        change(ana, { kind: 'archived', on: true }),
        store.log.append([{ room, author: beto.id, texts: ['late'], seen: 0 as Seq }], NOW),
      ])
      assert.deepEqual(
        [archived, late.map(each => 'refused' in each && each.refused)],
        ['done', ['archived']],
      )
      const seqs = (await store.log.readInTurn(room, 0 as Seq, 1000)).map(({ seq }) => Number(seq))
      assert.deepEqual(
        seqs,
        Array.from(seqs, (_, i) => i + 1),
        'no hole',
      )
    })

    test('one name for one room, one direct room for the same people, however many ask at once', async () => {
      await using opened = await open()
      const { store, ana, beto } = await club(opened.store)
      const tries = Array.from({ length: 5 }, () =>
        outcome(
          store.rooms.create(
            ana.id,
            { kind: 'open', name: 'Taller', folded: 'taller', ...ownSkeletons('taller') },
            NOW,
          ),
        ),
      )
      assert.deepEqual((await Promise.all(tries)).toSorted(), ['done', ...Array(4).fill('room-taken')])
      const direct = await Promise.all(
        Array.from({ length: 5 }, (_, i) =>
          store.rooms.direct(i % 2 === 0 ? [ana.id, beto.id] : [beto.id, ana.id], NOW),
        ),
      )
      assert.equal(new Set(direct.map(({ room }) => room.id)).size, 1)
      assert.equal(direct.filter(({ isNew }) => isNew).length, 1)
    })

    test('nobody outside learns of a closed room, and no seq reaches into another room', async () => {
      await using opened = await open()
      const here = await club(opened.store)
      const { store, ana, beto, room } = here
      const secret = await store.rooms.create(
        ana.id,
        { kind: 'closed', name: 'Junta', folded: 'junta', ...ownSkeletons('junta') },
        NOW,
      )
      const inside = { ...here, room: secret.id }
      await say(inside, ana, 'secreto')
      assert.equal(await store.rooms.find(beto.id, 'junta'), undefined)
      assert.ok(!(await store.rooms.others(beto.id)).some(({ id }) => id === secret.id))
      for (const wanted of [secret.id, 99 as RoomId]) {
        const change = (what: Change) => outcome(store.rooms.change(beto.id, wanted, what, NOW))
        assert.equal(await change({ kind: 'arrival', person: beto.id }), 'no-such-room')
        assert.equal(await change({ kind: 'deletion', target: 2 as Seq }), 'not-a-member')
        assert.equal(await change({ kind: 'muting', person: ana.id, until: NOW }), 'not-a-member')
        assert.equal(await outcome(store.rooms.members(beto.id, wanted, '', 10)), 'not-a-member')
        assert.equal(await outcome(store.rooms.among(beto.id, wanted, [ana.id])), 'not-a-member')
        assert.equal(await outcome(store.pages.pins(beto.id, wanted, 10)), 'not-a-member')
      }
      assert.equal((await store.search.find(beto.id, parseQuery('secreto', 'UTC'), 0, 10)).found.length, 0)
      assert.ok(secret.id > room)
      for (const odd of [(secret.id - room) * 2 ** 32 + 2, -1, 0, 1.5, Number.NaN, 2 ** 53]) {
        const target = odd as Seq
        const change = (what: Change) => outcome(store.rooms.change(ana.id, room, what, NOW))
        assert.equal(await change({ kind: 'deletion', target }), 'no-such-message')
        assert.equal(await change({ kind: 'edit', target, text: 'x' }), 'no-such-message')
        assert.equal(await change({ kind: 'reaction', target, emoji: '👍', on: true }), 'no-such-message')
        assert.equal(
          await outcome(store.threads.page(ana.id, room, target, { limit: 10 })),
          'no-such-message',
        )
        const reply = { room, author: ana.id, texts: ['x'], seen: 0 as Seq, reply: target }
        assert.deepEqual({ ...(await store.log.append([reply], NOW))[0] }, { refused: 'no-such-message' })
      }
      assert.deepEqual(
        (await store.pages.page(ana.id, secret.id, { side: 'before', seq: 100 as Seq, limit: 10 })).map(
          ({ text }) => text,
        ),
        ['secreto'],
      )
    })

    test('members among some people, as in the list of members', async () => {
      await using opened = await open()
      const { store, ana, beto, room } = await club(opened.store)
      const caro = await register(store, 'caro')
      const nobody = 999 as UserId
      const asked = [beto.id, caro.id, nobody, ana.id]
      assert.deepEqual(
        await store.rooms.among(ana.id, room, asked),
        await store.rooms.members(ana.id, room, '', 10),
      )
      assert.deepEqual(
        (await store.rooms.among(ana.id, GENERAL, [caro.id])).map(each => each.person.username),
        ['caro'],
      )
    })

    test('a mute outlives leaving; a ban ends when a moderator brings the person back', async () => {
      await using opened = await open()
      const here = await club(opened.store)
      const { store, ana, beto, room } = here
      const change = (who: Person, wanted: Change) => outcome(store.rooms.change(who.id, room, wanted, NOW))
      const until = (NOW + 1000) as Instant
      const gone = (how: 'left' | 'banned') =>
        ({ kind: 'removal', person: beto.id, how, reason: '', until }) as const
      await change(ana, { kind: 'muting', person: beto.id, until })
      await change(beto, gone('left'))
      assert.equal(await change(beto, { kind: 'arrival', person: beto.id }), 'done')
      const draft = { room, author: beto.id, texts: ['x'], seen: 0 as Seq }
      const [receipt] = await store.log.append([draft], NOW)
      assert.deepEqual({ ...receipt }, { refused: 'muted' })
      const [later] = await store.log.append([draft], until)
      assert.ok(later && 'seq' in later, 'it ends')
      await change(ana, gone('banned'))
      assert.equal(
        await change(beto, { kind: 'arrival', person: beto.id }),
        'done',
        'it has ended by the room’s clock',
      )
      await store.rooms.change(ana.id, room, { ...gone('banned'), until: (NOW + 1e9) as Instant }, NOW)
      assert.equal(await change(beto, { kind: 'arrival', person: beto.id }), 'banned')
      assert.equal(await change(ana, { kind: 'arrival', person: beto.id }), 'done')
    })

    test('`general` is everyone’s, and a room keeps an owner', async () => {
      await using opened = await open()
      const { store, ana, beto, room } = await club(opened.store)
      const leave = (who: Person, where: RoomId) =>
        outcome(
          store.rooms.change(
            who.id,
            where,
            { kind: 'removal', person: who.id, how: 'left', reason: '', until: 0 as Instant },
            NOW,
          ),
        )
      assert.equal(await leave(beto, GENERAL), 'everyones')
      assert.equal(await leave(ana, room), 'last-owner')
      await store.rooms.change(ana.id, room, { kind: 'appointment', person: beto.id, role: 'owner' }, NOW)
      assert.equal(await leave(ana, room), 'done')
      assert.equal(await leave(beto, room), 'done', 'the last one of all may go')
    })
  })
}
