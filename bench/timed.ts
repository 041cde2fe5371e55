// A Tertulia that notes when its commits were on disk, and what follows from its notes.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Edit, editing } from '../test/tools/edits.ts'
import type { LoadReading } from './load.ts'
import type { OursOptions } from './servers.ts'

const edits: readonly Edit[] = [
  {
    file: 'store/sqlite/writer.ts',
    from: '      // point: after-commit\n',
    to: '      globalThis.committed(this.#database)\n',
  },
]

/** Options for a server that notes its commits in the folder. */
export async function timedIn(folder: string): Promise<OursOptions> {
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

/** The times of a run, in nanoseconds of the monotonic clock. */
export class Times {
  /** When the witness received message i, counted from 0. */
  readonly #arrivals: BigUint64Array
  /** Alternately: when a commit was on disk, and the last seq in it. */
  readonly #commits: Float64Array

  private constructor(arrivals: BigUint64Array, commits: Float64Array) {
    this.#arrivals = arrivals
    this.#commits = commits
  }

  /** Reads those of a run that has ended, and whose log began empty. */
  static async read(folder: string): Promise<Times> {
    const arrivals = new BigUint64Array(await bytes(arrivalsIn(folder)))
    return new Times(arrivals, new Float64Array(await bytes(commitsIn(folder))))
  }

  /** From commit to receipt, in milliseconds, 99th percentile. */
  p99({ first, last }: LoadReading): number {
    const waited: number[] = []
    let commit = 0
    for (let i = first; i < last; i++) {
      while (commit < this.#commits.length && (this.#commits[commit + 1] ?? 0) < i + 1) commit += 2
      waited.push((Number(this.#arrivals[i]) - (this.#commits[commit] ?? 0)) / 1e6)
    }
    return quantile(waited, 0.99)
  }

  /** Messages in a commit, on average. */
  perCommit({ first, last }: LoadReading): number {
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
