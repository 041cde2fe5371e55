// What the chat needs for files, from the settings.

import { isUtf8 } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Config } from '../config/settings.ts'
import type { FileParts } from '../core/files/files.ts'
import type { FileId } from '../core/model/model.ts'
import { refuse } from '../core/model/refusals.ts'
import type { FileStorage } from '../core/ports/file-storage.ts'
import type { Pictures } from '../core/ports/pictures.ts'

/** Bytes by which a type is told. */
const HEAD = 4096

export function fileParts(config: Config, storage: FileStorage): FileParts {
  return {
    storage,
    pictures: NO_PICTURES,
    typeOf,
    fileId: () => randomBytes(16).toString('base64url') as FileId,
    limits: {
      file: config.fileSize,
      person: config.filesPerPerson,
      room: config.filesPerRoom,
      server: config.filesInAll,
      types: config.fileTypes,
    },
  }
}

/** Pictures are files like any other. */
const NO_PICTURES: Pictures = {
  reads: () => false,
  prepare: async () => refuse('bad-picture'),
  mayHoldPlace: () => false,
  removePlace: async () => false,
  close: async () => {},
}

async function typeOf(path: string): Promise<string> {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0)
  const head = buffer.subarray(0, bytesRead)
  return isUtf8(head) && !head.includes(0) ? 'text/plain' : 'application/octet-stream'
}
