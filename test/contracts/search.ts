// The contract of the Store port: search finds the same before and after messages are indexed.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GENERAL, type Instant, type Person, type RoomId, type Seq } from '../../src/core/model/model.ts'
import type { SearchResults } from '../../src/core/ports/search.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { parseQuery } from '../../src/core/search/query.ts'
import { letters } from '../tools/letters.ts'
import { ownSkeletons } from '../tools/skeletons.ts'
import { NOW, type Opened, register } from './store.ts'

const MOST_FOUND = 100
const DAY_MS = 86_400_000

async function find(store: Store, reader: Person, typed: string): Promise<SearchResults> {
  return store.search.find(reader.id, parseQuery(typed, 'UTC'), 0, MOST_FOUND)
}

/** The texts, newest first. */
async function textsFor(store: Store, reader: Person, typed: string): Promise<string[]> {
  const { found, complete } = await find(store, reader, typed)
  assert.ok(complete, typed)
  return found.map(({ message }) => message.text)
}

interface Said {
  readonly by: Person
  readonly room?: RoomId
  readonly at?: number
}

async function say(store: Store, { by, room = GENERAL, at = NOW }: Said, ...texts: string[]): Promise<Seq[]> {
  const drafts = texts.map(text => ({ room, author: by.id, texts: [text], seen: 0 as Seq }))
  const receipts = await store.log.append(drafts, at as Instant)
  return receipts.map(receipt => ('seq' in receipt ? receipt.seq : assert.fail(JSON.stringify(receipt))))
}

export async function indexAll(store: Store): Promise<void> {
  const nowhere = 0 as RoomId
  for (let before: RoomId | undefined = nowhere; before !== undefined; ) {
    const next: RoomId | undefined = await store.search.index(before, 100)
    before = next ?? (before === nowhere ? undefined : nowhere)
  }
  while (await store.search.tidy(1000));
}

/** Texts of two hundred letters. */
const LETTERS = Object.values(Object.groupBy(letters(), (_, i) => Math.floor(i / 200))).map(
  (each = []) => each,
)

export async function sayEveryLetter(store: Store, by: Person): Promise<void> {
  await say(store, { by }, ...LETTERS.map(each => each.join(' ')))
}

/** Searches for a third of the letters, twenty at a time. @param every checks only every n-th text */
export async function mustFindLetters(store: Store, reader: Person, every: number): Promise<void> {
  for (const [i, text] of LETTERS.entries()) {
    if (i % every !== 0) continue
    for (let from = i % 3; from < text.length; from += 60) {
      const sought = text.slice(from, from + 60).filter((_, n) => n % 3 === 0)
      const found = await textsFor(store, reader, sought.join(' '))
      assert.ok(found.includes(text.join(' ')), sought.join(' '))
    }
  }
}

/** Runs the check before anything is indexed, after half is, and after all is. */
async function always(store: Store, check: (when: string) => Promise<void>): Promise<void> {
  await check('not indexed')
  await store.search.index(0 as RoomId, 3)
  await check('half indexed')
  await indexAll(store)
  await check('indexed')
}

/** Queries, and the texts that each finds. */
const TEXTS = [
  'ὁ λόγος',
  'El laboratorio de Łódź, en la Straße',
  'uso C++ y el .env de @ana: mira #42',
  'C y C#',
  'https://a.es/b?x=1#y',
  '👍🏽 ok 👩‍💻',
  '東京都に住んでいます',
  'ผมกำลังเรียนภาษาไทย',
  'मैं हिन्दी सीख रहा हूँ',
  '한국에서',
  '¿Qué, tal? 50% :)',
  'sol OR mar',
] as const
const FINDS: readonly [string, readonly (typeof TEXTS)[number][]][] = [
  ['λογος', [TEXTS[0]]],
  ['labo lodz strasse', [TEXTS[1]]],
  ['"labo"', []],
  ['C++', [TEXTS[2]]],
  ['C#', [TEXTS[3]]],
  ['.env @ana #42', [TEXTS[2]]],
  ['#4', [TEXTS[2]]],
  ['https://a.es/b?x=1#y', [TEXTS[4]]],
  ['a.es/b', [TEXTS[4]]],
  ['tiene:enlace', [TEXTS[4]]],
  ['👍', [TEXTS[5]]],
  ['👩‍💻', [TEXTS[5]]],
  ['👎', []],
  ['京都', [TEXTS[6]]],
  ['東都', []],
  ['กำลัง', [TEXTS[7]]],
  ['हिन्दी', [TEXTS[8]]],
  ['हन्दी', []],
  ['한국', [TEXTS[9]]],
  ['"que tal"', [TEXTS[10]]],
  ['50%', [TEXTS[10]]],
  [':)', [TEXTS[10]]],
  ['"sol mar"', []],
  ['sol -mar', []],
  // An engine's syntax is text here, or ignored.
  ['sol OR', [TEXTS[11]]],
  ['sol AND mar', []],
  ['NEAR(sol mar)', []],
  ['{sol}', [TEXTS[11]]],
  ['term:sol', []],
  ['^sol', []],
  ['sol*', [TEXTS[11]]],
  ["sol' | 'x", []],
  ['sol:* & !mar', []],
  ['sol <-> or', []],
  ['s%l', []],
  ['s_l', []],
  ['\\', []],
  ['sol"', [TEXTS[11]]],
  ['\u0000sol', [TEXTS[11]]],
]

