// Finishing an upload: asked again, the file is the same, and only what is hopeless deletes it.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { systemClock } from '../../src/cli/clock.ts'
import { type FileParts, Files } from '../../src/core/files/files.ts'
import type { FileId, Profile } from '../../src/core/model/model.ts'
import { Refusal, type RefusalCode } from '../../src/core/model/refusals.ts'
import type { Prepared } from '../../src/core/ports/pictures.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { memoryFiles } from '../tools/memory-files.ts'
import { Place } from './memory-chat.ts'

const SENT = 'un loro de muchos colores'
/** What is made of every picture here: smaller than what was sent. */
const CLEAN = 'un loro'

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

/** A server's files, all of them pictures. */
class Desk implements Disposable {
  readonly place = new Place()
  readonly parts: FileParts
  readonly files: Files
  /** What happens to the next picture, instead of its preparation. */
  next: (() => Promise<void>) | undefined
  prepared = 0
  readonly #nodes: Files[] = []

  constructor(more: Partial<FileParts> = {}) {
    const parts = memoryFiles()
    const { storage } = parts
    this.parts = {
      ...parts,
      storage: {
        ...storage,
        async adopt(key) {
          await storage.remove(key)
          await storage.append(key, 0, bytes(CLEAN))
        },
        scratch: async () => ({ path: 'nowhere', async [Symbol.asyncDispose]() {} }),
      },
      pictures: { ...parts.pictures, reads: () => true, prepare: () => this.#prepare() },
      ...more,
    }
    this.files = this.node()
  }

  async #prepare(): Promise<Prepared> {
    const { next } = this
    this.next = undefined
    await next?.()
    this.prepared++
    return {
      ...{ width: 4, height: 3, placeholder: 'x', type: 'image/png', animated: false },
      files: { clean: 'nowhere' },
    }
  }

  /** Another server on the same store and storage. */
  node(store: Store = this.place.store, more: Partial<FileParts> = {}): Files {
    const onError = (error: unknown) => assert.fail(String(error))
    const files = new Files({ ...this.parts, ...more, store, clock: systemClock, onError })
    this.#nodes.push(files)
    return files
  }

  async begin(ana: Profile, digest?: string): Promise<FileId> {
    const wanted = { name: 'loro.png', size: SENT.length, ...(digest !== undefined && { digest }) }
    return (await this.files.begin(ana, wanted)).id
  }

  /** Begins an upload, and sends all of it but the last byte. */
  async almost(ana: Profile, digest?: string): Promise<FileId> {
    const id = await this.begin(ana, digest)
    await this.files.append(ana, id, { offset: 0, chunks: bytes(SENT.slice(0, -1)) })
    return id
  }

  last(ana: Profile, id: FileId, files = this.files) {
    return files.append(ana, id, { offset: SENT.length - 1, chunks: bytes(SENT.slice(-1)) })
  }

  async stored(): Promise<string[]> {
    await this.files.sweep()
    return (await Array.fromAsync(this.parts.storage.keys())).toSorted()
  }

