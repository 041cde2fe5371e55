// The rows of the table of scripts (scripts.ts) about files.

import type { FileUpkeep } from '../../core/ports/file-upkeep.ts'
import type { Files } from '../../core/ports/files.ts'
import * as avatars from './avatars.ts'
import * as fileUpkeep from './file-upkeep.ts'
import * as files from './files.ts'
import { type MethodsOf, read, readInTurn, write } from './method.ts'

export const fileMethods = {
  files: {
    begin: write(files.begin, {
      locks: ([{ person }]) => ({ people: [person], space: true }),
      retime: ([upload, space], now) => [{ ...upload, at: now }, space],
    }),
    upload: readInTurn(files.upload),
    finish: write(files.finish, { locks: ([id]) => ({ uploads: [id] }) }),
    withContent: read(files.withContent),
    replace: write(files.replace, { locks: 'alone' }),
    cancel: write(files.cancel, { locks: ([, id]) => ({ uploads: [id] }) }),
    expire: write(files.expire, { locks: 'nothing', retime: 'as-given' }),
    usage: read(files.usage),
    open: readInTurn(files.open),
    pendingDeletions: readInTurn(files.pendingDeletions),
    confirmDeleted: write(files.confirmDeleted, { locks: 'nothing' }),
    setAvatar: write(avatars.setAvatar, { locks: 'alone' }),
    avatars: read(avatars.avatars),
    openAvatar: read(avatars.openAvatar),
  } satisfies MethodsOf<Files>,
  fileUpkeep: {
    filed: read(fileUpkeep.filed),
    lost: read(fileUpkeep.lost),
    detachLost: write(fileUpkeep.detachLost, { locks: 'nothing' }),
    unreferenced: read(fileUpkeep.unreferenced),
    orphans: readInTurn(fileUpkeep.orphans),
    discard: write(fileUpkeep.discard, { locks: 'nothing' }),
  } satisfies MethodsOf<FileUpkeep>,
}
