// The contract of the FileStorage port.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { type FileKey, type FileStorage, OffsetMismatch } from '../../src/core/ports/file-storage.ts'

/** The size in which both adapters store and read. */
export const BLOCK = 256 * 1024

export interface OpenedFiles extends AsyncDisposable {
  readonly files: FileStorage
  /** Closes it and opens it again. */
  reopen(): Promise<FileStorage>
}

export function newKey(of = ''): FileKey {
  return randomBytes(16).toString('base64url') + of
}

/** Each byte tells its place, so that one in a wrong place is noticed. */
export function numbered(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let i = 0; i + 4 <= length; i += 4) bytes.writeUInt32LE(i, i)
  return bytes
}

/** @param sizes of the chunks, the last of them for all the rest */
export async function* chunked(bytes: Uint8Array, ...sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let [at, i] = [0, 0]; at < bytes.length; i++) {
    const size = sizes[i] ?? sizes.at(-1) ?? bytes.length
    yield bytes.subarray(at, at + size)
    at += size
  }
}

export async function all(files: FileStorage, key: FileKey, start: number, end: number): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(files.read(key, start, end)))
}

/** Chunks that are pushed one at a time. */
class Pushed {
  readonly #chunks: Uint8Array[] = []
  #isOver = false
  #wake = Promise.withResolvers<void>()

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk)
    this.#wake.resolve()
  }

  end(): void {
    this.#isOver = true
    this.#wake.resolve()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = this.#chunks.shift()
      if (next) yield next
      else if (this.#isOver) return
      else {
        await this.#wake.promise
        this.#wake = Promise.withResolvers()
      }
    }
  }
}

