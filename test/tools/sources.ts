// The project's own sources, as text.

import { glob, readFile } from 'node:fs/promises'
import { join, posix, sep } from 'node:path'
import { ROOT } from './root.ts'

/** Paths below src/, with slashes. */
export async function sourceFiles(): Promise<string[]> {
  const files = await Array.fromAsync(glob('**/*.{js,ts,tsx}', { cwd: join(ROOT, 'src') }))
  return files.map(file => file.replaceAll(sep, '/')).sort()
}

export async function source(file: string): Promise<string> {
  return readFile(join(ROOT, 'src', file), 'utf8')
}

export interface Import {
  /** A path below src/ where it is inside, else the module's name. */
  readonly from: string
  readonly inside: boolean
}

const IMPORT = /(?:\bfrom\s+|\b(?:import|require)\s*\(\s*|^import\s+)'([^']+)'/gm

export async function importsOf(file: string): Promise<Import[]> {
  const names = [...(await source(file)).matchAll(IMPORT)].map(match => match[1] ?? '')
  return names.map(name => {
    const inside = name.startsWith('.')
    return { inside, from: inside ? posix.join(posix.dirname(file), name) : name }
  })
}