export function searchContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract for search, on ${driver}`, () => {
    test('texts are found by what is typed, in any script, punctuation included', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await say(store, { by: ana }, ...TEXTS)
      await always(store, async when => {
        for (const [typed, texts] of FINDS)
          assert.deepEqual(await textsFor(store, ana, typed), texts, `${typed}, ${when}`)
      })
    })

    test('every letter is found by itself', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await sayEveryLetter(store, ana)
      await mustFindLetters(store, ana, 20)
      await indexAll(store)
      await mustFindLetters(store, ana, 1)
    })

    test('operators alone are a search: who, where, when, with a link', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const { id: club } = await store.rooms.create(
        ana.id,
        { kind: 'closed', name: 'Club', folded: 'club', ...ownSkeletons('club') },
        NOW,
      )
      const dayOf = (days: number) => new Date(NOW + days * DAY_MS).toISOString().slice(0, 10)
      await say(store, { by: ana, at: NOW }, 'uno')
      await say(store, { by: beto, at: NOW + DAY_MS }, 'dos http://a.es')
      await say(store, { by: ana, at: NOW + 2 * DAY_MS }, 'tres')
      await say(store, { by: ana, room: club, at: NOW + 3 * DAY_MS }, 'cuatro')
      await always(store, async when => {
        const mustFind = async (typed: string, texts: string[], reader = ana) =>
          assert.deepEqual(await textsFor(store, reader, typed), texts, `${typed}, ${when}`)
        await mustFind('de:ana', ['cuatro', 'tres', 'uno'])
        await mustFind('from:beto', ['dos http://a.es'])
        await mustFind('de:nadie', [])
        await mustFind('en:club', ['cuatro'])
        await mustFind('in:general', ['tres', 'dos http://a.es', 'uno'])
        await mustFind('en:nada', [])
        await mustFind('has:link', ['dos http://a.es'])
        await mustFind(`antes:${dayOf(1)}`, ['uno'])
        await mustFind(`despues:${dayOf(1)}`, ['cuatro', 'tres', 'dos http://a.es'])
        await mustFind(`after:${dayOf(1)} before:${dayOf(2)}`, ['dos http://a.es'])
        await mustFind(`despues:${dayOf(9)}`, [])
        await mustFind(`antes:${dayOf(1)} despues:${dayOf(2)}`, [])
        await mustFind('de:ana -tres', ['cuatro', 'uno'])
        await mustFind('de:ana', ['tres', 'uno'], beto)
        await mustFind('en:club', [], beto)
        const page = await store.search.find(beto.id, parseQuery('de:ana', 'UTC'), 0, 2)
        assert.equal(page.more, false, 'what one may not read is not counted')
      })
    })

    test('it reports how many rooms it searched, and how much it examined and compared', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.rooms.create(
        ana.id,
        { kind: 'open', name: 'Club', folded: 'club', ...ownSkeletons('club') },
        NOW,
      )
      const long = '·'.repeat(990)
      await say(store, { by: ana }, ...Array.from({ length: 10 }, () => `aguja ${long}`.slice(0, 990)))
      const workOf = async (typed: string) =>
        (await store.search.find(ana.id, parseQuery(typed, 'UTC'), 0, MOST_FOUND)).work
      await always(store, async when => {
        const word = await workOf('aguja')
        assert.equal(word.rooms, 2, when)
        assert.ok(word.units >= 9900, `${word.units} ${when}`)
        const there = await workOf('aguja en:general')
        assert.deepEqual(there, { rooms: 1, units: word.units }, when)
        assert.deepEqual(await workOf('aguja de:nadie'), { rooms: 0, units: 0 }, when)
        const phrase = await workOf(`aguja "${'· '.repeat(100)}"`)
        assert.ok(phrase.units > word.units, `${phrase.units}, ${word.units} ${when}`)
      })
    })

    test('an edited text is found by what it says now, and a deleted one by nothing', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const [first, second] = await say(store, { by: ana }, 'aguja uno', 'aguja dos')
      const change = (target: Seq | undefined, text?: string) =>
        store.rooms.change(
          ana.id,
          GENERAL,
          target === undefined
            ? assert.fail()
            : text === undefined
              ? { kind: 'deletion', target }
              : { kind: 'edit', target, text },
          NOW,
        )
      await change(first, 'dedal uno')
      await always(store, async when => {
        assert.deepEqual(await textsFor(store, ana, 'aguja'), ['aguja dos'], when)
        assert.deepEqual(await textsFor(store, ana, 'dedal'), ['dedal uno'], when)
      })
      await change(first, 'hilo uno')
      await change(second)
      assert.deepEqual(await textsFor(store, ana, 'dedal'), [])
      assert.deepEqual(await textsFor(store, ana, 'hilo'), ['hilo uno'])
      assert.deepEqual(await textsFor(store, ana, 'dos'), [])
      assert.deepEqual(await textsFor(store, ana, 'de:ana'), ['hilo uno'])
    })

    test('results come in pages, newest first over all rooms, each once', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const { id: club } = await store.rooms.create(
        ana.id,
        { kind: 'open', name: 'Club', folded: 'club', ...ownSkeletons('club') },
        NOW,
      )
      for (let i = 0; i < 60; i++)
        await say(
          store,
          { by: ana, room: i % 3 ? GENERAL : club, at: NOW + i },
          i % 2 ? `aguja ${i}` : `paja ${i}`,
        )
      await always(store, async when => {
        const found: string[] = []
        for (let more = true; more; ) {
          const page = await store.search.find(ana.id, parseQuery('aguja', 'UTC'), found.length, 7)
          found.push(...page.found.map(({ message }) => message.text))
          more = page.more
        }
        const wanted = Array.from({ length: 30 }, (_, i) => `aguja ${59 - 2 * i}`)
        assert.deepEqual(found, wanted, when)
      })
    })

    test('a search that takes too many comparisons is given up, and says so', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await say(store, { by: ana }, ...Array(40).fill(`${'一'.repeat(660)}二 aguja`))
      await indexAll(store)
      const phrase = `"${'一'.repeat(63)}二"`
      const hard = await find(store, ana, Array(14).fill(phrase).join(' '))
      assert.equal(hard.complete, false)
      assert.ok(hard.found.length > 0 && hard.found.length < 40, `${hard.found.length}`)
      const easy = await find(store, ana, 'aguja')
      assert.deepEqual([easy.found.length, easy.complete], [40, true])
      assert.deepEqual(easy.found[0]?.hits, [{ from: 662, to: 667 }])
    })

    test('when too much would have to be examined, it says that there may be more', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await say(store, { by: ana }, 'dos dos')
      const long = 'uno dos '.repeat(490)
      for (let i = 0; i < 6; i++) await say(store, { by: ana }, ...Array(100).fill(long))
      await indexAll(store)
      const { found, complete } = await find(store, ana, '"dos dos"')
      assert.deepEqual([found.length, complete], [0, false])
      assert.equal((await find(store, ana, '"uno dos"')).complete, true)
    })

    test('an index of this rule is kept', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.search.renew()
      await say(store, { by: ana }, 'aguja')
      await indexAll(store)
      await store.search.renew()
      assert.equal(await store.search.index(0 as RoomId, 100), undefined, 'nothing is indexed again')
      assert.deepEqual(await textsFor(store, ana, 'aguja'), ['aguja'])
    })
  })
}
