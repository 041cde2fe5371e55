// The contract of the Store port: rows that another program has changed.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  GENERAL,
  type Instant,
  NOBODY,
  type Profile,
  type RoomId,
  type Seq,
} from '../../src/core/model/model.ts'
import { Refusal } from '../../src/core/model/refusals.ts'
import type { Change } from '../../src/core/ports/log.ts'
import type { Cursor } from '../../src/core/ports/rooms.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { parseQuery } from '../../src/core/search/query.ts'
import { draft, NOW, type Opened, register } from './store.ts'

export function outsideContract(driver: string, open: () => Promise<Opened>): void {
  describe(`rows that another program changes, on ${driver}`, () => {
    test('a missing or invalid row is a deleted message of nobody’s', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.log.append([draft(ana.id, 'a', 'b', 'c', 'd')], NOW)
      await store.rooms.change(ana.id, GENERAL, { kind: 'edit', target: 3 as Seq, text: 'C' }, NOW) // 5
      await store.rooms.change(ana.id, GENERAL, { kind: 'topic', text: 'tema' }, NOW) // 6
      await store.log.append([{ ...draft(ana.id, 'e'), reply: 1 as Seq }], NOW) // 7
      await opened.outside("UPDATE changes SET kind = 'nonsense' WHERE kind = 'alteration'")
      await opened.outside('DELETE FROM messages WHERE seq IN (1, 3)')
      const read = await store.log.read(GENERAL, 0 as Seq, 7 as Seq, 100)
      assert.deepEqual(
        read.map(({ seq, kind, author }) => [seq, kind, author.id === NOBODY.id ? '' : author.username]),
        [
          [1, 'message', ''],
          [2, 'message', 'ana'],
          [3, 'message', ''],
          [4, 'message', 'ana'],
          [5, 'deletion', 'ana'],
          [6, 'message', ''],
          [7, 'message', 'ana'],
        ],
      )
      assert.deepEqual(await store.log.readInTurn(GENERAL, 0 as Seq, 100), read)
      assert.deepEqual(
        (await store.log.read(GENERAL, 2 as Seq, 100 as Seq, 2)).map(({ seq }) => seq),
        [3, 4],
        'as many as are asked for, holes counted',
      )
    })

    test('a cursor at a hole resumes from there; one beyond the end is invalid', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.log.append([draft(ana.id, 'a', 'b', 'c')], NOW)
      const [cursor] = await store.pages.cursors([{ room: GENERAL, head: 2 as Seq }])
      assert.ok(cursor)
      await opened.outside('DELETE FROM messages WHERE seq IN (2, 3)')
      const [caughtUp] = (await store.pages.catchUp(ana.id, [cursor], 100)).rooms
      assert.ok(caughtUp && caughtUp.events !== 'reset')
      assert.deepEqual(
        caughtUp.events.map(({ seq }) => seq),
        [3],
      )
      const [reset] = (await store.pages.catchUp(ana.id, [{ ...cursor, seq: 9 as Seq }], 100)).rooms
      assert.equal(reset?.events, 'reset')
    })

    test('rows beyond the end are found, taken in, and followed by new ones', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.log.append([draft(ana.id, 'a')], NOW)
      const add = `INSERT INTO messages (id, user_id, message, created_at, epoch_id)
                   SELECT max(id) + 2, max(user_id), 'x', max(created_at), max(epoch_id) FROM messages`
      await opened.outside(add) // 3
      assert.deepEqual(await store.log.heads([GENERAL]), [{ room: GENERAL, head: 3, strays: true }])
      await store.log.mend(GENERAL)
      assert.deepEqual(await store.log.heads([GENERAL]), [{ room: GENERAL, head: 3 }])
      await opened.outside(add) // 5
      const [receipt] = await store.log.append([draft(ana.id, 'b')], NOW)
      assert.deepEqual(receipt, { seq: 6, at: NOW })
      await opened.outside(add) // 8
      const change = await store.rooms.change(ana.id, GENERAL, { kind: 'topic', text: 'tema' }, NOW)
      assert.equal(change?.seq, 9)
      assert.deepEqual(
        (await store.log.readInTurn(GENERAL, 0 as Seq, 100)).map(({ seq }) => seq),
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
      )
    })

    test('deletions, and rooms with rows beyond their ends, are found without reading the log', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.log.append([draft(ana.id, 'a', 'b', 'c', 'd')], NOW)
      await store.rooms.change(ana.id, GENERAL, { kind: 'deletion', target: 4 as Seq, reason: '' }, NOW) // 5
      assert.deepEqual([await store.log.deleted(9), await store.log.strayed()], [[], []])
      await opened.outside('DELETE FROM messages WHERE seq IN (1, 2)')
      await opened.outside('DELETE FROM changes')
      const [first] = await store.log.deleted(1)
      assert.deepEqual(first, { room: GENERAL, seq: 1 })
      const rest = await store.log.deleted(9)
      assert.deepEqual(
        rest.map(({ seq }) => seq),
        [2, 5],
      )
      assert.deepEqual(await store.log.deleted(9), [])
      await opened.outside(`INSERT INTO messages (id, user_id, message, created_at, epoch_id)
        SELECT 4294967296 + 6, user_id, 'x', created_at, epoch_id FROM messages WHERE seq = 3`)
      assert.deepEqual(await store.log.strayed(), [GENERAL])
      await store.log.mend(GENERAL)
      assert.deepEqual(await store.log.strayed(), [])
    })

    test('an end far beyond the rows is put back; when the rows were deleted, it stays', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.log.append([draft(ana.id, 'a', 'b')], NOW)
      await opened.outside('UPDATE rooms SET last_seq = 2000000000 WHERE id = 1')
      assert.deepEqual(await store.log.heads([GENERAL]), [{ room: GENERAL, head: 2, misplaced: true }])
      await store.log.mend(GENERAL)
      assert.deepEqual(await store.log.heads([GENERAL]), [{ room: GENERAL, head: 2 }])
      await opened.outside('UPDATE rooms SET last_seq = 2000000000, searchable_seq = 2000000000 WHERE id = 1')
      await opened.outside('DELETE FROM messages')
      assert.deepEqual(await store.log.append([draft(ana.id, 'c')], NOW), [{ seq: 2_000_000_001, at: NOW }])
    })

    test('rows far beyond the end, up to the last possible seq, do not belong to the room', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.log.append([draft(ana.id, 'a')], NOW)
      for (const seq of [4_294_967_294, 4_294_967_295, 70_000]) {
        await opened.outside(`INSERT INTO messages (id, user_id, message, created_at, epoch_id)
          SELECT 4294967296 + ${seq}, max(user_id), 'x', max(created_at), max(epoch_id) FROM messages`)
      }
      assert.deepEqual(await store.log.heads([GENERAL]), [{ room: GENERAL, head: 1, lost: 4_294_967_295 }])
      for (const seq of [2, 3]) {
        assert.deepEqual(await store.log.append([draft(ana.id, 'b')], NOW), [{ seq, at: NOW }])
      }
      const change = await store.rooms.change(ana.id, GENERAL, { kind: 'topic', text: 'tema' }, NOW)
      assert.equal(change?.seq, 4)
      for (const seq of [0, 4_294_967_295] as Seq[]) {
        const side = seq === 0 ? 'after' : 'before'
        const page = await store.pages.page(ana.id, GENERAL, { side, seq, limit: 10 })
        assert.deepEqual(
          page.map(({ seq }) => seq),
          [1, 2, 3],
        )
      }
      assert.deepEqual(await store.log.backlog(ana.id, GENERAL, 1, 2), { head: 4, after: 2 })
      // When the room gets near one of them, it continues after it.
      await opened.outside('UPDATE rooms SET last_seq = 69998 WHERE id = 1')
      assert.deepEqual(await store.log.append([draft(ana.id, 'c')], NOW), [{ seq: 70_001, at: NOW }])
    })

    test('an invalid value is read as the least that it could mean, and harms nothing else', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const named = { name: 'Club', folded: 'club', skeleton: 'club', written: 'club', shown: 'club' }
      const { id: room } = await store.rooms.create(beto.id, { kind: 'open', ...named }, NOW)
      await store.rooms.change(ana.id, room, { kind: 'arrival', person: ana.id, key: '' }, NOW)
      const { session } = await logIn(store, beto)
      await opened.outside(
        `UPDATE users SET role = 'king', language = 'xx', zone = 'Nowhere' WHERE id = ${beto.id}`,
      )
      const { person } = await logIn(store, beto)
      assert.deepEqual([person.role, person.zone], ['guest', ''])
      await opened.outside(`UPDATE rooms SET kind = 'nonsense' WHERE id = ${room}`)
      const ofBeto = async () => (await store.rooms.mine(beto.id)).find(({ id }) => id === room)
      assert.equal((await ofBeto())?.kind, 'closed')
      assert.deepEqual(await store.rooms.others(ana.id), [], 'nobody outside learns of it')
      await opened.outside(
        `UPDATE memberships SET level = 'x', role = 'x', last_read_seq = -7 WHERE room_id = ${room}`,
      )
      const seen = await ofBeto()
      assert.deepEqual([seen?.level, seen?.role, seen?.read, seen?.unread], ['everything', 'member', 0, 0])
      await opened.outside(`UPDATE memberships SET last_read_seq = 1000 WHERE room_id = ${room}`)
      assert.equal((await ofBeto())?.read, seen?.head)
      await opened.outside(`UPDATE sessions SET door = 'window', scope = 'everything' WHERE id = ${session}`)
      const [first] = await store.sessions.list(beto.id)
      assert.equal(first?.id, session)
      await opened.outside(
        `INSERT INTO masks (room_id, list, mask, user_id, created_at) VALUES (${room}, 'x', '*', 1, 1)`,
      )
      await opened.outside('UPDATE rooms SET mask_lists = 15')
      const { masks } = await store.rooms.settings(beto.id, room, NOW)
      assert.deepEqual(masks, [])
      await store.log.append([draft(ana.id, 'hola')], NOW)
      await opened.outside('UPDATE rooms SET last_at = 9000000000000000')
      const [receipt] = await store.log.append([draft(ana.id, 'sigue')], NOW)
      assert.deepEqual(receipt, { seq: 2, at: NOW }, 'no clock has shown that')
    })

    test('a direct room with an invalid name keeps nobody from their rooms', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const { room } = await store.rooms.direct([ana.id, beto.id], NOW)
      await store.log.append([draft(ana.id, 'aguja')], NOW)
      for (const name of ['', '@', '@1+x', '@1+99999999999999999999', 'nada', '@1++2', '@-1']) {
        await opened.outside(`UPDATE rooms SET name = '${name}' WHERE id = ${room.id}`)
        const ids = (found: readonly { room: { id: RoomId } }[]) =>
          found.map(({ room: { id } }) => id).toSorted()
        const all = [GENERAL, room.id]
        assert.deepEqual((await store.rooms.mine(ana.id)).map(({ id }) => id).toSorted(), all, name)
        assert.deepEqual(ids(await store.rooms.memberships(ana.id)), all, name)
        assert.deepEqual(ids((await store.pages.catchUp(ana.id, [], 9)).rooms), all, name)
        assert.equal(
          (await store.search.find(ana.id, parseQuery('aguja', 'UTC'), 0, 9)).found.length,
          1,
          name,
        )
      }
    })

    test('a name that is too long is cut: no door has room for it', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const named = { name: 'Club', folded: 'club', skeleton: 'club', written: 'club', shown: 'club' }
      const { id: room } = await store.rooms.create(ana.id, { kind: 'open', ...named }, NOW)
      await store.rooms.direct([ana.id, beto.id], NOW)
      await store.log.append([draft(beto.id, 'hola')], NOW)
      const long = '🦉'.repeat(20_000)
      await opened.outside(`UPDATE users SET username = '${long}', name = '${long}' WHERE id = ${beto.id}`)
      await opened.outside(`UPDATE rooms SET name = '${long}' WHERE id = ${room}`)
      const [said] = await store.log.read(GENERAL, 0 as Seq, 1 as Seq, 1)
      assert.equal(said?.author.username, '🦉'.repeat(32))
      assert.deepEqual(
        (await store.rooms.mine(ana.id)).map(({ name }) => [...name].length),
        [7, 32, 512],
      )
      assert.equal([...((await store.people.find('beto'))?.name ?? '')].length, 512)
    })

    test('what another program’s trigger keeps out is refused, and only that', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      for (const table of ['messages', 'changes'])
        for (const each of triggers(driver, table)) await opened.outside(each)
      const texts = ['uno', 'ignored', 'dos', 'refused', 'tres']
      const receipts = await Promise.all([
        store.log.append(
          texts.map(text => draft(ana.id, text)),
          NOW,
        ),
        store.log.append([draft(ana.id, 'cuatro')], NOW),
      ])
      assert.deepEqual(
        receipts.flat().map(receipt => ('refused' in receipt ? receipt.refused : receipt.seq)),
        [1, 'store-refused', 2, 'store-refused', 3, 4],
      )
      for (const text of ['ignored', 'refused'])
        await assert.rejects(
          store.rooms.change(ana.id, GENERAL, { kind: 'topic', text }, NOW),
          error => error instanceof Refusal && error.code === 'store-refused',
        )
      const event = await store.rooms.change(ana.id, GENERAL, { kind: 'topic', text: 'tema' }, NOW)
      assert.equal(event?.seq, 5)
    })

    test('spaces and line breaks in a name are replaced, which would be words or lines of a door', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      await store.log.append([draft(ana.id, 'hola')], NOW)
      await store.log.append([{ ...draft(beto.id, 'sí'), reply: 1 as Seq }], NOW)
      await store.rooms.direct([ana.id, beto.id], NOW)
      const odd = ['ana\r\nQUIT', '\u001b[2J', '\u202eana', 'ana QUIT :x', '\u2028', '']
      for (const name of odd) {
        const quoted = `'${name}'`
        await opened.outside(
          `UPDATE users SET username = ${quoted}, name = ${quoted}, status = ${quoted} WHERE id = ${ana.id}`,
        )
        await opened.outside(`UPDATE rooms SET name = ${quoted} WHERE id = 1`)
        const [first, second] = await store.log.read(GENERAL, 0 as Seq, 2 as Seq, 2)
        const members = await store.rooms.members(beto.id, GENERAL, '', 9)
        const listed = await store.rooms.mine(beto.id)
        const names = [
          ...[first?.author.username, second?.kind === 'message' ? second.reply?.username : ''],
          ...[members.map(({ person }) => person.username), listed.map(room => room.name)].flat(),
          ...members.flatMap(({ person }) => [person.name, person.status]),
        ]
        const raw = JSON.stringify(name)
        for (const each of names) assert.doesNotMatch(each ?? '', /[\p{Cc}\p{Zl}\p{Bidi_Control}]/u, raw)
        assert.match(first?.author.username ?? '', /^[^ ]+$/, raw)
      }
    })

    test('single-row tables that another program has emptied have their row again after the next start', async () => {
      await using opened = await open()
      await opened.outside('DELETE FROM secrets')
      await opened.outside('DELETE FROM index_rule')
      const store = await opened.reopen()
      assert.match(await store.people.secret(), /^[0-9a-f]{64}$/)
      await store.search.renew()
      await opened.outside('CREATE UNIQUE INDEX one_rule ON index_rule ((1))')
      const another = opened.outside("INSERT INTO index_rule (rule) VALUES ('')")
      await assert.rejects(another, /one_rule/, 'there is one')
    })

    test('an account without a password stays, with its rooms, and is named; a guest is let go', async () => {
      await using opened = await open()
      const [ana, beto] = [await register(opened.store, 'ana'), await register(opened.store, 'beto')]
      const named = { name: 'Club', folded: 'club', skeleton: 'club', written: 'club', shown: 'club' }
      const { id: room } = await opened.store.rooms.create(beto.id, { kind: 'closed', ...named }, NOW)
      const looks = { skeleton: 'eva', written: 'eva', shown: 'eva' }
      await opened.store.people.welcomeGuest({
        name: 'Eva',
        username: 'eva',
        folded: 'eva',
        ...looks,
        at: NOW,
      })
      await opened.store.people.setRole(ana.id, 'beto', 'guest', NOW)
      await opened.outside("UPDATE users SET password = ''")
      const store = await opened.reopen()
      assert.deepEqual(
        (await store.upkeep.survey(undefined))?.odd.map(({ column, row }) => [column, row]),
        [ana, beto].map(({ id }) => ['password', `${id}`]),
      )
      assert.deepEqual(
        (await store.accounts.list(undefined, { after: '', limit: 10 })).map(({ person }) => person.username),
        ['ana', 'beto'],
      )
      assert.equal(await store.people.find('eva'), undefined)
      await assert.rejects(
        register(store, 'ana'),
        error => error instanceof Refusal && error.code === 'name-taken',
      )
      assert.deepEqual((await store.rooms.mine(beto.id)).map(({ id }) => id).includes(room), true)
      await store.people.letGuestGo(beto.id)
      assert.equal((await store.people.find('beto'))?.id, beto.id)
      await store.people.disable(undefined, 'beto', true, NOW)
      assert.equal(
        (await store.accounts.list(undefined, { after: '', limit: 10 })).length,
        2,
        'a disabled one is listed, too',
      )
    })

    test('a room with an impossible id is shown to nobody, and others can be created', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      for (const id of ['20260001', '9007199254740995', '9223372036854775807']) {
        await opened.outside(
          `INSERT INTO rooms (id, name, folded, skeleton) VALUES (${id}, '${id}', '${id}', '${id}')`,
        )
        await opened.outside(`INSERT INTO memberships (room_id, user_id) VALUES (${id}, ${ana.id})`)
      }
      const named = { name: 'Club', folded: 'club', skeleton: 'club', written: 'club', shown: 'club' }
      const { id: room } = await store.rooms.create(ana.id, { kind: 'open', ...named }, NOW)
      const said = { room, author: ana.id, texts: ['hola'], seen: 0 as Seq }
      const strange = { ...said, room: 20_260_001 as RoomId }
      const receipts = await store.log.append([said, strange], NOW)
      assert.deepEqual(
        receipts.map(receipt => ('refused' in receipt ? receipt.refused : receipt.seq)),
        [2, 'not-a-member'],
      )
      const listed = [
        await store.rooms.mine(ana.id),
        await store.rooms.others(ana.id),
        await store.rooms.all(),
      ]
      assert.deepEqual(
        listed.map(rooms => rooms.length),
        [2, 0, 2],
      )
      assert.equal((await store.rooms.memberships(ana.id)).length, 2)
      assert.equal((await store.pages.catchUp(ana.id, [], 10)).rooms.length, 2)
      const { odd } = (await store.upkeep.survey(undefined)) ?? assert.fail()
      assert.deepEqual(
        odd.map(({ table, column }) => `${table}.${column}`),
        Array(3).fill('rooms.id'),
      )
    })

    test('a number out of range fails nothing', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const named = { name: 'Club', folded: 'club', skeleton: 'club', written: 'club', shown: 'club' }
      const { id: room } = await store.rooms.create(ana.id, { kind: 'open', ...named }, NOW)
      await store.rooms.change(beto.id, room, { kind: 'arrival', person: beto.id, key: '' }, NOW)
      const say = (author: Profile, ...texts: string[]) =>
        store.log.append([{ room, author: author.id, texts, seen: 0 as Seq }], NOW)
      await say(ana, 'aguja') // 3
      await store.log.append(
        [{ room, author: ana.id, texts: ['respuesta'], seen: 0 as Seq, reply: 3 as Seq }],
        NOW,
      )
      for (const wanted of [
        { kind: 'muting', person: beto.id, until: 1 as Instant },
        { kind: 'mask', list: 'mute', mask: 'x*', on: true },
        { kind: 'slow', seconds: 1 },
        { kind: 'pin', target: 3 as Seq, on: true },
        { kind: 'reaction', target: 3 as Seq, emoji: '👍', on: true },
      ] satisfies Change[])
        await store.rooms.change(ana.id, room, wanted, NOW)
      await store.invitations.create(ana.id, {
        code: 'c',
        uses: 1,
        until: (NOW + 1) as Instant,
        rooms: [],
        at: NOW,
      })
      await logIn(store, beto)
      const [cursor] = await store.pages.cursors([{ room, head: 2 as Seq }])
      assert.ok(cursor)
      const tables = new Set(NUMBERS.map(column => column.split('.')[0] ?? ''))
      if (driver === 'SQLite') for (const table of tables) await opened.outside(withoutTypes(table))
      const numbers = [
        '-5',
        '4294967295',
        '9223372036854775807',
        ...(driver === 'SQLite' ? ["'x'", '0.5', "x'00'"] : []),
      ]
      for (const number of numbers) {
        for (const column of NUMBERS) {
          const [table = '', name] = column.split('.')
          // PostgreSQL has narrower integers, too, and refuses values that do not fit.
          await opened.outside(`UPDATE ${table} SET ${name} = ${number}`).catch(error => {
            if (!/out of range/.test(`${error}`)) throw error
          })
          for (const meant of ['users.disabled', 'rooms.archived', 'sanctions.muted_until'])
            if (column === meant) await opened.outside(`UPDATE ${table} SET ${name} = 0`)
          const uses: Promise<unknown>[] = [ana, beto].flatMap(who => usesOf(store, who, cursor))
          const failed = (await Promise.allSettled(uses)).find(({ status }) => status === 'rejected')
          assert.equal(failed, undefined, `with ${column} = ${number}`)
          const [receipt] = await say(ana, column)
          assert.ok(receipt && 'seq' in receipt, `${JSON.stringify(receipt)} with ${column} = ${number}`)
        }
      }
    })
  })
}

