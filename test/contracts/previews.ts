// The contract of the Store port: previews of links.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type FileId,
  GENERAL,
  type Instant,
  type LinkPreview,
  type Profile,
  type RoomId,
  type Seq,
} from '../../src/core/model/model.ts'
import type { ReadLink } from '../../src/core/ports/previews.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { NOW, type Opened, register } from './store.ts'

const [A, B, C] = ['https://a.example/', 'https://b.example/', 'https://c.example/'] as const
const found = (url: string, at = NOW): ReadLink => ({
  url,
  title: `de ${url}`,
  description: 'así',
  site: 'S',
  at,
})
const shown = ({ at: _, upload: __, ...link }: ReadLink): LinkPreview => link

async function post(store: Store, author: Profile, text: string): Promise<Seq> {
  const [receipt] = await store.log.append(
    [{ room: GENERAL, author: author.id, texts: [text], seen: 0 as Seq }],
    NOW,
  )
  return receipt && 'seq' in receipt ? receipt.seq : assert.fail(JSON.stringify(receipt))
}

async function previewsIn(
  store: Store,
  reader: Profile,
  target: Seq,
): Promise<readonly LinkPreview[] | undefined> {
  const [message] = await store.pages.page(reader.id, GENERAL, { side: 'around', seq: target, limit: 1 })
  return message?.previews
}

