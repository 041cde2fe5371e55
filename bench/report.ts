// What was measured, in words.

import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'

/** One server in one cell in one round; times in milliseconds, CPU in cores. */
export interface Measured {
  readonly deliveries: number
  readonly messages: number
  /** From send to receipt. */
  readonly p50: number
  readonly p99: number
  readonly max: number
  readonly serverCpu: number
  readonly loadCpu: number
  readonly lost: number
  /** Of the server, in bytes, at the end of the cell. */
  readonly memory: number
}

const COLUMNS = [
  'server',
  'deliveries/s, millions (least–most)',
  'ours is',
  'messages/s',
  'p50 ms',
  'p99 ms',
  'max ms',
  'server CPU, ns per delivery',
  'server, load: cores',
  'MB',
  'lost',
]

export class Results {
  readonly cell: string
  readonly #rounds = new Map<string, Measured[]>()

  constructor(cell: string) {
    this.cell = cell
  }

  add(server: string, measured: Measured): void {
    this.#rounds.set(server, [...(this.#rounds.get(server) ?? []), measured])
  }

  /** A row for each server, the medians of its rounds; ratios are those of the same round. */
  rows(): string[][] {
    const [first = []] = this.#rounds.values()
    return [...this.#rounds].map(([server, rounds]) => {
      const of = (pick: (each: Measured) => number) => median(rounds.map(pick))
      const deliveries = rounds.map(each => each.deliveries)
      const ratios = rounds.map((each, i) => (first[i]?.deliveries ?? Number.NaN) / each.deliveries)
      const perDelivery = rounds.map(each => (each.serverCpu / each.deliveries) * 1e9)
      return [
        server,
        `${millions(median(deliveries))} (${millions(Math.min(...deliveries))}–${millions(Math.max(...deliveries))})`,
        `× ${median(ratios).toFixed(2)}`,
        of(each => each.messages).toFixed(0),
        of(each => each.p50).toFixed(2),
        of(each => each.p99).toFixed(2),
        of(each => each.max).toFixed(1),
        median(perDelivery).toFixed(0),
        `${of(each => each.serverCpu).toFixed(2)}, ${of(each => each.loadCpu).toFixed(2)}`,
        (of(each => each.memory) / 1e6).toFixed(0),
        `${rounds.reduce((sum, each) => sum + each.lost, 0)}`,
      ]
    })
  }

  /** For a terminal. */
  text(): string {
    const rows = [COLUMNS.map(column => column.split(',')[0] ?? ''), ...this.rows()]
    const widths = COLUMNS.map((_, i) => Math.max(...rows.map(row => row[i]?.length ?? 0)))
    const lines = rows.map(row =>
      row
        .map((text, i) => text.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    return `\n${this.cell}\n${lines.join('\n')}`
  }

  /** For a page. */
  markdown(): string {
    const line = (texts: readonly string[]) => `| ${texts.join(' | ')} |`
    const rows = this.rows().map(line)
    return [`### ${this.cell}`, '', line(COLUMNS), line(COLUMNS.map(() => '---')), ...rows].join('\n')
  }
}

const BEGIN = '<!-- measured: -->'
const END = '<!-- :measured -->'

/** Replaces the tables between the page's two marks. */
export async function writeTo(
  path: string,
  measured: readonly Results[],
  { rounds, seconds }: { rounds: string; seconds: string },
): Promise<void> {
  const page = await readFile(path, 'utf8')
  const [before = '', rest = ''] = page.split(BEGIN)
  const [, after = ''] = rest.split(END)
  const revision = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const date = new Date().toISOString().slice(0, 10)
  const cpu = cpus()
  const about = `${date}, revision ${revision}, ${process.version}, ${cpu.length} cores (${cpu[0]?.model}), ${process.platform}; medians of ${rounds} rounds of ${seconds} s, the servers in turns.`
  const tables = measured.map(results => results.markdown()).join('\n\n')
  await writeFile(path, `${before}${BEGIN}\n${about}\n\n${tables}\n${END}${after}`)
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function millions(number: number): string {
  return (number / 1e6).toFixed(2)
}
