// The results, as tables for the terminal and for docs/performance.md.

import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import type { Finding } from './finding.ts'
import type { LoadReading } from './load.ts'
import type { ProfileEntry } from './profile.ts'

/** A server's result in one round of a cell; times in milliseconds, CPU in cores, memory in bytes. */
export interface Measured extends LoadReading {
  readonly lost: number
  /** Growth of the server's memory per connection. */
  readonly perConnection: number
  /** From commit to receipt, 99th percentile; ours only. */
  readonly afterCommit?: number
  /** Messages in a commit, on average; ours only. */
  readonly perCommit?: number
}

const COLUMNS = [
  'server',
  'deliveries/s, millions (least–most)',
  'ours is',
  'messages/s',
  'p50 ms',
  'p99 ms',
  'max ms',
  'p99 ms from commit',
  'p99 ms of a bare commit',
  'server CPU, ns per delivery',
  'server, load: cores',
  'KB per connection',
  'lost',
]
const NONE = '–'

export class Results {
  readonly cell: string
  /** Milliseconds of a transaction with as many messages as ours commits, running alone, 99th percentile. */
  bareCommit: number | undefined
  readonly #rounds = new Map<string, (Measured | undefined)[]>()

  constructor(cell: string) {
    this.cell = cell
  }

  /** @param measured undefined if the server did not finish */
  add(server: string, measured: Measured | undefined): void {
    this.#rounds.set(server, [...(this.#rounds.get(server) ?? []), measured])
  }

  gaveUp(server: string): boolean {
    return this.#rounds.get(server)?.includes(undefined) ?? false
  }

  median(server: string, pick: (each: Measured) => number | undefined): number | undefined {
    const rounds = this.#rounds.get(server) ?? []
    const picked = rounds.map(each => each && pick(each)).filter(each => each !== undefined)
    return picked.length > 0 ? median(picked) : undefined
  }

  /** Median deliveries a second of the servers that finished. */
  deliveries(): { server: string; deliveries: number }[] {
    return [...this.#rounds.keys()]
      .filter(server => !this.gaveUp(server))
      .map(server => ({ server, deliveries: this.median(server, each => each.deliveries) ?? Number.NaN }))
  }

  /** A row for each server with the medians of its rounds; ratios compare within a round. */
  rows(): string[][] {
    const [first = []] = this.#rounds.values()
    return [...this.#rounds].map(([server, rounds], i) => {
      const finished = rounds.filter(each => each !== undefined)
      if (finished.length < rounds.length)
        return [server, 'did not finish', ...COLUMNS.slice(2).map(() => NONE)]
      const of = (digits: number, pick: (each: Measured) => number | undefined) =>
        this.median(server, pick)?.toFixed(digits) ?? NONE
      const deliveries = finished.map(each => each.deliveries)
      const ratios = finished.map((each, round) => (first[round]?.deliveries ?? Number.NaN) / each.deliveries)
      return [
        server,
        `${millions(median(deliveries))} (${millions(Math.min(...deliveries))}–${millions(Math.max(...deliveries))})`,
        `× ${median(ratios).toFixed(2)}`,
        of(0, each => each.messages),
        of(2, each => each.p50),
        of(2, each => each.p99),
        of(1, each => each.max),
        of(2, each => each.afterCommit),
        i === 0 ? (this.bareCommit?.toFixed(2) ?? NONE) : NONE,
        of(0, each => (each.serverCpu / each.deliveries) * 1e9),
        `${of(2, each => each.serverCpu)}, ${of(2, each => each.loadCpu)}`,
        of(1, each => each.perConnection / 1024),
        `${finished.reduce((sum, each) => sum + each.lost, 0)}`,
      ]
    })
  }

  /** For a terminal. */
  text(): string {
    return table(
      COLUMNS.map(column => column.split(',')[0] ?? ''),
      this.rows(),
    )
  }

  /** For a page. */
  markdown(): string {
    return `### ${this.cell}\n\n${markdown(COLUMNS, this.rows())}`
  }
}

/** For a terminal. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [columns, ...rows]
  const widths = columns.map((_, i) => Math.max(...all.map(row => row[i]?.length ?? 0)))
  return all
    .map(row =>
      row
        .map((text, i) => text.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function markdown(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (texts: readonly string[]) => `| ${texts.join(' | ')} |`
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')
}

export interface Report {
  readonly measured: readonly Results[]
  readonly findings: readonly Finding[]
  readonly profiles: readonly { readonly cell: string; readonly parts: readonly ProfileEntry[] }[]
  readonly rounds: string
  readonly seconds: string
}

/** Replaces the text between the page's marks: `measured`, `situations` and `profile`. */
export async function writeTo(
  path: string,
  { measured, findings, profiles, rounds, seconds }: Report,
): Promise<void> {
  const revision = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const date = new Date().toISOString().slice(0, 10)
  const cpu = cpus()
  const about = `${date}, revision ${revision}, Node ${process.version}, ${cpu.length} cores (${cpu[0]?.model}), ${process.platform}; medians of ${rounds} rounds of ${seconds} s, the servers in turns.`
  const parts = profiles.map(({ cell, parts }) => [cell, parts.map(part => part.join(' ')).join('; ')])
  const sections = {
    measured: [about, ...measured.map(results => results.markdown())].join('\n\n'),
    situations: markdown(['what', 'result'], findings),
    profile: markdown(['cell', 'cores, the costliest first'], parts),
  }
  let page = await readFile(path, 'utf8')
  for (const [name, text] of Object.entries(sections)) page = replaced(page, name, text)
  await writeFile(path, page)
}

function replaced(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name}: -->`, `<!-- :${name} -->`]
  const [before, rest] = page.split(begin)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error(`the page lacks the marks of ${name}`)
  return `${before}${begin}\n${text}\n${end}${after}`
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function millions(number: number): string {
  return (number / 1e6).toFixed(2)
}
