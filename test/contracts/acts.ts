// The contract of the Store port: the moderation log.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Act } from '../../src/core/model/acts.ts'
import type { Instant, Person, RoomId, Seq, UserId } from '../../src/core/model/model.ts'
import type { Change } from '../../src/core/ports/log.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { ownSkeletons } from '../tools/skeletons.ts'
import { NOW, type Opened, register } from './store.ts'

/** ana: removal → beto @Club */
function shown(act: Act): string {
  const by = act.by ? `${act.by.username}${act.by.gone ? ' (gone)' : ''}` : 'operator'
  const whom = act.person ? ` → ${act.person.username}${act.person.gone ? ' (gone)' : ''}` : ''
  if ('event' in act) return `${by}: ${act.event.kind}${whom} @${act.room.name}`
  const { kind, value, detail } = act.act
  return `${by}: ${[kind, value, detail].filter(part => part !== '').join(' ')}${whom}`
}

async function listed(
  store: Store,
  { id }: Person,
  {
    room,
    person,
    before,
    limit = 50,
  }: { room?: RoomId; person?: UserId; before?: number; limit?: number } = {},
): Promise<{ shown: string[]; next: number | undefined }> {
  const { acts, next } = await store.acts.list(id, { room, person, before, limit })
  return { shown: acts.map(shown), next }
}

export function actsContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract for the moderation log, on ${driver}`, () => {
    test('it tells what was done in rooms and to accounts, without what was said', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto, caro] = [
        await register(store, 'ana'),
        await register(store, 'beto'),
        await register(store, 'caro'),
      ]
      const { id: room } = await store.rooms.create(
        beto.id,
        { kind: 'open', name: 'Club', folded: 'club', ...ownSkeletons('club') },
        NOW,
      )
      const change = (who: Person, wanted: Change) => store.rooms.change(who.id, room, wanted, NOW)
      await change(caro, { kind: 'arrival', person: caro.id })
      await store.log.append([{ room, author: caro.id, texts: ['ruido', 'más'], seen: 0 as Seq }], NOW)
      await change(caro, { kind: 'deletion', target: 4 as Seq })
      await change(beto, { kind: 'deletion', target: 3 as Seq })
      await change(beto, { kind: 'key', key: 'sésamo' })
      await change(beto, { kind: 'muting', person: caro.id, until: (NOW + 1) as Instant })
      const ban = { kind: 'removal', person: caro.id, how: 'banned', reason: 'ruido', until: NOW } as const
      await change(beto, ban)
      await store.people.setRole(ana.id, 'beto', 'admin', NOW)
      await store.people.setRole(ana.id, 'beto', 'admin', NOW)
      await store.people.setRole(ana.id, 'beto', 'member', NOW)
      await store.people.disable(undefined, 'caro', true, NOW)
      const inRoom = ['beto: removal → caro @Club', 'beto: muting → caro @Club', 'beto: alteration @Club']
      const onServer = [
        'operator: disabled → caro',
        'ana: role member admin → beto',
        'ana: role admin member → beto',
      ]
      const deletion = 'beto: deletion → caro @Club'
      assert.deepEqual((await listed(store, ana)).shown, [...onServer, ...inRoom, deletion])
      assert.deepEqual((await listed(store, beto, { room })).shown, [...inRoom, deletion])
      assert.deepEqual((await listed(store, ana, { person: caro.id })).shown, [
        'operator: disabled → caro',
        ...inRoom.slice(0, 2),
        deletion,
      ])
      assert.ok(
        !JSON.stringify(
          await store.acts.list(ana.id, { room, person: undefined, before: undefined, limit: 9 }),
        ).includes('sésamo'),
      )
      const first = await listed(store, ana, { limit: 4 })
      assert.deepEqual(first.shown, [...onServer, inRoom[0]])
      const rest = await listed(store, ana, {
        limit: 4,
        ...(first.next !== undefined && { before: first.next }),
      })
      assert.deepEqual([rest.shown, rest.next], [[...inRoom.slice(1), deletion], undefined])
    })

    test('it is for those who moderate, and outlives the people that it names', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const { id: room } = await store.rooms.create(
        ana.id,
        { kind: 'open', name: 'Club', folded: 'club', ...ownSkeletons('club') },
        NOW,
      )
      await assert.rejects(listed(store, beto), { code: 'forbidden' })
      await assert.rejects(listed(store, beto, { room }), { code: 'not-a-member' })
      const guest = await store.people.welcomeGuest({
        ...{ name: 'Eva', username: 'eva', folded: 'eva', at: NOW },
        ...ownSkeletons('eva'),
      })
      for (const each of [beto, guest])
        await store.rooms.change(each.id, room, { kind: 'arrival', person: each.id }, NOW)
      await assert.rejects(listed(store, beto, { room }), { code: 'forbidden' })
      await store.rooms.change(ana.id, room, { kind: 'muting', person: guest.id, until: NOW }, NOW)
      await store.people.letGuestGo(guest.id)
      assert.deepEqual((await listed(store, ana)).shown, ['ana: muting → eva (gone) @Club'])
      await store.rooms.change(ana.id, room, { kind: 'appointment', person: beto.id, role: 'moderator' }, NOW)
      assert.equal((await listed(store, beto, { room })).shown.length, 2)
    })
  })
}
