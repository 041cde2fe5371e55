// The contract of the Store port; each driver provides a factory.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  GENERAL,
  type Instant,
  type LogEvent,
  type Message,
  type Profile,
  type RoomId,
  type Seq,
  type UserId,
} from '../../src/core/model/model.ts'
import { Refusal } from '../../src/core/model/refusals.ts'
import type { Change, Draft, Posted, Receipt } from '../../src/core/ports/log.ts'
import type { NewAccount } from '../../src/core/ports/people.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { ownSkeletons } from '../tools/skeletons.ts'

export interface Opened extends AsyncDisposable {
  readonly store: Store
  /** Closes the store, and opens the same data again. */
  reopen(): Promise<Store>
  /** Runs a statement as another program. */
  outside(statement: string): Promise<void>
}

export const NOW = 1_700_000_000_000 as Instant
const NOWHERE = 99 as RoomId

export function storeContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract, on ${driver}`, () => {
    test('the first account is the owner, the others are members', async () => {
      await using opened = await open()
      const [ana, beto] = [await register(opened.store, 'ana'), await register(opened.store, 'beto')]
      const blank = { status: '', language: '', zone: '' }
      assert.deepEqual({ ...ana }, { id: ana.id, username: 'ana', name: 'Ana', role: 'owner', ...blank })
      assert.equal(beto.role, 'member')
      assert.notEqual(ana.id, beto.id)
    })

    test('two first accounts at once: one is the owner', async () => {
      await using opened = await open()
      const people = await Promise.all(['ana', 'beto', 'caro'].map(name => register(opened.store, name)))
      assert.equal(people.filter(person => person.role === 'owner').length, 1)
    })

    test('a taken name, or one that looks like it, is refused', async () => {
      await using opened = await open()
      await register(opened.store, 'ana')
      await refused('name-taken', register(opened.store, 'ana'))
      await refused('name-taken', opened.store.people.register({ ...account('аna'), ...ownSkeletons('ana') }))
    })

    test('nor may two look alike as written, or as shown: people, guests, rooms', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const first = { skeleton: 'вeto', written: 'beto', shown: 'paul' }
      const wanted = { kind: 'open', name: 'Beto', folded: 'beto', ...first } as const
      const { id } = await store.rooms.create(ana.id, wanted, NOW)
      await store.people.register({ ...account('Beto'), folded: 'beto', ...first })
      const other = { kind: 'open', name: 'otra', folded: 'otra', ...ownSkeletons('otra') } as const
      const { id: room } = await store.rooms.create(ana.id, other, NOW)
      const apart = ownSkeletons('apart')
      for (const looks of [
        { ...apart, skeleton: 'вeto' },
        { ...apart, written: 'вeto' },
        { ...apart, shown: 'paul' },
      ]) {
        const named = { name: 'x', folded: 'x', ...looks }
        await refused('name-taken', store.people.register({ ...account('x'), ...looks }))
        await refused('name-taken', store.people.welcomeGuest({ ...named, username: 'x', at: NOW }))
        await refused('room-taken', store.rooms.create(ana.id, { kind: 'open', ...named }, NOW))
        await refused('room-taken', store.rooms.change(ana.id, room, { kind: 'name', ...named }, NOW))
      }
      // One's own name does not count as taken.
      await store.rooms.change(ana.id, id, { kind: 'name', name: 'BETO', folded: 'beto', ...first }, NOW)
      const guest = { name: 'g', username: 'g', folded: 'g', ...apart, at: NOW }
      const { id: gone } = await store.people.welcomeGuest(guest)
      await store.people.letGuestGo(gone)
      await store.people.welcomeGuest(guest)
    })

    test('the same name twice at once: one gets it', async () => {
      await using opened = await open()
      const tries = await Promise.allSettled(Array.from({ length: 8 }, () => register(opened.store, 'ana')))
      assert.equal(tries.filter(each => each.status === 'fulfilled').length, 1)
    })

    test('many are found at once, each once, without disabled and unknown ones', async () => {
      await using opened = await open()
      const { people } = opened.store
      const ana = await register(opened.store, 'ana')
      for (const name of ['beto', 'ñandú', 'gone']) await register(opened.store, name)
      await people.disable(ana.id, 'gone', true, NOW)
      const found = await people.findAll(['ñandú', 'ana', 'gone', 'nobody', '"', 'a\0', '\ud800'])
      assert.deepEqual(found.map(({ username }) => username).sort(), ['ana', 'ñandú'])
      assert.deepEqual(await people.findAll([]), [])
    })

    test('credentials are found by the folded name', async () => {
      await using opened = await open()
      assert.equal(await opened.store.people.hasOwner(), false)
      const ana = await register(opened.store, 'ana')
      assert.equal(await opened.store.people.hasOwner(), true)
      const found = await opened.store.people.credentials('ana')
      assert.deepEqual(found, {
        person: { ...ana },
        password: 'hash of ana',
        verifier: '',
        disabled: false,
      })
      assert.equal(await opened.store.people.credentials('nobody'), undefined)
    })

    test('drafts get the next seqs in call order, without a gap', async () => {
      await using opened = await open()
      const [ana, beto] = [await register(opened.store, 'ana'), await register(opened.store, 'beto')]
      const receipts = await opened.store.log.append(
        [draft(ana.id, 'a', 'b'), draft(beto.id, 'c'), draft(ana.id, 'd')],
        NOW,
      )
      assert.deepEqual(receipts.map(seqOf), [1, 3, 4])
      assert.deepEqual(await texts(opened.store), ['1 ana: a', '2 ana: b', '3 beto: c', '4 ana: d'])
    })

    test('a refused draft takes no seq and does not touch the others', async () => {
      await using opened = await open()
      const ana = await register(opened.store, 'ana')
      const stranger = 12345 as UserId
      const receipts = await opened.store.log.append(
        [
          draft(ana.id, 'a'),
          draft(stranger, 'x'),
          { ...draft(ana.id, 'y'), room: NOWHERE },
          draft(ana.id, 'b'),
        ],
        NOW,
      )
      assert.deepEqual(receipts.map(seqOf), [1, 'not-a-member', 'not-a-member', 2])
      assert.deepEqual(await texts(opened.store), ['1 ana: a', '2 ana: b'])
    })

    test('many appends at once: no gap and no duplicate', async () => {
      await using opened = await open()
      const people = await Promise.all(['a', 'b', 'c', 'd'].map(name => register(opened.store, name)))
      const posts = Array.from({ length: 100 }, (_, i) => {
        const author = people[i % people.length]?.id ?? assert.fail()
        return opened.store.log.append([draft(author, `${i}`), draft(author, `${i}+`)], NOW)
      })
      const seqs = (await Promise.all(posts)).flat().map(seqOf)
      assert.deepEqual(
        [...seqs].sort((a, b) => Number(a) - Number(b)),
        Array.from({ length: 200 }, (_, i) => i + 1),
      )
      assert.equal((await read(opened.store)).length, 200)
    })

    test('time never goes back within a room', async () => {
      await using opened = await open()
      const ana = await register(opened.store, 'ana')
      await opened.store.log.append([draft(ana.id, 'a')], NOW)
      const [receipt] = await opened.store.log.append([draft(ana.id, 'b')], (NOW - 5000) as Instant)
      assert.equal(receipt && 'at' in receipt && receipt.at, NOW)
      assert.deepEqual(
        (await read(opened.store)).map(event => event.at),
        [NOW, NOW],
      )
    })

    test('a key returns what its first use returned, even within one call; with another text it is refused', async () => {
      await using opened = await open()
      const [ana, beto] = [await register(opened.store, 'ana'), await register(opened.store, 'beto')]
      const keyed = { ...draft(ana.id, 'once'), key: 'k1' }
      const first = await opened.store.log.append([keyed, keyed], NOW)
      assert.deepEqual(first.map(seqOf), [1, 1])
      const again = await opened.store.log.append([keyed], (NOW + 1) as Instant)
      assert.deepEqual({ ...again[0] }, { seq: 1, at: NOW, repeated: true })
      const other = await opened.store.log.append(
        [
          { ...draft(ana.id, 'other'), key: 'k1' },
          { ...draft(beto.id, 'other'), key: 'k1' },
        ],
        NOW,
      )
      assert.deepEqual(other.map(seqOf), ['key-reused', 2])
      const reply = await opened.store.log.append([{ ...keyed, reply: 2 as Seq }], NOW)
      assert.deepEqual(reply.map(seqOf), ['key-reused'])
    })

    test('a key returns what its first use returned, even if that was edited or deleted since', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const keyed = { ...draft(ana.id, 'once'), key: 'k1' }
      await store.log.append([keyed], NOW)
      const target = 1 as Seq
      for (const change of [
        { kind: 'edit', target, text: 'other' } as const,
        { kind: 'deletion', target } as const,
      ]) {
        await store.rooms.change(ana.id, GENERAL, change, NOW)
        const [again] = await store.log.append([keyed], NOW)
        assert.deepEqual({ ...again }, { seq: 1, at: NOW, repeated: true })
      }
    })

    test('a key returns what its first use returned, even to somebody who has left the room', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const wanted = { kind: 'open', name: 'Club', folded: 'club', ...ownSkeletons('club') } as const
      const { id: room } = await store.rooms.create(ana.id, wanted, NOW)
      const keyed = { ...draft(ana.id, 'once'), room, key: 'k1' }
      const [first] = await store.log.append([keyed], NOW)
      const leaving = { kind: 'removal', person: ana.id, how: 'left', reason: '', until: NOW } as const
      await store.rooms.change(ana.id, room, leaving, NOW)
      const [again] = await store.log.append([keyed], NOW)
      assert.deepEqual({ ...again }, { ...first, repeated: true })
    })

    test('the same key many times at once is stored once', async () => {
      await using opened = await open()
      const ana = await register(opened.store, 'ana')
      const posts = Array.from({ length: 20 }, () =>
        opened.store.log.append([{ ...draft(ana.id, 'once'), key: 'k' }], NOW),
      )
      assert.deepEqual(new Set((await Promise.all(posts)).flat().map(seqOf)), new Set([1]))
      assert.deepEqual(await texts(opened.store), ['1 ana: once'])
    })

    test('any text comes back as it went in', async () => {
      await using opened = await open()
      const ana = await register(opened.store, 'ana')
      const odd = [
        "it's; DROP TABLE users --",
        '😀'.repeat(4000),
        'a\nb',
        '\u0001\u202e\u009b',
        'ñ é ü',
        '٣ שלום',
      ]
      await opened.store.log.append([draft(ana.id, ...odd)], NOW)
      assert.deepEqual(
        (await read(opened.store)).map(event => event.kind === 'message' && event.text),
        odd,
      )
    })

    test('reading keeps to its bounds and its limit', async () => {
      await using opened = await open()
      const ana = await register(opened.store, 'ana')
      await opened.store.log.append([draft(ana.id, ...'abcdefghij')], NOW)
      const seqs = async (after: number, upto: number, limit: number) =>
        (await opened.store.log.read(GENERAL, after as Seq, upto as Seq, limit)).map(event => event.seq)
      assert.deepEqual(await seqs(3, 6, 100), [4, 5, 6])
      assert.deepEqual(await seqs(0, 10, 2), [1, 2])
      assert.deepEqual(await seqs(10, 20, 100), [])
      const inTurn = await opened.store.log.readInTurn(GENERAL, 7 as Seq, 2)
      assert.deepEqual(
        inTurn.map(event => event.seq),
        [8, 9],
      )
    })

    test('a page by time: at every instant what the messages themselves say', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const after = (seconds: number) => (NOW + 1000 * seconds) as Instant
      const change = (change: Change, seconds: number) =>
        store.rooms.change(ana.id, GENERAL, change, after(seconds))
      for (const seconds of [1, 2, 2, 2, 5, 9]) {
        await store.log.append([draft(ana.id, `${seconds}`, `${seconds}+`)], after(seconds))
        for (const on of [true, false]) await change({ kind: 'pin', target: 1 as Seq, on }, seconds)
      }
      await change({ kind: 'deletion', target: 17 as Seq }, 9) // the first at 5
      const all = await store.pages.page(ana.id, GENERAL, { side: 'after', seq: 0 as Seq, limit: 100 })
      assert.equal(all.length, 11)
      for (const at of Array.from({ length: 23 }, (_, half) => after(half / 2))) {
        for (const limit of [1, 2, 3, 7, 100]) {
          const page = await store.pages.page(ana.id, GENERAL, { side: 'at', at, limit })
          const earlier = all.filter(each => each.at < at)
          const ahead = earlier.slice(Math.max(0, earlier.length - Math.floor(limit / 2)))
          const behind = all.filter(each => each.at >= at).slice(0, limit - ahead.length)
          assert.deepEqual(page.map(placeOf), [...ahead, ...behind].map(placeOf), `at ${at}, ${limit}`)
        }
      }
      const page = { side: 'at', at: NOW, limit: 5 } as const
      await refused('not-a-member', store.pages.page(777 as UserId, GENERAL, page))
      await refused('not-a-member', store.pages.page(ana.id, NOWHERE, page))
    })

    test('an in-turn read sees every append that was called before', async () => {
      await using opened = await open()
      const ana = await register(opened.store, 'ana')
      const order: string[] = []
      const appended = opened.store.log.append([draft(ana.id, 'a')], NOW).then(() => order.push('append'))
      const heads = opened.store.log.heads([GENERAL, NOWHERE]).finally(() => order.push('heads'))
      const seen = await opened.store.log.readInTurn(GENERAL, 0 as Seq, 10).finally(() => order.push('read'))
      await appended
      assert.equal(seen.length, 1)
      assert.deepEqual(
        (await heads).map(head => ({ ...head })),
        [{ room: GENERAL, head: 1 }],
      )
      assert.deepEqual(order, ['append', 'heads', 'read'])
    })

    test('somebody who comes back starts at their mark, within bounds', async () => {
      await using opened = await open()
      const [ana, beto] = [await register(opened.store, 'ana'), await register(opened.store, 'beto')]
      const from = async (least: number, most: number) =>
        Number((await opened.store.log.backlog(beto.id, GENERAL, least, most)).after)
      assert.equal(await from(3, 8), 0)
      await opened.store.log.append([draft(ana.id, ...'abcdefghij')], NOW)
      assert.equal(await from(3, 8), 2, 'nothing is read, but eight are the most')
      await opened.store.log.markRead(beto.id, GENERAL, 5 as Seq)
      assert.equal(await from(3, 8), 5, 'all that is unread')
      await opened.store.log.markRead(beto.id, GENERAL, 9 as Seq)
      assert.equal(await from(3, 8), 7, 'three at least')
      assert.deepEqual(
        { ...(await opened.store.log.backlog(beto.id, GENERAL, 3, 8)) },
        { head: 10, after: 7 },
      )
      await refused('not-a-member', opened.store.log.backlog(beto.id, NOWHERE, 3, 8))
      await refused('not-a-member', opened.store.log.backlog(777 as UserId, GENERAL, 3, 8))
    })

    test('a mark moves forward, never back, and not past the end', async () => {
      await using opened = await open()
      const ana = await register(opened.store, 'ana')
      await opened.store.log.append([draft(ana.id, ...'abcdef')], NOW)
      const mark = async (seq: number) => Number(await opened.store.log.markRead(ana.id, GENERAL, seq as Seq))
      assert.equal(await mark(2), 6, 'the author had read what nobody came between')
      assert.equal(await mark(100), 6)
      await refused('not-a-member', opened.store.log.markRead(777 as UserId, GENERAL, 1 as Seq))
    })

    test('a mark moves to right before a message, back or forward, and only to one that is there', async () => {
      await using opened = await open()
      const { log } = opened.store
      const [ana, beto] = [await register(opened.store, 'ana'), await register(opened.store, 'beto')]
      await log.append([draft(ana.id, ...'abcdef')], NOW)
      await log.markRead(beto.id, GENERAL, 6 as Seq)
      const before = async (seq: number) => Number(await log.markUnread(beto.id, GENERAL, seq as Seq))
      assert.equal(await before(3), 2)
      const [listing] = await opened.store.rooms.mine(beto.id, GENERAL)
      assert.deepEqual([listing?.read, listing?.unread], [2, 4])
      assert.equal(await before(5), 4, 'forward as well')
      assert.equal(
        Number(await log.markRead(beto.id, GENERAL, 3 as Seq)),
        4,
        'reading still moves it forward only',
      )
      for (const seq of [0, 7, 2 ** 40])
        await refused('no-such-message', log.markUnread(beto.id, GENERAL, seq as Seq))
      await refused('not-a-member', log.markUnread(777 as UserId, GENERAL, 1 as Seq))
      await refused('not-a-member', log.markUnread(beto.id, NOWHERE, 1 as Seq))
    })

    test('marks of many at once: each learns where theirs stands, and a non-member is refused alone', async () => {
      await using opened = await open()
      const [ana, beto] = [await register(opened.store, 'ana'), await register(opened.store, 'beto')]
      await opened.store.log.append([draft(ana.id, ...'abcdef')], NOW)
      const mark = (user: UserId, seq: number, room = GENERAL) =>
        opened.store.log.markRead(user, room, seq as Seq).then(Number, error => error.code)
      const marks = [
        mark(beto.id, 2),
        mark(beto.id, 1),
        mark(777 as UserId, 1),
        mark(beto.id, 1, NOWHERE),
        mark(ana.id, 3),
        mark(beto.id, 4),
        mark(beto.id, 100),
      ]
      assert.deepEqual(await Promise.all(marks), [2, 2, 'not-a-member', 'not-a-member', 6, 4, 6])
      assert.equal((await opened.store.log.backlog(beto.id, GENERAL, 0, 100)).after, 6)
    })

    test('posting marks as read what the author was shown, and no more', async () => {
      await using opened = await open()
      const [ana, beto] = [await register(opened.store, 'ana'), await register(opened.store, 'beto')]
      await opened.store.log.append([draft(ana.id, 'a', 'b', 'c')], NOW)
      await opened.store.log.append([{ ...draft(beto.id, 'd'), seen: 2 as Seq }], NOW)
      assert.equal((await opened.store.log.backlog(beto.id, GENERAL, 0, 100)).after, 2)
      await opened.store.log.append([{ ...draft(beto.id, 'e'), seen: 4 as Seq }], NOW)
      assert.equal((await opened.store.log.backlog(beto.id, GENERAL, 0, 100)).after, 5)
    })

    test('everything is there after reopening, and goes on', async () => {
      await using opened = await open()
      const ana = await register(opened.store, 'ana')
      await opened.store.log.append([draft(ana.id, 'a')], NOW)
      const again = await opened.reopen()
      assert.deepEqual(await texts(again), ['1 ana: a'])
      const receipts = await again.log.append([draft(ana.id, 'b')], NOW)
      assert.deepEqual(receipts.map(seqOf), [2])
    })
  })
}

export function account(username: string): NewAccount {
  const name = username.slice(0, 1).toUpperCase() + username.slice(1)
  const named = { name, username, folded: username, ...ownSkeletons(username) }
  return { ...named, password: `hash of ${username}`, at: NOW, admission: 'open', email: '' }
}

export async function register(store: Store, username: string): Promise<Profile> {
  const { person } = await store.people.register(account(username))
  return person
}

export function draft(author: UserId, ...texts: string[]): Draft {
  return { room: GENERAL, author, texts, seen: 0 as Seq }
}

function seqOf(receipt: Receipt): number | string {
  return 'refused' in receipt ? receipt.refused : (receipt satisfies Posted).seq
}

function placeOf({ seq }: Message): Seq {
  return seq
}

function read(store: Store): Promise<readonly LogEvent[]> {
  return store.log.read(GENERAL, 0 as Seq, 1_000_000 as Seq, 1_000_000)
}

async function texts(store: Store): Promise<string[]> {
  return (await read(store)).map(event => {
    assert.equal(event.kind, 'message')
    return event.kind === 'message' ? `${event.seq} ${event.author.username}: ${event.text}` : ''
  })
}

async function refused(code: string, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error: unknown) => error instanceof Refusal && error.code === code)
}
