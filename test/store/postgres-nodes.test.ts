// Several nodes on one PostgreSQL: whatever they do at once ends as if it had happened one after the other.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  type AttachedUpload,
  type AvatarId,
  type FileId,
  GENERAL,
  type Instant,
  type RoomId,
  type Seq,
  type UserId,
} from '../../src/core/model/model.ts'
import type { StoredFile } from '../../src/core/ports/files.ts'
import type { Change } from '../../src/core/ports/log.ts'
import type { Bearer } from '../../src/core/ports/metadata.ts'
import type { NewToken } from '../../src/core/ports/sessions.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { parseQuery } from '../../src/core/search/query.ts'
import { PostgresStore } from '../../src/store/postgres/store.ts'
import { lacksPostgres, Postgres } from '../tools/postgres.ts'
import { account, logOf, makeRoom, now, outcome, register, say, textsOf } from './postgres-stores.ts'

const HOUR = 3_600_000
const ROUNDS = 12

/** A race of two statements is seldom lost: so many rounds lose it. */
const UPLOAD_ROUNDS = 40
/** Of a file, in bytes. */
const SIZE = 90

function idOf(name: string): FileId {
  return name.padEnd(22, '-') as FileId
}

/** A picture whose content is like no other. */
function fileOf(key: FileId): StoredFile {
  return { key, sha256: key.padEnd(64, '0'), size: SIZE, type: 'image/png', placeholder: 'x', variants: [] }
}

async function begun(store: Store, person: UserId, name: string): Promise<FileId> {
  const id = idOf(name)
  await store.files.begin({ id, person, name, size: SIZE, at: now() }, { person: 1e6, server: 1e6 })
  return id
}

async function finished(
  store: Store,
  person: UserId,
  name: string,
  more: Partial<StoredFile> = {},
): Promise<FileId> {
  const id = await begun(store, person, name)
  await store.files.finish(id, { ...fileOf(id), ...more })
  return id
}

/** Posts uploads. @returns 'done', or the code of the refusal */
async function attaching(
  store: Store,
  author: UserId,
  room: RoomId,
  uploads: readonly (FileId | AttachedUpload)[],
  space = 1_000_000,
): Promise<string> {
  const attached = uploads.map(each => (typeof each === 'string' ? { upload: each } : each))
  const draft = { room, author, texts: [''], seen: 0 as Seq, attach: { uploads: attached, space } }
  const [receipt] = await store.log.append([draft], now())
  return !receipt || 'refused' in receipt ? `${receipt?.refused}` : 'done'
}

/** Deletes the last message of a room. */
async function erase(store: Store, by: UserId, room: RoomId): Promise<void> {
  const target = (await store.log.heads([room]))[0]?.head ?? assert.fail()
  await store.rooms.change(by, room, { kind: 'deletion', target }, now())
}

function later(milliseconds: number): Instant {
  return (now() + milliseconds) as Instant
}