  [Symbol.dispose]() {
    for (const each of this.#nodes) each.close()
    this.place[Symbol.dispose]()
  }
}

const PASSING = [
  'closing',
  'busy',
  'store-busy',
  'store-full',
  'store-failed',
  'store-damaged',
  'store-moved',
  'store-refused',
  'own-files-full',
  'files-full',
] as const satisfies readonly RefusalCode[]

describe('what passes leaves an upload as it is', () => {
  for (const code of PASSING)
    for (const where of ['picture', 'store'] as const)
      test(`${code}, of the ${where}: asked again, it is finished`, async () => {
        using desk = new Desk()
        const ana = await desk.place.register('ana')
        const id = await desk.almost(ana)
        const fail = async () => {
          throw new Refusal(code)
        }
        const { store } = desk.place
        const failing = { ...store, files: { ...store.files, finish: fail } }
        if (where === 'picture') desk.next = fail
        await assert.rejects(desk.last(ana, id, where === 'store' ? desk.node(failing) : desk.files), {
          code,
        })
        const { file, received } = await desk.files.state(ana, id)
        assert.deepEqual([file?.variants, received], [['clean'], SENT.length])
        assert.deepEqual(await desk.stored(), [`${id}.clean`])
      })

  test('a process for pictures that was killed', async () => {
    using desk = new Desk()
    const ana = await desk.place.register('ana')
    const id = await desk.almost(ana)
    desk.next = () => Promise.reject(new Error('killed'))
    await assert.rejects(desk.last(ana, id), /killed/)
    assert.deepEqual((await desk.files.state(ana, id)).file?.variants, ['clean'])
  })
})

test('nobody is told that the store is closed when the server stops while files are being deleted', async () => {
  using desk = new Desk()
  const [asked, closed] = [Promise.withResolvers<void>(), Promise.withResolvers<never>()]
  const pendingDeletions = () => {
    asked.resolve()
    return closed.promise
  }
  const { store } = desk.place
  const files = desk.node({ ...store, files: { ...store.files, pendingDeletions } })
  const swept = files.sweep()
  await asked.promise
  files.close()
  closed.reject(new Error('database is not open'))
  await swept // it fails when an error is told
})

describe('what is hopeless deletes an upload', () => {
  const cases = {
    'bad-picture': {},
    'file-type': { more: { limits: { ...memoryFiles().limits, types: ['text/plain'] } } },
    'wrong-digest': { digest: '0'.repeat(64) },
  } satisfies Partial<Record<RefusalCode, { more?: Partial<FileParts>; digest?: string }>>
  for (const [code, { more, digest }] of Object.entries<{ more?: Partial<FileParts>; digest?: string }>(
    cases,
  ))
    test(code, async () => {
      using desk = new Desk(more)
      const ana = await desk.place.register('ana')
      const id = await desk.almost(ana, digest)
      desk.next = () => Promise.reject(new Refusal('bad-picture'))
      await assert.rejects(desk.last(ana, id), { code })
      await assert.rejects(desk.files.state(ana, id), { code: 'no-such-upload' })
      assert.deepEqual(await desk.stored(), [])
      assert.equal((await desk.files.usage(ana)).used, 0)
    })
})

describe('a finished upload is the same, whoever asks again', () => {
  test('the last bytes once more, all of them once more, and how far it is', async () => {
    using desk = new Desk()
    const ana = await desk.place.register('ana')
    const id = await desk.almost(ana)
    const { file } = await desk.last(ana, id)
    assert.equal(file?.size, CLEAN.length)
    assert.deepEqual(await desk.stored(), [`${id}.clean`])
    const again = await desk.last(ana, id)
    assert.deepEqual(again.file, file)
    assert.equal(again.received, SENT.length, 'who counts what they sent is at the end')
    const all = await desk.files.append(ana, id, { offset: 0, chunks: bytes(SENT) })
    assert.deepEqual([all.file, all.received], [file, SENT.length])
    const state = await desk.files.state(ana, id)
    assert.deepEqual([state.file, state.received], [file, state.size])
    assert.equal(desk.prepared, 1)
    assert.deepEqual(await desk.stored(), [`${id}.clean`])
  })

  test('two nodes that prepare it at once', async () => {
    using desk = new Desk()
    const ana = await desk.place.register('ana')
    const id = await desk.almost(ana)
    const [begun, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    desk.next = () => {
      begun.resolve()
      return go.promise
    }
    const other = desk.node()
    const late = desk.last(ana, id)
    await begun.promise
    const { file } = await other.state(ana, id)
    await other.sweep()
    go.resolve()
    assert.deepEqual((await late).file, file)
    assert.deepEqual((await desk.files.state(ana, id)).file, file)
    assert.deepEqual(await desk.stored(), [`${id}.clean`])
  })

  test('a node that fails over it while another finishes it', async () => {
    using desk = new Desk()
    const ana = await desk.place.register('ana')
    const id = await desk.almost(ana)
    const other = desk.node()
    desk.next = async () => {
      await other.state(ana, id)
      throw new Refusal('bad-picture') // what was sent is gone
    }
    const { file } = await desk.last(ana, id)
    assert.deepEqual(file, (await desk.files.state(ana, id)).file)
    assert.deepEqual(await desk.stored(), [`${id}.clean`])
  })

  test('what was sent goes just when it is asked how far it is', async () => {
    using desk = new Desk()
    const ana = await desk.place.register('ana')
    const id = await desk.almost(ana)
    const { storage } = desk.parts
    const late: typeof storage = {
      ...storage,
      async length(key) {
        await desk.last(ana, id)
        await desk.files.sweep()
        return storage.length(key)
      },
    }
    const other = desk.node(undefined, { storage: late })
    const { file, size, received } = await other.state(ana, id)
    assert.equal(file?.key, id)
    assert.equal(received, size)
  })

  test('all of it is sent again just when what was sent goes', async () => {
    using desk = new Desk()
    const ana = await desk.place.register('ana')
    const id = await desk.almost(ana)
    const { storage } = desk.parts
    const late: typeof storage = {
      ...storage,
      async append(key, offset, chunks) {
        await desk.last(ana, id)
        await desk.files.sweep()
        return storage.append(key, offset, chunks)
      },
    }
    const other = desk.node(undefined, { storage: late })
    const again = await other.append(ana, id, { offset: 0, chunks: bytes(SENT) })
    assert.deepEqual(again.file, (await desk.files.state(ana, id)).file)
    await other.sweep()
    assert.deepEqual(await desk.stored(), [`${id}.clean`])
  })
})

test('an upload that is cancelled while it is prepared leaves nothing', async () => {
  for (const how of ['it is prepared', 'it fails'] as const) {
    using desk = new Desk()
    const ana = await desk.place.register('ana')
    const id = await desk.almost(ana)
    desk.next = async () => {
      await desk.parts.storage.adopt(`${id}.clean`, 'nowhere')
      await desk.files.cancel(ana, id)
      await desk.parts.storage.adopt(`${id}.clean`, 'nowhere') // late
      if (how === 'it fails') throw new Error('its bytes are gone')
    }
    await assert.rejects(
      desk.last(ana, id),
      how === 'it fails' ? /its bytes are gone/ : { code: 'no-such-upload' },
    )
    assert.deepEqual(await desk.stored(), [], how)
  }
})
