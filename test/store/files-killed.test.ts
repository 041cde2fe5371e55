// SIGKILL while a file is stored: what is there then is the beginning of it, and the rest can follow.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { FileKey, FileStorage } from '../../src/core/ports/file-storage.ts'
import { FolderFileStorage } from '../../src/store/files/folder.ts'
import { PostgresFileStorage } from '../../src/store/files/postgres.ts'
import { PostgresStore } from '../../src/store/postgres/store.ts'
import { all, BLOCK, chunked, newKey, numbered } from '../contracts/files.ts'
import { editing, points } from '../tools/edits.ts'
import { patiently } from '../tools/patiently.ts'
import { lacksPostgres, Postgres } from '../tools/postgres.ts'
import { temporaryFolder } from '../tools/server.ts'

const SIZE = 5 * BLOCK + 1000
const CHILD = join(import.meta.dirname, '../tools/file-storage-child.ts')
const HOLD = join(import.meta.dirname, '../tools/hold.js')

interface Held {
  readonly place: string
  readonly data: string
  readonly way: 'append' | 'adopt'
  readonly key: FileKey
  readonly point: string
  /** Held when it comes there for the n-th time. */
  readonly times?: number
}

/** Stores a file of SIZE bytes in another process, which is killed at the point. */
async function killedAt({ place, data, way, key, point, times = 1 }: Held): Promise<void> {
  const note = join(data, 'held')
  await rm(note, { force: true })
  const { flags, env } = await editing(await points())
  const args = [...flags, '--import', HOLD, CHILD, place, join(data, 'scratch'), way, key, `${SIZE}`]
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env, HOLD_AT: point, HOLD_FROM: `${times}`, HOLD_NOTE: note },
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  const exit = once(child, 'exit')
  try {
    await patiently(
      () => existsSync(note),
      () => `never held at ${point}`,
      exit,
    )
  } finally {
    child.kill('SIGKILL')
    await exit
  }
}

async function mustGoOnAt(files: FileStorage, key: FileKey, length: number): Promise<void> {
  const bytes = numbered(SIZE)
  assert.equal((await files.length(key)) ?? 0, length)
  if (length > 0) assert.deepEqual(await all(files, key, 0, length), bytes.subarray(0, length))
  assert.equal(await files.append(key, length, chunked(bytes.subarray(length))), SIZE)
  assert.deepEqual(await all(files, key, 0, SIZE), bytes)
}

async function adopted(files: FileStorage, key: FileKey): Promise<boolean> {
  if ((await files.length(key)) === undefined) return false
  assert.deepEqual(await all(files, key, 0, SIZE), numbered(SIZE))
  return true
}

describe('a server that stores files in a folder is killed', () => {
  for (const { point, times, length } of [
    { point: 'file-created', times: 1, length: 0 },
    { point: 'block-written', times: 1, length: BLOCK },
    { point: 'block-written', times: 4, length: 4 * BLOCK },
    { point: 'block-written', times: 6, length: SIZE },
    { point: 'file-synced', times: 1, length: SIZE },
  ])
    test(`at ${point}, ${times}: ${length} bytes are there, and the rest follows`, async t => {
      const data = await temporaryFolder()
      t.after(() => rm(data, { recursive: true }))
      const [place, key] = [join(data, 'files'), newKey()]
      await killedAt({ place, data, way: 'append', key, point, times })
      const files = await FolderFileStorage.open(place)
      await mustGoOnAt(files, key, length)
      await files.close()
    })

  for (const { point, is } of [
    { point: 'before-rename', is: false },
    { point: 'after-rename', is: true },
  ])
    test(`${point} of a file that it adopts: all of it is there or nothing, and nothing is left over`, async t => {
      const data = await temporaryFolder()
      t.after(() => rm(data, { recursive: true }))
      const [place, key] = [join(data, 'files'), newKey('.screen')]
      await killedAt({ place, data, way: 'adopt', key, point })
      const files = await FolderFileStorage.open(place)
      assert.equal(await adopted(files, key), is)
      assert.deepEqual(await readdir(place), [key.slice(0, 2)])
      await files.close()
    })
})

describe('a node that stores files in PostgreSQL is killed', { skip: lacksPostgres }, () => {
  let [postgres, store]: [Postgres?, PostgresStore?] = []
  let url = ''

  before(async () => {
    postgres = await Postgres.start()
    url = await postgres.database()
    store = await PostgresStore.open({ urls: [url] })
  })
  after(async () => {
    await store?.close()
    await postgres?.[Symbol.asyncDispose]()
  })

  /** Kills one node, and looks with another. */
  async function killed(
    { way, key, ...at }: Omit<Held, 'place' | 'data'>,
    look: (files: FileStorage) => Promise<void>,
  ): Promise<void> {
    const data = await temporaryFolder()
    try {
      await killedAt({ place: url, data, way, key, ...at })
      const files = await PostgresFileStorage.open(store ?? assert.fail(), join(data, 'scratch'))
      await look(files)
      assert.ok(!existsSync(join(data, 'scratch')))
      await files.close()
    } finally {
      await rm(data, { recursive: true })
    }
  }

  for (const { times, length } of [
    { times: 1, length: BLOCK },
    { times: 4, length: 4 * BLOCK },
    { times: 6, length: SIZE },
  ])
    test(`after chunk ${times}: another node goes on at ${length}`, async () => {
      const key = newKey()
      await killed({ way: 'append', key, point: 'chunk-stored', times }, files =>
        mustGoOnAt(files, key, length),
      )
    })

  for (const { point, is } of [
    { point: 'before-adoption', is: false },
    { point: 'after-adoption', is: true },
  ])
    test(`${point}: all of the file is there or nothing`, async () => {
      const key = newKey('.screen')
      await killed({ way: 'adopt', key, point }, async files => {
        assert.equal(await adopted(files, key), is)
      })
    })
})
