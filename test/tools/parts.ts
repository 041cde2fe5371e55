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
  caddy: 'caddy',
  chromium: 'chromium',
  nginx: 'nginx',
  irssi: 'irssi',
  'weechat-headless': 'weechat-headless weechat-plugins',
  ii: 'ii',
  'nats-server': 'nats-server',
} as const

export type Part = keyof typeof PARTS

/** Installing them starts them, where the system has an init: there that is not ours to do. */
const DAEMONS: readonly Part[] = ['caddy', 'nginx', 'nats-server']

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
  const ours = existsSync('/etc/debian_version') && process.getuid?.() === 0
  const wanted = missing().filter(part => !startsWithTheSystem(part))
  if (wanted.length === 0 || !ours) return missing()
  say(`installing ${wanted.map(part => PARTS[part]).join(', ')}`)
  apt('update', '-qq')
  // One by one: a package that this Debian lacks would keep all others out.
  for (const part of wanted) apt('install', '-y', '-qq', '--no-install-recommends', ...PARTS[part].split(' '))
  return missing()
}

function startsWithTheSystem(part: Part): boolean {
  return DAEMONS.includes(part) && existsSync('/run/systemd/system')
}

function apt(...args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env })
}
