// Test builds: a copy of the sources in which something is broken on purpose, or can be held at named points.

import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './root.ts'

export interface Edit {
  /** Below src/. */
  readonly file: string
  /** Stands in the file exactly once. */
  readonly from: string
  readonly to: string
}

export interface Build extends AsyncDisposable {
  /** What takes the place of src/. */
  readonly sources: string
}

/** Who comes and goes is told at once, however often. */
export const noRest: Edit = { file: 'core/presence.ts', from: 'REST_MS = 3000', to: 'REST_MS = 0' }

/** A line `// point: NAME` in the sources is where a test build can be held (hold.ts). */
const POINT = /^(\s*)\/\/ point: ([\w-]+)$/gm

export async function build(...edits: Edit[]): Promise<Build> {
  const folder = await mkdtemp(join(tmpdir(), 'tertulia-build-'))
  const sources = join(folder, 'src')
  await cp(join(ROOT, 'src'), sources, { recursive: true })
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'))
  // It shows the project's web app as it is built, and builds none: vite.config.ts is not there.
  for (const shared of ['node_modules', 'dist'])
    await symlink(join(ROOT, shared), join(folder, shared), 'junction')
  for (const edit of edits) await apply(edit, sources)
  return { sources, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

/** A build that stops at its points when it is told to (hold.ts). */
export async function buildWithPoints(...edits: Edit[]): Promise<Build> {
  const built = await build(...edits)
  for (const file of WITH_POINTS) {
    const path = join(built.sources, file)
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace(POINT, "$1globalThis.reached?.('$2')"))
  }
  return built
}

const WITH_POINTS = ['core/appender.ts', 'core/feed.ts', 'store/postgres-round.ts', 'store/sqlite-worker.ts']

async function apply({ file, from, to }: Edit, sources: string): Promise<void> {
  const path = join(sources, file)
  const text = await readFile(path, 'utf8')
  assert.equal(text.split(from).length, 2, `${file} holds this once: ${from}`)
  await writeFile(
    path,
    text.replace(from, () => to),
  )
}
