// Makes pictures fit to be shown, in a process of its own, which is started when the first one comes.

import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { UserId } from '../core/model/model.ts'
import { Refusal } from '../core/model/refusals.ts'
import type { Pictures, Prepared } from '../core/ports/pictures.ts'
import type { PictureProcess } from './child-process.ts'
import type { Limits } from './limits.ts'
import { ISO_MEDIA, PICTURES } from './media-types.ts'
import { type Answer, FILES, type Made } from './messages.ts'
import { Turns } from './turns.ts'

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

interface Waiting {
  readonly path: string
  readonly folder: string
  readonly settle: PromiseWithResolvers<Prepared | undefined>
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
  readonly #waiting = new Turns<UserId, Waiting>()
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

  prepare(path: string, folder: string, by: UserId): Promise<Prepared | undefined> {
    if (this.#isClosed) return Promise.reject(new Refusal('closing'))
    if (this.#waiting.size >= LONGEST_QUEUE) return Promise.reject(new Refusal('busy'))
    const settle = Promise.withResolvers<Prepared | undefined>()
    this.#waiting.add(by, { path, folder, settle })
    this.#working ??= this.#work()
    return settle.promise
  }

  mayHoldPlace(type: string): boolean {
    return ISO_MEDIA.has(type) || Object.hasOwn(PICTURES, type)
  }

  async removePlace(from: string, to: string, type: string): Promise<boolean> {
    const { removePlace } = await import('./place.ts')
    return removePlace(from, to, type)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#endProcess() // what it is doing is refused
    await this.#working
  }

  async #work(): Promise<void> {
    clearTimeout(this.#idle)
    for (let next = this.#waiting.next(); next; next = this.#waiting.next()) {
      const { settle, ...job } = next
      await this.#prepare(job).then(settle.resolve, settle.reject)
    }
    this.#working = undefined
    this.#idle = setTimeout(() => void this.#endProcess(), this.#idleMs).unref()
  }

  async #prepare(job: Omit<Waiting, 'settle'>, isFirst = true): Promise<Prepared | undefined> {
    if (this.#isClosed) throw new Refusal('closing')
    const running = await this.#running()
    if (!running) return undefined
    const answer = await running.work({ ...job, limits: this.#limits })
    if (answer?.kind === 'made') return toPrepared(answer.made, job.folder)
    await empty(job.folder)
    if (!answer || answer.kind === 'exceeded') await this.#endProcess() // the next one needs another
    if (this.#isClosed) throw new Refusal('closing')
    if (answer) throw toError(answer)
    if (running.hasBegun && !running.wasEndedByOthers) throw new Refusal('bad-picture')
    if (isFirst) return this.#prepare(job, false) // it did not end over this picture
    throw new Error('The process for pictures was ended twice over a picture')
  }

  /** @returns undefined where pictures can't be read */
  async #running(): Promise<PictureProcess | undefined> {
    if (this.#isUnable || this.#process) return this.#process
    const { PictureProcess } = await import('./child-process.ts') // a server may never need it
    if (this.#isClosed) throw new Refusal('closing')
    this.#process = new PictureProcess()
    const answer = await this.#process.start()
    if (answer?.kind === 'ready') return this.#process
    await this.#endProcess()
    if (this.#isClosed) throw new Refusal('closing')
    if (answer?.kind !== 'unable') throw new Error('The process for pictures ended while it started')
    this.#isUnable = true
    this.#onUnable(answer.reason)
    return undefined
  }

  async #endProcess(): Promise<void> {
    const ending = this.#process
    this.#process = undefined
    await ending?.end()
  }
}

function toPrepared({ screen, thumb, ...rest }: Made, folder: string): Prepared {
  return {
    ...rest,
    files: {
      clean: join(folder, FILES.clean),
      ...(screen && { screen: join(folder, FILES.screen) }),
      ...(thumb && { thumb: join(folder, FILES.thumb) }),
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