const NUMBERS = [
  ...['users.created_at', 'users.disabled'],
  ...['rooms.last_seq', 'rooms.last_at', 'rooms.archived', 'rooms.searchable_seq', 'rooms.silenced_until'],
  ...['rooms.slow_seconds', 'rooms.mask_lists', 'rooms.most_people', 'rooms.flags'],
  ...['memberships.last_read_seq', 'memberships.joined_seq'],
  ...['sanctions.banned_until', 'sanctions.muted_until', 'sanctions.spoke_at', 'sanctions.banned_at'],
  ...['sessions.created_at', 'sessions.used_at', 'sessions.until', 'sessions.room_id'],
  ...['masks.created_at', 'invitations.uses_left', 'invitations.until', 'invitations.created_at'],
  ...['messages.created_at', 'messages.thread_seq', 'messages.edited_at', 'messages.notice'],
  ...['changes.created_at', 'changes.target_seq', 'epochs.began_at'],
]

/** What somebody does who logs in and reads. */
function usesOf(store: Store, who: Profile, cursor: Cursor): Promise<unknown>[] {
  const { id } = who
  const { rooms, log, pages, threads, search, sessions, people, accounts, invitations } = store
  const { room } = cursor
  return [
    ...[logIn(store, who), sessions.list(id), people.find(who.username), people.blocked(id)],
    ...[
      rooms.mine(id),
      rooms.others(id),
      rooms.all(),
      rooms.memberships(id),
      rooms.resume(id, [cursor], 100),
    ],
    ...[
      rooms.members(id, room, '', 10),
      rooms.settings(id, room, NOW),
      rooms.invitations(id),
      rooms.find(id, 'club'),
    ],
    ...[log.markRead(id, room, 1 as Seq), log.backlog(id, room, 1, 10), log.heads([room])],
    log.readInTurn(room, 0 as Seq, 100),
    pages.page(id, room, { side: 'before', seq: 99 as Seq, limit: 10 }),
    pages.page(id, room, { side: 'at', at: NOW, limit: 10 }),
    ...[threads.page(id, room, 4 as Seq, { limit: 10 }), pages.pins(id, room, 10), pages.state(id, room)],
    ...[pages.catchUp(id, [cursor], 100), search.find(id, parseQuery('aguja', 'UTC'), 0, 10)],
    ...[
      search.index(0 as RoomId, 10),
      accounts.list(undefined, { after: '', limit: 10 }),
      invitations.list(undefined, NOW),
    ],
  ]
}

