// What tests of IRC clients for the terminal share: a home folder with settings, and one window.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { BEFORE, type Cleaning, converse, folder, scene } from '../tools/irc-scene.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { lacking, type Program } from '../tools/programs.ts'
import { Terminal } from '../tools/tmux.ts'

export const SIZE = { columns: 100, rows: 40 }

type Files = Readonly<Record<string, string>>

/** Makes a home folder with these settings, by the names of their files. */
export function homeWith(t: Cleaning, files: Files): string {
  const home = folder(t)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(home, name, '..'), { recursive: true })
    writeFileSync(join(home, name), text)
  }
  return home
}

/** A test of ircII or a client derived from it. */
export function playsByPass(name: string, part: Program, settings: Files = {}): void {
  test(`${name} connects by PASS, sees what was said, talks, and leaves`, {
    skip: lacking(part, 'tmux'),
  }, async t => {
    const there = await scene(t)
    const HOME = homeWith(t, settings)
    const command = `${part} ana 127.0.0.1:${there.server.port}:${PASSWORD}`
    await using client = await Terminal.run(command, { ...SIZE, env: { HOME } })
    await client.expect(BEFORE)
    await converse(there, {
      say: text => client.line(text),
      sees: (who, text) => client.expect(`<${who}> ${text}`),
      tells: text => client.line(`/msg beto ${text}`),
      isTold: text => client.expect(`*beto* ${text}`),
    })
    await client.line('/quit')
    await there.beto.expect('Usuario ana se ha desconectado.\n')
    await client.expect('exit 0')
  })
}
