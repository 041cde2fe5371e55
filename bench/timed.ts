// Ours, telling when its commits were on disk, and what follows from that.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Edit, editing } from '../test/tools/edits.ts'
import type { Reading } from './load.ts'
import type { How } from './servers.ts'

const edits: readonly Edit[] = [
  {
    file: 'store/sqlite/writer.ts',
    from: '      // point: after-commit\n',
    to: '      globalThis.committed(this.#database)\n',
  },
]

/** How ours is started so that its commits are noted in the folder. */
export async function timedIn(folder: string): Promise<How> {
  const { flags, env } = await editing(edits)
  return {
    flags: [...flags, '--import', join(import.meta.dirname, 'commits.ts')],
    env: { ...env, COMMITS: commitsIn(folder) },
  }
}

function commitsIn(folder: string): string {
  return join(folder, 'commits')
}

export function arrivalsIn(folder: string): string {
  return join(folder, 'arrivals')
}

/** The times of a run: nanoseconds of the monotonic clock. */
export class Times {
  /** When the witness had message i, from 0. */
  readonly #arrivals: BigUint64Array
  /** When a commit was on disk, and the last seq in it, in turn. */
  readonly #commits: Float64Array

  private constructor(arrivals: BigUint64Array, commits: Float64Array) {
    this.#arrivals = arrivals
    this.#commits = commits
  }

  /** Of a run that has ended, in a log that was empty before it. */
  static async read(folder: string): Promise<Times> {
    const arrivals = new BigUint64Array(await bytes(arrivalsIn(folder)))
    return new Times(arrivals, new Float64Array(await bytes(commitsIn(folder))))
  }

  /** From commit to receipt, in milliseconds, of 99 in a hundred. */
  p99({ first, last }: Reading): number {
    const waited: number[] = []
    let commit = 0
    for (let i = first; i < last; i++) {
      while (commit < this.#commits.length && (this.#commits[commit + 1] ?? 0) < i + 1) commit += 2
      waited.push((Number(this.#arrivals[i]) - (this.#commits[commit] ?? 0)) / 1e6)
    }
    return quantile(waited, 0.99)
  }

  /** Messages in a commit, on average. */
  perCommit({ first, last }: Reading): number {
    let commits = 0
    for (let i = 1; i < this.#commits.length; i += 2) {
      const head = this.#commits[i] ?? 0
      if (head > first && head <= last && head !== this.#commits[i - 2]) commits++
    }
    return (last - first) / commits
  }
}

export function quantile(numbers: readonly number[], part: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN
}

async function bytes(path: string): Promise<ArrayBuffer> {
  const file = await readFile(path)
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength)
}
