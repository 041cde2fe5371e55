// Files for chats in memory: bytes in a map, no pictures.

import type { FileParts } from '../../src/core/files/files.ts'
import type { AvatarId, FileId, Instant } from '../../src/core/model/model.ts'
import { type FileStorage, OffsetMismatch } from '../../src/core/ports/file-storage.ts'

const PLENTY = 2 ** 40

export function memoryFiles(): FileParts {
  let ids = 0
  return {
    storage: memoryStorage(),
    pictures: {
      reads: () => false,
      prepare: () => Promise.reject(new Error('there are no pictures here')),
      mayHoldLocation: () => false,
      removeLocation: async () => undefined,
      close: async () => {},
    },
    typeOf: async () => 'application/octet-stream',
    limits: { file: PLENTY, person: PLENTY, room: PLENTY, server: PLENTY, types: [] },
    fileId: () => `${++ids}`.padStart(22, '0') as FileId,
    avatarId: () => `${++ids}`.padStart(22, '0') as AvatarId,
  }
}

function memoryStorage(): FileStorage {
  const stored = new Map<string, Buffer>()
  return {
    async append(key, offset, chunks) {
      const before = stored.get(key) ?? Buffer.alloc(0)
      if (before.length !== offset) throw new OffsetMismatch()
      const all = Buffer.concat([before, ...(await Array.fromAsync(chunks))])
      stored.set(key, all)
      return all.length
    },
    length: async key => stored.get(key)?.length,
    async *read(key, start, end) {
      yield stored.get(key)?.subarray(start, end) ?? Buffer.alloc(0)
    },
    withLocalFile: (_, use) => use('nowhere'),
    adopt: () => Promise.reject(new Error('there are no local files here')),
    async remove(key) {
      stored.delete(key)
    },
    storedAt: async key => (stored.has(key) ? (0 as Instant) : undefined),
    async *keys() {
      yield* stored.keys()
    },
    scratch: () => Promise.reject(new Error('there are no local files here')),
    close: async () => {},
  }
}
