// Messages as use cases have them: what is asked of the store, and in which order.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Profile, UserId } from '../../src/core/model/model.ts'
import type { Query } from '../../src/core/ports/search.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { Messages } from '../../src/core/rooms/messages.ts'

type Found = Awaited<ReturnType<Store['search']['find']>>

const NOTHING: Found = {
  ...{ found: [], more: false, complete: true },
  work: { rooms: 70, units: (3 * 64) << 10 },
}

test('one search of a person’s is looked for after the other, and nobody else’s waits for them', async () => {
  const asked: { readonly word: string | undefined; answer(results: Found): void; fail(): void }[] = []
  const find = (_: UserId, { wanted: [first] }: Query): Promise<Found> => {
    const { promise, resolve, reject } = Promise.withResolvers<Found>()
    asked.push({ word: first?.terms[0]?.text, answer: resolve, fail: () => reject(new Error('damaged')) })
    return promise
  }
  const spent: [number, number][] = []
  const messages = new Messages({
    store: { search: { find } } as unknown as Store,
    zone: 'UTC',
    charge: ({ id }, turns) => void spent.push([id, turns]),
  } as ConstructorParameters<typeof Messages>[0])
  const seek = (id: number, word: string) =>
    messages.search({ id, zone: '' } as unknown as Profile, word, { skip: 0, limit: 9 })
  const settled = () => new Promise(resolve => setImmediate(resolve))
  const words = async () => {
    await settled()
    return asked.map(({ word }) => word)
  }

  const [one, two, three] = [seek(1, 'uno'), seek(1, 'dos'), seek(1, 'tres')]
  const other = seek(2, 'otra')
  assert.deepEqual(await words(), ['uno', 'otra'])
  asked[1]?.answer(NOTHING)
  await other
  assert.deepEqual(await words(), ['uno', 'otra'])
  asked[0]?.answer(NOTHING)
  await one
  assert.deepEqual(await words(), ['uno', 'otra', 'dos'])
  asked[2]?.fail()
  await assert.rejects(two, /damaged/)
  assert.deepEqual(await words(), ['uno', 'otra', 'dos', 'tres'], 'one that fails holds up none')
  asked[3]?.answer(NOTHING)
  await three
  const again = seek(1, 'cuatro')
  assert.equal((await words()).at(-1), 'cuatro')
  asked[4]?.answer(NOTHING)
  assert.deepEqual(await again, { found: [], more: false, complete: true })
  const of = (id: number) => spent.filter(([who]) => who === id).map(([, turns]) => turns)
  assert.deepEqual([of(1), of(2)], [[5, 5, 5], [5]], 'each has cost what it took')
})
