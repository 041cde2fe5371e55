// The server's side of the process that reads pictures.

import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { type Answer, decodeAnswer, type Job } from './messages.ts'

const PROGRAM = join(import.meta.dirname, 'child.ts')
/**
 * Characters that are read in answer to a job, which are a few hundred. Who says more, or speaks unasked, was taken over
 * by a picture.
 */
const LONGEST_ANSWER = 16 * 1024
/** Megabytes of JavaScript alone: bytes, pixels and libraries are not among them. */
const HEAP = 256
/** For the process to load its libraries, on a slow machine under load. */
const START_MS = 60_000

/** With these a system or a person ends a process: when memory runs out, or everything stops. */
const FROM_OUTSIDE: ReadonlySet<NodeJS.Signals> = new Set(['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGKILL'])

/**
 * All of the environment: nothing of the server's, which may hold passwords. Large pictures that are turned stay in
 * memory (libvips would write them to a file), and memory comes from few places, so that it is given back.
 */
const ENVIRONMENT = {
  VIPS_DISC_THRESHOLD: '1t',
  MALLOC_ARENA_MAX: '2',
  ...(process.platform === 'win32' && { SystemRoot: process.env.SystemRoot }),
}

export class PictureProcess {
  readonly #child: ChildProcess
  readonly #ended: Promise<undefined>
  #received = ''
  /** Characters since it was asked. */
  #said = 0
  #hasBegun = false
  #isEndedByUs = false
  #onAnswer: ((answer: Answer | undefined) => void) | undefined

  /** Of its sockets and files it gets nothing but two pipes. */
  constructor() {
    this.#child = spawn(process.execPath, [`--max-old-space-size=${HEAP}`, PROGRAM], {
      env: ENVIRONMENT,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    this.#ended = new Promise(resolve => {
      this.#child.on('close', () => resolve(undefined)) // what it has said was received by then
      this.#child.on('error', () => resolve(undefined)) // it could not even be started
    })
    this.#child.stdin?.on('error', () => {}) // it has ended, which `ended` says
    this.#child.stdout?.on('error', () => {})
    this.#child.stdout?.setEncoding('utf8').on('data', text => this.#receive(text))
  }

  /** Whether it has taken the job: when memory runs out, the system may end it even while it does nothing. */
  get hasBegun(): boolean {
    return this.#hasBegun
  }

  /** Whether somebody else has ended it, which is no fault of a picture. */
  get wasEndedByOthers(): boolean {
    const { signalCode } = this.#child
    return !this.#isEndedByUs && signalCode !== null && FROM_OUTSIDE.has(signalCode)
  }

  /** @returns 'ready' or 'unable'; undefined when it ended before it said anything */
  start(): Promise<Answer | undefined> {
    return this.#answered(START_MS)
  }

  /** @returns undefined when the process has ended, or was ended, because it took more than it may */
  work(job: Job): Promise<Answer | undefined> {
    this.#hasBegun = false
    const answer = this.#answered(job.limits.wallMs)
    this.#child.stdin?.write(`${JSON.stringify(job)}\n`)
    return answer
  }

  async end(): Promise<void> {
    this.#kill()
    await this.#ended
  }

  /** One that has ended already was not ended by us. */
  #kill(): void {
    if (this.#child.signalCode !== null || this.#child.exitCode !== null) return
    this.#isEndedByUs = true
    this.#child.kill('SIGKILL')
  }

  async #answered(wallMs: number): Promise<Answer | undefined> {
    this.#said = 0
    const answer = new Promise<Answer | undefined>(resolve => {
      this.#onAnswer = resolve
    })
    const timer = setTimeout(() => this.#kill(), wallMs)
    try {
      return await Promise.race([answer, this.#ended])
    } finally {
      clearTimeout(timer)
      this.#onAnswer = undefined
    }
  }

  #receive(text: string): void {
    this.#said += text.length
    if (!this.#onAnswer || this.#said > LONGEST_ANSWER) return this.#kill()
    const lines = (this.#received + text).split('\n')
    this.#received = lines.pop() ?? ''
    for (const line of lines) this.#take(decodeAnswer(line))
  }

  #take(answer: Answer | undefined): void {
    if (!answer) this.#kill()
    else if (answer.kind === 'begun') this.#hasBegun = true
    else this.#onAnswer?.(answer)
  }
}
