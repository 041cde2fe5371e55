// The servers that are compared, ours and its peers: each a process in a folder of its own.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { seed } from './seed.ts'

export interface Running extends AsyncDisposable {
  readonly pid: number
  readonly port: number
  readonly folder: string
  /** Stops it; its files stay. */
  stop(): Promise<void>
  /** Starts it again on its files and its port. Resolves when it listens. */
  startAgain(): Promise<Running>
}

export interface Contender {
  readonly name: string
  readonly protocol: 'line' | 'nats' | 'irc' | 'raw' | 'ws'
  /** For IRC: the password of all accounts. */
  readonly pass?: string
  /** The program that must be installed. */
  readonly program: string
  start(): Promise<Running>
}

const ROOT = resolve(import.meta.dirname, '..')

/** How Tertulia is started. */
export interface OursOptions {
  /** Instead of src/. */
  readonly sources?: string
  /** Node's. */
  readonly flags?: readonly string[]
  /** The server's. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Fills a new chat.db, in the schema of that version. */
  readonly seedFile?: (path: string) => Promise<void>
}

export function ours(
  name: string,
  { sources = join(ROOT, 'src'), flags = [], args = [], env = {}, seedFile = seed }: OursOptions = {},
): Contender {
  // The entry point of earlier revisions is TypeScript.
  const script = ['main.js', 'main.ts'].map(name => join(sources, 'cli', name)).find(existsSync) ?? ''
  return {
    name,
    protocol: 'line',
    program: process.execPath,
    start: () =>
      run(async ({ folder, port }) => {
        await seedFile(join(folder, 'chat.db'))
        const where = ['--port', `${port}`, '--data', folder]
        return [process.execPath, ...flags, script, ...where, '--no-limits', ...args]
      }, env),
  }
}

export const natsServer: Contender = {
  name: 'nats-server',
  protocol: 'nats',
  program: 'nats-server',
  start: () => run(async ({ port }) => ['nats-server', '-a', '127.0.0.1', '-p', `${port}`]),
}

export const ngircd: Contender = {
  name: 'ngircd',
  protocol: 'irc',
  program: 'ngircd',
  start: () =>
    run(async ({ folder, port }) => {
      const path = join(folder, 'ngircd.conf')
      const config = `[Global]
Name = irc.bench
Info = bench
Listen = 127.0.0.1
Ports = ${port}
ServerUID = root
ServerGID = root
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxPenaltyTime = 0
PingTimeout = 600
[Options]
DNS = no
Ident = no
PAM = no
`
      await writeFile(path, config)
      return ['ngircd', '-n', '-f', path]
    }),
}

export const inspircd: Contender = {
  name: 'inspircd',
  protocol: 'irc',
  program: 'inspircd',
  start: () =>
    run(async ({ folder, port }) => {
      const path = join(folder, 'inspircd.conf')
      const config = `<server name="irc.bench" description="bench" network="bench" id="97K">
<admin name="bench" nick="bench" email="bench@bench">
<bind address="127.0.0.1" port="${port}" type="clients">
<connect name="all" allow="*" timeout="600" pingfreq="600" hardsendq="100M" softsendq="100M" recvq="10M" threshold="1000000"
 commandrate="1000000000" fakelag="no" localmax="30000" globalmax="30000" maxconnwarn="no" limit="30000" resolvehostnames="no" useident="no" maxchans="10">
<performance netbuffersize="65534" somaxconn="4096" softlimit="30000" quietbursts="yes">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="${join(folder, 'log')}">
<path datadir="${folder}" logdir="${folder}" runtimedir="${folder}">
<pid file="${join(folder, 'pid')}">
<options prefixquit="" hidebans="no">
`
      await writeFile(path, config)
      return ['inspircd', '--nofork', '--runasroot', `--config=${path}`]
    }),
}

export const lab: Contender = {
  name: 'the lab',
  protocol: 'line',
  program: 'python3',
  start: () =>
    run(async ({ folder, port }) => [
      'python3',
      join(import.meta.dirname, 'peers/lab.py'),
      `${port}`,
      join(folder, 'chat.db'),
    ]),
}

/** @param program the compiled peers/copy.c */
export function copying(program: string): Contender {
  return {
    name: 'copy (the limit)',
    protocol: 'raw',
    program,
    start: () => run(async ({ port }) => [program, `${port}`]),
  }
}

async function run(
  command: (launch: { folder: string; port: number }) => Promise<string[]>,
  env: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'tertulia-bench-'))
  const port = await freePort()
  return launch({ folder, port, env, command: await command({ folder, port }) })
}

interface Launch {
  readonly folder: string
  readonly port: number
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

async function launch(options: Launch): Promise<Running> {
  const { folder, port, env } = options
  const [program = '', ...args] = options.command
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    errors += text
  })
  await answers(port, child, () => errors)
  return {
    pid: child.pid ?? 0,
    port,
    folder,
    stop: () => end(child),
    startAgain: () => launch(options),
    async [Symbol.asyncDispose]() {
      await end(child)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  const killed = setTimeout(() => child.kill('SIGKILL'), 6000)
  await once(child, 'close')
  clearTimeout(killed)
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

async function answers(port: number, child: ChildProcess, errors: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended: ${errors()}`)
    const socket = connect(port, '127.0.0.1')
    const open = await new Promise<boolean>(resolve =>
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
    )
    socket.destroy()
    if (open) return
    await sleep(50)
  }
  throw new Error(`${child.spawnfile} never listened: ${errors()}`)
}
