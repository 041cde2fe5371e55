// The contract of the Store port: invitations of one person into one room.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Instant, Profile, RoomId, RoomKind } from '../../src/core/model/model.ts'
import { Refusal } from '../../src/core/model/refusals.ts'
import type { Change } from '../../src/core/ports/log.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { ownSkeletons } from '../tools/skeletons.ts'
import { NOW, type Opened, register } from './store.ts'

async function outcome(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    value => (value === undefined || value === false ? 'nothing' : 'done'),
    error => {
      assert.ok(error instanceof Refusal, String(error))
      return error.code
    },
  )
}

/** beto's room; caro is a member of it, dora and eva are not. ana owns the server. */
async function scene(store: Store, kind: Exclude<RoomKind, 'direct'>) {
  const ana = await register(store, 'ana')
  const [beto, caro] = [await register(store, 'beto'), await register(store, 'caro')]
  const [dora, eva] = [await register(store, 'dora'), await register(store, 'eva')]
  const { id: room } = await store.rooms.create(
    beto.id,
    { kind, name: 'Club', folded: 'club', ...ownSkeletons('club') },
    NOW,
  )
  const change = (who: Profile, wanted: Change) => outcome(store.rooms.change(who.id, room, wanted, NOW))
  assert.equal(await change(beto, { kind: 'arrival', person: caro.id }), 'done')
  return {
    ...{ ana, beto, caro, dora, eva, room, change },
    ask: (by: Profile, whom: Profile) => outcome(store.rooms.invite(by.id, room, whom.id, NOW)),
    join: (who: Profile) => change(who, { kind: 'arrival', person: who.id, key: '' }),
    leave: (who: Profile) =>
      change(who, { kind: 'removal', person: who.id, how: 'left', reason: '', until: NOW }),
    asked: async (who: Profile) =>
      (await store.rooms.invitations(who.id)).map(each => [each.room.id, each.by.username] as const),
  }
}

