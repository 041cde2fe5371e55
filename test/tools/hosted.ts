// Servers that share a process: the first one costs a start, the others next to nothing. Each has its own port, folder,
// threads and arguments, and is stopped in order. A test that signals or kills a server, or gives it an environment,
// needs one in a process of its own (server.ts).

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { openWriter } from '../../src/store/sqlite/file.ts'
import { migrations } from '../../src/store/sqlite/migrations.ts'
import { type Edit, editing, impatient, quickHashes } from './edits.ts'
import { pairArguments } from './pair.ts'
import { cleanEnvironment, QUIET, Server, type ServerOptions, temporaryFolder } from './server.ts'

export type HostedOptions = Pick<ServerOptions, 'edits' | 'data' | 'args'>

/** Sent to the host process (host.js). */
type HostRequest =
  | { readonly kind: 'start'; readonly id: number; readonly args: readonly string[] }
  | { readonly kind: 'stop'; readonly id: number }

/** Sent by the host process about one of its servers. */
type HostEvent = { readonly id: number } & (
  | { readonly kind: 'stdout' | 'stderr'; readonly text: string }
  | { readonly kind: 'exit'; readonly code: number }
)

/** The process of all servers of a test process that run with the same edits; it ends with the tests. */
class Host {
  static readonly #hosts = new Map<string, Promise<Host>>()
  readonly #process: ChildProcess
  readonly #servers = new Map<number, (news: HostEvent) => void>()
  #next = 0
  readonly ended: Promise<number | string | null>

  private constructor(child: ChildProcess) {
    this.#process = child
    child.on('message', news => this.#hear(news as HostEvent))
    child.stderr?.setEncoding('utf8').on('data', text => {
      for (const [id, hear] of this.#servers) hear({ id, kind: 'stderr', text })
    })
    this.ended = once(child, 'close').then(([code, signal]) => code ?? signal)
    child.unref() // it exits with this process
    child.channel?.unref()
    if (child.stderr instanceof Socket) child.stderr.unref()
  }

  static async with(edits: readonly Edit[]): Promise<Host> {
    const key = JSON.stringify(edits)
    const found = Host.#hosts.get(key)
    if (found) return found
    const starting = Host.#start(edits)
    Host.#hosts.set(key, starting)
    return starting
  }

  static async #start(edits: readonly Edit[]): Promise<Host> {
    const edited = await editing(edits)
    const child = spawn(process.execPath, [...edited.flags, join(import.meta.dirname, 'host.js')], {
      env: { ...cleanEnvironment(), ...edited.env },
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    })
    return new Host(child)
  }

  /** @returns the server's id */
  start(args: readonly string[], hear: (news: HostEvent) => void): number {
    const id = this.#next++
    this.#servers.set(id, hear)
    this.#process.channel?.ref() // this process must wait for the server
    this.#order({ kind: 'start', id, args })
    return id
  }

  stop(id: number): void {
    if (this.#servers.has(id)) this.#order({ kind: 'stop', id })
  }

  #order(order: HostRequest): void {
    if (this.#process.connected) this.#process.send(order)
  }

  #hear(news: HostEvent): void {
    const hear = this.#servers.get(news.id)
    if (news.kind === 'exit') this.#servers.delete(news.id)
    if (this.#servers.size === 0) this.#process.channel?.unref()
    hear?.(news)
  }
}

class HostedServer extends Server {
  readonly exited: Promise<number | string | null>
  readonly #stop: () => void

  constructor(host: Host, { data, ownsData, args }: { data: string; ownsData: boolean; args: string[] }) {
    super(data, ownsData)
    const { promise, resolve } = Promise.withResolvers<number>()
    this.exited = Promise.race([promise, host.ended])
    const id = host.start(args, news => {
      if (news.kind === 'exit') resolve(news.code)
      else this.says(news.kind, news.text)
    })
    this.#stop = () => host.stop(id)
  }

  async stop(): Promise<number | string | null> {
    this.#stop()
    return this.exited
  }

  protected async end(): Promise<void> {
    await this.stop()
  }
}

/** A chat.db with empty tables, made once: making them takes as long as the rest of a start. */
let prepared: Promise<string> | undefined

async function prepare(): Promise<string> {
  const folder = await temporaryFolder()
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'chat.db')
  openWriter(path, migrations).close()
  return path
}

async function folderWithTables(): Promise<string> {
  prepared ??= prepare()
  const folder = await temporaryFolder()
  await copyFile(await prepared, join(folder, 'chat.db'))
  return folder
}

export async function openServer(options: HostedOptions = {}): Promise<Server> {
  const { edits = [...quickHashes, impatient], data, args = [] } = options
  const host = await Host.with(edits)
  const folder = data ?? (await folderWithTables())
  const all = ['--port', '0', '--data', folder, ...(await pairArguments(folder)), ...QUIET, ...args]
  return new HostedServer(host, { data: folder, ownsData: data === undefined, args: all }).listening()
}
