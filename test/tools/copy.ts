// A copy of the sources, in a folder that stands for the project's.

import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './root.ts'

export interface Copy extends AsyncDisposable {
  readonly folder: string
  /** In it: what takes the place of src/. */
  readonly sources: string
}

/** It shows the project's web app as it is built, and builds none: vite.config.ts is not there. */
export async function copySources(): Promise<Copy> {
  const folder = await mkdtemp(join(tmpdir(), 'tertulia-copy-'))
  const sources = join(folder, 'src')
  await cp(join(ROOT, 'src'), sources, { recursive: true })
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'))
  for (const shared of ['node_modules', 'dist'])
    await symlink(join(ROOT, shared), join(folder, shared), 'junction')
  return { folder, sources, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
