// A copy of the project, with its sources.

import { cp, mkdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './root.ts'

export interface Copy extends AsyncDisposable {
  readonly folder: string
  /** Its src/. */
  readonly sources: string
}

/** It serves the project's built web app, and builds none, since it has no vite.config.ts. */
export async function copySources(): Promise<Copy> {
  const folder = await freeFolder()
  const sources = join(folder, 'src')
  await cp(join(ROOT, 'src'), sources, { recursive: true })
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'))
  for (const shared of ['node_modules', 'dist'])
    await symlink(join(ROOT, shared), join(folder, shared), 'junction')
  return { folder, sources, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

/** A new folder, under a name that earlier tests used: the compile cache knows files by their paths. */
async function freeFolder(): Promise<string> {
  for (let i = 0; ; i++) {
    const folder = join(tmpdir(), `tertulia-copy-${i}`)
    try {
      await mkdir(folder)
      return folder
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  }
}
