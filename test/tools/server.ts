// A real server on a free port and in a folder of its own. Here each has its own process; in hosted.ts they share one.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statfsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type Edit, editing, impatient, quickHashes } from './edits.ts'
import { LineClient } from './line-client.ts'
import { pairArguments } from './pair.ts'
import { patiently } from './patiently.ts'
import { ROOT } from './root.ts'
import { Web } from './web-client.ts'

export interface ServerOptions {
  /** The src/ to run; the project's by default, or that of a copy (app.ts). */
  readonly sources?: string
  /** Edits to the project's sources; quickHashes and impatient by default. */
  readonly edits?: readonly Edit[]
  /** The folder of chat.db; by default a new one, which is removed with the server. */
  readonly data?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** How many file descriptors it may open. */
  readonly descriptors?: number
}

/** No test asks the Internet what a link leads to. */
export const QUIET = ['--previews', 'off']

/** The environment without the variables of ours, Node's and npm's that a server under test must not inherit. */
export function cleanEnvironment(): Record<string, string> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(TERTULIA_|NODE_|npm_)/.test(name))
  const path = (process.env.PATH ?? '').split(delimiter).filter(folder => !folder.includes('node_modules'))
  return {
    ...Object.fromEntries(inherited.map(([name, value]) => [name, value ?? ''])),
    PATH: path.join(delimiter),
  }
}

/** Folders lie in memory if there is enough: syncing costs nothing there, and no test cuts the power. */
const MEMORY = '/dev/shm'
const ROOMY = 2 ** 31
const below = roomIn(MEMORY) > ROOMY ? MEMORY : tmpdir()

function roomIn(folder: string): number {
  if (!existsSync(folder)) return 0
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(below, 'tertulia-'))
}

/** A server and the line clients that are connected to it. */
export abstract class Server implements AsyncDisposable {
  readonly data: string
  readonly #ownsData: boolean
  readonly #clients: LineClient[] = []
  #console = ''
  #errors = ''
  /** Resolves with its exit code, or the signal that ended it. */
  abstract readonly exited: Promise<number | string | null>

  /** @param ownsData whether the folder goes with it */
  protected constructor(data: string, ownsData: boolean) {
    this.data = data
    this.#ownsData = ownsData
  }

  protected says(stream: 'stdout' | 'stderr', text: string): void {
    if (stream === 'stdout') this.#console += text
    else this.#errors += text
  }

  /** stdout so far. */
  get console(): string {
    return this.#console
  }

  /** stderr so far. */
  get errors(): string {
    return this.#errors
  }

  get port(): number {
    return Number(/:(\d+)$/m.exec(this.#console)?.[1])
  }

  /** A client of the web door that is not logged in. */
  get web(): Web {
    return new Web(this.port)
  }

  get database(): string {
    return join(this.data, 'chat.db')
  }

  async listening(): Promise<this> {
    await this.expect(/:\d+\n/)
    return this
  }

  /** Waits for stdout to hold this. */
  async expect(wanted: string | RegExp): Promise<void> {
    const found = () =>
      typeof wanted === 'string' ? this.#console.includes(wanted) : wanted.test(this.#console)
    await patiently(
      found,
      () => `the console never said ${wanted}:\n${this.#console}\n${this.#errors}`,
      this.exited,
    )
  }

  async connect(): Promise<LineClient> {
    const client = await LineClient.connect(this.port)
    this.#clients.push(client)
    return client
  }

  /** Connects a client with a new account. The full name is the username with a capital. */
  async register(username: string): Promise<LineClient> {
    const client = await this.connect()
    await client.register(username)
    return client
  }

  async logIn(username: string): Promise<LineClient> {
    const client = await this.connect()
    await client.logIn(username)
    return client
  }

  /** Stops it in order. @returns as `exited` */
  abstract stop(): Promise<number | string | null>

  protected abstract end(): Promise<unknown>

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.destroy()
    await this.end()
    if (this.#ownsData) await rm(this.data, { recursive: true, force: true })
  }
}

export class ServerProcess extends Server {
  readonly #process: ChildProcess
  readonly exited: Promise<number | string | null>

  private constructor(child: ChildProcess, data: string, ownsData: boolean) {
    super(data, ownsData)
    this.#process = child
    child.stdout?.setEncoding('utf8').on('data', text => this.says('stdout', text))
    child.stderr?.setEncoding('utf8').on('data', text => this.says('stderr', text))
    this.exited = once(child, 'close').then(([code, signal]) => code ?? signal)
  }

  /** Starts it without waiting until it listens; for one that is expected to refuse. */
  static async spawn({
    sources = join(ROOT, 'src'),
    edits = [...quickHashes, impatient],
    data,
    args = [],
    env = {},
    descriptors,
  }: ServerOptions = {}): Promise<ServerProcess> {
    const folder = data ?? (await temporaryFolder())
    const edited = await editing(edits)
    const program = [process.execPath]
    if (descriptors !== undefined)
      program.unshift('sh', '-c', 'ulimit -n "$0" && exec "$@"', `${descriptors}`)
    const child = spawn(
      program[0] ?? '',
      [
        ...program.slice(1),
        ...edited.flags,
        join(sources, 'cli/main.js'),
        '--port',
        '0',
        '--data',
        folder,
        ...(await pairArguments(folder)),
        ...QUIET,
        ...args,
      ],
      {
        cwd: existsSync(folder) ? folder : tmpdir(),
        env: { ...cleanEnvironment(), ...edited.env, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    return new ServerProcess(child, folder, data === undefined)
  }

  get pid(): number {
    return this.#process.pid ?? 0
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  async stop(): Promise<number | string | null> {
    this.#process.kill('SIGTERM')
    return this.exited
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.exited
  }

  protected async end(): Promise<void> {
    await this.kill()
  }
}

export async function startServer(options: ServerOptions = {}): Promise<ServerProcess> {
  const server = await ServerProcess.spawn(options)
  return server.listening()
}
