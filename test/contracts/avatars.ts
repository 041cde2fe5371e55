// The contract of the Store port: pictures of people and rooms, and when their files go.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type AvatarId,
  type FileId,
  GENERAL,
  type Profile,
  type RoomId,
  type Seq,
} from '../../src/core/model/model.ts'
import { Refusal } from '../../src/core/model/refusals.ts'
import { MOST_AVATAR_BYTES } from '../../src/core/model/rules.ts'
import type { StoredFile } from '../../src/core/ports/files.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { NOW, type Opened, register } from './store.ts'

const SPACE = { person: 100_000_000, server: 500_000_000 }
const PICTURE = { width: 40, height: 30, placeholder: 'abc', variants: ['clean', 'thumb'] } as const

function idOf(name: string): FileId {
  return name.padEnd(22, '-') as FileId
}

function avatarOf(name: string): AvatarId {
  return name.padEnd(22, '_') as AvatarId
}

interface Uploaded extends Partial<StoredFile> {
  /** Uploads with the same content have one file. */
  readonly content?: string
}

async function picture(
  store: Store,
  { id: person }: Profile,
  name: string,
  { content = name, ...more }: Uploaded = PICTURE,
): Promise<FileId> {
  await store.files.begin({ id: idOf(name), person, name: 'yo.png', size: 90, at: NOW }, SPACE)
  const sha256 = content.padEnd(64, '0')
  await store.files.finish(idOf(name), {
    key: idOf(name),
    sha256,
    size: 90,
    type: 'image/png',
    variants: [],
    ...more,
  })
  return idOf(name)
}

function allOf(name: string): string[] {
  return ['', '.clean', '.screen', '.thumb'].map(made => `${idOf(name)}${made}`)
}

async function gone(store: Store): Promise<string[]> {
  return [...(await store.files.pendingDeletions(50))].sort()
}

async function refused(code: string, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, error => error instanceof Refusal && error.code === code)
}

async function avatarsOf(
  store: Store,
  reader: Profile,
  people: readonly Profile[],
  rooms: readonly RoomId[] = [],
) {
  const found = await store.files.avatars(reader.id, { people: people.map(({ id }) => id), rooms })
  return {
    people: found.people.map(({ person, id }) => [person, id]),
    rooms: found.rooms.map(({ room, id }) => [room, id]),
  }
}

