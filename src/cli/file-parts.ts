// What the chat needs for files, from the settings.

import { randomBytes } from 'node:crypto'
import type { FileParts } from '../core/files/files.ts'
import type { AvatarId, FileId } from '../core/model/model.ts'
import type { FileStorage } from '../core/ports/file-storage.ts'
import type { Pictures } from '../core/ports/pictures.ts'
import { IsolatedPictures } from '../pictures/pictures.ts'
import type { ServerContext } from './server-context.ts'

interface FilePartsDeps {
  readonly storage: FileStorage
  readonly pictures: Pictures
}

export function fileParts({ config }: ServerContext, { storage, pictures }: FilePartsDeps): FileParts {
  return {
    storage,
    pictures,
    typeOf,
    fileId: () => randomBytes(16).toString('base64url') as FileId,
    avatarId: () => randomBytes(16).toString('base64url') as AvatarId,
    limits: {
      file: config.fileSize,
      person: config.filesPerPerson,
      room: config.filesPerRoom,
      server: config.filesInAll,
      types: config.fileTypes,
    },
  }
}

/** Costs nothing until the first picture comes. Says it where this machine can read none. */
export function openPictures({ console, wording, log }: ServerContext): Pictures {
  return new IsolatedPictures({
    onUnable(reason) {
      log.warn({ reason }, 'this machine can read no pictures')
      console(wording.noPictures(reason))
    },
  })
}

async function typeOf(path: string): Promise<string> {
  const { typeOf } = await import('../pictures/file-type.ts')
  return typeOf(path)
}
