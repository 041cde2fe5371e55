// The contract of the Store port: formats, styles, tags and mentions of texts.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type Format,
  GENERAL,
  type Instant,
  type Message,
  type Profile,
  type RoomId,
  type Seq,
  type Styled,
} from '../../src/core/model/model.ts'
import { Refusal } from '../../src/core/model/refusals.ts'
import type { Change, Draft } from '../../src/core/ports/log.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { parseQuery } from '../../src/core/search/query.ts'
import { NOW, type Opened, register } from './store.ts'

type Said = Pick<Draft, 'format' | 'styles' | 'action' | 'tags' | 'key' | 'reply'>

function draftOf(author: Profile, texts: readonly string[], said: Said = {}): Draft {
  return { room: GENERAL, author: author.id, texts, seen: 0 as Seq, ...said }
}

const TAGS = [
  ['+ejemplo.org/icono', 'https://ejemplo.org/ñ.png'],
  ['+vacía', ''],
] as const
const BOLD: readonly Styled[] = [{ from: 0, to: 4, style: 'bold' }]

function formOf({ text, format, styles, action, tags }: Message) {
  return { text, format, ...(styles && { styles }), ...(action && { action }), ...(tags && { tags }) }
}

/** Reads a message in every possible way. */
async function everywhere(store: Store, reader: Profile): Promise<Message[][]> {
  const all = 100 as Seq
  const read = await store.log.read(GENERAL, 0 as Seq, all, 100)
  const inTurn = await store.log.readInTurn(GENERAL, 0 as Seq, 100)
  const page = await store.pages.page(reader.id, GENERAL, { side: 'after', seq: 0 as Seq, limit: 100 })
  const happened = await store.pages.events(reader.id, GENERAL, { after: 0 as Seq, upto: all, limit: 100 })
  return [read, inTurn, page, happened].map(events => events.filter(each => each.kind === 'message'))
}

