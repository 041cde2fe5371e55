// The contract of the Store port: teams, and messages that mention them.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GENERAL, type Profile, type Seq, type UserId } from '../../src/core/model/model.ts'
import { MOST_CALLED } from '../../src/core/model/rules.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { ownSkeletons } from '../tools/skeletons.ts'
import { NOW, type Opened, register } from './store.ts'

function named(name: string) {
  return { name, folded: name.toLowerCase(), ...ownSkeletons(name.toLowerCase()) }
}

async function say(store: Store, { id: author }: Profile, text: string) {
  const [receipt] = await store.log.append([{ room: GENERAL, author, texts: [text], seen: 0 as Seq }], NOW)
  assert.ok(receipt && 'seq' in receipt)
  return receipt
}

async function mentionsOf(store: Store, { id }: Profile): Promise<number | undefined> {
  return (await store.rooms.mine(id))[0]?.mentions
}

export function teamsContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract for teams, on ${driver}`, () => {
    test('admins make and fill them; nobody else is called like one', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      await assert.rejects(store.teams.create(beto.id, named('equipo3'), NOW), { code: 'forbidden' })
      await store.rooms.create(beto.id, { kind: 'open', ...named('club') }, NOW)
      await assert.rejects(store.teams.create(beto.id, named('equipo3'), NOW), { code: 'forbidden' })
      await store.settings.change(undefined, { teams: 'moderators' }, NOW)
      await store.teams.create(beto.id, named('los-de-beto'), NOW)
      await store.teams.remove(beto.id, 'los-de-beto')
      await store.teams.create(undefined, named('Equipo3'), NOW)
      await assert.rejects(store.teams.create(undefined, named('equipo3'), NOW), { code: 'name-taken' })
      await assert.rejects(store.teams.create(undefined, named('beto'), NOW), { code: 'name-taken' })
      await assert.rejects(register(store, 'equipo3'), { code: 'name-taken' })
      const change = (add: UserId[], remove: UserId[] = []) =>
        store.teams.change(undefined, 'equipo3', { add, remove })
      assert.equal(await change([beto.id, ana.id]), true)
      assert.equal(await change([beto.id]), false)
      assert.equal(await change([], [ana.id]), true)
      assert.deepEqual(await store.teams.list(beto.id), [{ name: 'Equipo3', people: 1, mine: true }])
      assert.deepEqual(
        (await store.teams.members('equipo3', '', 10)).map(({ username }) => username),
        ['beto'],
      )
      assert.deepEqual(await store.teams.memberships(), [{ team: 'equipo3', person: beto.id }])
      await assert.rejects(store.teams.members('nada', '', 10), { code: 'no-such-team' })
      await store.teams.remove(undefined, 'equipo3')
      assert.deepEqual(await store.teams.list(beto.id), [])
      await register(store, 'equipo3')
    })

    test('a mention of one is a mention of its people who are in the room, until it is deleted', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto, caro] = [
        await register(store, 'ana'),
        await register(store, 'beto'),
        await register(store, 'caro'),
      ]
      await store.teams.create(undefined, named('equipo3'), NOW)
      await store.teams.change(undefined, 'equipo3', { add: [beto.id, ana.id], remove: [] })
      const posted = await say(store, ana, 'hola @Equipo3 y @beto, `@equipo3`')
      assert.deepEqual([...(posted.teams ?? [])], [[0, ['equipo3']]])
      assert.deepEqual([await mentionsOf(store, beto), await mentionsOf(store, caro)], [1, 0])
      const read = async () =>
        (await store.pages.page(caro.id, GENERAL, { side: 'before', seq: 9 as Seq, limit: 9 }))[0]?.teams
      assert.deepEqual(await read(), ['equipo3'])
      await store.rooms.change(ana.id, GENERAL, { kind: 'edit', target: 1 as Seq, text: 'hola' }, NOW)
      assert.equal(await mentionsOf(store, beto), 0)
      await say(store, ana, 'ahora sí, @equipo3')
      await store.teams.remove(undefined, 'equipo3')
      const [, again] = await store.pages.page(caro.id, GENERAL, { side: 'before', seq: 9 as Seq, limit: 9 })
      assert.deepEqual([again?.text, again?.teams], ['ahora sí, @equipo3', undefined])
    })

    test('a large team is called by those who may call everyone', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')] // ana owns the server
      const people: UserId[] = [beto.id]
      for (let i = 0; i < MOST_CALLED; i++) people.push((await register(store, `p${i}`)).id)
      await store.teams.create(undefined, named('todas-nosotras'), NOW)
      await store.teams.change(undefined, 'todas-nosotras', { add: people, remove: [] })
      assert.equal((await say(store, beto, '@todas-nosotras')).teams, undefined)
      assert.equal(await mentionsOf(store, ana), 0)
      assert.equal((await say(store, ana, '@todas-nosotras')).teams?.size, 1)
      assert.equal(await mentionsOf(store, beto), 1)
    })
  })
}