/** As some SQLite browsers recreate a table to change it: columns without a type hold anything. */
function withoutTypes(table: string): string {
  return `PRAGMA writable_schema = ON;
          UPDATE sqlite_schema SET sql = replace(replace(sql, 'STRICT, WITHOUT ROWID', 'WITHOUT ROWID'), ') STRICT', ')')
          WHERE name = '${table}';
          PRAGMA writable_schema = RESET; CREATE TABLE another (x); DROP TABLE another`
}

/** Triggers that silently drop rows with one text, and raise an error for another. */
function triggers(driver: string, table: string): string[] {
  const column = table === 'messages' ? 'message' : 'value'
  if (driver === 'SQLite')
    return [
      `CREATE TRIGGER ${table}_ignored BEFORE INSERT ON ${table} WHEN new.${column} = 'ignored'
       BEGIN SELECT RAISE(IGNORE); END`,
      `CREATE TRIGGER ${table}_refused BEFORE INSERT ON ${table} WHEN new.${column} = 'refused'
       BEGIN SELECT RAISE(ABORT, 'no'); END`,
    ]
  return [
    `CREATE FUNCTION ${table}_kept() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
       IF new.${column} = 'refused' THEN RAISE EXCEPTION 'no'; END IF;
       IF new.${column} = 'ignored' THEN RETURN NULL; END IF;
       RETURN new;
     END $$`,
    `CREATE TRIGGER ${table}_kept BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION ${table}_kept()`,
  ]
}

function logIn(store: Store, { id, username }: Profile) {
  const from = { person: id, door: 'web', address: '::1', at: NOW } as const
  return store.sessions.begin({ ...from, proof: `hash of ${username}` })
}
