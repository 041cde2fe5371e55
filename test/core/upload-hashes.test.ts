// The SHA-256 of an upload is that of what is stored, whatever was sent.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { systemClock } from '../../src/cli/clock.ts'
import { Files } from '../../src/core/files/files.ts'
import { RunningHashes } from '../../src/core/files/running-hashes.ts'
import type { FileId } from '../../src/core/model/model.ts'
import { OffsetMismatch } from '../../src/core/ports/file-storage.ts'
import { memoryFiles } from '../tools/memory-files.ts'
import { Place } from './memory-chat.ts'

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

test('bytes that another node stored in place of ours count, not ours', async () => {
  using place = new Place()
  const parts = memoryFiles()
  /** Takes our bytes, and finds those of the other node already there. */
  const storage: typeof parts.storage = {
    ...parts.storage,
    async append(key, offset, chunks) {
      await Array.fromAsync(chunks)
      await parts.storage.append(key, offset, bytes('theirs'))
      throw new OffsetMismatch()
    },
  }
  const onError = (error: unknown) => assert.fail(String(error))
  const files = new Files({ ...parts, storage, store: place.store, clock: systemClock, onError })
  const ana = await place.register('ana')
  const { id } = await files.begin(ana, { name: 'a.txt', size: 6 })
  await assert.rejects(files.append(ana, id, { offset: 0, chunks: bytes('others') }), OffsetMismatch)
  const { file } = await files.state(ana, id)
  files.close()
  assert.equal(file?.sha256, createHash('sha256').update('theirs').digest('hex'))
})

test('of more uploads than are hashed at a time those are read again of which nothing came for longest', async () => {
  const hashes = new RunningHashes()
  const send = (i: number, offset = 0) =>
    Array.fromAsync(hashes.over(`${i}` as FileId, offset, bytes('hola')))
  const known = (i: number, size: number) => hashes.digest(`${i}` as FileId, size) !== undefined
  for (let i = 0; i < 256; i++) await send(i)
  await send(255) // it begins again, and takes nobody's place
  await send(0, 4)
  await send(256)
  assert.deepEqual([known(0, 8), known(1, 4), known(2, 4), known(255, 4)], [true, false, true, true])
})
