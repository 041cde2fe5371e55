import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { commands } from '../../src/doors/irc/commands/commands.ts'
import { USER_MODES } from '../../src/doors/irc/commands/user-modes.ts'
import { NUMERICS } from '../../src/doors/irc/replies/numerics.ts'
import { isupport } from '../../src/doors/irc/replies/registration-burst.ts'
import { CAPS } from '../../src/doors/irc/wire/caps.ts'
import { CHANNEL_MODES, RANKS } from '../../src/doors/irc/wire/mode-letters.ts'
import { ROOT } from '../tools/root.ts'
import { source, sourceFiles } from '../tools/sources.ts'

const page = await readFile(join(ROOT, 'docs/irc.md'), 'utf8')

/** The entries of a section's table: name → where it is tested. */
function listed(section: string): ReadonlyMap<string, string> {
  const [, text = ''] = page.split(`\n## ${section}\n`)
  const [here = ''] = text.split('\n## ')
  const rows = [...here.matchAll(/^\| `([^`]+)`[^|]*\|.*\| ([^|]+) \|$/gm)]
  return new Map(rows.map(([, name = '', where = '']) => [name, where]))
}

/**
 * Asserts that the table lists exactly these names, each with a test that mentions it, or a reason why there is none.
 */
async function holds(
  section: string,
  names: readonly string[],
  mention = (name: string) => name,
): Promise<void> {
  const rows = listed(section)
  assert.deepEqual([...rows.keys()].toSorted(), names.toSorted(), `docs/irc.md, ${section}`)
  for (const [name, where] of rows) {
    if (where.startsWith('— ')) continue
    const [, file = ''] = /^`(test\/irc\/[\w-]+\.test\.ts)`$/.exec(where) ?? assert.fail(`${name}: ${where}`)
    assert.ok(existsSync(join(ROOT, file)), `no such test: ${file}`)
    const spoken = new RegExp(`(?<![\\w/])${RegExp.escape(mention(name))}(?![\\w/])`)
    assert.match(await readFile(join(ROOT, file), 'utf8'), spoken, `${file} does not speak of ${name}`)
  }
}

test('docs/irc.md lists every command, with its test', () => holds('Commands', Object.keys(commands)))

test('docs/irc.md lists every numeric, with its test; each is used somewhere', async () => {
  await holds(
    'Numerics',
    Object.values(NUMERICS).map(([number]) => number),
  )
  const files = (await sourceFiles()).filter(
    file => file.startsWith('doors/irc/') && !file.endsWith('/numerics.ts'),
  )
  const sources = (await Promise.all(files.map(source))).join('\n')
  for (const name of Object.keys(NUMERICS)) assert.ok(sources.includes(`'${name}'`), `nobody says ${name}`)
})

test('docs/irc.md lists every capability, with its test', () => holds('Capabilities', CAPS))

test('docs/irc.md lists every token of 005, with its test', () =>
  holds(
    'Tokens of 005',
    isupport({ network: 'x', longestNick: 32 }, '').map(token => token.split('=', 1)[0] ?? ''),
  ))

test('docs/irc.md lists every mode', () => {
  const { lists, always, on, flags } = CHANNEL_MODES
  const modes = [...lists, ...always, ...on, ...flags, ...RANKS.modes, ...USER_MODES].map(sign => `+${sign}`)
  assert.deepEqual([...new Set(listed('Modes').keys())].toSorted(), [...new Set(modes)].toSorted())
})
