// The contract of the Store port: quotas, so that nobody uses up those of others.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Person, RoomId, Seq, UserId } from '../../src/core/model/model.ts'
import { Refusal } from '../../src/core/model/refusals.ts'
import type { Change } from '../../src/core/ports/log.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { NOW, type Opened, register } from './store.ts'

const HELPERS = 20

async function outcome(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'done',
    error => {
      assert.ok(error instanceof Refusal, String(error))
      return error.code
    },
  )
}

function tallied(outcomes: readonly string[]): Record<string, number> {
  const tally: Record<string, number> = {}
  for (const each of outcomes) tally[each] = (tally[each] ?? 0) + 1
  return tally
}

async function registerAll(store: Store, names: readonly string[]): Promise<Person[]> {
  return Promise.all(names.map(name => register(store, name)))
}

function roomOf(store: Store, by: Person, name: string) {
  return store.rooms.create(
    by.id,
    { kind: 'closed', name, folded: name, skeleton: name, written: name, shown: name },
    NOW,
  )
}

/** SQL for both dialects that creates empty rooms of a person's. */
function hasRooms({ id }: Person, count: number): string {
  return `INSERT INTO rooms (name, folded, skeleton, shown, kind)
            WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < ${count})
            SELECT 'x' || i, 'x' || i, 'x' || i, 'x' || i, 'closed' FROM numbers;
          INSERT INTO memberships (room_id, user_id, role)
            SELECT id, ${id}, 'owner' FROM rooms WHERE name LIKE 'x%'`
}

function change(store: Store, by: Person, room: RoomId, wanted: Change) {
  return store.rooms.change(by.id, room, wanted, NOW)
}

function leave(store: Store, { id }: Person, room: RoomId) {
  const left = { kind: 'removal', person: id, how: 'left', reason: '', until: NOW } as const
  return store.rooms.change(id, room, left, NOW)
}

async function answer(store: Store, { id }: Person, room: RoomId): Promise<void> {
  const [receipt] = await store.log.append([{ room, author: id, texts: ['sí'], seen: 0 as Seq }], NOW)
  assert.ok(receipt && 'seq' in receipt)
}

/** The 210 groups of one or two of the others. */
function groups(others: readonly Person[]): UserId[][] {
  return others.flatMap(({ id }, i) => [[id], ...others.slice(i + 1).map(other => [id, other.id])])
}

