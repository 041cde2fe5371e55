// The contract of the Store port: tokens, and resuming from cursors.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  GENERAL,
  type Grant,
  type Instant,
  type Profile,
  type RoomId,
  type Seq,
} from '../../src/core/model/model.ts'
import { Refusal } from '../../src/core/model/refusals.ts'
import type { Cursor } from '../../src/core/ports/rooms.ts'
import type { NewToken } from '../../src/core/ports/sessions.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { NOW, type Opened, register } from './store.ts'

const HOUR = 3_600_000
const START = 0 as Instant

function token(hash: string, grant: Grant = { scope: 'admin' }, until?: Instant): NewToken {
  return { hash, name: '', grant, until }
}

function logIn(store: Store, { id, username }: Profile, hash: string) {
  const from = { person: id, door: 'web', address: '::1', at: NOW } as const
  return store.sessions.begin({ ...from, proof: `hash of ${username}`, token: token(hash) })
}

function later(milliseconds: number): Instant {
  return (NOW + milliseconds) as Instant
}

async function refused(code: string, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, error => error instanceof Refusal && error.code === code)
}

async function say(store: Store, { id }: Profile, text: string, reply?: Seq): Promise<void> {
  const draft = { room: GENERAL, author: id, texts: [text], seen: 0 as Seq }
  await store.log.append([reply === undefined ? draft : { ...draft, reply }], NOW)
}

