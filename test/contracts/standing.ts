// The contract of the Store port: why somebody may not write in a room, and who may not come in.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Instant, Person } from '../../src/core/model/model.ts'
import type { Change } from '../../src/core/ports/log.ts'
import { ownSkeletons } from '../tools/skeletons.ts'
import { NOW, type Opened, register } from './store.ts'

const later = (ms: number) => (NOW + ms) as Instant

export function standingContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract for standings and bans, on ${driver}`, () => {
    test('it is said why somebody may not write, and until when', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const { id: room } = await store.rooms.create(
        ana.id,
        { kind: 'open', name: 'Club', folded: 'club', ...ownSkeletons('club') },
        NOW,
      )
      const change = (who: Person, wanted: Change) => store.rooms.change(who.id, room, wanted, NOW)
      const standing = async ({ id }: Person) => {
        const { at, ...found } = await store.rooms.standing(id, room, NOW)
        assert.equal(at, NOW)
        return found
      }
      await assert.rejects(standing(beto), { code: 'not-a-member' })
      await change(beto, { kind: 'arrival', person: beto.id })
      assert.deepEqual(await standing(beto), { slow: 0 })
      await change(ana, { kind: 'slow', seconds: 30 })
      await store.log.append([{ room, author: beto.id, texts: ['uno'], seen: 0 as never }], NOW)
      assert.deepEqual(await standing(beto), { slow: 30, next: later(30_000) })
      assert.deepEqual(await standing(ana), { slow: 0 })
      await change(ana, { kind: 'slow', seconds: 0 })
      await change(ana, { kind: 'mask', list: 'mute', mask: 'bet*', on: true })
      assert.deepEqual(await standing(beto), { slow: 0, why: 'muted-name' })
      await change(ana, { kind: 'mask', list: 'ban', mask: 'b*', on: true })
      assert.deepEqual(await standing(beto), { slow: 0, why: 'banned-name' })
      await change(ana, { kind: 'muting', person: beto.id, until: later(60_000), reason: 'ruido' })
      assert.deepEqual(await standing(beto), { slow: 0, why: 'muted', until: later(60_000) })
      await change(ana, { kind: 'muting', person: beto.id, until: Number.MAX_SAFE_INTEGER as Instant })
      assert.deepEqual(await standing(beto), { slow: 0, why: 'muted' })
      await change(ana, { kind: 'archived', on: true })
      assert.deepEqual(await standing(ana), { slow: 0, why: 'archived' })
    })

    test('a direct room is closed to whoever has blocked everybody else in it', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const { room } = await store.rooms.direct([ana.id, beto.id], NOW)
      await store.people.block(ana.id, beto.id, true)
      assert.equal((await store.rooms.standing(ana.id, room.id, NOW)).why, 'blocked')
      assert.equal((await store.rooms.standing(beto.id, room.id, NOW)).why, undefined)
    })

    test('moderators see who is banned, until when, by whom and why; lifting is done once', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const { id: room } = await store.rooms.create(
        ana.id,
        { kind: 'open', name: 'Club', folded: 'club', ...ownSkeletons('club') },
        NOW,
      )
      await store.rooms.change(beto.id, room, { kind: 'arrival', person: beto.id }, NOW)
      await assert.rejects(store.rooms.bans(beto.id, room, NOW, 10), { code: 'forbidden' })
      const until = later(60_000)
      const ban = { kind: 'removal', person: beto.id, how: 'banned', reason: 'ruido', until } as const
      await store.rooms.change(ana.id, room, ban, NOW)
      const [found, ...others] = await store.rooms.bans(ana.id, room, NOW, 10)
      assert.equal(others.length, 0)
      assert.deepEqual(
        { ...found, person: found?.person.username },
        { person: 'beto', until, by: 'ana', at: NOW, reason: 'ruido' },
      )
      const kick = { ...ban, how: 'kicked' } as const
      await assert.rejects(store.rooms.change(ana.id, room, kick, NOW), { code: 'not-there' })
      const lift = { kind: 'mask', list: 'ban', mask: 'beto', on: false } as const
      assert.ok(await store.rooms.change(ana.id, room, lift, NOW))
      assert.equal(await store.rooms.change(ana.id, room, lift, NOW), undefined)
      assert.deepEqual(await store.rooms.bans(ana.id, room, NOW, 10), [])
    })
  })
}
