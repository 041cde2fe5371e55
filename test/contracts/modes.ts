// The contract of the Store port: ranks, lists of masks and settings of rooms.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  GENERAL,
  type Instant,
  type LogEvent,
  type MaskList,
  type Profile,
  type RoomId,
  type RoomRole,
  type Seq,
} from '../../src/core/model/model.ts'
import { Refusal } from '../../src/core/model/refusals.ts'
import type { Change } from '../../src/core/ports/log.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { ownSkeletons } from '../tools/skeletons.ts'
import { NOW, type Opened, register } from './store.ts'

interface Club {
  readonly store: Store
  readonly ana: Profile
  readonly beto: Profile
  readonly caro: Profile
  readonly room: RoomId
}

/** beto's open room, with him alone in it. ana owns the server. */
async function club(store: Store): Promise<Club> {
  const [ana, beto, caro] = [
    await register(store, 'ana'),
    await register(store, 'beto'),
    await register(store, 'caro'),
  ]
  const wanted = { kind: 'open', name: 'Club', folded: 'club', ...ownSkeletons('club') } as const
  const { id: room } = await store.rooms.create(beto.id, wanted, NOW)
  return { store, ana, beto, caro, room }
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

function change({ store, room }: Club, { id }: Profile, wanted: Change): Promise<string> {
  return outcome(store.rooms.change(id, room, wanted, NOW))
}

function join(here: Club, who: Profile, key = ''): Promise<string> {
  return change(here, who, { kind: 'arrival', person: who.id, key })
}

function masking(list: MaskList, mask: string, on = true): Change {
  return { kind: 'mask', list, mask, on }
}

async function post({ store, room }: Club, { id }: Profile): Promise<string> {
  const [receipt] = await store.log.append([{ room, author: id, texts: ['x'], seen: 0 as Seq }], NOW)
  return receipt && 'refused' in receipt ? receipt.refused : 'done'
}

async function events({ store, room }: Club): Promise<readonly LogEvent[]> {
  return store.log.readInTurn(room, 0 as Seq, 1000)
}

export function modesContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract for modes, on ${driver}`, () => {
    test('changes come out of the log as they went in, and last', async () => {
      await using opened = await open()
      const here = await club(opened.store)
      const { beto, caro, room } = here
      await join(here, caro)
      for (const role of ['moderator', 'helper', 'speaker', 'member'] as const)
        await change(here, beto, { kind: 'appointment', person: caro.id, role })
      for (const wanted of [
        { kind: 'key', key: 'Sésamo' },
        { kind: 'limit', people: 30 },
        { kind: 'flag', flag: 'open-topic', on: true },
        { kind: 'flag', flag: 'no-ctcp', on: true },
        { kind: 'flag', flag: 'no-guests', on: true },
        { kind: 'flag', flag: 'no-ctcp', on: false },
        { kind: 'kind', to: 'closed' },
        masking('ban', 'juan*'),
        masking('invitation', 'eva'),
        masking('ban', 'juan*', false),
      ] as const) {
        assert.equal(await change(here, beto, wanted), 'done', JSON.stringify(wanted))
        assert.equal(await change(here, beto, wanted), 'nothing', 'it is so already')
      }
      const told = (await events(here)).slice(2).map(event => {
        if (event.kind === 'appointment') return `${event.before} ${event.role}`
        if (event.kind === 'mask') return `${event.list} ${event.mask} ${event.on}`
        return event.kind === 'alteration' ? `${event.what} ${event.value}` : event.kind
      })
      assert.deepEqual(told, [
        'member moderator',
        'moderator helper',
        'helper speaker',
        'speaker member',
        'key Sésamo',
        'limit 30',
        'open-topic yes',
        'no-ctcp yes',
        'no-guests yes',
        'no-ctcp no',
        'kind closed',
        'ban juan* true',
        'invitation eva true',
        'ban juan* false',
      ])
      const again = await opened.reopen()
      const { masks, ...rules } = await again.rooms.settings(caro.id, room, NOW)
      assert.deepEqual(rules, {
        kind: 'closed',
        silencedUntil: 0,
        slow: 0,
        hours: '',
        call: '',
        key: 'Sésamo',
        limit: 30,
        flags: ['open-topic', 'no-guests'],
      })
      assert.deepEqual(
        masks.map(each => ({ ...each })),
        [{ list: 'invitation', mask: 'eva', by: 'beto', at: NOW }],
      )
      assert.equal(
        await outcome(again.rooms.settings(here.ana.id, room, NOW)),
        'not-a-member',
        'from outside',
      )
    })

    test('each rank grants what it may, and disciplines whom it may', async () => {
      await using opened = await open()
      const here = await club(opened.store)
      const { store, ana, beto, caro } = here
      const dora = await register(store, 'dora')
      for (const each of [ana, caro, dora]) await join(here, each)
      const appoint = (who: Profile, whom: Profile, role: RoomRole) =>
        change(here, who, { kind: 'appointment', person: whom.id, role })
      const gone = (who: Profile, whom: Profile, how: 'kicked' | 'banned') =>
        change(here, who, { kind: 'removal', person: whom.id, how, reason: '', until: NOW })
      await appoint(beto, caro, 'moderator')
      for (const role of ['owner', 'moderator', 'helper'] as const)
        assert.equal(await appoint(caro, dora, role), 'forbidden', role)
      assert.equal(await appoint(caro, dora, 'speaker'), 'done')
      assert.equal(await appoint(caro, ana, 'speaker'), 'forbidden', 'who runs the server is above')
      assert.equal(await appoint(beto, dora, 'helper'), 'done')
      assert.equal(await appoint(caro, dora, 'member'), 'forbidden', 'an owner has given that')
      assert.equal(await gone(dora, ana, 'kicked'), 'forbidden')
      assert.equal(await gone(dora, caro, 'kicked'), 'forbidden')
      await appoint(beto, caro, 'speaker')
      assert.equal(await gone(dora, caro, 'banned'), 'forbidden', 'helpers ban nobody')
      assert.equal(await change(here, dora, masking('ban', 'x')), 'forbidden')
      await post(here, caro)
      await post(here, beto)
      const [last] = await store.log.heads([here.room])
      const head = Number(last?.head)
      const erase = (who: Profile, seq: number) => change(here, who, { kind: 'deletion', target: seq as Seq })
      assert.equal(await erase(dora, head), 'forbidden', 'an owner has said that')
      assert.equal(await erase(dora, head - 1), 'done')
      assert.equal(await gone(dora, caro, 'kicked'), 'done')
    })

    test('a list holds a hundred masks; another list has its own hundred', async () => {
      await using opened = await open()
      const here = await club(opened.store)
      for (let i = 0; i < 100; i++)
        assert.equal(await change(here, here.beto, masking('ban', `a${i}*`)), 'done')
      assert.equal(await change(here, here.beto, masking('ban', 'a0*')), 'nothing', 'that one is there')
      assert.equal(await change(here, here.beto, masking('ban', 'b*')), 'list-full')
      assert.equal(await change(here, here.beto, masking('mute', 'b*')), 'done')
      assert.equal(await change(here, here.beto, masking('ban', 'a0*', false)), 'done')
      assert.equal(await change(here, here.beto, masking('ban', 'b*')), 'done')
    })

    test('removing a mask leaves the other lists, and the rest of that list', async () => {
      await using opened = await open()
      const here = await club(opened.store)
      const { beto, caro } = here
      await join(here, caro)
      for (const mask of ['c*', '*o']) await change(here, beto, masking('mute', mask))
      await change(here, beto, masking('ban', 'x'))
      await change(here, beto, masking('exception', 'y'))
      await change(here, beto, masking('ban', 'x', false))
      await change(here, beto, masking('exception', 'y', false))
      await change(here, beto, masking('mute', '*o', false))
      assert.equal(await post(here, caro), 'muted')
      await change(here, beto, masking('mute', 'c*', false))
      assert.equal(await post(here, caro), 'done')
    })

    test('a closed room is visible to people who are invited by a mask, and to nobody else', async () => {
      await using opened = await open()
      const here = await club(opened.store)
      const { store, beto, caro, ana } = here
      await change(here, beto, { kind: 'kind', to: 'closed' })
      await change(here, beto, masking('invitation', 'c?ro'))
      assert.equal((await store.rooms.find(caro.id, 'club'))?.id, here.room)
      assert.equal(await store.rooms.find(ana.id, 'club'), undefined)
      assert.deepEqual(await store.rooms.others(caro.id), [], 'it stands in no list')
      assert.equal(await join(here, ana), 'no-such-room')
      await change(here, beto, masking('ban', '*'))
      assert.equal(await join(here, caro), 'banned')
      await change(here, beto, masking('exception', 'caro'))
      assert.equal(await join(here, caro), 'done')
    })

    test('a moderator may bring in anybody; a member is held to bans, the rule on guests and the limit, not the key', async () => {
      await using opened = await open()
      const here = await club(opened.store)
      const { store, ana, beto, caro } = here
      await join(here, caro)
      const [dora, eva] = [await register(store, 'dora'), await register(store, 'eva')]
      await store.people.setRole(ana.id, 'eva', 'guest', NOW)
      const bring = (who: Profile, whom: Profile) => change(here, who, { kind: 'arrival', person: whom.id })
      await change(here, beto, { kind: 'key', key: 'k' })
      await change(here, beto, { kind: 'flag', flag: 'no-guests', on: true })
      assert.equal(await bring(caro, eva), 'no-guests')
      await change(here, beto, masking('ban', 'd*'))
      assert.equal(await bring(caro, dora), 'banned')
      await change(here, beto, masking('ban', 'd*', false))
      await change(here, beto, { kind: 'limit', people: 2 })
      assert.equal(await bring(caro, dora), 'room-full')
      assert.equal(await bring(beto, eva), 'done', 'past guests and limit')
      await change(here, beto, { kind: 'limit', people: 9 })
      assert.equal(await bring(caro, dora), 'done', 'without a key')
      assert.equal(await join(here, ana, 'K'), 'wrong-key', 'also of who runs the server')
      assert.equal(await join(here, ana, 'k'), 'done')
      await change(here, beto, masking('mute', '*'))
      assert.equal(await post(here, dora), 'muted')
      assert.equal(await post(here, ana), 'done', 'who runs the server is held by no mask')
    })

    test('racing pairs: a limit is never exceeded, a ban holds for what follows, the current key counts', async () => {
      await using opened = await open()
      const here = await club(opened.store)
      const { store, beto, caro } = here
      const others = await Promise.all(['d', 'e', 'f'].map(name => register(store, name)))
      await change(here, beto, { kind: 'limit', people: 2 })
      for (let round = 0; round < 5; round++) {
        const all = await Promise.all(others.map(each => join(here, each)))
        assert.deepEqual(all.toSorted(), ['done', 'room-full', 'room-full'], 'one place for three')
        for (const each of others) await change(here, beto, removal(each))
      }
      await change(here, beto, { kind: 'limit', people: 0 })
      await join(here, caro)
      for (let round = 0; round < 5; round++) {
        const [first] = others
        assert.ok(first)
        const [banned, silenced, kept] = await Promise.all([
          change(here, beto, masking('ban', '?*')),
          post(here, caro),
          join(here, first),
        ])
        assert.deepEqual([banned, silenced, kept], ['done', 'muted', 'banned'])
        const [freed, speaks] = await Promise.all([
          change(here, beto, masking('ban', '?*', false)),
          post(here, caro),
        ])
        assert.deepEqual([freed, speaks], ['done', 'done'])
        const [keyed, old, right] = await Promise.all([
          change(here, beto, { kind: 'key', key: `k${round}` }),
          join(here, first, `k${round - 1}`),
          join(here, first, `k${round}`),
        ])
        assert.deepEqual([keyed, old, right], ['done', 'wrong-key', 'done'])
        await change(here, beto, removal(first))
      }
      const [closed, late] = await Promise.all([
        change(here, beto, { kind: 'kind', to: 'closed' }),
        join(here, others[0] ?? assert.fail(), 'k4'),
      ])
      assert.deepEqual([closed, late], ['done', 'no-such-room'])
    })

    test('`general` has no door: no key, no limit, no other kind, and guests stay', async () => {
      await using opened = await open()
      const { store, ana } = await club(opened.store)
      for (const wanted of [
        { kind: 'key', key: 'k' },
        { kind: 'limit', people: 1 },
        { kind: 'kind', to: 'closed' },
        { kind: 'flag', flag: 'no-guests', on: true },
      ] as const)
        assert.equal(await outcome(store.rooms.change(ana.id, GENERAL, wanted, NOW)), 'everyones')
      const quiet = { kind: 'flag', flag: 'quiet-guests', on: true } as const
      assert.equal(await outcome(store.rooms.change(ana.id, GENERAL, quiet, NOW)), 'done')
    })
  })
}

function removal({ id }: Profile): Change {
  return { kind: 'removal', person: id, how: 'kicked', reason: '', until: 0 as Instant }
}
