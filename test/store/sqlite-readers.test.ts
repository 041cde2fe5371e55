// Readers start with their first call, when the file may be impossible to open.

import assert from 'node:assert/strict'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { SqliteStore } from '../../src/store/sqlite/store.ts'
import { Unusable } from '../../src/store/unusable.ts'
import { temporaryFolder } from '../tools/server.ts'
import { register } from './postgres-stores.ts'

test('a reader that can’t open the file fails its calls, and is tried again', async t => {
  const folder = await temporaryFolder()
  t.after(() => rm(folder, { recursive: true }))
  const [file, aside] = [join(folder, 'chat.db'), join(folder, 'aside')]
  const store = await SqliteStore.open(file)
  const ana = await register(store, 'ana')
  await rename(file, aside)
  const asked = await Promise.allSettled([store.people.find('ana'), store.people.find('beto')])
  for (const each of asked) assert.ok(each.status === 'rejected' && each.reason instanceof Unusable)
  await rename(aside, file)
  assert.equal((await store.people.find('ana'))?.id, ana.id)
  await store.close()
})

test('a store from which nothing was read closes like any other', async t => {
  const folder = await temporaryFolder()
  t.after(() => rm(folder, { recursive: true }))
  const store = await SqliteStore.open(join(folder, 'chat.db'))
  await store.close()
})
