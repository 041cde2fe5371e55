// A nats-server for a test, on a free port; it can be killed and started again there.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

const LONGEST_START_MS = 10_000

export class NatsServer implements AsyncDisposable {
  readonly port: number
  readonly #args: readonly string[]
  #child: ChildProcess | undefined

  private constructor(port: number, args: readonly string[]) {
    this.port = port
    this.#args = args
  }

  static async start(...args: readonly string[]): Promise<NatsServer> {
    const server = new NatsServer(await freePort(), args)
    await server.start()
    return server
  }

  /** Starts one with these lines of configuration, in a file that is written into that folder. */
  static async configured(folder: string, configuration: string): Promise<NatsServer> {
    const file = join(folder, 'nats.conf')
    await writeFile(file, configuration)
    return NatsServer.start('-c', file)
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    const args = ['-a', '127.0.0.1', '-p', String(this.port), ...this.#args]
    const child = spawn('nats-server', args, { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#child = child
    const end = () => child.kill('SIGKILL') // it must not outlive an interrupted test
    process.once('exit', end)
    child.once('exit', () => process.off('exit', end))
    let log = ''
    const ready = new Promise<void>((resolve, reject) => {
      child.stderr.setEncoding('utf8').on('data', chunk => {
        log += chunk
        if (log.includes('Server is ready')) resolve()
      })
      child.once('exit', code => reject(new Error(`nats-server ended with ${code}: ${log}`)))
      child.once('error', reject)
      setTimeout(() => reject(new Error(`nats-server did not start: ${log}`)), LONGEST_START_MS).unref()
    })
    await ready
  }

  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (!child || child.exitCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }
}
