// Makes pictures fit to be shown, and takes the location out of other files, in a process of its own, which is started
// when the first one comes.

import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { UserId } from '../core/model/model.ts'
import { Refusal } from '../core/model/refusals.ts'
import type { Pictures, Prepared } from '../core/ports/pictures.ts'
import type { PictureProcess } from './child-process.ts'
import { FairQueue } from './fair-queue.ts'
import type { Limits } from './limits.ts'
import { ISO_MEDIA, PICTURES } from './media-types.ts'
import { type Answer, FILES, type PreparedResult, type Task } from './messages.ts'

const [MIB, MEGAPIXEL] = [1024 * 1024, 1e6]
/**
 * A telephone makes pictures of 50 megapixels, a scanner of 70 (A3 at 600 dots an inch). A JPEG of 100 was seen to take
 * 6 s and 1,022 MiB. An AVIF of 100 takes 1.8 GiB, and is refused.
 */
export const LIMITS: Limits = {
  bytes: 100 * MIB,
  pixels: 100 * MEGAPIXEL,
  allPixels: 2000 * MEGAPIXEL,
  cpuMs: 30_000,
  wallMs: 120_000,
  memory: 1280 * MIB,
}
/** What a process with nothing to do is kept for. */
const IDLE_MS = 30_000
/** More than this can't wait: a thousand photographs take a quarter of an hour. */
const LONGEST_QUEUE = 1000

const DISK_IS_FULL: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT'])

/** Bytes in a millisecond at least: of a video the size of a disk is copied, which takes its time. */
const [CPU_SPEED, DISK_SPEED] = [100_000, 10_000]

type Done = Extract<Answer, { readonly kind: 'prepared' | 'removed' }>

interface Waiting {
  readonly task: Task
  readonly settle: PromiseWithResolvers<Done | undefined>
}

export interface Options {
  /** Called once, where this machine can read no pictures, with the reason. */
  readonly onUnable: (reason: string) => void
  readonly limits?: Limits
  readonly idleMs?: number
}

export class IsolatedPictures implements Pictures {
  readonly #onUnable: (reason: string) => void
  readonly #limits: Limits
  readonly #idleMs: number
  readonly #waiting = new FairQueue<UserId, Waiting>()
  #process: PictureProcess | undefined
  #idle: NodeJS.Timeout | undefined
  #working: Promise<void> | undefined
  #isUnable = false
  #isClosed = false

  constructor({ onUnable, limits = LIMITS, idleMs = IDLE_MS }: Options) {
    this.#onUnable = onUnable
    this.#limits = limits
    this.#idleMs = idleMs
  }

  reads(type: string): boolean {
    return !this.#isUnable && Object.hasOwn(PICTURES, type)
  }

  async prepare(path: string, folder: string, by: UserId): Promise<Prepared | undefined> {
    const done = await this.#inTurn({ kind: 'prepare', path, folder }, by)
    return done?.kind === 'prepared' ? toPrepared(done.result, folder) : undefined
  }

  mayHoldLocation(type: string): boolean {
    return ISO_MEDIA.has(type) || Object.hasOwn(PICTURES, type)
  }

  async removeLocation(
    path: string,
    folder: string,
    { type, by }: { type: string; by: UserId },
  ): Promise<string | undefined> {
    const done = await this.#inTurn({ kind: 'remove-location', path, folder, type }, by)
    return done?.kind === 'removed' && done.isChanged ? join(folder, FILES.clean) : undefined
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#endProcess() // what it is doing is refused
    await this.#working
  }

  /** @returns undefined where it is a picture, and this machine can read none */
  #inTurn(task: Task, by: UserId): Promise<Done | undefined> {
    if (this.#isClosed) return Promise.reject(new Refusal('closing'))
    if (this.#waiting.size >= LONGEST_QUEUE) return Promise.reject(new Refusal('busy'))
    const settle = Promise.withResolvers<Done | undefined>()
    this.#waiting.add(by, { task, settle })
    this.#working ??= this.#work()
    return settle.promise
  }

  async #work(): Promise<void> {
    clearTimeout(this.#idle)
    for (let next = this.#waiting.next(); next; next = this.#waiting.next()) {
      const { settle, task } = next
      await this.#do(task).then(settle.resolve, settle.reject)
    }
    this.#working = undefined
    this.#idle = setTimeout(() => void this.#endProcess(), this.#idleMs).unref()
  }

  async #do(task: Task, isFirst = true): Promise<Done | undefined> {
    if (this.#isClosed) throw new Refusal('closing')
    const limits = task.kind === 'prepare' ? this.#limits : await this.#limitsOf(task.path)
    const running = await this.#running()
    if (task.kind === 'prepare' && this.#isUnable) return undefined
    const answer = await running.work({ ...task, limits })
    if (answer?.kind === (task.kind === 'prepare' ? 'prepared' : 'removed')) return answer
    await empty(task.folder)
    // The next one needs another: it ended, or says what nobody asked.
    if (answer?.kind !== 'bad' && answer?.kind !== 'failed') await this.#endProcess()
    if (this.#isClosed) throw new Refusal('closing')
    if (answer) throw toError(answer)
    if (running.hasBegun && !running.wasEndedByOthers) throw new Refusal('bad-picture')
    if (isFirst) return this.#do(task, false) // it did not end over this picture
    throw new Error('The process for pictures was ended twice over a picture')
  }

  /** Of a file that is copied. */
  async #limitsOf(path: string): Promise<Limits> {
    const { size } = await stat(path)
    const { cpuMs, wallMs } = this.#limits
    return { ...this.#limits, cpuMs: cpuMs + size / CPU_SPEED, wallMs: wallMs + size / DISK_SPEED }
  }

  /** Where it can't read pictures it does the rest, and `#isUnable` says so from then on. */
  async #running(): Promise<PictureProcess> {
    if (this.#process) return this.#process
    const { PictureProcess } = await import('./child-process.ts') // a server may never need it
    if (this.#isClosed) throw new Refusal('closing')
    const starting = new PictureProcess()
    this.#process = starting
    const answer = await starting.start()
    if (answer?.kind === 'unable') this.#unable(answer.reason)
    if (answer?.kind === 'ready' || answer?.kind === 'unable') return starting
    await this.#endProcess()
    if (this.#isClosed) throw new Refusal('closing')
    throw new Error('The process for pictures ended while it started')
  }

  #unable(reason: string): void {
    if (!this.#isUnable) this.#onUnable(reason)
    this.#isUnable = true
  }

  async #endProcess(): Promise<void> {
    const ending = this.#process
    this.#process = undefined
    await ending?.end()
  }
}

function toPrepared({ screen, thumb, ...rest }: PreparedResult, folder: string): Prepared {
  return {
    ...rest,
    files: {
      clean: join(folder, FILES.clean),
      ...(screen && { screen: join(folder, FILES.screen) }),
      ...(thumb && { thumb: { path: join(folder, FILES.thumb), type: 'image/webp', ...thumb } }),
    },
  }
}

function toError(answer: Answer): Error {
  if (answer.kind !== 'failed') return new Refusal('bad-picture')
  return DISK_IS_FULL.has(answer.code)
    ? new Refusal('store-full')
    : new Error(`A picture could not be prepared: ${answer.reason}`)
}

async function empty(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true })
}
