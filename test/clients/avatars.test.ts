// What the web app knows of pictures: asked for together and once, and never older than what it has heard.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FoundAvatars } from '../../src/clients/web/model/api.ts'
import { Avatars } from '../../src/clients/web/model/avatars.ts'
import { patiently } from '../tools/patiently.ts'

interface Asked {
  readonly people: readonly number[]
  readonly rooms: readonly number[]
  answer(found: Partial<FoundAvatars>): void
  fail(): void
}

function avatarsAsked(): { readonly avatars: Avatars; readonly asked: Asked[] } {
  const asked: Asked[] = []
  const avatars = new Avatars({
    avatars(people, rooms) {
      const { promise, resolve, reject } = Promise.withResolvers<FoundAvatars>()
      const answer = (found: Partial<FoundAvatars>) => resolve({ people: [], rooms: [], ...found })
      asked.push({ people, rooms, answer, fail: () => reject(new TypeError('no network')) })
      return promise
    },
  })
  return { avatars, asked }
}

async function until(found: () => boolean): Promise<void> {
  await patiently(found, () => 'it never came')
}

test('all that is shown is asked for together, and once', async () => {
  const { avatars, asked } = avatarsAsked()
  let told = 0
  const listener = () => void told++
  for (const person of [1, 2, 1]) avatars.subscribe({ person }, listener)
  avatars.subscribe({ room: 7 }, () => {})
  await until(() => asked.length === 1)
  assert.deepEqual([asked[0]?.people, asked[0]?.rooms], [[1, 2], [7]])
  asked[0]?.answer({ people: [{ person: 1, avatar: 'a' }], rooms: [{ room: 7, avatar: 'r' }] })
  await until(() => avatars.of({ person: 1 }) === 'a')
  assert.deepEqual([avatars.of({ person: 2 }), avatars.of({ room: 7 })], [undefined, 'r'])
  avatars.subscribe({ person: 2 }, listener)() // known to have none
  avatars.subscribe({ person: 3 }, listener)
  await until(() => asked.length === 2)
  assert.deepEqual(asked[1]?.people, [3])
})

test('what was heard while an answer was on its way is newer', async () => {
  const { avatars, asked } = avatarsAsked()
  avatars.subscribe({ person: 1 }, () => {})
  avatars.subscribe({ person: 2 }, () => {})
  await until(() => asked.length === 1)
  avatars.hear({ person: 1, avatar: 'new' })
  asked[0]?.answer({
    people: [
      { person: 1, avatar: 'old' },
      { person: 2, avatar: 'b' },
    ],
  })
  await until(() => avatars.of({ person: 2 }) === 'b')
  assert.equal(avatars.of({ person: 1 }), 'new')
  avatars.hear({ person: 1 })
  assert.equal(avatars.of({ person: 1 }), undefined)
})

test('after a connection, and where changes may be missing, what is shown is asked for again', async () => {
  const { avatars, asked } = avatarsAsked()
  avatars.subscribe({ person: 1 }, () => {})
  avatars.subscribe({ person: 2 }, () => {})()
  await until(() => asked.length === 1)
  asked[0]?.fail()
  await new Promise(setImmediate)
  avatars.renewAll()
  await until(() => asked.length === 2)
  assert.deepEqual(asked[1]?.people, [1])
  asked[1]?.answer({ people: [{ person: 1, avatar: 'a' }] })
  await until(() => avatars.of({ person: 1 }) === 'a')
  avatars.hear({})
  await until(() => asked.length === 3)
  assert.equal(avatars.of({ person: 1 }), 'a', 'shown meanwhile')
})
