// Builds the web app where it is missing or older than its sources: a process of its own, which goes on when the server
// that started it is gone. It exits with 0 when the build is there, and else says on stderr why it is not.

import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { BuildLock, LONGEST_BUILD_MS } from './build-lock.ts'
import { WebSources } from './web-sources.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const ENTRY = 'index.html'
/** Builds that are not finished, in dist/. */
const UNFINISHED = '.web-'
/** Files of former builds stay for so long: pages that are open still ask for them. */
const KEPT_MS = 7 * 86_400_000

process.stderr.on('error', () => {}) // whoever started it is gone
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
  for (const name of await readdir(dist)) await clearAway(join(dist, name))
  const changed = await sources.changedAt()
  const folder = await mkdtemp(join(dist, UNFINISHED))
  try {
    await build(folder)
    // What is changed from now on is newer than the build.
    await utimes(join(folder, ENTRY), changed / 1000, changed / 1000)
    await publish(folder, sources.folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What was begun by one that died. */
async function clearAway(path: string): Promise<void> {
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

/** Puts each file in its place at once, the entry last: at no moment is anybody shown half of it. */
async function publish(from: string, to: string): Promise<void> {
  const files = await filesIn(from)
  const isEntry = (file: string) => file.startsWith(ENTRY)
  for (const file of [...files.filter(file => !isEntry(file)), ...files.filter(isEntry)]) {
    await mkdir(dirname(join(to, file)), { recursive: true })
    await rename(join(from, file), join(to, file))
  }
  const former = (await filesIn(to)).filter(file => !files.includes(file))
  for (const file of former) if (await isOver(to, file)) await rm(join(to, file), { force: true })
}

/** What is named by its content may still be asked for by those who came before. */
async function isOver(folder: string, file: string): Promise<boolean> {
  return !file.startsWith('assets') || (await age(join(folder, file))) > KEPT_MS
}

/** Milliseconds since it was written; none where it is not there. */
async function age(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined)
  return found ? Date.now() - found.mtimeMs : 0
}

/** Relative to the folder. */
async function filesIn(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return found.filter(each => each.isFile()).map(each => relative(folder, join(each.parentPath, each.name)))
}