describe('nodes on one PostgreSQL', { skip: lacksPostgres }, () => {
  let postgres: Postgres

  before(async () => {
    postgres = await Postgres.start()
  })
  after(() => postgres[Symbol.asyncDispose]())

  async function nodes() {
    const url = await postgres.chat()
    const [one, two] = await Promise.all([
      PostgresStore.open({ urls: [url] }),
      PostgresStore.open({ urls: [url] }),
    ])
    return {
      one,
      two,
      url,
      async [Symbol.asyncDispose]() {
        await Promise.all([one.close(), two.close()])
      },
    }
  }

  test('both post to many rooms at once: no gap, no duplicate, no deadlock', async () => {
    await using both = await nodes()
    const { one, two } = both
    const [ana, beto] = [await register(one, 'ana'), await register(two, 'beto')]
    const rooms: RoomId[] = [GENERAL]
    for (let i = 0; i < 9; i++) rooms.push(await makeRoom(one, ana.id, `r${i}`))
    for (const room of rooms.slice(1))
      await one.rooms.change(beto.id, room, { kind: 'arrival', person: beto.id }, now())
    const turns = Array.from({ length: 60 }, (_, i) => i)
    const stored = new Map(rooms.map(room => [room, 0]))
    const post = async (node: PostgresStore, author: UserId, order: readonly RoomId[], text: string) => {
      const texts = [text, `${text}+`]
      const drafts = order.map(room => ({ room, texts, author, seen: 0 as Seq }))
      const receipts = await node.log.append(drafts, now())
      receipts.forEach((receipt, i) => {
        const room = order[i] ?? GENERAL
        // On a machine at work a room may be held for longer than posts wait for it.
        if ('refused' in receipt) assert.equal(receipt.refused, 'store-busy')
        else stored.set(room, (stored.get(room) ?? 0) + texts.length)
      })
    }
    await Promise.all(
      turns.flatMap(i => [
        // In opposite orders on the two nodes.
        post(one, ana.id, rooms, `${i}`),
        post(two, beto.id, rooms.toReversed(), `${i}`),
        one.log.markRead(beto.id, rooms[i % 10] ?? GENERAL, i as Seq),
        two.log.markRead(ana.id, rooms[9 - (i % 10)] ?? GENERAL, i as Seq),
      ]),
    )
    for (const room of rooms) {
      const log = await logOf(two, room)
      assert.deepEqual(
        log.map(({ seq }) => Number(seq)),
        Array.from(log, (_, i) => i + 1),
      )
      assert.equal(textsOf(log).length, stored.get(room), 'what has a receipt, and nothing else')
      assert.ok(textsOf(log).length > 120, 'most of it')
      assert.ok(log.every(({ at }, i) => i === 0 || at >= (log[i - 1]?.at ?? 0)))
    }
    await Promise.all(
      turns.flatMap(i => [
        ...[ana, beto].map(({ id }) => one.people.block(id, ana.id, i % 2 === 0)),
        ...[beto, ana].map(({ id }) => two.people.block(id, beto.id, i % 2 === 0)),
      ]),
    )
    const [found] = await postgres.query(
      both.url,
      'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
    )
    assert.equal(found?.deadlocks, '0')
  })

  test('a name: one gets it, and the others are refused because it is taken', async () => {
    await using both = await nodes()
    const { one, two } = both
    const ana = await register(one, 'ana')
    for (let round = 0; round < ROUNDS; round++) {
      const name = `n${round}`
      const stores = [one, two, one, two]
      const registered = await Promise.all(stores.map(store => outcome(store.people.register(account(name)))))
      assert.deepEqual(registered.toSorted(), ['done', 'name-taken', 'name-taken', 'name-taken'])
      const made = await Promise.all(stores.map(store => outcome(makeRoom(store, ana.id, name))))
      assert.deepEqual(made.toSorted(), ['done', 'room-taken', 'room-taken', 'room-taken'])
      const beto = await one.people.find(name)
      const direct = await Promise.all(
        stores.map(store => store.rooms.direct([ana.id, beto?.id ?? ana.id], now())),
      )
      assert.equal(new Set(direct.map(({ room }) => room.id)).size, 1)
      assert.equal(direct.filter(({ isNew }) => isNew).length, 1)
    }
  })

  test('two first accounts: one owns the server; two owners who step down: one stays', async () => {
    for (let round = 0; round < 3; round++) {
      await using both = await nodes()
      const { one, two } = both
      const people = await Promise.all([register(one, 'ana'), register(two, 'beto')])
      assert.equal(people.filter(({ role }) => role === 'owner').length, 1)
      for (const { username } of people) await one.people.setRole(undefined, username, 'owner', now())
      const [ana, beto] = people
      const stepping = [
        outcome(one.people.setRole(ana?.id, 'ana', 'member', now())),
        outcome(two.people.disable(undefined, 'beto', true, now())),
      ]
      assert.deepEqual((await Promise.all(stepping)).toSorted(), ['done', 'last-owner'], `${beto?.id}`)
    }
  })

  test('the last place of an invitation, and the last owner of a room', async () => {
    await using both = await nodes()
    const { one, two } = both
    const ana = await register(one, 'ana')
    for (let round = 0; round < ROUNDS; round++) {
      const code = `c${round}`
      const club = await makeRoom(one, ana.id, code)
      await one.invitations.create(ana.id, {
        code,
        uses: 1,
        until: later(HOUR),
        rooms: [code],
        at: now(),
      })
      const come = (store: PostgresStore, name: string) =>
        outcome(store.people.register({ ...account(name), admission: { code } }))
      const came = await Promise.all([come(one, `a${round}`), come(two, `b${round}`)])
      assert.deepEqual(came.toSorted(), ['done', 'wrong-code'])
      const guest = (await one.people.find(`a${round}`)) ?? (await one.people.find(`b${round}`))
      assert.ok(guest)
      await one.rooms.change(ana.id, club, { kind: 'appointment', person: guest.id, role: 'owner' }, now())
      const step = (store: PostgresStore, by: UserId) =>
        outcome(store.rooms.change(by, club, { kind: 'appointment', person: by, role: 'member' }, now()))
      const steps = await Promise.all([step(one, ana.id), step(two, guest.id)])
      assert.deepEqual(steps.toSorted(), ['done', 'last-owner'])
    }
  })

  test('an edit and a deletion, a kick and a post, a log-in and a disabled account', async () => {
    await using both = await nodes()
    const { one, two } = both
    const [ana, beto] = [await register(one, 'ana'), await register(one, 'beto')]
    const club = await makeRoom(one, ana.id, 'club')
    for (let round = 0; round < ROUNDS; round++) {
      await one.rooms.change(beto.id, club, { kind: 'arrival', person: beto.id }, now())
      const said = await say(one, 'antes', { author: beto.id, room: club })
      assert.ok('seq' in said)
      const change = (store: PostgresStore, by: UserId, wanted: Change) =>
        outcome(store.rooms.change(by, club, wanted, now()))
      const target = said.seq
      const [erased, edited] = await Promise.all([
        change(one, ana.id, { kind: 'deletion', target }),
        change(two, beto.id, { kind: 'edit', target, text: `e${round}` }),
      ])
      assert.equal(erased, 'done')
      assert.ok(edited === 'done' || edited === 'no-such-message')
      const [message] = await one.log.readInTurn(club, (target - 1) as Seq, 1)
      assert.ok(message?.kind === 'message' && message.deleted && message.text === '', 'the deletion is last')
      const kick = {
        kind: 'removal',
        person: beto.id,
        how: 'kicked',
        reason: '',
        until: 0 as Instant,
      } as const
      const [out, late] = await Promise.all([
        change(one, ana.id, kick),
        say(two, 'tarde', { author: beto.id, room: club }),
      ])
      assert.equal(out, 'done')
      const log = await logOf(one, club)
      const removal = log.findLast(({ kind }) => kind === 'removal')
      assert.ok('refused' in late || late.seq < (removal?.seq ?? 0), 'nobody speaks behind their removal')
      const session = { person: beto.id, proof: 'x', door: 'line', address: '::1', at: now() } as const
      await Promise.allSettled([one.sessions.begin(session), two.people.disable(ana.id, 'beto', true, now())])
      assert.deepEqual(await one.sessions.list(beto.id), [], 'an account that is disabled has no session')
      await one.people.disable(ana.id, 'beto', false, now())
    }
  })

  test('the same key on both nodes is one message', async () => {
    await using both = await nodes()
    const { one, two } = both
    const ana = await register(one, 'ana')
    for (let round = 0; round < ROUNDS; round++) {
      const key = `k${round}`
      const receipts = await Promise.all(
        [one, two, two, one].map(store => say(store, 'una vez', { author: ana.id, key })),
      )
      assert.equal(new Set(receipts.map(receipt => 'seq' in receipt && receipt.seq)).size, 1)
    }
    assert.equal(textsOf(await logOf(one)).length, ROUNDS)
  })

  test('one upload, attached by both nodes at once: one message has it, and the other post is refused', async () => {
    await using both = await nodes()
    const { one, two, url } = both
    const ana = await register(one, 'ana')
    const rooms = [GENERAL, await makeRoom(one, ana.id, 'club')] as const
    for (let round = 0; round < UPLOAD_ROUNDS; round++) {
      const uploads = [await finished(one, ana.id, `a${round}`), await finished(one, ana.id, `b${round}`)]
      // In opposite orders on the two nodes.
      const posts = await Promise.all([
        attaching(one, ana.id, rooms[0], uploads),
        attaching(two, ana.id, rooms[1], uploads.toReversed()),
      ])
      assert.deepEqual(posts.toSorted(), ['done', 'no-such-upload'], `round ${round}`)
      await nothingIsDoubled(url)
    }
    assert.equal(await one.files.usage(ana.id), 2 * UPLOAD_ROUNDS * SIZE)
    const [found] = await postgres.query(
      url,
      'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
    )
    assert.equal(found?.deadlocks, '0')
  })

  test('an upload that is a poster of one message is no file of another', async () => {
    await using both = await nodes()
    const { one, two, url } = both
    const ana = await register(one, 'ana')
    const club = await makeRoom(one, ana.id, 'club')
    for (let round = 0; round < UPLOAD_ROUNDS; round++) {
      const video = await finished(one, ana.id, `video${round}`)
      const poster = await finished(one, ana.id, `poster${round}`)
      const posts = await Promise.all([
        attaching(one, ana.id, GENERAL, [{ upload: video, poster }]),
        attaching(two, ana.id, club, [poster]),
      ])
      assert.deepEqual(posts.toSorted(), ['done', 'no-such-upload'], `round ${round}`)
      await nothingIsDoubled(url)
    }
  })

  test('an upload that is discarded while it is attached: the message has it, or is refused', async () => {
    await using both = await nodes()
    const { one, two, url } = both
    const ana = await register(one, 'ana')
    const ends = new Set<string>()
    for (let round = 0; round < UPLOAD_ROUNDS; round++) {
      const upload = await finished(one, ana.id, `u${round}`)
      const [posted, gone] = await Promise.all([
        attaching(one, ana.id, GENERAL, [upload]),
        round % 2 === 0
          ? outcome(two.files.cancel(ana.id, upload))
          : two.files.expire(later(HOUR), 10).then(count => (count === 1 ? 'done' : 'no-such-upload')),
      ])
      assert.deepEqual([posted, gone].toSorted(), ['done', 'no-such-upload'], `round ${round}`)
      await nothingIsDoubled(url)
      const { length } = (await one.files.pendingDeletions(1000)).filter(key => key === upload)
      assert.equal(length, gone === 'done' ? 1 : 0, 'its bytes go with it, and only then')
      ends.add(posted)
    }
    assert.equal(ends.size, 2, `of ${UPLOAD_ROUNDS} rounds each way was taken`)
  })

  test('one upload is one picture: of a person or a room, and then of no message', async () => {
    await using both = await nodes()
    const { one, two, url } = both
    const ana = await register(one, 'ana')
    const club = await makeRoom(one, ana.id, 'club')
    for (let round = 0; round < UPLOAD_ROUNDS; round++) {
      const upload = await finished(one, ana.id, `u${round}`)
      const other = await finished(one, ana.id, `v${round}`)
      const avatar = (store: PostgresStore, bearer: Bearer, of: FileId, id: string) =>
        outcome(store.files.setAvatar(ana.id, bearer, { upload: of, id: `${id}${round}` as AvatarId }))
      const set = await Promise.all([
        avatar(one, { person: ana.id }, upload, 'p'),
        avatar(two, { room: club }, upload, 'r'),
      ])
      assert.deepEqual(set.toSorted(), ['done', 'no-such-upload'], `round ${round}`)
      const [pictured, posted, gone] = await Promise.all([
        avatar(one, { person: ana.id }, other, 'q'),
        attaching(two, ana.id, GENERAL, [other]),
        outcome(two.files.cancel(ana.id, other)),
      ])
      const done = [pictured, posted, gone].toSorted()
      assert.deepEqual(done, ['done', 'no-such-upload', 'no-such-upload'], `round ${round}`)
      await nothingIsDoubled(url)
    }
  })

  test('a picture that is set while its account is disabled is gone afterwards', async () => {
    await using both = await nodes()
    const { one, two, url } = both
    const [ana, beto] = [await register(one, 'ana'), await register(one, 'beto')]
    for (let round = 0; round < ROUNDS; round++) {
      const wanted = { upload: await finished(one, beto.id, `u${round}`), id: `p${round}` as AvatarId }
      const [set, disabled] = await Promise.all([
        outcome(one.files.setAvatar(beto.id, { person: beto.id }, wanted)),
        outcome(two.people.disable(ana.id, 'beto', true, now())),
      ])
      assert.ok(set === 'done' || set === 'forbidden', set)
      assert.equal(disabled, 'done')
      assert.deepEqual(await postgres.query(url, 'SELECT id FROM avatars'), [], `round ${round}`)
      await one.people.disable(ana.id, 'beto', false, now())
    }
  })

  test('an upload that is cancelled while it is finished leaves nothing, whoever was first', async () => {
    await using both = await nodes()
    const { one, two, url } = both
    const ana = await register(one, 'ana')
    for (let round = 0; round < UPLOAD_ROUNDS; round++) {
      const id = await begun(one, ana.id, `u${round}`)
      const [stored, gone] = await Promise.all([
        outcome(one.files.finish(id, fileOf(id))),
        outcome(two.files.cancel(ana.id, id)),
      ])
      assert.equal(gone, 'done')
      assert.ok(stored === 'done' || stored === 'no-such-upload', stored)
      assert.deepEqual(await postgres.query(url, 'SELECT key FROM files'), [], `round ${round}`)
      assert.ok((await one.files.pendingDeletions(1000)).includes(id))
    }
    assert.equal(await one.files.usage(ana.id), 0)
  })

  test('an upload that both nodes finish at once is one file for both', async () => {
    await using both = await nodes()
    const { one, two, url } = both
    const ana = await register(one, 'ana')
    for (let round = 0; round < UPLOAD_ROUNDS; round++) {
      const id = await begun(one, ana.id, `u${round}`)
      const files = await Promise.all([
        one.files.finish(id, fileOf(id)),
        two.files.finish(id, { ...fileOf(id), sha256: `f${round}`.padEnd(64, '-') }), // as another version makes it
      ])
      assert.deepEqual({ ...files[0] }, { ...files[1] }, `round ${round}`)
      assert.equal((await postgres.query(url, 'SELECT key FROM files')).length, round + 1)
    }
    assert.equal(await one.files.usage(ana.id), UPLOAD_ROUNDS * SIZE)
  })

  test('messages that share a file are deleted, and it is uploaded again: its bytes go with the last', async () => {
    await using both = await nodes()
    const { one, two, url } = both
    const ana = await register(one, 'ana')
    const rooms = [GENERAL, await makeRoom(one, ana.id, 'club')] as const
    for (let round = 0; round < UPLOAD_ROUNDS; round++) {
      const sha256 = `${round}`.padEnd(64, '0')
      const ids = ['a', 'b', 'c'].map(name => `${name}${round}`)
      const [first, second] = [
        await finished(one, ana.id, ids[0] ?? '', { sha256 }),
        await finished(one, ana.id, ids[1] ?? '', { sha256 }),
      ]
      assert.equal(await attaching(one, ana.id, rooms[0], [first]), 'done')
      assert.equal(await attaching(one, ana.id, rooms[1], [second]), 'done')
      const third = await begun(one, ana.id, ids[2] ?? '')
      const done = await Promise.all([
        outcome(erase(one, ana.id, rooms[0])),
        outcome(erase(two, ana.id, rooms[1])),
        outcome(two.files.finish(third, { ...fileOf(third), sha256 })),
      ])
      assert.deepEqual(done, ['done', 'done', 'done'], `round ${round}`)
      const { file } = await one.files.upload(ana.id, third)
      assert.ok(file)
      const named = await postgres.query(url, `SELECT key FROM files WHERE sha256 = '${sha256}'`)
      assert.deepEqual(named, [{ key: file.key }])
      const going = (await one.files.pendingDeletions(10_000)).filter(key =>
        [first, second, third].includes(key as FileId),
      )
      assert.deepEqual(going.toSorted(), [first, second, third].filter(key => key !== file.key).toSorted())
      await one.files.cancel(ana.id, third)
    }
    assert.deepEqual(await postgres.query(url, 'SELECT key FROM files'), [])
  })

  test('the space of the server is filled once by several people, that of a room by several posts', async () => {
    await using both = await nodes()
    const { one, two } = both
    const [ana, beto] = [await register(one, 'ana'), await register(two, 'beto')]
    const space = { person: 1000, server: 1000 }
    for (let round = 0; round < UPLOAD_ROUNDS; round++) {
      const tries = [
        { store: one, person: ana.id, id: idOf(`a${round}`) },
        { store: two, person: beto.id, id: idOf(`b${round}`) },
      ]
      const uploads = tries.map(({ store, person, id }) =>
        outcome(store.files.begin({ id, person, name: 'x', size: 600, at: now() }, space)),
      )
      assert.deepEqual((await Promise.all(uploads)).toSorted(), ['done', 'files-full'], `round ${round}`)
      for (const { person, id } of tries) await one.files.cancel(person, id).catch(() => {})
      const club = await makeRoom(one, ana.id, `r${round}`)
      const [first, second] = [
        await finished(one, ana.id, `c${round}`),
        await finished(one, ana.id, `d${round}`),
      ]
      const posts = await Promise.all([
        attaching(one, ana.id, club, [first], SIZE),
        attaching(two, ana.id, club, [second], SIZE),
      ])
      assert.deepEqual(posts.toSorted(), ['done', 'room-files-full'], `round ${round}`)
      for (const each of [first, second]) await one.files.cancel(ana.id, each).catch(() => {})
      // So that the next round finds the server empty.
      await erase(one, ana.id, club)
    }
  })

  /** No message says that it has more files than it has, and nothing is both attached and somebody's picture. */
  async function nothingIsDoubled(url: string): Promise<void> {
    const wrong = await postgres.query(
      url,
      `SELECT id, attached FROM messages
       WHERE attached <> (SELECT count(*) FROM attachments WHERE message_id = messages.id)`,
    )
    assert.deepEqual(wrong, [])
    const twice = await postgres.query(
      url,
      `SELECT key FROM files
       WHERE 1 <> (SELECT count(*) FROM attachments WHERE file_key = key)
                  + (SELECT count(*) FROM attachments WHERE poster_key = key)
                  + (SELECT count(*) FROM avatars WHERE file_key = key)`,
    )
    assert.deepEqual(twice, [])
  }

  test('in-turn reads of a node include what another has committed, without a gap', async () => {
    await using both = await nodes()
    const { one, two } = both
    const ana = await register(one, 'ana')
    let writing = true
    const writer = (async () => {
      for (let i = 0; i < 150; i++) {
        const said = await say(two, `${i}`, { author: ana.id })
        assert.ok('seq' in said)
        const pin = { kind: 'pin', target: said.seq, on: true } as const
        const [event] = await Promise.all([
          two.rooms.change(ana.id, GENERAL, pin, now()),
          say(two, `${i}+`, { author: ana.id }),
        ])
        const [head] = await one.log.heads([GENERAL])
        assert.ok(head && event && head.head >= event.seq)
      }
      writing = false
    })()
    while (writing) {
      const seqs = (await logOf(one)).map(({ seq }) => Number(seq))
      assert.deepEqual(
        seqs,
        seqs.map((_, i) => i + 1),
      )
    }
    await writer
    assert.equal((await logOf(one)).length, 450)
  })

  test('nodes whose clocks are an hour apart agree on what is stored', async () => {
    await using both = await nodes()
    const { one, two } = both
    const [ana, beto] = [await register(one, 'ana'), await register(one, 'beto')]
    const club = await makeRoom(one, ana.id, 'club')
    await one.rooms.change(beto.id, club, { kind: 'arrival', person: beto.id }, now())
    const [fast, slow] = [later(HOUR), later(-HOUR)]
    const first = await say(one, 'a', { author: ana.id, at: fast })
    const second = await say(two, 'b', { author: ana.id, at: slow })
    assert.ok('at' in first && 'at' in second)
    for (const { at } of [first, second]) assert.ok(Math.abs(at - now()) < 5_000, `${at - now()}`)
    assert.ok(second.at >= first.at)
    // Half an hour's mute by the fast clock lasts half an hour.
    const until = (fast + HOUR / 2) as Instant
    const muted = await one.rooms.change(ana.id, club, { kind: 'muting', person: beto.id, until }, fast)
    assert.ok(muted?.kind === 'muting' && Math.abs(muted.until - later(HOUR / 2)) < 5_000)
    assert.deepEqual(await say(two, 'x', { author: beto.id, room: club, at: slow }), { refused: 'muted' })
    const free = { kind: 'muting', person: beto.id, until: 0 as Instant } as const
    await two.rooms.change(ana.id, club, free, slow)
    assert.ok('seq' in (await say(one, 'x', { author: beto.id, room: club, at: fast })))
    await one.rooms.change(ana.id, club, { kind: 'slow', seconds: 60 }, fast)
    await say(one, 'y', { author: beto.id, room: club, at: fast })
    assert.deepEqual(await say(two, 'z', { author: beto.id, room: club, at: slow }), { refused: 'slow-mode' })
    await two.invitations.create(ana.id, {
      code: 'abc',
      uses: 1,
      until: (slow + 60_000) as Instant,
      rooms: [],
      at: slow,
    })
    assert.equal(await one.invitations.admits('abc', fast), true)
    const token: NewToken = {
      hash: 'h',
      name: '',
      grant: { scope: 'admin' },
      until: (slow + 60_000) as Instant,
    }
    await two.sessions.begin({ person: ana.id, proof: 'x', door: 'web', address: '::1', at: slow, token })
    const back = { hash: 'h', at: fast, idleSince: (fast - HOUR / 2) as Instant }
    assert.equal((await one.sessions.resume(back)).person.username, 'ana')
  })

  test('sessions without a token, and no others, end with their node, even when it dies', async () => {
    await using both = await nodes()
    const { one, two, url } = both
    const ana = await register(one, 'ana')
    const begin = (store: PostgresStore, hash?: string) =>
      store.sessions.begin({
        person: ana.id,
        proof: 'x',
        door: 'web',
        address: '::1',
        at: now(),
        ...(hash !== undefined && { token: { hash, name: '', grant: { scope: 'admin' }, until: undefined } }),
      })
    const [first, second, kept] = [await begin(one), await begin(two), await begin(two, 'h')]
    const there = async () => (await one.sessions.list(ana.id)).map(({ id }) => id)
    const third = await PostgresStore.open({ urls: [url] })
    const moved = await begin(two)
    await third.sessions.transfer({
      session: moved.session,
      person: ana.id,
      door: 'line',
      address: '::1',
      at: now(),
    })
    const ids = [first, second, kept, moved].map(({ session }) => session)
    assert.deepEqual(await there(), ids, 'a start ends no session of others')
    await postgres.query(
      url,
      `UPDATE nodes SET seen_at = seen_at - interval '61 seconds'
       WHERE id = (SELECT node FROM sessions WHERE id = ${second.session})`,
    )
    await third.close()
    assert.deepEqual(
      await there(),
      [first.session, second.session, kept.session],
      'it had gone on at the third',
    )
    await (await PostgresStore.open({ urls: [url] })).close()
    assert.deepEqual(await there(), [first.session, kept.session], 'the second has fallen silent')
  })

  test('one node finds what the other has indexed, and neither finds what was erased', async () => {
    await using both = await nodes()
    const { one, two, url } = both
    const ana = await register(one, 'ana')
    await say(one, 'la zarzaparrilla', { author: ana.id })
    await say(one, 'otra zarzaparrilla', { author: ana.id })
    await Promise.all([one, two, one, two].map(store => store.search.index(0 as RoomId, 1)))
    const find = async (typed: string) =>
      (await two.search.find(ana.id, parseQuery(typed, 'UTC'), 0, 10)).found.map(
        ({ message }) => message.text,
      )
    assert.deepEqual(await find('zarzaparrilla'), ['otra zarzaparrilla', 'la zarzaparrilla'])
    assert.equal(await two.search.tidy(10), false)
    await one.rooms.change(ana.id, GENERAL, { kind: 'deletion', target: 1 as Seq }, now())
    await two.rooms.change(ana.id, GENERAL, { kind: 'edit', target: 2 as Seq, text: 'nada' }, now())
    assert.deepEqual(await find('zarzaparrilla'), [])
    assert.deepEqual(await find('nada'), ['nada'])
    for (const table of ['messages', 'terms', 'changes']) {
      const rows = await postgres.query(url, `SELECT * FROM ${table}`)
      assert.ok(!JSON.stringify(rows).includes('zarzaparrilla'), table)
    }
  })

  test('a text that a node of the version before has changed, without the index, is found as it is now', async () => {
    await using both = await nodes()
    const { one, url } = both
    const ana = await register(one, 'ana')
    for (const text of ['aguja uno', 'aguja dos', 'aguja tres']) await say(one, text, { author: ana.id })
    const find = async (typed: string) =>
      (await one.search.find(ana.id, parseQuery(typed, 'UTC'), 0, 10)).found.map(
        ({ message }) => message.text,
      )
    const indexAll = async () => {
      while ((await one.search.index(0 as RoomId, 100)) !== undefined);
    }
    await indexAll()
    await postgres.query(url, "UPDATE messages SET message = 'dedal dos' WHERE message = 'aguja dos'")
    await postgres.query(url, "UPDATE messages SET message = '', deleted_at = 1 WHERE message = 'aguja tres'")
    for (const when of ['at once', 'indexed anew']) {
      assert.deepEqual(await find('dedal'), ['dedal dos'], when)
      assert.deepEqual(await find('aguja'), ['aguja uno'], when)
      await indexAll()
    }
    const rows = await postgres.query(url, 'SELECT message_id FROM terms')
    assert.equal(rows.length, 2, 'of what was deleted nothing is listed')
  })

  test('an index of another rule is emptied by the first node that starts, and rebuilt', async () => {
    await using both = await nodes()
    const { one, two, url } = both
    const ana = await register(one, 'ana')
    await say(one, 'aguja', { author: ana.id })
    await Promise.all([one.search.renew(), two.search.renew()])
    await one.search.index(0 as RoomId, 100)
    await postgres.query(url, "UPDATE index_rule SET rule = 'another'")
    await Promise.all([one.search.renew(), two.search.renew()])
    assert.deepEqual(await postgres.query(url, 'SELECT * FROM terms'), [])
    assert.equal(await two.search.index(0 as RoomId, 100), GENERAL)
    await one.search.renew()
    assert.equal((await postgres.query(url, 'SELECT * FROM terms')).length, 1, 'it is of this rule now')
  })

  test('words that are hard to index: very long ones, and many repetitions', async () => {
    await using both = await nodes()
    const { one } = both
    const ana = await register(one, 'ana')
    const [long, other] = ['a'.repeat(900), `${'a'.repeat(899)}b`]
    const texts = [
      long,
      other,
      `${'uno '.repeat(700)}dos`,
      `dos ${'uno '.repeat(700)}`,
      `'o''s' \\ & | !uno:*`,
    ]
    for (const text of texts) await say(one, text, { author: ana.id })
    const find = async (typed: string) =>
      (await one.search.find(ana.id, parseQuery(typed, 'UTC'), 0, 10)).found.map(({ message }) =>
        texts.indexOf(message.text),
      )
    const sought = [`"${long}"`, `"${other}"`, '"uno dos"', '"dos uno"', "'o''s'", 'uno']
    const before = [[0], [1], [2], [3], [4], [4, 3, 2]]
    assert.deepEqual(await Promise.all(sought.map(find)), before)
    while ((await one.search.index(0 as RoomId, 100)) !== undefined);
    assert.deepEqual(await Promise.all(sought.map(find)), before)
  })

  test('characters that PostgreSQL’s text can’t hold are stored as U+FFFD', async () => {
    await using both = await nodes()
    const { one } = both
    const ana = await register(one, 'ana')
    const odd = ['a\0b', 'c\ud800d']
    for (const text of odd) {
      const receipt = await say(one, text, { author: ana.id, key: text })
      assert.ok('seq' in receipt)
      assert.deepEqual(await say(one, text, { author: ana.id, key: text }), { ...receipt, repeated: true })
    }
    await one.rooms.change(ana.id, GENERAL, { kind: 'topic', text: 'x\0y' }, now())
    assert.deepEqual(textsOf(await logOf(one)), ['a\ufffdb', 'c\ufffdd'])
    assert.equal((await one.rooms.mine(ana.id))[0]?.topic, 'x\ufffdy')
  })

  test('invalid room ids are refused like rooms that do not exist', async () => {
    await using both = await nodes()
    const { one } = both
    const ana = await register(one, 'ana')
    for (const odd of [1.5, -1, Number.NaN, 2 ** 40, 2 ** 53, 1e300]) {
      const room = odd as RoomId
      assert.deepEqual(await say(one, 'x', { author: ana.id, room }), { refused: 'not-a-member' }, `${odd}`)
      const topic = { kind: 'topic', text: 'x' } as const
      assert.equal(await outcome(one.rooms.change(ana.id, room, topic, now())), 'not-a-member', `${odd}`)
    }
  })
})
