import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { FolderFileStorage } from '../../src/store/files/folder.ts'
import { temporaryFolder } from '../tools/server.ts'
import { filesContract, type OpenedFiles } from './files.ts'

async function open(): Promise<OpenedFiles> {
  const data = await temporaryFolder()
  const path = join(data, 'files')
  let files = await FolderFileStorage.open(path)
  return {
    files,
    async reopen() {
      await files.close()
      files = await FolderFileStorage.open(path)
      return files
    },
    async [Symbol.asyncDispose]() {
      await files.close()
      await rm(data, { recursive: true })
    },
  }
}

filesContract('in a folder', open)