export function previewsContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract for previews, on ${driver}`, () => {
    test('previews are shown in the order of the links, in pages, events and catch-ups, and survive', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const target = await post(store, ana, `${B} ${A} `)
      const change = { kind: 'preview', target, found: [found(A), found(B), found(C)] } as const
      const event = await store.rooms.change(ana.id, GENERAL, change, NOW)
      const links = [shown(found(B)), shown(found(A))]
      assert.deepEqual(event?.kind === 'preview' && [event.target, event.links], [target, links])
      assert.equal(
        await store.rooms.change(ana.id, GENERAL, change, NOW),
        undefined,
        'they are shown already',
      )
      const again = await opened.reopen()
      assert.deepEqual(await previewsIn(again, ana, target), links)
      const [read] = await again.log.read(GENERAL, target, (target + 1) as Seq, 1)
      assert.deepEqual(read, event)
      assert.deepEqual(await again.log.readInTurn(GENERAL, target, 1), [event])
    })

    test('what is known of a link is what was read last, as long as it is not too old', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      for (const at of [5, 9, 7]) {
        const target = await post(store, ana, A)
        const link = { ...found(A, at as Instant), title: `${at}` }
        await store.rooms.change(ana.id, GENERAL, { kind: 'preview', target, found: [link] }, NOW)
      }
      const known = (since: number) => store.previews.known([A, B], since as Instant)
      assert.deepEqual(await known(8), [{ ...found(A), title: '9', at: 9 }])
      assert.deepEqual(await known(9), [])
    })

    test('only for one’s own message, as long as it is there and has the link', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const target = await post(store, ana, `${A} ${B}`)
      const show = (who: Profile, ...urls: string[]) => {
        const links = urls.map(url => found(url))
        return store.rooms.change(who.id, GENERAL, { kind: 'preview', target, found: links }, NOW)
      }
      await assert.rejects(show(beto, A), { code: 'not-yours' })
      assert.equal(await show(ana, C), undefined)
      assert.ok(await show(ana, A, B))
      await store.rooms.change(ana.id, GENERAL, { kind: 'edit', target, text: `solo ${A}` }, NOW)
      assert.deepEqual(await previewsIn(store, ana, target), [shown(found(A))])
      await store.rooms.change(ana.id, GENERAL, { kind: 'deletion', target }, NOW)
      assert.equal(await previewsIn(store, ana, target), undefined)
      assert.deepEqual(await store.previews.known([A, B], 0 as Instant), [])
      await assert.rejects(show(ana, A), { code: 'no-such-message' })
      const events = await store.log.read(GENERAL, 0 as Seq, 99 as Seq, 99)
      assert.ok(!JSON.stringify(events).includes('a.example'))
    })

    test('a picture is a file that goes with the last preview that shows it', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const id = 'A'.repeat(22) as FileId
      const upload = { id, person: ana.id, name: 'preview', size: 99, at: NOW }
      await store.files.begin(upload, { person: 1000, server: 1000 })
      const shape = { width: 4, height: 3, placeholder: 'abc' }
      const file = {
        key: id,
        sha256: 'x',
        size: 9,
        type: 'image/webp',
        variants: ['clean'] as const,
        ...shape,
      }
      await store.files.finish(id, file)
      const read = { ...found(A), picture: { id, ...shape } }
      const target = await post(store, ana, A)
      await store.rooms.change(
        ana.id,
        GENERAL,
        { kind: 'preview', target, found: [{ ...read, upload: id }] },
        NOW,
      )
      assert.deepEqual(await previewsIn(store, beto, target), [shown(read)])
      assert.deepEqual(await store.previews.known([A], 0 as Instant), [read])
      assert.equal((await store.files.open(beto.id, id)).file.width, 4)
      assert.equal(await store.files.usage(ana.id), 0)
      const other = await post(store, beto, A)
      await store.rooms.change(beto.id, GENERAL, { kind: 'preview', target: other, found: [read] }, NOW)
      await store.rooms.change(ana.id, GENERAL, { kind: 'deletion', target }, NOW)
      const left = await store.files.pendingDeletions(9)
      assert.deepEqual(left, [id], 'what was sent, of which the clean one was made')
      assert.deepEqual(await previewsIn(store, ana, other), [shown(read)])
      await store.rooms.change(beto.id, GENERAL, { kind: 'edit', target: other, text: 'nada' }, NOW)
      assert.ok((await store.files.pendingDeletions(9)).includes(`${id}.clean`))
      await assert.rejects(store.files.open(beto.id, id), { code: 'no-such-file' })
      const late = await post(store, beto, A)
      await store.rooms.change(beto.id, GENERAL, { kind: 'preview', target: late, found: [read] }, NOW)
      assert.deepEqual(await previewsIn(store, ana, late), [shown(found(A))], 'the file is gone by then')
    })

    test('a picture with the bytes of an attachment is read by who may read either, in the room that is asked for', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const { id: closed } = (await store.rooms.direct([ana.id], NOW)).room
      const id = 'A'.repeat(22) as FileId
      await store.files.begin(
        { id, person: ana.id, name: 'a.webp', size: 9, at: NOW },
        { person: 99, server: 99 },
      )
      const shape = { width: 4, height: 3, placeholder: 'abc' }
      const file = { key: id, sha256: 'x', size: 9, type: 'image/webp', variants: [], ...shape }
      await store.files.finish(id, file)
      const attached = {
        room: closed,
        author: ana.id,
        texts: [''],
        seen: 0 as Seq,
        attach: { uploads: [{ upload: id }], space: 10_000 },
      }
      await store.log.append([attached], NOW)
      await assert.rejects(store.files.open(beto.id, id), { code: 'no-such-file' })
      const show = (room: RoomId, target: Seq) => {
        const found = [{ url: A, title: 'a', at: NOW, picture: { id, ...shape } }]
        return store.rooms.change(ana.id, room, { kind: 'preview', target, found }, NOW)
      }
      const target = await post(store, ana, A)
      await show(GENERAL, target)
      const opens = async (reader: Profile, within?: RoomId) => {
        const { name, room } = await store.files.open(reader.id, id, within)
        return [name, room]
      }
      assert.deepEqual(await opens(beto), ['preview', GENERAL])
      assert.deepEqual(await opens(ana), ['a.webp', closed])
      assert.deepEqual(await opens(ana, GENERAL), ['preview', GENERAL])
      const [receipt] = await store.log.append(
        [{ room: closed, author: ana.id, texts: [A], seen: 0 as Seq }],
        NOW,
      )
      await show(closed, receipt && 'seq' in receipt ? receipt.seq : assert.fail())
      await store.rooms.change(ana.id, closed, { kind: 'deletion', target: 1 as Seq }, NOW)
      assert.deepEqual(await opens(ana), ['preview', GENERAL])
      assert.deepEqual(await opens(ana, closed), ['preview', closed])
      assert.deepEqual(await opens(beto, closed), ['preview', GENERAL])
      await store.people.disable(undefined, 'beto', true, NOW)
      await assert.rejects(opens(beto), { code: 'no-such-file' })
    })

    test('one that is taken off stays off, by whom may delete the message', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto, caro] = [
        await register(store, 'ana'),
        await register(store, 'beto'),
        await register(store, 'caro'),
      ]
      const target = await post(store, beto, `${A} ${B}`)
      const show = () =>
        store.rooms.change(
          beto.id,
          GENERAL,
          { kind: 'preview', target, found: [found(A, 9 as Instant), found(B)] },
          NOW,
        )
      await store.rooms.change(
        beto.id,
        GENERAL,
        { kind: 'preview', target, found: [found(A), found(B)] },
        NOW,
      )
      const takeOff = (who: Profile, url: string) =>
        store.rooms.change(who.id, GENERAL, { kind: 'preview-off', target, url }, NOW)
      await assert.rejects(takeOff(caro, A), { code: 'forbidden' })
      assert.equal(await takeOff(beto, C), undefined)
      const event = await takeOff(ana, A)
      assert.deepEqual(event?.kind === 'preview' && [event.author.username, event.links], [
        'ana',
        [shown(found(B))],
      ])
      assert.equal(await takeOff(beto, A), undefined)
      assert.equal(await show(), undefined)
      await takeOff(beto, B)
      assert.equal(await previewsIn(store, ana, target), undefined)
      assert.deepEqual(await store.previews.known([A, B], 0 as Instant), [])
    })
  })
}