export function avatarsContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract for pictures of people and rooms, on ${driver}`, () => {
    test('a picture takes the space of whoever has set it, as long as it is there', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const used = async () => [await store.files.usage(ana.id), await store.files.usage(beto.id)]
      const bearer = { room: GENERAL }
      await store.files.setAvatar(
        ana.id,
        { person: ana.id },
        { upload: await picture(store, ana, 'a'), id: avatarOf('a') },
      )
      await store.files.setAvatar(ana.id, bearer, {
        upload: await picture(store, ana, 'b'),
        id: avatarOf('b'),
      })
      assert.deepEqual(await used(), [180, 0])
      const full = { ...SPACE, person: 200 }
      const more = { id: idOf('c'), person: ana.id, name: 'yo.png', size: 90, at: NOW }
      await refused('own-files-full', store.files.begin(more, full))
      await store.files.setAvatar(ana.id, bearer, undefined)
      assert.deepEqual(await used(), [90, 0])
      await store.files.begin(more, full)
    })

    test('an upload becomes a picture that anybody with its id can open, until there is another', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const bearer = { person: ana.id }
      const first = await picture(store, ana, 'uno')
      assert.equal(await store.files.setAvatar(ana.id, bearer, { upload: first, id: avatarOf('a') }), true)
      await refused('no-such-upload', store.files.upload(ana.id, first))
      assert.deepEqual(await avatarsOf(store, beto, [beto, ana]), {
        people: [[ana.id, avatarOf('a')]],
        rooms: [],
      })
      assert.equal((await store.files.openAvatar(avatarOf('a'))).key, first)
      assert.deepEqual(await store.fileUpkeep.unreferenced('', 10), [], 'a picture refers to its file')
      assert.deepEqual(
        await gone(store),
        [first],
        'only what was sent, in place of which the clean one is shown',
      )
      await store.files.confirmDeleted([first])

      const second = await picture(store, ana, 'dos')
      await store.files.setAvatar(ana.id, bearer, { upload: second, id: avatarOf('b') })
      await refused('no-such-file', store.files.openAvatar(avatarOf('a')))
      assert.equal((await store.files.openAvatar(avatarOf('b'))).key, second)
      assert.deepEqual(await gone(store), [...allOf('uno'), second].sort())

      assert.equal(await store.files.setAvatar(ana.id, bearer, undefined), true)
      assert.equal(await store.files.setAvatar(ana.id, bearer, undefined), false)
      await refused('no-such-file', store.files.openAvatar(avatarOf('b')))
      assert.deepEqual(await gone(store), [...allOf('uno'), ...allOf('dos')].sort())
    })

    test('the same content again is another id of the same file', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const [one, two] = [
        await picture(store, ana, 'uno'),
        await picture(store, ana, 'dos', { ...PICTURE, content: 'uno' }),
      ]
      for (const [upload, id] of [
        [one, 'a'],
        [two, 'b'],
      ] as const)
        await store.files.setAvatar(ana.id, { person: ana.id }, { upload, id: avatarOf(id) })
      assert.equal((await store.files.openAvatar(avatarOf('b'))).key, one)
      await refused('no-such-file', store.files.openAvatar(avatarOf('a')))
    })

    test('a message and a picture share a file, which stays until both are gone', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const [one, two] = [
        await picture(store, ana, 'uno'),
        await picture(store, ana, 'dos', { ...PICTURE, content: 'uno' }),
      ]
      const draft = {
        room: GENERAL,
        author: ana.id,
        texts: [''],
        seen: 0 as Seq,
        attach: { uploads: [{ upload: one }], space: 10_000 },
      }
      await store.log.append([draft], NOW)
      await store.files.setAvatar(ana.id, { person: ana.id }, { upload: two, id: avatarOf('a') })
      await store.files.confirmDeleted(await store.files.pendingDeletions(50))
      await store.rooms.change(ana.id, GENERAL, { kind: 'deletion', target: 1 as Seq }, NOW)
      assert.deepEqual(await gone(store), [])
      assert.equal((await store.files.openAvatar(avatarOf('a'))).key, one)
      await store.files.setAvatar(ana.id, { person: ana.id }, undefined)
      assert.deepEqual(await gone(store), allOf('uno'))
    })

    test('what is no picture, too large, not there yet or not one’s own is refused, and the picture before stays', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const bearer = { person: ana.id }
      await store.files.setAvatar(ana.id, bearer, {
        upload: await picture(store, ana, 'uno'),
        id: avatarOf('a'),
      })
      const set = (upload: FileId) => store.files.setAvatar(ana.id, bearer, { upload, id: avatarOf('z') })
      await refused('bad-picture', set(await picture(store, ana, 'texto', { type: 'text/plain' })))
      await refused(
        'large-file',
        set(await picture(store, ana, 'grande', { ...PICTURE, size: MOST_AVATAR_BYTES + 1 })),
      )
      await store.files.begin({ id: idOf('media'), person: ana.id, name: 'x', size: 9, at: NOW }, SPACE)
      await refused('unfinished-upload', set(idOf('media')))
      await refused('no-such-upload', set(idOf('nada')))
      await refused('no-such-upload', set(await picture(store, beto, 'suya')))
      const theirs = { upload: await picture(store, beto, 'otra'), id: avatarOf('z') }
      await refused('forbidden', store.files.setAvatar(beto.id, bearer, theirs))
      await refused('forbidden', store.files.setAvatar(beto.id, bearer, undefined))
      assert.equal((await store.files.openAvatar(avatarOf('a'))).key, idOf('uno'))
      assert.equal((await store.files.upload(beto.id, theirs.upload)).file?.key, theirs.upload)
    })

    test('a room’s picture is its moderators’, and a closed room’s id is told to its members alone', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const make = (name: string, kind: 'open' | 'closed') =>
        store.rooms.create(
          ana.id,
          { kind, name, folded: name, skeleton: name, written: name, shown: name },
          NOW,
        )
      const [club, aula] = [await make('club', 'closed'), await make('aula', 'open')]
      for (const { id, name } of [club, aula])
        await store.files.setAvatar(
          ana.id,
          { room: id },
          { upload: await picture(store, ana, name), id: avatarOf(name) },
        )
      const rooms = [club.id, aula.id, GENERAL]
      assert.deepEqual((await avatarsOf(store, ana, [], rooms)).rooms, [
        [club.id, avatarOf('club')],
        [aula.id, avatarOf('aula')],
      ])
      assert.deepEqual((await avatarsOf(store, beto, [], rooms)).rooms, [[aula.id, avatarOf('aula')]])
      await refused('not-a-member', store.files.setAvatar(beto.id, { room: club.id }, undefined))
      await store.rooms.change(beto.id, aula.id, { kind: 'arrival', person: beto.id }, NOW)
      await refused('forbidden', store.files.setAvatar(beto.id, { room: aula.id }, undefined))
      const direct = (await store.rooms.direct([ana.id, beto.id], NOW)).room
      await refused('forbidden', store.files.setAvatar(ana.id, { room: direct.id }, undefined))
    })

    test('a picture and an address in the metadata are never there together', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const bearer = { person: ana.id }
      await store.metadata.set(ana.id, bearer, 'avatar', 'https://example.org/a.png')
      await store.metadata.set(ana.id, bearer, 'color', 'verde')
      await store.files.setAvatar(ana.id, bearer, {
        upload: await picture(store, ana, 'uno'),
        id: avatarOf('a'),
      })
      assert.deepEqual(
        (await store.metadata.read(ana.id, [bearer])).map(({ key }) => key),
        ['color'],
      )
      await refused('has-picture', store.metadata.set(ana.id, bearer, 'avatar', 'https://example.org/b.png'))
      await store.files.setAvatar(ana.id, bearer, undefined)
      assert.equal(await store.metadata.set(ana.id, bearer, 'avatar', 'https://example.org/b.png'), true)
    })

    test('disabling an account removes its picture', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      await store.files.setAvatar(
        beto.id,
        { person: beto.id },
        { upload: await picture(store, beto, 'uno'), id: avatarOf('a') },
      )
      await store.people.disable(ana.id, 'beto', true, NOW)
      await refused('no-such-file', store.files.openAvatar(avatarOf('a')))
      assert.deepEqual(await gone(store), allOf('uno'))
      const late = { upload: await picture(store, beto, 'dos'), id: avatarOf('b') }
      await refused('forbidden', store.files.setAvatar(beto.id, { person: beto.id }, late))
      await store.people.disable(ana.id, 'beto', false, NOW)
      assert.deepEqual((await avatarsOf(store, ana, [beto])).people, [])
    })
  })
}
