// How often pages are asked, and by whom.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Message } from '../../src/core/model/model.ts'
import type { PageSummary, ReadLink } from '../../src/core/ports/previews.ts'
import { Previews } from '../../src/core/previews/previews.ts'
import type { Changes } from '../../src/core/rooms/changes.ts'
import { HandClock } from './hand-clock.ts'

type Answer = PageSummary | undefined

/** Previews over a store that knows nothing; each page waits for `answer`. */
function looking() {
  const clock = new HandClock()
  const asked: { readonly url: string; answer(found: Answer): void }[] = []
  const shown: string[] = []
  const make = async (_author: unknown, _room: unknown, change: { found: readonly ReadLink[] }) =>
    void shown.push(change.found.map(({ url, title }) => `${url} ${title}`).join())
  const previews = new Previews({
    store: { previews: { known: async () => [] } },
    changes: { make } as unknown as Changes,
    files: { keepSmall: () => assert.fail() },
    clock,
    links: {
      read(url) {
        const { promise, resolve } = Promise.withResolvers<Answer>()
        asked.push({ url, answer: resolve })
        return promise
      },
      picture: async () => undefined,
    },
    onError: error => assert.fail(`${error}`),
  })
  let seq = 0
  const post = (author: number, text: string) =>
    previews.consider([
      { kind: 'message', room: 1, seq: ++seq, author: { id: author }, text, format: 'plain' },
    ] as never as Message[])
  return { clock, asked, shown, previews, post, settled: () => new Promise(resolve => setImmediate(resolve)) }
}

test('a page that many link to is asked once, and after a time again', async () => {
  const { clock, asked, shown, post, settled } = looking()
  for (const author of [1, 2]) post(author, 'https://a.example/')
  await settled()
  assert.deepEqual(
    asked.map(({ url }) => url),
    ['https://a.example/'],
  )
  asked[0]?.answer({ title: 'A' })
  await settled()
  assert.deepEqual(shown, ['https://a.example/ A', 'https://a.example/ A'])
  clock.pass(9 * 60_000)
  post(1, 'https://a.example/')
  await settled()
  assert.equal(asked.length, 1)
  clock.pass(2 * 60_000)
  post(1, 'https://a.example/')
  await settled()
  assert.equal(asked.length, 2)
})

test('a page that says nothing is not asked again at once', async () => {
  const { asked, shown, post, settled } = looking()
  post(1, 'https://a.example/')
  await settled()
  asked[0]?.answer(undefined)
  await settled()
  post(2, 'https://a.example/')
  await settled()
  assert.deepEqual([asked.length, shown.length], [1, 0])
})

test('four messages at a time are looked at, the others wait, and of many some have no previews', async () => {
  const { asked, post, settled } = looking()
  for (let author = 1; author <= 200; author++) post(author, `https://a.example/${author}`)
  await settled()
  for (let done = 0; done < asked.length; done++) {
    assert.equal(asked.length - done, Math.min(4, 100 - done))
    asked[done]?.answer({ title: 'A' })
    await settled()
  }
  assert.equal(asked.length, 100)
})

test('of one person ten messages with links are looked at, and after a while some more', async () => {
  const { clock, asked, post, settled } = looking()
  const postAll = async () => {
    for (let i = 0; i < 20; i++) {
      post(1, `https://a.example/${clock.now()}/${i}`)
      post(1, 'nada')
      await settled()
      asked.at(-1)?.answer(undefined)
      await settled()
    }
    return asked.length
  }
  assert.equal(await postAll(), 10)
  clock.pass(18_000)
  assert.equal(await postAll(), 13)
})

test('what is read while the server stops is not shown', async () => {
  const { asked, shown, previews, post, settled } = looking()
  post(1, 'https://a.example/')
  await settled()
  previews.close()
  asked[0]?.answer({ title: 'A' })
  await settled()
  assert.deepEqual(shown, [])
})
