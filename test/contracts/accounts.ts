// The contract of the Store port: accounts as admins see and make them, and one-time codes.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GENERAL, type Instant, type SessionId } from '../../src/core/model/model.ts'
import { Refusal } from '../../src/core/model/refusals.ts'
import type { NewMember } from '../../src/core/ports/accounts.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { ownSkeletons } from '../tools/skeletons.ts'
import { NOW, type Opened, register } from './store.ts'

const LATER = (NOW + 86_400_000) as Instant

function code(hash: string, until = LATER) {
  return { hash, until }
}

function member(username: string, more: Partial<NewMember> = {}): NewMember {
  const named = { username, folded: username, ...ownSkeletons(username) }
  return {
    name: username,
    email: '',
    password: `none:${username}`,
    code: code(`code of ${username}`),
    ...named,
    ...more,
  }
}

async function names(store: Store, query: Partial<Parameters<Store['accounts']['list']>[1]>) {
  const found = await store.accounts.list(undefined, { after: '', limit: 10, ...query })
  return found.map(({ person }) => person.username)
}

export function accountsContract(driver: string, open: () => Promise<Opened>): void {
  describe(`accounts, on ${driver}`, () => {
    test('they are found by words, role and state, page after page, with when they were last there', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      await store.accounts.enroll(undefined, [member('zoe', { name: 'Zoé Núñez', email: 'zoe@b.co' })], {
        rooms: [],
        at: NOW,
      })
      await store.people.disable(ana.id, 'beto', true, NOW)
      assert.deepEqual(await names(store, { text: 'NUNEZ zo' }), ['zoe'])
      assert.deepEqual(await names(store, { text: 'b.co' }), ['zoe'])
      assert.deepEqual(await names(store, { text: 'zoe nadie' }), [])
      assert.deepEqual(await names(store, { role: 'owner' }), ['ana'])
      assert.deepEqual(await names(store, { state: 'waiting' }), ['zoe'])
      assert.deepEqual(await names(store, { state: 'disabled' }), ['beto'])
      assert.deepEqual(await names(store, { state: 'active' }), ['ana'])
      assert.deepEqual(await names(store, { limit: 2 }), ['ana', 'beto'])
      assert.deepEqual(await names(store, { after: 'beto', limit: 2 }), ['zoe'])
      await assert.rejects(store.accounts.list(beto.id, { after: '', limit: 9 }), new Refusal('forbidden'))
      const wanted = { person: ana.id, proof: 'hash of ana', door: 'line', address: '::1' } as const
      const { session } = await store.sessions.begin({ ...wanted, at: NOW })
      await store.sessions.end(ana.id, session, LATER)
      const [first, , last] = await store.accounts.list(ana.id, { after: '', limit: 9 })
      assert.ok((first?.seen ?? 0) >= NOW)
      assert.deepEqual([last?.seen, last?.state, last?.codeUntil !== undefined], [undefined, 'waiting', true])
    })

    test('a code is of one use, replaces the one before, and ends with a new password', async () => {
      await using opened = await open()
      const { accounts, people, sessions } = opened.store
      const [ana, beto] = [await register(opened.store, 'ana'), await register(opened.store, 'beto')]
      const begun = { person: beto.id, proof: 'hash of beto', door: 'line', address: '::1', at: NOW } as const
      const { session } = await sessions.begin(begun)
      const refused = (why: 'forbidden' | 'oneself' | 'wrong-credentials', made: Promise<unknown>) =>
        assert.rejects(made, new Refusal(why))
      await refused('forbidden', accounts.makeCode(beto.id, 'ana', code('x'), NOW))
      await refused('oneself', accounts.makeCode(ana.id, 'ana', code('x'), NOW))
      await accounts.makeCode(ana.id, 'beto', code('first'), NOW)
      await accounts.makeCode(ana.id, 'beto', code('second'), NOW)
      assert.equal(
        (await people.credentials('beto'))?.password,
        'hash of beto',
        'works until the code is used',
      )
      await refused('wrong-credentials', accounts.spendCode(beto.id, { hash: 'first', at: NOW }, 'new'))
      assert.deepEqual(await accounts.spendCode(beto.id, { hash: 'second', at: NOW }, 'new'), [session])
      assert.equal((await people.credentials('beto'))?.password, 'new')
      await refused('wrong-credentials', accounts.spendCode(beto.id, { hash: 'second', at: NOW }, 'newer'))
      await accounts.makeCode(ana.id, 'beto', code('third'), NOW)
      await people.setPassword(beto.id, 'newest', NOW)
      assert.equal((await people.credentials('beto'))?.code, undefined)
      await accounts.makeCode(ana.id, 'beto', code('late', NOW), NOW)
      await refused('wrong-credentials', accounts.spendCode(beto.id, { hash: 'late', at: LATER }, 'x'))
    })

    test('admins list and end the sessions of lower ranks, not of an owner', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      await store.people.setRole(ana.id, 'beto', 'admin', NOW)
      const caro = await register(store, 'caro')
      const begin = () =>
        store.sessions.begin({
          person: caro.id,
          proof: 'hash of caro',
          door: 'line',
          address: '::1',
          at: NOW,
        })
      const [one, two, three] = [await begin(), await begin(), await begin()].map(({ session }) => session)
      assert.equal((await store.accounts.sessions(beto.id, 'caro')).length, 3)
      await assert.rejects(store.accounts.sessions(beto.id, 'ana'), new Refusal('forbidden'))
      await assert.rejects(
        store.accounts.endSessions(beto.id, 'ana', undefined, NOW),
        new Refusal('forbidden'),
      )
      assert.deepEqual((await store.accounts.endSessions(beto.id, 'caro', one, NOW)).ended, [one])
      assert.deepEqual((await store.accounts.endSessions(beto.id, 'caro', undefined, NOW)).ended.toSorted(), [
        two,
        three,
      ])
      const gone = store.accounts.endSessions(beto.id, 'caro', 99 as SessionId, NOW)
      await assert.rejects(gone, new Refusal('no-such-session'))
      const { acts } = await store.acts.list(ana.id, {
        person: caro.id,
        room: undefined,
        before: undefined,
        limit: 9,
      })
      assert.deepEqual(
        acts.map(each => 'act' in each && [each.act.kind, each.act.value]),
        [
          ['sessions-ended', '2'],
          ['sessions-ended', '1'],
        ],
      )
    })

    test('a code leads somebody with an account into its rooms, and is used once for that', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const caro = await register(store, 'caro')
      const made = { kind: 'closed', name: 'curso', folded: 'curso', ...ownSkeletons('curso') } as const
      const { id } = await store.rooms.create(ana.id, made, NOW)
      await store.invitations.create(ana.id, {
        code: 'abc',
        uses: 1,
        until: LATER,
        rooms: ['curso'],
        at: NOW,
      })
      const first = await store.invitations.redeem(beto.id, 'abc', NOW)
      assert.deepEqual([first.rooms, first.arrivals.length], [[id], 1])
      const again = await store.invitations.redeem(beto.id, 'abc', NOW)
      assert.deepEqual([again.rooms, again.arrivals], [[id], []])
      await assert.rejects(store.invitations.redeem(caro.id, 'abc', NOW), new Refusal('wrong-code'))
    })

    test('a roster makes accounts and puts them into rooms; sent again it doubles nothing', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const beto = await register(store, 'beto')
      const made = { kind: 'closed', name: 'curso', folded: 'curso', ...ownSkeletons('curso') } as const
      const room = await store.rooms.create(ana.id, made, NOW)
      const roster = [
        member('caro'),
        member('аna', { folded: 'аna', ...ownSkeletons('ana') }),
        member('beto'),
      ]
      const into = { rooms: ['curso'], at: NOW }
      const enroll = () => store.accounts.enroll(ana.id, roster, into)
      const shown = (done: Awaited<ReturnType<typeof enroll>>) =>
        done.map(each => (each.is === 'refused' ? each.why : `${each.is} ${each.arrivals.length}`))
      assert.deepEqual(shown(await enroll()), ['made 1', 'name-taken', 'there 1'])
      assert.deepEqual(shown(await enroll()), ['again 0', 'name-taken', 'there 0'])
      const inside = await store.rooms.members(ana.id, room.id, '', 10)
      assert.deepEqual(
        inside.map(({ person }) => person.username),
        ['ana', 'beto', 'caro'],
      )
      assert.equal((await store.rooms.members(ana.id, GENERAL, '', 10)).length, 3)
      assert.equal((await store.people.credentials('caro'))?.code?.hash, 'code of caro')
      await assert.rejects(store.accounts.enroll(beto.id, roster, into), new Refusal('forbidden'))
      await assert.rejects(
        store.accounts.enroll(ana.id, roster, { rooms: ['otra'], at: NOW }),
        new Refusal('no-such-room'),
      )
      const known = await store.accounts.known(ana.id, {
        names: ['Beto', 'Nadie'],
        usernames: [
          { folded: 'caro', ...ownSkeletons('caro') },
          { folded: 'eva', ...ownSkeletons('eva') },
        ],
      })
      assert.deepEqual([known.skeletons, known.shown], [['caro'], ['caro']])
      const person = (username: string, name = username) => ({ username, folded: username, name, email: '' })
      assert.deepEqual(
        known.people.map(each => ({ ...each })),
        [person('beto', 'Beto'), person('caro')],
      )
    })
  })
}