export function roomQuotaContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract for everybody's space, on ${driver}`, () => {
    test('being brought into rooms uses up no quota, and one person may bring another into a hundred rooms', async () => {
      await using opened = await open()
      const { store } = opened
      await register(store, 'duena')
      const [mala, eva] = [await register(store, 'mala'), await register(store, 'eva')]
      const bring = async (name: string) => {
        const { id } = await roomOf(store, mala, name)
        return { id, came: await outcome(change(store, mala, id, { kind: 'arrival', person: eva.id })) }
      }
      const rooms = await Promise.all(Array.from({ length: 101 }, (_, i) => bring(`z${i}`)))
      assert.deepEqual(tallied(rooms.map(({ came }) => came)), { done: 100, 'too-many-brought': 1 })
      await opened.outside(hasRooms(eva, 990)) // faster than a person could
      const own = Array.from({ length: 10 }, (_, i) => outcome(roomOf(store, eva, `sala${i}`)))
      const all = { done: 9, 'too-many-rooms': 1 }
      assert.deepEqual(tallied(await Promise.all(own)), all, 'a thousand, with general')
      const there = rooms.find(({ came }) => came === 'done')
      assert.ok(there)
      await leave(store, eva, there.id)
      assert.equal((await bring('otra')).came, 'done', 'there is space for whom has left')

      const [left = assert.fail(), given = assert.fail()] = (await store.rooms.mine(eva.id)).filter(
        ({ role, name }) => role === 'owner' && name.startsWith('sala'),
      )
      await leave(store, eva, left.id)
      const another = () => outcome(roomOf(store, eva, 'otra-sala'))
      assert.equal(await another(), 'too-many-rooms', 'a room that she made stays, though nobody is in it')
      await change(store, eva, given.id, { kind: 'arrival', person: mala.id })
      await change(store, eva, given.id, { kind: 'appointment', person: mala.id, role: 'owner' })
      await leave(store, eva, given.id)
      assert.equal(await another(), 'done', 'it is somebody else’s now')
    })

    test('conversations that others begin use up no quota, and of one’s own two hundred may wait for an answer', async () => {
      await using opened = await open()
      const { store } = opened
      const duena = await register(store, 'duena')
      const eva = await register(store, 'eva')
      const others = await registerAll(
        store,
        Array.from({ length: HELPERS }, (_, i) => `otro${i}`),
      )
      const malas = await registerAll(
        store,
        Array.from({ length: 5 }, (_, i) => `mala${i}`),
      )
      const begun = malas.flatMap(mala =>
        groups(others).map(group => outcome(store.rooms.direct([mala.id, eva.id, ...group], NOW))),
      )
      assert.deepEqual(tallied(await Promise.all(begun)), { done: 1000, 'too-many-unanswered': 50 })
      assert.equal((await store.rooms.direct([eva.id, duena.id], NOW)).isNew, true, 'eva has her own space')

      const [mala = assert.fail()] = malas
      const [first = assert.fail(), second = assert.fail()] = (await store.rooms.mine(mala.id)).filter(
        ({ kind }) => kind === 'direct',
      )
      const again = () => outcome(store.rooms.direct([mala.id, duena.id], NOW))
      assert.equal(await again(), 'too-many-unanswered')
      await answer(store, mala, first.id)
      assert.equal(await again(), 'too-many-unanswered', 'she answers herself')
      await leave(store, mala, first.id)
      assert.equal(await again(), 'too-many-unanswered', 'she left it to the others')
      await answer(store, eva, second.id)
      assert.equal(await again(), 'done')
      const more = groups(others).map(group => outcome(store.rooms.direct([duena.id, ...group], NOW)))
      assert.deepEqual(tallied(await Promise.all(more)), { done: 210 }, 'whoever runs the server')
    })

    test('a conversation of three or more may be left, and those who are in it bring others', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const [caro, eva] = [await register(store, 'caro'), await register(store, 'eva')]
      const pair = await store.rooms.direct([ana.id, beto.id], NOW)
      assert.equal(await outcome(leave(store, beto, pair.room.id)), 'forbidden')
      const begin = (by: Person) => store.rooms.direct([by.id, ana.id, beto.id, caro.id], NOW)
      const { room, isNew, isMember } = await begin(ana)
      assert.deepEqual([room.name, isNew, isMember], ['beto, caro', true, true])

      const gone = await leave(store, caro, room.id)
      assert.deepEqual([gone?.kind, gone?.author.username], ['removal', 'caro'])
      assert.ok(!(await store.rooms.mine(caro.id)).some(({ id }) => id === room.id))
      const [seen] = await store.rooms.memberships(ana.id, room.id)
      assert.deepEqual([seen?.room.name, seen?.room.group], ['beto', true], 'a group, not the pair with beto')

      const people = async () =>
        (await store.rooms.members(ana.id, room.id, '', 10)).map(({ person }) => person.username)
      assert.deepEqual(await people(), ['ana', 'beto'], 'nobody is fetched')
      const arrive = (by: Person, { id }: Person) =>
        outcome(change(store, by, room.id, { kind: 'arrival', person: id }))
      assert.equal(await arrive(eva, eva), 'no-such-room')
      assert.equal(await arrive(caro, caro), 'no-such-room')
      assert.equal(await arrive(eva, caro), 'not-a-member')
      assert.equal(await arrive(ana, caro), 'done')
      assert.equal(await arrive(ana, caro), 'already-there')
      assert.deepEqual(await people(), ['ana', 'beto', 'caro'])
      for (const each of [beto, ana]) await leave(store, each, room.id)
      assert.equal(await outcome(leave(store, caro, room.id)), 'done', 'also when nobody else is left')
    })
  })
}