export function tokensContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract for tokens, on ${driver}`, () => {
    test('sessions say what opened them, and all others of a person end at once, but not those of programs', async () => {
      await using opened = await open()
      const { sessions } = opened.store
      const [ana, beto] = [await register(opened.store, 'ana'), await register(opened.store, 'beto')]
      const { session } = await logIn(opened.store, ana, 'aa')
      const from = { person: ana.id, door: 'web', address: '::1', at: NOW, proof: 'hash of ana' } as const
      const client = { browser: 'Firefox', system: 'Linux' }
      const other = await sessions.begin({ ...from, client, token: token('bb') })
      const program = await sessions.begin({ ...from, token: { ...token('cc'), name: 'bot' } })
      const { session: foreign } = await logIn(opened.store, beto, 'dd')
      await sessions.noteUse(other.session, later(5))
      const listed = await sessions.list(ana.id)
      assert.deepEqual(
        listed.map(each => [each.client, each.used]),
        [
          [undefined, NOW],
          [client, later(5)],
          [undefined, NOW],
        ],
      )
      assert.deepEqual(await sessions.revokeOthers(ana.id, session), [other.session])
      const ids = async (person: Profile) => (await sessions.list(person.id)).map(({ id }) => id)
      assert.deepEqual(await ids(ana), [session, program.session])
      assert.deepEqual(await ids(beto), [foreign])
    })

    test('a session with a token survives a restart, one without does not', async () => {
      await using opened = await open()
      const ana = await register(opened.store, 'ana')
      const { session } = await logIn(opened.store, ana, 'aa')
      await opened.store.sessions.begin({
        person: ana.id,
        proof: 'hash of ana',
        door: 'line',
        address: '::1',
        at: NOW,
      })
      const store = await opened.reopen()
      const sessions = await store.sessions.list(ana.id)
      assert.deepEqual(
        sessions.map(({ id }) => id),
        [session],
      )
      const there = await store.sessions.resume({ hash: 'aa', at: NOW, idleSince: START })
      assert.deepEqual(
        [there.session, there.person.username, there.grant],
        [session, 'ana', { scope: 'admin' }],
      )
      await refused('no-such-session', store.sessions.resume({ hash: 'bb', at: NOW, idleSince: START }))
    })

    test('the origins of recent sessions are known after a restart, the latest first', async () => {
      await using opened = await open()
      const people = [await register(opened.store, 'ana'), await register(opened.store, 'beto')] as const
      await logIn(opened.store, people[0], 'aa')
      const { session } = await logIn(opened.store, people[1], 'bb')
      await opened.store.sessions.noteUse(session, later(HOUR))
      const store = await opened.reopen()
      const places = async (since: number, most: number) =>
        (await store.sessions.loginOrigins(since as Instant, most)).map(
          ({ account, address, hash }) => `${account} ${address} ${hash}`,
        )
      assert.deepEqual(await places(START, 10), ['beto ::1 bb', 'ana ::1 aa'])
      assert.deepEqual(await places(START, 1), ['beto ::1 bb'])
      const [last] = await store.sessions.loginOrigins(START, 1)
      assert.deepEqual(await places(last?.used ?? 0, 10), ['beto ::1 bb'])
      assert.deepEqual(await places((last?.used ?? 0) + 1, 10), [])
    })

    test('a token is void when it is revoked, expired, idle for too long, or its account disabled', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const { session } = await logIn(store, ana, 'aa')
      const issued = { by: session, person: ana.id, door: 'web', address: '::1', at: NOW } as const
      await store.sessions.issue({ ...issued, token: token('short', { scope: 'read' }, later(HOUR)) })
      const asked = async (hash: string, at: Instant, idleSince = START) => {
        const found = await store.sessions.resume({ hash, at, idleSince })
        if (found.isUnnoted) await store.sessions.noteUse(found.session, at)
        return found
      }
      assert.equal((await asked('short', later(HOUR - 1))).grant.scope, 'read')
      await refused('no-such-session', asked('short', later(HOUR)))
      assert.equal((await asked('aa', later(2 * HOUR))).isUnnoted, true)
      assert.equal((await asked('aa', later(2 * HOUR))).isUnnoted, false)
      await asked('aa', later(3 * HOUR), later(2 * HOUR))
      await refused('no-such-session', asked('aa', later(9 * HOUR), later(4 * HOUR)))
      await store.sessions.revoke(ana.id, session)
      await refused('no-such-session', asked('aa', NOW))
      await refused('no-such-session', store.sessions.issue({ ...issued, token: token('late') }))
      await logIn(store, beto, 'bb')
      await store.people.disable(ana.id, 'beto', true, NOW)
      await refused('no-such-session', asked('bb', NOW))
    })

    test('a token can be limited to a room that its person is in', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const { session } = await logIn(store, ana, 'aa')
      const issue = (room: RoomId) =>
        store.sessions.issue({
          by: session,
          person: ana.id,
          door: 'web',
          address: '::1',
          at: NOW,
          token: token('bot', { scope: 'write', room }),
        })
      await refused('not-a-member', issue(77 as RoomId))
      await issue(GENERAL)
      const { grant } = await store.sessions.resume({ hash: 'bot', at: NOW, idleSince: START })
      assert.deepEqual(grant, { scope: 'write', room: GENERAL })
    })

    test('a hundred log-ins evict the oldest log-in, and no named token', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const { session } = await logIn(store, ana, 'first')
      const from = { by: session, person: ana.id, door: 'web', address: '::1', at: NOW } as const
      await store.sessions.issue({ ...from, token: { ...token('bot'), name: 'bot' } })
      for (let i = 0; i < 99; i++) await logIn(store, ana, `log-in ${i}`)
      assert.equal((await store.sessions.list(ana.id)).length, 100)
      await refused('no-such-session', store.sessions.resume({ hash: 'first', at: NOW, idleSince: START }))
      await store.sessions.resume({ hash: 'bot', at: NOW, idleSince: START })
      const [oldest] = await store.sessions.list(ana.id)
      const by = oldest?.id ?? assert.fail()
      await refused('too-many', store.sessions.issue({ ...from, by, token: token('one more') }))
    })

    test('a transferred session is resumed by its new token alone', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const { session } = await logIn(store, ana, 'old')
      const goOn = { session, person: ana.id, door: 'web', address: '::2', at: NOW } as const
      await store.sessions.transfer({ ...goOn, token: token('new') })
      await refused('no-such-session', store.sessions.resume({ hash: 'old', at: NOW, idleSince: START }))
      assert.equal((await store.sessions.resume({ hash: 'new', at: NOW, idleSince: START })).session, session)
    })

    test('somebody who comes back resumes after a valid cursor, within bounds, and in no other case', async () => {
      await using opened = await open()
      const ana = await register(opened.store, 'ana')
      for (const text of ['uno', 'dos', 'tres']) await say(opened.store, ana, text)
      const [there] = await opened.store.rooms.resume(ana.id, [], 100)
      const epoch = there?.epoch ?? assert.fail()
      assert.deepEqual(
        [there?.head, there?.after],
        [3, undefined],
        'who has no cursor reads from the head on',
      )
      const store = await opened.reopen()
      await say(store, ana, 'cuatro')
      const back = async (cursor: Omit<Cursor, 'room'>, most = 100) => {
        const [place] = await store.rooms.resume(ana.id, [{ room: GENERAL, ...cursor }], most)
        return place?.after
      }
      assert.equal(await back({ epoch, seq: 2 as Seq }), 2)
      assert.equal(await back({ epoch, seq: 0 as Seq }), 0)
      assert.equal(await back({ epoch: 'another', seq: 2 as Seq }), undefined)
      assert.equal(await back({ epoch, seq: 4 as Seq }), undefined, 'the fourth is of the next epoch')
      assert.equal(await back({ epoch, seq: 1.5 as Seq }), undefined)
      assert.equal(await back({ epoch, seq: 1 as Seq }, 2), undefined, 'three lie behind it')
      const [head] = await store.pages.cursors([{ room: GENERAL, head: 4 as Seq }])
      assert.notEqual(head?.epoch, epoch)
      assert.equal(await back({ epoch: head?.epoch ?? '', seq: 4 as Seq }), 4)
      assert.deepEqual(await store.pages.cursors([{ room: 77 as RoomId, head: 1 as Seq }]), [])
    })

    test('the state of a room changes with everything that changes a page of it', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const state = async () => ({ ...(await store.pages.state(ana.id, GENERAL)) })
      assert.deepEqual(await state(), { head: 0, changed: 0, answered: 0, personal: false })
      await say(store, ana, 'uno')
      assert.deepEqual(await state(), { head: 1, changed: 0, answered: 0, personal: false })
      await store.rooms.change(ana.id, GENERAL, { kind: 'edit', target: 1 as Seq, text: 'dos' }, NOW)
      assert.deepEqual(await state(), { head: 2, changed: 2, answered: 0, personal: false })
      await say(store, beto, 'tres', 1 as Seq)
      assert.deepEqual(await state(), { head: 3, changed: 2, answered: 3, personal: false })
      const { room } = await store.rooms.direct([ana.id, beto.id], NOW)
      assert.equal((await store.pages.state(ana.id, room.id)).personal, true)
      await refused('not-a-member', store.pages.state(ana.id, 77 as RoomId))
    })
  })
}
