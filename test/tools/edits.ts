// Edits to the project's sources: other durations or bounds, bugs on purpose, and points at which a server can be held.
// For servers under test (edited-sources.js) and for modules that a test loads itself (edited-modules.ts).

import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './root.ts'
import { source } from './sources.ts'

const PRELOAD = pathToFileURL(join(import.meta.dirname, 'edited-sources.js')).href

interface InFile {
  /** Below src/. */
  readonly file: string
}

/** New values for constants: name → expression. */
export interface Constants extends InFile {
  readonly set: Readonly<Record<string, string | number>>
}

/** Replaces code that occurs exactly once in the file. */
export interface Replacement extends InFile {
  readonly from: string
  readonly to: string
}

export type Edit = Constants | Replacement

/** Presence is announced at once, however often it changes. */
export const noRest: Edit = { file: 'core/presence/presence.ts', set: { REST_MS: 0 } }

/** Passwords are hashed in no time; SCRAM's iterations stay as in production. */
export const quickArgon2: Edit = { file: 'core/people/passwords.ts', set: { MEMORY_KIB: 8, PASSES: 1 } }

/** SCRAM too, with the fewest iterations that clients accept: for tests in which many people log in. */
export const quickHashes: readonly Edit[] = [
  quickArgon2,
  { file: 'core/people/scram.ts', set: { ITERATIONS: 4096 } },
]

/**
 * Silent connections are greeted after 600 ms, however busy the tests keep this machine. Not for a server with
 * browsers, or with so many requests at a time that one may stay silent for a moment.
 */
export const impatient: Edit = { file: 'net/patience.ts', set: { LONGEST_MS: 600 } }

/** A log-in that is throttled is refused soon. */
export const shortWaits: Edit = { file: 'core/limits/throttles.ts', set: { LONGEST_WAIT_MS: 500 } }

/** A line `// point: NAME` in the sources marks where a server can be held (hold.js). */
const POINT = /^ *\/\/ point: ([\w-]+)$/gm
const WITH_POINTS = [
  'core/files/file-sweeper.ts',
  'core/files/files.ts',
  'core/files/preparation.ts',
  'core/log/appender.ts',
  'core/log/feed.ts',
  'store/files/folder.ts',
  'store/files/postgres.ts',
  'store/postgres/round.ts',
  'store/sqlite/writer.ts',
]

/** Edits that turn each `// point: NAME` into a call of `reached` (hold.js). */
export async function points(): Promise<Edit[]> {
  const found = await Promise.all(
    WITH_POINTS.map(async file => {
      const text = await source(file)
      return Array.from(text.matchAll(POINT), ([from, name]) => ({
        file,
        from: `${from}\n`,
        to: `globalThis.reached?.('${name}')\n`,
      }))
    }),
  )
  return found.flat()
}

/**
 * Options that start a server with the edits; the later of two in one place wins. Fails for one that matches nowhere.
 */
export async function editing(edits: readonly Edit[]): Promise<Started> {
  if (edits.length === 0) return { flags: [], env: {} }
  const files: Record<string, Record<string, string>> = {}
  for (const edit of edits) {
    const { href } = pathToFileURL(join(ROOT, 'src', edit.file))
    const found = replacements(edit, await source(edit.file)).map(({ from, to }) => [from, to])
    files[href] = { ...files[href], ...Object.fromEntries(found) }
  }
  const name = hash('sha256', JSON.stringify(files)).slice(0, 12)
  return { flags: ['--import', PRELOAD], env: { SOURCE_EDITS: JSON.stringify({ files, name }) } }
}

interface Started {
  /** Node's. */
  readonly flags: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** @param text of the edit's file */
export function apply(text: string, edit: Edit): string {
  return replacements(edit, text).reduce((edited, { from, to }) => edited.replace(from, () => to), text)
}

/** The edit as replacements. Fails unless each occurs exactly once in the text. */
function replacements(edit: Edit, text: string): Omit<Replacement, 'file'>[] {
  const found = 'set' in edit ? Object.entries(edit.set).map(one => setting(one, edit.file, text)) : [edit]
  for (const { from } of found)
    assert.equal(text.split(from).length, 2, `${edit.file} holds this once: ${from}`)
  return found.map(({ from, to }) => ({ from, to }))
}

function setting([name, value]: [string, string | number], file: string, text: string) {
  const [from, declaration] =
    new RegExp(`^((?:export )?const ${name} = ).+$`, 'm').exec(text) ?? assert.fail(`${file} has no ${name}`)
  return { from, to: `${declaration}${value}` }
}
