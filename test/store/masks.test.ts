import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { GENERAL, type Seq } from '../../src/core/model/model.ts'
import { begin, scripts } from '../../src/store/scripts/scripts.ts'
import { WHICH_DIALECT } from '../../src/store/scripts/sql.ts'
import { Runner } from '../../src/store/sqlite/file.ts'
import { migrations } from '../../src/store/sqlite/migrations.ts'
import { NOW, register } from '../contracts/store.ts'
import { memoryStore } from '../core/memory-store.ts'

test('a post to a room without bans or mutes by mask costs no further query', async () => {
  using database = new DatabaseSync(':memory:')
  let asked = 0
  const counted = {
    Runner,
    scripts,
    migrations,
    *begin(call: Parameters<typeof begin>[0]): ReturnType<typeof begin> {
      const script = begin(call)
      for (let next = script.next(); ; next = script.next(yield next.value)) {
        if (next.done) return next.value
        if (next.value !== WHICH_DIALECT) asked++
      }
    },
  }
  const store = memoryStore(counted, database)
  const { id: author } = await register(store, 'ana')
  const post = async () => {
    asked = 0
    await store.log.append([{ room: GENERAL, author, texts: ['x'], seen: 0 as Seq }], NOW)
    return asked
  }
  const mask = (list: 'ban' | 'exception' | 'invitation', on: boolean) =>
    store.rooms.change(author, GENERAL, { kind: 'mask', list, mask: 'juan*', on }, NOW)
  const without = await post()
  // The epoch, the room, the writers, the insert, the check that it is stored, the room's head, the author's mark.
  assert.equal(without, 7)
  for (const list of ['exception', 'invitation'] as const) await mask(list, true)
  assert.equal(await post(), without)
  await mask('ban', true)
  assert.equal(await post(), without + 1)
  await mask('ban', false)
  assert.equal(await post(), without, 'nor when they are gone')
})
