// Builds the web app if it is missing or older than its sources. A process of its own, which outlives the server that
// started it. Exits with 0 once the build is there; otherwise says on stderr why it is not.

import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { BuildLock, LONGEST_BUILD_MS } from './build-lock.ts'
import { WebSources } from './web-sources.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const ENTRY = 'index.html'
/** Prefix of the folders in dist/ that builds are made in. */
const UNFINISHED = '.web-'
/** Files of earlier builds stay this long: pages that are still open ask for them. */
const KEPT_MS = 7 * 86_400_000

process.stderr.on('error', () => {}) // the server that started it may be gone
setTimeout(() => process.exit(1), LONGEST_BUILD_MS).unref()
const sources = new WebSources(ROOT)
const lock = new BuildLock(join(ROOT, 'dist', '.building'))

let outcome: 'mine' | 'released' | 'died'
do outcome = (await lock.take()) ? 'mine' : await lock.freed()
while (outcome === 'died')

if (outcome === 'mine') await buildIfNeeded().finally(() => lock.release())
else if (!(await sources.areBuilt())) throw new Error('another process could not build it')

async function buildIfNeeded(): Promise<void> {
  if (await sources.areBuilt()) return
  const dist = join(ROOT, 'dist')
  for (const name of await readdir(dist)) await removeAbandoned(join(dist, name))
  const changed = await sources.changedAt()
  const folder = await mkdtemp(join(dist, UNFINISHED))
  try {
    await build(folder)
    // Sources that change while it builds must be newer than the build.
    await utimes(join(folder, ENTRY), changed / 1000, changed / 1000)
    await publish(folder, sources.folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Removes the folder of a build whose process died. */
async function removeAbandoned(path: string): Promise<void> {
  if (basename(path).startsWith(UNFINISHED) && (await age(path)) > LONGEST_BUILD_MS)
    await rm(path, { recursive: true, force: true })
}

async function build(outDir: string): Promise<void> {
  const vite = await import('vite')
  await vite.build({
    configFile: join(ROOT, 'vite.config.ts'),
    configLoader: 'native',
    build: { outDir, emptyOutDir: true },
    logLevel: 'silent',
  })
}

/** Renames each file into place, the entry last, so that nobody is ever served half a build. */
async function publish(from: string, to: string): Promise<void> {
  const files = await filesIn(from)
  const isEntry = (file: string) => file.startsWith(ENTRY)
  for (const file of [...files.filter(file => !isEntry(file)), ...files.filter(isEntry)]) {
    await mkdir(dirname(join(to, file)), { recursive: true })
    await rename(join(from, file), join(to, file))
  }
  const former = (await filesIn(to)).filter(file => !files.includes(file))
  for (const file of former) if (await isObsolete(to, file)) await rm(join(to, file), { force: true })
}

/**
 * Whether no page asks for the file any more. Assets are named by their content, and open pages may still want them.
 */
async function isObsolete(folder: string, file: string): Promise<boolean> {
  return !file.startsWith('assets') || (await age(join(folder, file))) > KEPT_MS
}

/** Milliseconds since it was written; 0 if it does not exist. */
async function age(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined)
  return found ? Date.now() - found.mtimeMs : 0
}

/** Every file below the folder, relative to it. */
async function filesIn(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return found.filter(each => each.isFile()).map(each => relative(folder, join(each.parentPath, each.name)))
}
