// Measures Tertulia beside its peers, in turns, in one run. It prints a table, and with --write puts it into
// docs/performance.md. It never asserts a time.
//
//   npm run bench -- [--rounds N] [--seconds N] [--cells all|quick|NAME,NAME] [--only NAME,NAME] [--compare REV] [--write]

import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { has } from '../test/tools/parts.ts'
import { type Cell, cells } from './cells.ts'
import { type Contender, copying, inspircd, lab, natsServer, ngircd, ours } from './servers.ts'

const ROOT = resolve(import.meta.dirname, '..')

export interface Measured {
  readonly deliveries: number
  readonly messages: number
  readonly p50: number
  readonly p99: number
  readonly max: number
  readonly serverCpu: number
  readonly loadCpu: number
  readonly lost: number
  /** Of the server, in bytes, at the end of the cell. */
  readonly memory: number
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    cells: { type: 'string', default: 'all' },
    only: { type: 'string' },
    compare: { type: 'string' },
  },
})

const tools = await mkdtemp(join(tmpdir(), 'tertulia-bench-tools-'))
try {
  await bench()
} finally {
  await rm(tools, { recursive: true, force: true })
}

async function bench(): Promise<void> {
  compile('load.c', 'load')
  compile('peers/copy.c', 'copy')
  const contenders = (await chosen()).filter(({ program }) => program.includes('/') || has(program))
  const wanted = cells.filter(cell => values.cells === 'all' || values.cells.split(',').includes(cell.name))
  for (const cell of wanted) {
    const results = new Map<string, Measured[]>(contenders.map(({ name }) => [name, []]))
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const contender of contenders) results.get(contender.name)?.push(await measure(contender, cell))
    }
    report(cell, results)
  }
}

async function chosen(): Promise<Contender[]> {
  const now = ours('Tertulia')
  if (values.compare !== undefined) return [await atRevision(values.compare), now]
  const all = [now, natsServer, inspircd, ngircd, lab, copying(join(tools, 'copy'))]
  const only = values.only?.split(',')
  return only ? all.filter(({ name }) => only.some(each => name.startsWith(each))) : all
}

/** Another version of ours, from git. */
async function atRevision(revision: string): Promise<Contender> {
  const folder = join(tools, 'revision')
  execFileSync('git', ['worktree', 'add', '--detach', '--force', folder, revision], {
    cwd: ROOT,
    stdio: 'ignore',
  })
  execFileSync('ln', ['-s', join(ROOT, 'node_modules'), join(folder, 'node_modules')])
  return ours(revision, join(folder, 'src'))
}

function compile(source: string, name: string): void {
  execFileSync('cc', ['-O2', '-o', join(tools, name), join(import.meta.dirname, source)])
}

async function measure(contender: Contender, cell: Cell): Promise<Measured> {
  await using server = await contender.start()
  const args = ['--protocol', contender.protocol, '--port', `${server.port}`, '--pid', `${server.pid}`]
  for (const [option, value] of Object.entries({ ...cell.load, seconds: values.seconds }))
    args.push(`--${option}`, `${value}`)
  const { stdout } = await promisify(execFile)(join(tools, 'load'), args)
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8')
  return { ...JSON.parse(stdout), memory: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024 }
}

function report(cell: Cell, results: ReadonlyMap<string, readonly Measured[]>): void {
  process.stdout.write(`\n${cell.name}\n`)
  const [, first] = [...results][0] ?? []
  for (const [name, rounds] of results) {
    const of = (pick: (each: Measured) => number) => median(rounds.map(pick))
    const deliveries = of(each => each.deliveries)
    const ratio = rounds.map((each, i) => (first?.[i]?.deliveries ?? 0) / each.deliveries)
    const line = [
      name.padEnd(18),
      `${millions(deliveries)} M/s (${millions(Math.min(...rounds.map(each => each.deliveries)))}–${millions(Math.max(...rounds.map(each => each.deliveries)))})`,
      `msgs ${of(each => each.messages).toFixed(0)}/s`,
      `p50 ${of(each => each.p50).toFixed(2)} p99 ${of(each => each.p99).toFixed(2)} max ${of(each => each.max).toFixed(1)} ms`,
      `cpu ${of(each => each.serverCpu).toFixed(2)} = ${((of(each => each.serverCpu) / deliveries) * 1e9).toFixed(0)} ns/delivery`,
      `load ${of(each => each.loadCpu).toFixed(2)}`,
      `${(of(each => each.memory) / 1e6).toFixed(0)} MB`,
      `lost ${rounds.reduce((sum, each) => sum + each.lost, 0)}`,
      `first is ×${median(ratio).toFixed(2)}`,
    ]
    process.stdout.write(`  ${line.join('  ')}\n`)
  }
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function millions(number: number): string {
  return (number / 1e6).toFixed(2)
}
