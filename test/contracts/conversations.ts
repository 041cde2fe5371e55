// The contract of the Store port: conversations, of two and of more.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Instant, Profile, RoomId, Seq } from '../../src/core/model/model.ts'
import type { Change, Draft } from '../../src/core/ports/log.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { parseQuery } from '../../src/core/search/query.ts'
import { NOW, type Opened, register } from './store.ts'

async function say(
  store: Store,
  author: Profile,
  room: RoomId,
  text: string,
  more: Partial<Draft> = {},
): Promise<Seq | string> {
  const draft = { room, author: author.id, texts: [text], seen: 0 as Seq, ...more }
  const [receipt] = await store.log.append([draft], NOW)
  return receipt && 'seq' in receipt ? receipt.seq : (receipt?.refused ?? '')
}

function make(store: Store, by: Profile, room: RoomId, change: Change) {
  return store.rooms.change(by.id, room, change, NOW)
}

const left = (person: Profile) =>
  ({ kind: 'removal', how: 'left', person: person.id, reason: '', until: 0 as Instant }) as const

async function titles(store: Store, { id }: Profile): Promise<readonly string[]> {
  const mine = await store.rooms.mine(id)
  return mine.filter(({ kind }) => kind === 'direct').map(({ name, group }) => (group ? `${name}*` : name))
}

async function four(store: Store) {
  return [
    await register(store, 'ana'),
    await register(store, 'beto'),
    await register(store, 'caro'),
    await register(store, 'dora'),
  ] as const
}

