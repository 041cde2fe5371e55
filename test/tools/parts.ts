// The real programs that the tests talk to: found on the path, or installed where that is ours to do.

import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Program → the Debian packages that have it. */
const PARTS = {
  nc: 'netcat-openbsd',
  telnet: 'telnet',
  tmux: 'tmux',
  curl: 'curl',
  cc: 'gcc libc6-dev',
} as const

export type Part = keyof typeof PARTS

export function has(part: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some(folder => {
    try {
      accessSync(join(folder, part), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** For a test's `skip` option: why a suite that needs these is not run, or false. Under CI nothing lacks: test/prepare.ts fails first. */
export function lacking(...parts: Part[]): string | false {
  const missing = parts.filter(part => !has(part))
  if (missing.length === 0) return false
  return `needs ${missing.map(part => `${part} (Debian: apt-get install ${PARTS[part]})`).join(', ')}`
}

/** Installs what is missing on a Debian whose root we are. @returns what is missing still. */
export function install(say: (line: string) => void): Part[] {
  const missing = () => (Object.keys(PARTS) as Part[]).filter(part => !has(part))
  const wanted = missing()
  const ours = existsSync('/etc/debian_version') && process.getuid?.() === 0
  if (wanted.length === 0 || !ours) return wanted
  const packages = wanted.flatMap(part => PARTS[part].split(' '))
  say(`installing ${packages.join(', ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ]) {
    spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env })
  }
  return missing()
}