export function roomInvitationsContract(driver: string, open: () => Promise<Opened>): void {
  describe(`${driver}: invitations into rooms`, () => {
    test('moderators invite into a closed room: for one entry, and the room is visible until then', async () => {
      await using opened = await open()
      const { store } = opened
      const { beto, caro, dora, room, ask, join, leave, asked } = await scene(store, 'closed')
      assert.equal(await join(dora), 'no-such-room')
      assert.equal(await ask(caro, dora), 'forbidden')
      assert.equal(await ask(dora, dora), 'not-a-member')
      assert.equal(await ask(beto, caro), 'already-there')
      assert.equal(await store.rooms.find(dora.id, 'club'), undefined)
      assert.equal(await ask(beto, dora), 'done')
      assert.equal(await ask(beto, dora), 'nothing', 'once is enough')
      assert.deepEqual(await asked(dora), [[room, 'beto']])
      assert.deepEqual(await asked(caro), [])
      assert.equal((await store.rooms.find(dora.id, 'club'))?.id, room)
      assert.equal(await join(dora), 'done')
      assert.deepEqual(await asked(dora), [])
      assert.equal(await leave(dora), 'done')
      assert.equal(await join(dora), 'no-such-room', 'it was for one entry')
    })

    test('an invitation is worth what its inviter may: nothing once they have left, or lost their rank', async () => {
      await using opened = await open()
      const { store } = opened
      const { beto, caro, dora, eva, change, ask, join, leave, asked } = await scene(store, 'closed')
      await change(beto, { kind: 'appointment', person: caro.id, role: 'moderator' })
      assert.equal(await ask(caro, dora), 'done')
      assert.equal(await ask(caro, eva), 'done')
      await change(beto, { kind: 'appointment', person: caro.id, role: 'member' })
      assert.equal(await join(dora), 'no-such-room')
      assert.deepEqual(await asked(dora), [])
      await change(beto, { kind: 'appointment', person: caro.id, role: 'moderator' })
      assert.equal(await leave(caro), 'done')
      assert.equal(await join(eva), 'no-such-room')
      assert.deepEqual(await asked(eva), [])
      assert.equal(await ask(beto, eva), 'done', 'another may ask instead')
      assert.equal(await join(eva), 'done')
    })

    test('a moderator’s invitation overrides bans, key and limit, a member’s only the key; a later ban ends it', async () => {
      await using opened = await open()
      const { store } = opened
      const { beto, caro, dora, eva, change, ask, join, asked } = await scene(store, 'open')
      const ban = (whom: Profile) =>
        change(beto, {
          kind: 'removal',
          person: whom.id,
          how: 'banned',
          reason: '',
          until: (NOW + 1e6) as Instant,
        })
      await change(beto, { kind: 'key', key: 'llave' })
      assert.equal(await join(eva), 'wrong-key')
      assert.equal(await ask(caro, eva), 'done')
      await change(beto, { kind: 'limit', people: 2 })
      assert.equal(await join(eva), 'room-full')
      await change(beto, { kind: 'limit', people: 0 })
      assert.equal(await join(eva), 'done')
      assert.equal(await ban(dora), 'done')
      assert.equal(await ask(caro, dora), 'banned')
      await change(beto, { kind: 'limit', people: 1 })
      assert.equal(await ask(beto, dora), 'done')
      assert.equal(await ask(caro, eva), 'already-there')
      assert.equal(await join(dora), 'done')
      assert.equal(await ban(dora), 'done')
      assert.equal(await ask(beto, dora), 'done')
      assert.equal(await ban(dora), 'done')
      assert.deepEqual(await asked(dora), [])
      assert.equal(await join(dora), 'banned')
    })

    test('a later ban by a mask ends the invitations of those whom it matches, and of nobody else', async () => {
      await using opened = await open()
      const { store } = opened
      const { ana, beto, caro, dora, eva, change, ask, join, asked } = await scene(store, 'closed')
      const ban = (mask: string) => change(beto, { kind: 'mask', list: 'ban', mask, on: true })
      assert.equal(await ban('d*'), 'done')
      for (const whom of [ana, dora, eva])
        assert.equal(await ask(beto, whom), 'done', 'also of who is banned')
      await change(beto, { kind: 'mask', list: 'mute', mask: '*', on: true })
      assert.equal(await ban('c*'), 'done')
      assert.equal((await asked(dora)).length, 1, 'neither is a later ban')
      assert.equal(await ban('d*'), 'nothing')
      assert.equal((await asked(dora)).length, 1, 'it was there when they were asked')
      await change(beto, { kind: 'mask', list: 'exception', mask: 'eva', on: true })
      assert.equal(await ban('*'), 'done')
      assert.deepEqual(await asked(dora), [])
      assert.equal(await join(dora), 'no-such-room')
      assert.equal((await asked(eva)).length, 1, 'she is excepted')
      assert.equal((await asked(ana)).length, 1, 'no mask holds who runs the server')
      assert.equal(await ask(beto, dora), 'done', 'who asks again knows of it')
      assert.equal(await join(dora), 'done')
      assert.equal(await ask(beto, caro), 'already-there')
    })

    test('a blocked person invites in vain and is not told so; archived rooms invite nobody; one can decline', async () => {
      await using opened = await open()
      const { store } = opened
      const { beto, caro, dora, eva, room, change, ask, asked } = await scene(store, 'open')
      await store.people.block(dora.id, caro.id, true)
      assert.equal(await ask(caro, dora), 'nothing')
      assert.deepEqual(await asked(dora), [])
      assert.equal(await ask(caro, eva), 'done')
      await store.people.block(eva.id, caro.id, true)
      assert.deepEqual(await asked(eva), [], 'who is blocked later, too')
      assert.equal(await ask(beto, dora), 'done')
      assert.equal(await outcome(store.rooms.decline(dora.id, room)), 'done')
      assert.equal(await outcome(store.rooms.decline(dora.id, room)), 'nothing')
      assert.deepEqual(await asked(dora), [])
      assert.equal(await ask(beto, dora), 'done', 'they may be asked again')
      await change(beto, { kind: 'archived', on: true })
      assert.deepEqual(await asked(dora), [])
      assert.equal(await ask(beto, eva), 'archived')
    })

    test('blocked people bring one nowhere, unless they are admins', async () => {
      await using opened = await open()
      const { store } = opened
      const { ana, caro, dora, eva, change, join } = await scene(store, 'open')
      for (const host of [ana, caro]) await store.people.block(dora.id, host.id, true)
      const bring = (by: Profile, whom: Profile) => change(by, { kind: 'arrival', person: whom.id })
      assert.equal(await bring(caro, dora), 'forbidden')
      assert.equal(await bring(caro, eva), 'done', 'others they do')
      assert.equal(await join(ana), 'done')
      assert.equal(await bring(ana, dora), 'done')
    })

    test('a person’s invitations are bounded: the oldest of the most frequent inviter makes room', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto, caro] = [
        await register(store, 'ana'),
        await register(store, 'beto'),
        await register(store, 'caro'),
      ]
      let asks = 0
      const ask = async (by: Profile) => {
        const name = `sala${asks}`
        const wanted = { kind: 'open', name, folded: name, ...ownSkeletons(name) } as const
        const { id } = await store.rooms.create(by.id, wanted, NOW)
        await store.rooms.invite(by.id, id, beto.id, (NOW + asks++) as Instant)
        return id
      }
      const asked = async () => (await store.rooms.invitations(beto.id)).map(({ room }) => room.id)
      const [first, second] = [await ask(caro), await ask(caro)]
      const rooms: RoomId[] = []
      for (let i = 0; i < 102; i++) rooms.unshift(await ask(ana))
      assert.deepEqual(await asked(), [...rooms.slice(0, 98), second, first], 'caro’s stay')
      const third = await ask(caro)
      assert.deepEqual(await asked(), [third, ...rooms.slice(0, 97), second, first])
    })
  })
}
