// The real programs that the tests talk to: found on the path, or installed where that is ours to do.

import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
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
  postgres: 'postgresql',
} as const

export type Part = keyof typeof PARTS

/** Installing them starts them, where the system has an init: there that is not ours to do. */
const DAEMONS: readonly Part[] = ['caddy', 'nginx', 'nats-server']

/** Where Debian has what is not for the path; the newest first. */
function asideFolders(): string[] {
  const versions = existsSync(POSTGRESQL) ? readdirSync(POSTGRESQL) : []
  return versions.sort((a, b) => Number(b) - Number(a)).map(version => join(POSTGRESQL, version, 'bin'))
}

const POSTGRESQL = '/usr/lib/postgresql'

function found(part: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...asideFolders()]
  return folders
    .map(folder => join(folder, part))
    .find(path => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

export function has(part: string): boolean {
  return found(part) !== undefined
}

/** Of a program that is there. */
export function pathOf(part: string): string {
  const path = found(part)
  if (path === undefined) throw new Error(`there is no ${part}`)
  return path
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
  if (wanted.includes('postgres')) makeNoCluster()
  // One by one: a package that this Debian lacks would keep all others out.
  for (const part of wanted) apt('install', '-y', '-qq', '--no-install-recommends', ...PARTS[part].split(' '))
  return missing()
}

/** Debian's package would make a database of its own and start it on the usual port. */
function makeNoCluster(): void {
  const folder = '/etc/postgresql-common'
  const settings = join(folder, 'createcluster.conf')
  if (existsSync(settings)) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(settings, 'create_main_cluster = false\n')
}

function startsWithTheSystem(part: Part): boolean {
  return DAEMONS.includes(part) && existsSync('/run/systemd/system')
}

function apt(...args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['-o', 'Dpkg::Options::=--force-confold', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  })
}