export function conversationsContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract for conversations, on ${driver}`, () => {
    test('a group that was left or extended is found by no set of people; a conversation of two stays', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto, caro, dora] = await four(store)
      const begin = async (...people: Profile[]) =>
        (
          await store.rooms.direct(
            people.map(({ id }) => id),
            NOW,
          )
        ).room.id
      const pair = await begin(ana, beto)
      await assert.rejects(make(store, ana, pair, left(ana)), { code: 'forbidden' })
      await assert.rejects(make(store, ana, pair, { kind: 'arrival', person: caro.id }), {
        code: 'forbidden',
      })
      await assert.rejects(make(store, ana, pair, { kind: 'title', text: 'x' }), { code: 'forbidden' })
      const three = await begin(ana, beto, caro)
      assert.equal(await begin(caro, beto, ana), three)
      await make(store, ana, three, { kind: 'arrival', person: dora.id })
      const again = await begin(ana, beto, caro)
      assert.notEqual(again, three, 'the extended one is no longer theirs')
      assert.notEqual(await begin(ana, beto, caro, dora), three, 'nor does it merge with that of four')
      assert.equal(await begin(ana, beto), pair)
      await make(store, beto, again, left(beto))
      await assert.rejects(make(store, beto, again, { kind: 'arrival', person: beto.id }), {
        code: 'no-such-room',
      })
      const third = await begin(beto, ana, caro)
      assert.ok(third !== again && third !== three)
      await make(store, ana, again, { kind: 'arrival', person: beto.id })
      await assert.rejects(make(store, dora, again, { kind: 'arrival', person: dora.id }), {
        code: 'no-such-room',
      })
      await make(store, caro, again, left(caro))
      await make(store, ana, again, left(ana))
      assert.ok((await titles(store, beto)).includes('beto*') || (await titles(store, beto)).includes('*'))
    })

    test('a group has a name, or the names of those in it; a hidden one comes back with the next message', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto, caro] = await four(store)
      const { room } = await store.rooms.direct([ana.id, beto.id, caro.id], NOW)
      assert.deepEqual(await titles(store, beto), ['ana, caro*'])
      const named = await make(store, beto, room.id, { kind: 'title', text: 'Proyecto, fase 2' })
      assert.ok(named?.kind === 'alteration' && named.what === 'title' && named.value === 'Proyecto, fase 2')
      assert.deepEqual(await titles(store, ana), ['Proyecto, fase 2*'])
      await make(store, ana, room.id, { kind: 'title', text: '' })
      await make(store, caro, room.id, left(caro))
      assert.deepEqual(await titles(store, ana), ['beto*'])
      assert.ok(await store.rooms.hide(ana.id, room.id, true))
      assert.deepEqual([await titles(store, ana), await titles(store, beto)], [[], ['ana*']])
      await make(store, beto, room.id, { kind: 'title', text: 'x' })
      assert.deepEqual(await titles(store, ana), [], 'nothing was said')
      await say(store, beto, room.id, 'hola')
      assert.deepEqual(await titles(store, ana), ['x*'])
    })

    test('whoever is added reads from then on, in pages, pins, threads, files, search and events', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto, caro, dora] = await four(store)
      const { room } = await store.rooms.direct([ana.id, beto.id, caro.id], NOW)
      const secret = (await say(store, ana, room.id, 'secreto')) as Seq
      await make(store, ana, room.id, { kind: 'pin', target: secret, on: true })
      const came = await make(store, ana, room.id, { kind: 'arrival', person: dora.id })
      const after = (await say(store, beto, room.id, 'respuesta', { reply: secret })) as Seq
      await make(store, ana, room.id, { kind: 'edit', target: secret, text: 'secreto dos' })
      const { pages } = store
      const textsOf = (messages: readonly { readonly text: string }[]) => messages.map(({ text }) => text)
      for (const side of ['before', 'after', 'around'] as const) {
        const seq = (side === 'before' ? 99 : side === 'after' ? 0 : secret) as Seq
        assert.deepEqual(textsOf(await pages.page(dora.id, room.id, { side, seq, limit: 9 })), ['respuesta'])
      }
      assert.deepEqual(
        textsOf(await pages.page(dora.id, room.id, { side: 'at', at: 0 as Instant, limit: 9 })),
        ['respuesta'],
      )
      assert.deepEqual(textsOf(await pages.pins(dora.id, room.id, 9)), [])
      assert.deepEqual(textsOf(await pages.pins(beto.id, room.id, 9)), ['secreto dos'])
      const span = { after: 0 as Seq, upto: 99 as Seq, limit: 99 }
      const events = await pages.events(dora.id, room.id, span)
      assert.deepEqual(
        events.map(({ kind }) => kind),
        ['message'],
        'nor what is done later to what was said before',
      )
      assert.equal(await pages.count(dora.id, room.id, span), 1)
      const { entries } = await pages.history(dora.id, room.id, { side: 'before', seq: 99 as Seq, limit: 9 })
      assert.deepEqual(
        entries.map(({ kind }) => kind),
        ['message'],
      )
      const find = async (who: Profile) =>
        textsOf(
          (await store.search.find(who.id, parseQuery('secreto', 'UTC'), 0, 9)).found.map(
            each => each.message,
          ),
        )
      assert.deepEqual([await find(dora), await find(beto)], [[], ['secreto dos']])
      const cursor = { room: room.id, epoch: '', seq: 0 as Seq }
      const [caught] = (await pages.catchUp(dora.id, [cursor], 99)).rooms.filter(
        each => each.room.id === room.id,
      )
      assert.equal(caught?.events, 'reset')
      const [resumed] = (await store.rooms.resume(dora.id, [cursor], 99)).filter(
        each => each.room.id === room.id,
      )
      assert.equal(resumed?.after, undefined)
      assert.equal(await say(store, dora, room.id, 'sí', { reply: secret }), 'no-such-message')
      const reaction = { kind: 'reaction', target: secret, emoji: '👍', on: true } as const
      await assert.rejects(make(store, dora, room.id, reaction), { code: 'no-such-message' })
      await assert.rejects(store.keeping.save(dora.id, room.id, secret, NOW), { code: 'no-such-message' })
      assert.ok((came?.seq ?? 0) < after)
      assert.deepEqual(
        textsOf(await pages.page(beto.id, room.id, { side: 'after', seq: 0 as Seq, limit: 9 })),
        ['secreto dos', 'respuesta'],
      )
    })
  })
}
