// Measures Tertulia beside its peers, in turns, in one run. It prints a table, and with --write puts it into
// docs/performance.md. It never asserts a time.
//
//   npm run bench -- [--rounds N] [--seconds N] [--cells NAME,NAME] [--only NAME,NAME] [--compare REV] [--write]
//                    [--profile FOLDER]

import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { has } from '../test/tools/parts.ts'
import { type Cell, cells } from './cells.ts'
import { type Measured, Results, writeTo } from './report.ts'
import { type Contender, copying, inspircd, lab, natsServer, ngircd, ours } from './servers.ts'

const ROOT = resolve(import.meta.dirname, '..')

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    'warm-up': { type: 'string', default: '1' },
    cells: { type: 'string', default: cells.map(cell => cell.name).join() },
    only: { type: 'string' },
    compare: { type: 'string' },
    profile: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})

const tools = await mkdtemp(join(tmpdir(), 'tertulia-bench-tools-'))
try {
  await bench()
} finally {
  await rm(tools, { recursive: true, force: true })
  execFileSync('git', ['worktree', 'prune'], { cwd: ROOT })
}

async function bench(): Promise<void> {
  compile('load.c', 'load')
  compile('peers/copy.c', 'copy')
  const contenders = chosen().filter(({ program }) => program.includes('/') || has(program))
  const measured: Results[] = []
  for (const cell of cells.filter(each => values.cells.split(',').includes(each.name))) {
    const results = new Results(cell.name)
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const contender of contenders) results.add(contender.name, await measure(contender, cell))
    }
    process.stdout.write(`${results.text()}\n`)
    measured.push(results)
  }
  if (values.write) await writeTo(join(ROOT, 'docs/performance.md'), measured, values)
}

function chosen(): Contender[] {
  const flags = values.profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', resolve(values.profile)]
  const now = ours('Tertulia', join(ROOT, 'src'), flags)
  if (values.compare !== undefined) return [now, atRevision(values.compare)]
  const all = [now, natsServer, inspircd, ngircd, lab, copying(join(tools, 'copy'))]
  const only = values.only?.split(',')
  return only ? all.filter(({ name }) => only.some(each => name.startsWith(each))) : all
}

/** Another version of ours, from git. */
function atRevision(revision: string): Contender {
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
  const options = { ...cell.load, seconds: values.seconds, 'warm-up': values['warm-up'] }
  for (const [option, value] of Object.entries(options)) args.push(`--${option}`, `${value}`)
  const { stdout } = await promisify(execFile)(join(tools, 'load'), args)
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8')
  return { ...JSON.parse(stdout), memory: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024 }
}
