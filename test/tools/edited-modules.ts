// Edited modules of the project, loaded in this process beside the unedited ones.

import { randomUUID } from 'node:crypto'
import { registerHooks } from 'node:module'
import { join, posix } from 'node:path'
import { pathToFileURL } from 'node:url'
import { apply, type Edit } from './edits.ts'
import { ROOT } from './root.ts'
import { source, sourceFiles } from './sources.ts'

/**
 * Loads the edited modules, and those that import them, anew; all others are shared with the project.
 * @param files below src/
 * @returns the exports of these files, merged
 */
export async function modulesWith(edits: readonly Edit[], files: readonly string[]): Promise<object> {
  const anew = new Set((await importersOf(edits)).map(urlOf))
  const mark = `?${randomUUID()}`
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context)
      return anew.has(found.url) ? { ...found, url: found.url + mark } : found
    },
    load(url, context, next) {
      const loaded = next(url, context)
      const own = edits.filter(({ file }) => url === urlOf(file) + mark)
      return own.length > 0 ? { ...loaded, source: own.reduce(apply, String(loaded.source)) } : loaded
    },
  })
  try {
    const modules: object[] = await Promise.all(files.map(file => import(urlOf(file))))
    return Object.assign({}, ...modules)
  } finally {
    hooks.deregister()
  }
}

function urlOf(file: string): string {
  return pathToFileURL(join(ROOT, 'src', file)).href
}

/** Imports that exist at run time, so none of types. */
const IMPORT = /^(?:import|export) (?!type )[^']*? from '(\.[^']+)'/gm

let imports: Promise<ReadonlyMap<string, readonly string[]>> | undefined

/** File → what it imports. */
async function readImports(): Promise<ReadonlyMap<string, readonly string[]>> {
  const files = (await sourceFiles()).filter(file => /^(core|store)\//.test(file))
  return new Map(
    await Promise.all(
      files.map(async file => {
        const found = (await source(file)).matchAll(IMPORT)
        const targets = Array.from(found, ([, from = '']) => posix.join(posix.dirname(file), from))
        return [file, targets] as const
      }),
    ),
  )
}

/** The edited files, and those that import them, directly or not. */
async function importersOf(edits: readonly Edit[]): Promise<string[]> {
  imports ??= readImports()
  const known = await imports
  const found = new Set(edits.map(({ file }) => file))
  for (const each of found) for (const [file, its] of known) if (its.includes(each)) found.add(file)
  return [...found]
}
