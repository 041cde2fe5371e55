// Runs the load generator (load.c) against a server.

import { execFile, execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { promisify } from 'node:util'
import type { Contender, Running } from './servers.ts'

/** A server that needs longer to let everybody join, send and receive is shown as 'did not finish'. */
const LONGEST_MS = 120_000

/** A report of load.c on an interval; times in milliseconds, CPU in cores. */
export interface LoadReading {
  readonly seconds: number
  /** Microseconds of the monotonic clock. */
  readonly from: number
  readonly to: number
  readonly messages: number
  readonly deliveries: number
  /** From send to receipt. */
  readonly p50: number
  readonly p99: number
  readonly max: number
  readonly serverCpu: number
  readonly loadCpu: number
  /** The witness's messages in this interval, counted from 0: [first, last). */
  readonly first: number
  readonly last: number
}

export interface Loaded {
  readonly measured: LoadReading
  /** The interval in which the stalled readers caught up, or others logged in. */
  readonly meanwhile?: LoadReading
  /** Growth of the server's resident memory per connection, in bytes. */
  readonly perConnection: number
  readonly lost: number
  /** Whether all stalled readers have read what they missed. */
  readonly caughtUp: boolean
  readonly joined: number
  /** The slowest log-in, in milliseconds. */
  readonly logIn: number
}

export type LoadOptions = Readonly<Record<string, number | string>>

export function compile(source: string, to: string): void {
  execFileSync('cc', ['-O2', '-pthread', '-o', to, join(import.meta.dirname, source)])
}

export class Load {
  readonly #program: string

  /** @param folder that the program is compiled into */
  constructor(folder: string) {
    this.#program = join(folder, 'load')
    compile('load.c', this.#program)
  }

  /** @returns undefined if the server did not finish */
  async run(contender: Contender, server: Running, options: LoadOptions): Promise<Loaded | undefined> {
    try {
      const args = argumentsOf(contender, server, options)
      const { stdout } = await promisify(execFile)(this.#program, args, { timeout: LONGEST_MS })
      return JSON.parse(stdout)
    } catch (error) {
      process.stderr.write(`${contender.name} did not finish: ${error}\n`)
      return undefined
    }
  }

  /** Joins and stays. @returns a function that leaves */
  async hold(contender: Contender, server: Running, options: LoadOptions): Promise<() => Promise<void>> {
    const args = argumentsOf(contender, server, { ...options, hold: 1 })
    const child = spawn(this.#program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
    await hasJoined(child.stdout, ended)
    return async () => {
      const input: Writable = child.stdin
      input.end()
      await ended
    }
  }
}

async function hasJoined(output: Readable, ended: Promise<void>): Promise<void> {
  const joined = new Promise<void>(resolve => output.once('data', () => resolve()))
  await Promise.race([
    joined,
    ended.then(() => {
      throw new Error('the load ended before it had joined')
    }),
  ])
}

function argumentsOf({ protocol, pass }: Contender, { port, pid }: Running, options: LoadOptions): string[] {
  return Object.entries({ protocol, port, pid, ...(pass !== undefined && { pass }), ...options }).flatMap(
    ([name, value]) => [`--${name}`, `${value}`],
  )
}