export function filesContract(adapter: string, open: () => Promise<OpenedFiles>): void {
  describe(`the contract of file storage, ${adapter}`, () => {
    for (const length of [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 5])
      test(`${length} bytes come back, also after it was opened again`, async () => {
        await using opened = await open()
        const [key, bytes] = [newKey(), numbered(length)]
        assert.equal(await opened.files.append(key, 0, chunked(bytes, 65_536)), length)
        assert.equal(await opened.files.length(key), length)
        assert.deepEqual(await all(opened.files, key, 0, length), bytes)
        const files = await opened.reopen()
        assert.equal(await files.length(key), length)
        assert.deepEqual(await all(files, key, 0, length), bytes)
      })

    test('an upload in pieces of all sizes is one file', async () => {
      await using opened = await open()
      const { files } = opened
      const [key, bytes] = [newKey(), numbered(3 * BLOCK)]
      let length = 0
      for (const size of [1, 0, 7, BLOCK - 8, BLOCK - 1, 2, BLOCK - 1]) {
        const piece = bytes.subarray(length, length + size)
        length = await files.append(key, length, chunked(piece, 1, 100_000))
        assert.deepEqual(await all(files, key, 0, length), bytes.subarray(0, length))
      }
      assert.equal(length, bytes.length)
    })

    test('ranges at the borders of blocks', async () => {
      await using opened = await open()
      const { files } = opened
      const [key, bytes] = [newKey(), numbered(2 * BLOCK + 100)]
      await files.append(key, 0, chunked(bytes))
      const borders = [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 99, 2 * BLOCK + 100]
      for (const start of borders)
        for (const end of borders.filter(each => each >= start))
          assert.deepEqual(
            await all(files, key, start, end),
            bytes.subarray(start, end),
            `${start} to ${end}`,
          )
      await assert.rejects(all(files, key, 0, bytes.length + 1), /fewer than/)
    })

    test('what is read is the caller’s own: what comes later leaves it as it is', async () => {
      await using opened = await open()
      const [key, bytes] = [newKey(), numbered(5 * BLOCK)]
      await opened.files.append(key, 0, chunked(bytes))
      const first = await Array.fromAsync(opened.files.read(key, 0, bytes.length))
      assert.deepEqual(Buffer.concat(first), bytes)
    })

    test('a reader may stop early, and others read on', async () => {
      await using opened = await open()
      const { files } = opened
      const [key, bytes] = [newKey(), numbered(5 * BLOCK)]
      await files.append(key, 0, chunked(bytes))
      for (let i = 0; i < 20; i++) for await (const _ of files.read(key, 0, bytes.length)) break
      assert.deepEqual(await all(files, key, 0, bytes.length), bytes)
    })

    test('bytes for another place are refused, and nothing is stored', async () => {
      await using opened = await open()
      const { files } = opened
      const [key, unknown] = [newKey(), newKey()]
      await files.append(key, 0, chunked(numbered(100)))
      for (const offset of [0, 99, 101])
        await assert.rejects(files.append(key, offset, chunked(numbered(10))), OffsetMismatch)
      await assert.rejects(files.append(unknown, 1, chunked(numbered(10))), OffsetMismatch)
      assert.equal(await files.length(key), 100)
      assert.equal(await files.length(unknown), undefined)
    })

    test('an error of the chunks is thrown on, and what came before it is stored', async () => {
      await using opened = await open()
      const [key, bytes] = [newKey(), numbered(BLOCK + 100)]
      const cut = async function* () {
        yield* chunked(bytes, 1000)
        throw new Error('cut off')
      }
      await assert.rejects(opened.files.append(key, 0, cut()), /cut off/)
      const files = await opened.reopen()
      assert.equal(await files.length(key), bytes.length)
      assert.deepEqual(await all(files, key, 0, bytes.length), bytes)
      const rest = numbered(10)
      assert.equal(await files.append(key, bytes.length, chunked(rest)), bytes.length + 10)
    })

    test('of two appends at once, one is refused', async () => {
      await using opened = await open()
      const { files } = opened
      const [key, pushed] = [newKey(), new Pushed()]
      const first = files.append(key, 0, pushed)
      pushed.push(numbered(BLOCK))
      await assert.rejects(files.append(key, 0, chunked(numbered(10))), OffsetMismatch)
      pushed.push(numbered(10))
      pushed.end()
      assert.equal(await first, BLOCK + 10)
      assert.deepEqual(await all(files, key, BLOCK, BLOCK + 10), numbered(10))
      assert.equal(await files.append(key, BLOCK + 10, chunked(numbered(10))), BLOCK + 20)
    })

    test('what is stored can be read while more comes', async () => {
      await using opened = await open()
      const { files } = opened
      const [key, pushed] = [newKey(), new Pushed()]
      const bytes = numbered(2 * BLOCK)
      await files.append(key, 0, chunked(bytes.subarray(0, BLOCK)))
      const more = files.append(key, BLOCK, pushed)
      pushed.push(bytes.subarray(BLOCK, BLOCK + 100))
      assert.deepEqual(await all(files, key, 0, BLOCK), bytes.subarray(0, BLOCK))
      assert.ok(((await files.length(key)) ?? 0) >= BLOCK)
      pushed.push(bytes.subarray(BLOCK + 100))
      pushed.end()
      assert.equal(await more, bytes.length)
      assert.deepEqual(await all(files, key, 0, bytes.length), bytes)
    })

    test('what is removed is unknown, also to those who append to it', async () => {
      await using opened = await open()
      const { files } = opened
      const [key, other, pushed] = [newKey(), newKey(), new Pushed()]
      const variant = `${key}.screen`
      for (const each of [key, variant, other]) await files.append(each, 0, chunked(numbered(BLOCK + 1)))
      const more = files.append(key, BLOCK + 1, pushed)
      const failing = assert.rejects(more, OffsetMismatch)
      for (const each of [key, newKey(), other]) await files.remove(each)
      pushed.push(numbered(2 * BLOCK))
      pushed.end()
      await failing
      for (const each of [key, other]) {
        assert.equal(await files.length(each), undefined)
        await assert.rejects(all(files, each, 0, 1))
        await assert.rejects(all(files, each, 0, 0))
      }
      assert.equal(await files.length(variant), BLOCK + 1)
      assert.deepEqual(await Array.fromAsync(files.keys()), [variant])
    })

    test('lists what there is', async () => {
      await using opened = await open()
      const { files } = opened
      assert.deepEqual(await Array.fromAsync(files.keys()), [])
      const keys = Array.from({ length: 30 }, (_, i) => newKey(i % 3 === 0 ? '.thumb-2' : ''))
      for (const [i, key] of keys.entries()) await files.append(key, 0, chunked(numbered(i)))
      await using scratch = await files.scratch()
      await writeFile(join(scratch.path, 'anything'), 'x')
      assert.deepEqual((await Array.fromAsync(files.keys())).toSorted(), keys.toSorted())
    })

    test('knows when they were stored', async () => {
      await using opened = await open()
      const { files } = opened
      const key = newKey('.screen')
      assert.equal(await files.storedAt(key), undefined)
      const [before] = [Date.now()]
      await files.append(key, 0, chunked(numbered(10)))
      const at = (await files.storedAt(key)) ?? assert.fail()
      assert.ok(Math.abs(at - before) < 60_000, `${at - before} ms`)
    })

    test('a local file has the bytes', async () => {
      await using opened = await open()
      const { files } = opened
      const [key, bytes] = [newKey(), numbered(2 * BLOCK + 1)]
      await files.append(key, 0, chunked(bytes))
      const found = await files.withLocalFile(key, async path => readFile(path))
      assert.deepEqual(found, bytes)
      await assert.rejects(
        files.withLocalFile(key, async () => assert.fail('as it says')),
        /as it says/,
      )
      await assert.rejects(files.withLocalFile(newKey(), async () => {}))
    })

    test('a file is adopted from a scratch folder, twice if need be', async () => {
      await using opened = await open()
      const { files } = opened
      const [key, empty, bytes] = [newKey('.screen'), newKey(), numbered(3 * BLOCK + 7)]
      let left = ''
      {
        await using scratch = await files.scratch()
        left = scratch.path
        for (let i = 0; i < 2; i++) {
          await writeFile(join(left, 'made'), bytes)
          await files.adopt(key, join(left, 'made'))
          assert.ok(!existsSync(join(left, 'made')))
        }
        await writeFile(join(left, 'empty'), '')
        await files.adopt(empty, join(left, 'empty'))
        await writeFile(join(left, 'left'), 'x')
      }
      assert.ok(!existsSync(left))
      const again = await opened.reopen()
      assert.deepEqual(await all(again, key, 0, bytes.length), bytes)
      assert.equal(await again.length(empty), 0)
      assert.deepEqual((await Array.fromAsync(again.keys())).toSorted(), [key, empty].toSorted())
    })

    test('nothing but a key is a name', async () => {
      await using opened = await open()
      const { files } = opened
      const outside = [
        '',
        '../../../../etc/passwd',
        `${newKey()}/..`,
        `${newKey()}.`,
        `${newKey()}../x`,
        `${newKey()}\0`,
        `${newKey()}\n`,
        `../${newKey().slice(3)}`,
        newKey().slice(1),
        `${newKey()}x`,
        `ñ${newKey().slice(1)}`,
      ]
      for (const key of outside) {
        await assert.rejects(files.append(key, 0, chunked(numbered(1))), RangeError, key)
        await assert.rejects(files.length(key), RangeError)
        await assert.rejects(all(files, key, 0, 0), RangeError)
        await assert.rejects(files.remove(key), RangeError)
        await assert.rejects(files.adopt(key, '/dev/null'), RangeError)
        await assert.rejects(
          files.withLocalFile(key, async () => {}),
          RangeError,
        )
      }
      assert.deepEqual(await Array.fromAsync(files.keys()), [])
    })
  })
}
