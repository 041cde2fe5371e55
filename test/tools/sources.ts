// The project's sources, as text.

import { glob, readFile } from 'node:fs/promises'
import { join, posix, sep } from 'node:path'
import { ROOT } from './root.ts'

/** The paths of all sources, below src/, with slashes. */
export async function sourceFiles(): Promise<string[]> {
  const files = await Array.fromAsync(glob('**/*.{js,ts,tsx}', { cwd: join(ROOT, 'src') }))
  return files.map(file => file.replaceAll(sep, '/')).sort()
}

export async function source(file: string): Promise<string> {
  return readFile(join(ROOT, 'src', file), 'utf8')
}

export interface Import {
  /** A path below src/ if it is inside, else the module's name. */
  readonly from: string
  readonly inside: boolean
  /** Whether it is loaded along with the file: false for imports of types alone, and for calls of import(). */
  readonly isLoaded: boolean
}

/** Import and export statements, with the names that they import; and calls. */
const IMPORT = /^(?:import|export)\s+([^'"]*?\sfrom\s+)?'([^']+)'|\b(?:import|require)\s*\(\s*'([^']+)'/gm
/** `import type …`, or braces in which every name is a type. */
const OF_TYPES = /^(?:type\s|\{(?:\s*type\s+[^,}]+,?)+\s*\})/

export async function importsOf(file: string): Promise<Import[]> {
  return Array.from((await source(file)).matchAll(IMPORT), ([, named = '', stated, called]) => {
    const name = stated ?? called ?? ''
    const inside = name.startsWith('.')
    const from = inside ? posix.join(posix.dirname(file), name) : name
    return { from, inside, isLoaded: stated !== undefined && !OF_TYPES.test(named) }
  })
}