export function textsContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract for texts, on ${driver}`, () => {
    test('a text has its format, styles and tags wherever it is read', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.log.append(
        [
          draftOf(ana, ['uno', 'dos']),
          draftOf(ana, ['**tres**', '**cuatro**'], { format: 'markdown' }),
          draftOf(ana, ['hola'], { styles: BOLD }),
          draftOf(ana, ['baila'], { action: true, format: 'markdown', reply: 1 as Seq }),
        ],
        NOW,
      )
      const wanted = [
        { text: 'uno', format: 'plain' },
        { text: 'dos', format: 'plain' },
        { text: '**tres**', format: 'markdown' },
        { text: '**cuatro**', format: 'markdown' },
        { text: 'hola', format: 'plain', styles: BOLD },
        { text: 'baila', format: 'markdown', action: true },
      ]
      for (const messages of await everywhere(store, ana)) assert.deepEqual(messages.map(formOf), wanted)
      const again = await opened.reopen()
      for (const messages of await everywhere(again, ana)) assert.deepEqual(messages.map(formOf), wanted)
      const { found } = await again.search.find(ana.id, parseQuery('hola', 'UTC'), 0, 10)
      assert.deepEqual(
        found.map(({ message }) => formOf(message)),
        [wanted[4]],
      )
    })

    test('an edit keeps the format or sets it, and drops the styles; the same text in another format is another', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.log.append(
        [draftOf(ana, ['hola'], { styles: BOLD }), draftOf(ana, ['baila'], { action: true })],
        NOW,
      )
      const edit = async (target: number, text: string, format?: Format) => {
        const wanted = { kind: 'edit', target: target as Seq, text, ...(format && { format }) } as const
        const event = await store.rooms.change(ana.id, GENERAL, wanted, NOW)
        return event?.kind === 'edit' ? [event.text, event.format] : event
      }
      assert.deepEqual(await edit(1, 'hola a todos'), ['hola a todos', 'plain'])
      assert.deepEqual(await edit(1, 'hola a todos', 'markdown'), ['hola a todos', 'markdown'])
      assert.equal(await edit(1, 'hola a todos'), undefined)
      assert.deepEqual(await edit(1, '**hola**'), ['**hola**', 'markdown'])
      assert.deepEqual(await edit(2, 'salta'), ['salta', 'plain'])
      const events = await store.log.read(GENERAL, 0 as Seq, 100 as Seq, 100)
      assert.deepEqual(
        events.flatMap(each => (each.kind === 'message' ? [formOf(each)] : [])),
        [
          { text: '**hola**', format: 'markdown' },
          { text: 'salta', format: 'plain', action: true },
        ],
      )
      assert.deepEqual(
        events.flatMap(each => (each.kind === 'edit' ? [each.format] : [])),
        ['markdown', 'markdown', 'markdown', 'plain'], // by the current text
      )
    })

    test('a text’s tags are read with it everywhere, and not searched', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.log.append(
        [
          draftOf(ana, ['uno', 'dos']),
          draftOf(ana, ['tres'], { tags: TAGS }),
          draftOf(ana, ['cuatro'], { tags: [['+nulo', '\0\ud800']], reply: 1 as Seq }),
        ],
        NOW,
      )
      const wanted = [undefined, undefined, TAGS, [['+nulo', '\0\ud800']]]
      for (const messages of await everywhere(store, ana))
        assert.deepEqual(
          messages.map(({ tags }) => tags),
          wanted,
        )
      const again = await opened.reopen()
      for (const messages of await everywhere(again, ana)) {
        assert.deepEqual(
          messages.map(({ tags }) => tags),
          wanted,
        )
        assert.ok(messages[0] && !('tags' in messages[0]))
      }
      assert.deepEqual((await again.search.find(ana.id, parseQuery('icono', 'UTC'), 0, 10)).found, [])
      const { found } = await again.search.find(ana.id, parseQuery('tres', 'UTC'), 0, 10)
      assert.deepEqual(found[0]?.message.tags, TAGS)
    })

    test('nothing is left of a text’s tags after it is edited or deleted', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.log.append(
        ['uno', 'dos', 'tres'].map(text => draftOf(ana, [text], { tags: TAGS })),
        NOW,
      )
      await store.rooms.change(ana.id, GENERAL, { kind: 'edit', target: 1 as Seq, text: 'otro' }, NOW)
      await store.rooms.change(ana.id, GENERAL, { kind: 'deletion', target: 2 as Seq }, NOW)
      for (const messages of await everywhere(store, ana))
        assert.deepEqual(
          messages.filter(({ tags }) => tags).map(({ text, tags }) => [text, tags]),
          [['tres', TAGS]],
        )
      const [, gone] = await store.log.read(GENERAL, 0 as Seq, 2 as Seq, 2)
      assert.ok(gone?.kind === 'message' && gone.deleted)
    })

    test('asking whether a text would be accepted writes nothing', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto, caro] = [
        await register(store, 'ana'),
        await register(store, 'beto'),
        await register(store, 'caro'),
      ]
      const { id: room } = await store.rooms.create(
        ana.id,
        { kind: 'open', name: 'Club', folded: 'club', skeleton: 'club', written: 'club', shown: 'club' },
        NOW,
      )
      const change = (wanted: Change) => store.rooms.change(ana.id, room, wanted, NOW)
      await change({ kind: 'arrival', person: beto.id })
      const may = ({ id }: Profile, where = room) =>
        store.log.mayPost(id, where, NOW).then(
          () => 'yes',
          (error: unknown) => (error instanceof Refusal ? error.code : assert.fail(String(error))),
        )
      const head = async () => (await store.rooms.mine(ana.id)).find(each => each.id === room)?.head
      assert.equal(await may(caro), 'not-a-member')
      assert.equal(await may(caro, 77 as RoomId), 'not-a-member')
      const before = await head()
      assert.equal(await may(beto), 'yes')
      assert.equal(await head(), before)
      await change({ kind: 'slow', seconds: 60 })
      await store.log.append([{ ...draftOf(beto, ['uno']), room }], NOW)
      assert.equal(await may(beto), 'slow-mode')
      assert.equal(await may(ana), 'yes')
      await change({ kind: 'slow', seconds: 0 })
      await change({ kind: 'mask', list: 'mute', mask: 'be*', on: true })
      assert.equal(await may(beto), 'muted')
      await change({ kind: 'mask', list: 'mute', mask: 'be*', on: false })
      await change({ kind: 'silenced', until: (NOW + 1e6) as Instant })
      assert.equal(await may(beto), 'silenced')
      await change({ kind: 'archived', on: true })
      assert.equal(await may(ana), 'archived')
    })

    test('outside of the hours of a room only moderators write; whoever is refused learns when it opens', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const set = (hours: string) => store.rooms.change(ana.id, GENERAL, { kind: 'hours', hours }, NOW)
      await set('UTC wed 07:00-12:00') // it is Tuesday, 22:13
      const opens = Date.UTC(2023, 10, 15, 7) as Instant
      const say = (who: Profile) => store.log.append([draftOf(who, ['hola'])], NOW)
      assert.deepEqual(
        (await say(beto)).map(each => ({ ...each })),
        [{ refused: 'out-of-hours', opens }],
      )
      const why = await store.log.mayPost(beto.id, GENERAL, NOW).catch(error => error)
      assert.deepEqual([why.code, why.opens], ['out-of-hours', opens])
      assert.ok('seq' in ((await say(ana))[0] ?? {}))
      assert.equal((await store.rooms.mine(beto.id))[0]?.hours, 'UTC wed 07:00-12:00')
      await opened.outside("UPDATE rooms SET hours = 'siempre', call = 'javascript:alert(1)'")
      assert.ok('seq' in ((await say(beto))[0] ?? {}), 'what makes no sense closes nothing')
      assert.equal((await store.rooms.settings(beto.id, GENERAL, NOW)).call, '')
      await set('UTC tue 22:00-02:00')
      assert.ok('seq' in ((await say(beto))[0] ?? {}))
    })

    test('nothing is left of a deleted text’s styles', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.log.append([draftOf(ana, ['hola'], { styles: BOLD })], NOW)
      await store.rooms.change(ana.id, GENERAL, { kind: 'deletion', target: 1 as Seq }, NOW)
      const [message] = await store.log.read(GENERAL, 0 as Seq, 1 as Seq, 1)
      assert.ok(message?.kind === 'message' && message.deleted && !message.styles)
    })

    test('the same text under the same key in another format is another', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const post = async (said: Said) => {
        const [receipt] = await store.log.append([draftOf(ana, ['baila'], { key: 'k', ...said })], NOW)
        return receipt && 'refused' in receipt ? receipt.refused : receipt?.seq
      }
      assert.deepEqual(
        [
          await post({ format: 'markdown' }),
          await post({ format: 'markdown' }),
          await post({}),
          await post({ format: 'plain' }),
          await post({ format: 'markdown', action: true }),
        ],
        [1, 1, 'key-reused', 'key-reused', 'key-reused'],
      )
    })

    test('mentions: not in code, not in addresses; a final dot belongs to the sentence or to the name', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const [beto, dotted] = [await register(store, 'beto'), await register(store, 'beto.')]
      const mentions = async ({ id }: Profile) => (await store.rooms.mine(id))[0]?.mentions
      const counted = async (text: string, format?: Format) => {
        const before = [await mentions(beto), await mentions(dotted)]
        await store.log.append([draftOf(ana, [text], format && { format })], NOW)
        const after = [await mentions(beto), await mentions(dotted)]
        return after.map((count, i) => Number(count) - Number(before[i]))
      }
      assert.deepEqual(await counted('hola, @beto'), [1, 0])
      assert.deepEqual(await counted('hola, @beto.'), [1, 1])
      assert.deepEqual(await counted('_hola, @beto_', 'markdown'), [1, 0])
      assert.deepEqual(await counted('`@beto`', 'markdown'), [0, 0])
      assert.deepEqual(await counted('```\n@beto\n```', 'markdown'), [0, 0])
      assert.deepEqual(await counted('`@beto`'), [1, 0])
      assert.deepEqual(await counted('https://x.example/@beto y beto@x.example'), [0, 0])
      // An edit's mentions follow its own format.
      const head = (await store.rooms.mine(ana.id))[0]?.head ?? assert.fail()
      const before = await mentions(beto)
      const edit = { kind: 'edit', target: head, text: 'a `@beto` b' } as const
      await store.rooms.change(ana.id, GENERAL, { ...edit, format: 'plain' }, NOW)
      assert.equal(await mentions(beto), Number(before) + 1)
      await store.rooms.change(ana.id, GENERAL, { ...edit, format: 'markdown' }, NOW)
      assert.equal(await mentions(beto), before)
    })
  })
}
