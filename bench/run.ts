// Measures Tertulia and its peers, taking turns, in one run; then Tertulia alone, in situations of its own. Prints
// tables, and with --write puts them into docs/performance.md, with a chart. It never asserts a time.
//
//   npm run bench -- [--rounds N] [--seconds N] [--warm-up N] [--cells NAME,NAME] [--only NAME,NAME]
//                    [--situations NAME,NAME] [--profile] [--compare REV] [--write]

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { has } from '../test/tools/programs.ts'
import { bareCommit } from './bare-commit.ts'
import { type Cell, cells } from './cells.ts'
import type { Finding } from './finding.ts'
import { compile, Load } from './load.ts'
import { picture } from './picture.ts'
import { type ProfileEntry, partsOf } from './profile.ts'
import { type Measured, Results, table, writeTo } from './report.ts'
import { checkOut, removeWorktrees } from './revision.ts'
import { type Contender, copying, inspircd, lab, natsServer, ngircd, ours } from './servers.ts'
import { situations } from './situations.ts'
import { arrivalsIn, Times, timedIn } from './timed.ts'

const ROOT = resolve(import.meta.dirname, '..')
const NAME = 'Tertulia'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    'warm-up': { type: 'string', default: '1' },
    cells: { type: 'string', default: cells.map(cell => cell.name).join() },
    only: { type: 'string' },
    situations: { type: 'string', default: Object.keys(situations).join() },
    profile: { type: 'boolean', default: false },
    compare: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})

const tools = await mkdtemp(join(tmpdir(), 'tertulia-bench-tools-'))
try {
  await bench()
} finally {
  await rm(tools, { recursive: true, force: true })
  removeWorktrees()
}

async function bench(): Promise<void> {
  const load = new Load(tools)
  compile('peers/copy.c', join(tools, 'copy'))
  const timed = ours(NAME, await timedIn(tools))
  const contenders = chosen(timed).filter(({ program }) => program.includes('/') || has(program))
  const measured: Results[] = []
  const profiles: { cell: string; parts: readonly ProfileEntry[] }[] = []
  for (const cell of cells.filter(each => values.cells.split(',').includes(each.name))) {
    const results = new Results(cell.name)
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const contender of contenders) {
        if (results.gaveUp(contender.name)) continue
        results.add(contender.name, await measure(contender, { cell, load, timed: contender === timed }))
      }
    }
    const perCommit = results.median(NAME, each => each.perCommit)
    if (perCommit !== undefined) results.bareCommit = await bareCommit(Math.round(perCommit))
    process.stdout.write(`\n${cell.name}\n${results.text()}\n`)
    measured.push(results)
    if (values.profile || values.write) {
      const parts = await profile({ cell, load })
      process.stdout.write(`${table(['Tertulia’s time in', 'cores'], parts)}\n`)
      profiles.push({ cell: cell.name, parts })
    }
  }
  const findings: Finding[] = []
  for (const [name, situation] of Object.entries(situations)) {
    if (values.compare !== undefined || !values.situations.split(',').includes(name)) continue
    const found = await situation({ load, tools })
    process.stdout.write(`\n${table(['Tertulia alone', name], found)}\n`)
    findings.push(...found)
  }
  if (!values.write) return
  await writeTo(join(ROOT, 'docs/performance.md'), { measured, findings, profiles, ...values })
  await picture(join(ROOT, 'docs/performance.svg'), measured)
}

function chosen(timed: Contender): Contender[] {
  if (values.compare !== undefined) return [ours(NAME), atRevision(values.compare)]
  const byIrc: Contender = { ...ours(`${NAME}, IRC`), protocol: 'irc', pass: 'x' }
  const all = [timed, byIrc, natsServer, inspircd, ngircd, lab, copying(join(tools, 'copy'))]
  const only = values.only?.split(',')
  return only ? all.filter(({ name }) => only.some(each => name.startsWith(each))) : all
}

/** Another revision of Tertulia, from git. */
function atRevision(revision: string): Contender {
  const folder = join(tools, 'revision')
  checkOut(revision, folder)
  const seedFile = async (path: string) => {
    const { seed } = await import(pathToFileURL(join(folder, 'bench/seed.ts')).href)
    await seed(path)
  }
  return ours(revision, { sources: join(folder, 'src'), seedFile })
}

interface Measurement {
  readonly cell: Cell
  readonly load: Load
}

/** @returns undefined if the server did not finish */
async function measure(
  contender: Contender,
  { cell, load, timed }: Measurement & { timed: boolean },
): Promise<Measured | undefined> {
  const loaded = await (async () => {
    await using server = await contender.start()
    return await load.run(contender, server, optionsFor(cell, timed ? { arrivals: arrivalsIn(tools) } : {}))
  })()
  if (!loaded) return undefined
  const { measured, lost, perConnection } = loaded
  if (!timed) return { ...measured, lost, perConnection }
  const times = await Times.read(tools)
  return {
    ...measured,
    lost,
    perConnection,
    afterCommit: times.p99(measured),
    perCommit: times.perCommit(measured),
  }
}

/** One more round, for a profile; its times do not count. */
async function profile({ cell, load }: Measurement): Promise<ProfileEntry[]> {
  const folder = join(tools, 'profile')
  const options = await timedIn(tools)
  const flags = [...(options.flags ?? []), '--cpu-prof', '--cpu-prof-dir', folder]
  const contender = ours(NAME, { ...options, flags })
  const span = await (async () => {
    await using server = await contender.start()
    const loaded = await load.run(contender, server, optionsFor(cell))
    return loaded?.measured
  })()
  const parts = span ? await partsOf(folder, span) : []
  await rm(folder, { recursive: true, force: true })
  return parts
}

function optionsFor(cell: Cell, more: Readonly<Record<string, string>> = {}) {
  return { ...cell.load, seconds: values.seconds, 'warm-up': values['warm-up'], ...more }
}
