// The real programs that tests need: found on the path, or installed where we may.

import { spawnSync } from 'node:child_process'
import {
  accessSync,
  constants,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

interface Requirement {
  /** The Debian packages that contain it. */
  readonly packages: string
  /** Another program that does the same, preferred if it is installed. */
  readonly better?: string
  /** Whether it has the features that tests use; one without them counts as missing. */
  readonly works?: () => boolean
  /** Only test:long needs it: it is big, or slow. */
  readonly long?: true
}

/** Keyed by the program's name on the path. */
const PROGRAMS = {
  nc: { packages: 'netcat-openbsd', works: () => says(/\[-\w*N/, 'nc', '-h') },
  telnet: { packages: 'inetutils-telnet' },
  plink: { packages: 'putty-tools', works: () => says(/-telnet[\s\S]*-raw/, 'plink', '--help') },
  busybox: { packages: 'busybox', works: () => says(/^nc$[\s\S]*^telnet$/m, 'busybox', '--list') },
  socat: { packages: 'socat' },
  picocom: { packages: 'picocom' },
  tmux: { packages: 'tmux' },
  curl: { packages: 'curl', works: () => says(/--json/, 'curl', '--help', 'all') },
  cc: { packages: 'gcc libc6-dev', works: compiles },
  caddy: { packages: 'caddy' },
  // The headless shell is the same engine, and takes three quarters of the time.
  chromium: { packages: 'chromium-headless-shell', better: 'chromium-headless-shell' },
  nginx: { packages: 'nginx' },
  irssi: { packages: 'irssi' },
  'weechat-headless': { packages: 'weechat-headless weechat-plugins', works: hasFifo },
  ii: { packages: 'ii' },
  ircII: { packages: 'ircii' },
  epic5: { packages: 'epic5', long: true },
  catgirl: { packages: 'catgirl' },
  // Pidgin for the terminal: both speak IRC with the same library.
  finch: { packages: 'finch', works: hasScram },
  emacs: { packages: 'emacs-nox elpa-circe', works: hasCirce, long: true },
  znc: { packages: 'znc', long: true },
  supybot: { packages: 'limnoria', long: true },
  'nats-server': { packages: 'nats-server' },
  sqlite3: { packages: 'sqlite3' },
  python3: { packages: 'python3', works: () => says(/^1$/m, 'python3', '-c', 'import sqlite3; print(1)') },
  postgres: { packages: 'postgresql', works: () => found('initdb') !== undefined },
} as const satisfies Record<string, Requirement>

export type Program = keyof typeof PROGRAMS

/** Debian starts these as services when they are installed: on a system with an init we do not install them. */
const DAEMONS: readonly Program[] = ['caddy', 'nginx', 'nats-server', 'znc']

/** Debian's folders of programs that are not on the path, the newest version first. */
function asideFolders(): string[] {
  const versions = existsSync(POSTGRESQL) ? readdirSync(POSTGRESQL) : []
  return versions.sort((a, b) => Number(b) - Number(a)).map(version => join(POSTGRESQL, version, 'bin'))
}

const POSTGRESQL = '/usr/lib/postgresql'

function found(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...asideFolders()]
  return folders
    .map(folder => join(folder, program))
    .find(path => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

/** Whether the program is installed, on the path or in Debian's own folders. */
export function has(program: string): boolean {
  return found(program) !== undefined
}

function isUsable(program: Program): boolean {
  const { works, better }: Requirement = PROGRAMS[program]
  return (has(program) || (better !== undefined && has(better))) && (works?.() ?? true)
}

function says(wanted: RegExp, program: string, ...args: readonly string[]): boolean {
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  return wanted.test(`${stdout}${stderr}`)
}

/** Whether a program with libc's headers and threads can be compiled and linked. */
function compiles(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'tertulia-cc-'))
  const program = '#include <pthread.h>\n#include <stdio.h>\nint main(void) { return puts("") < 0; }\n'
  const { status } = spawnSync('cc', ['-pthread', '-x', 'c', '-o', join(folder, 'a'), '-'], {
    input: program,
  })
  rmSync(folder, { recursive: true })
  return status === 0
}

/** WeeChat's plugins are in a package of their own. */
function hasFifo(): boolean {
  return globSync('/usr/{lib,lib/*,local/lib,local/lib/*}/weechat/plugins/fifo.so').length > 0
}

/** Cyrus SASL's mechanisms are plugins. */
function hasScram(): boolean {
  return globSync('/usr/{lib,lib/*,local/lib}/sasl2/libscram.so').length > 0
}

export function circeFolders(): string[] {
  return globSync('/usr/share/emacs/site-lisp/elpa/circe-*')
}

function hasCirce(): boolean {
  return circeFolders().length > 0
}

/** The path of an installed program; throws if there is none. */
export function pathOf(program: string): string {
  const { better }: Partial<Requirement> = isKnown(program) ? PROGRAMS[program] : {}
  const path = (better !== undefined ? found(better) : undefined) ?? found(program)
  if (path === undefined) throw new Error(`there is no ${program}`)
  return path
}

function isKnown(program: string): program is Program {
  return Object.hasOwn(PROGRAMS, program)
}

/**
 * For a test's `skip`: which of these programs are missing, or false. In CI none can be: test/prepare.ts fails first.
 */
export function lacking(...programs: Program[]): string | false {
  const missing = programs.filter(program => !isUsable(program))
  if (missing.length === 0) return false
  const names = missing.map(program => `${program} (Debian: apt-get install ${PROGRAMS[program].packages})`)
  return `needs ${names.join(', ')}`
}

export interface Installing {
  /** Includes those that only test:long needs. */
  readonly long: boolean
  readonly say: (line: string) => void
}

/** Installs missing programs, as root on Debian. @returns those that are still missing */
export function install({ long, say }: Installing): Program[] {
  const wantedFor = (program: Program) => long || !isLong(program)
  const missing = () =>
    (Object.keys(PROGRAMS) as Program[]).filter(program => wantedFor(program) && !isUsable(program))
  const ours = existsSync('/etc/debian_version') && process.getuid?.() === 0
  const wanted = missing().filter(program => !startsWithTheSystem(program))
  if (wanted.length === 0 || !ours) return missing()
  say(`Installing ${wanted.map(program => PROGRAMS[program].packages).join(', ')}`)
  apt('update', '-qq')
  if (wanted.includes('postgres')) makeNoCluster()
  // One by one: a package that this Debian lacks would make all others fail.
  for (const program of wanted)
    apt('install', '-y', '-qq', '--no-install-recommends', ...PROGRAMS[program].packages.split(' '))
  return missing()
}

/** Keeps Debian's package from creating a cluster and starting it on the default port. */
function makeNoCluster(): void {
  const folder = '/etc/postgresql-common'
  const settings = join(folder, 'createcluster.conf')
  if (existsSync(settings)) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(settings, 'create_main_cluster = false\n')
}

function isLong(program: Program): boolean {
  const { long }: Requirement = PROGRAMS[program]
  return long === true
}

function startsWithTheSystem(program: Program): boolean {
  return DAEMONS.includes(program) && existsSync('/run/systemd/system')
}

function apt(...args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['-o', 'Dpkg::Options::=--force-confold', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  })
}
