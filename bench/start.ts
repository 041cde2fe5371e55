// The cost of a start and of a resting server: node bench/start.ts [--compare REVISION] [--pairs 11]
// CPU milliseconds of all threads until it listens; resident megabytes at rest, and after one visitor of each door has
// registered, logged in and talked. Versions take turns; caches are warm.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Irc } from '../test/tools/irc-client.ts'
import { LineClient } from '../test/tools/line-client.ts'
import { Web } from '../test/tools/web-client.ts'
import { median } from './report.ts'
import { checkOut, removeWorktrees } from './revision.ts'

const ROOT = resolve(import.meta.dirname, '..')
/** Before memory is read. */
const REST_MS = 2_000
/** Linux's unit of CPU time (USER_HZ). */
const TICK_MS = 10

const { values } = parseArgs({
  options: { compare: { type: 'string' }, pairs: { type: 'string', default: '11' } },
})

interface Costs {
  readonly cpuMs: number
  readonly idleMb: number
  readonly visitedMb: number
}

const MEASURES: readonly [keyof Costs, string][] = [
  ['cpuMs', 'ms of CPU'],
  ['idleMb', 'MB idle'],
  ['visitedMb', 'MB after one visitor of each door'],
]

const tools = await mkdtemp(join(tmpdir(), 'tertulia-bench-tools-'))
try {
  const versions = [{ name: 'now', root: ROOT }]
  if (values.compare !== undefined) {
    checkOut(values.compare, join(tools, 'revision'))
    versions.push({ name: values.compare, root: join(tools, 'revision') })
  }
  const all = versions.map(version => ({ ...version, costs: [] as Costs[] }))
  for (const { root } of versions) await start(root) // fills the caches
  for (let i = 0; i < Number(values.pairs); i++)
    for (const { root, costs } of all) costs.push(await start(root))
  for (const { name, costs } of all) process.stdout.write(`${name}: ${summary(costs)}\n`)
  const [now, before] = all
  if (now && before) process.stdout.write(`now / ${before.name}: ${ratios(now.costs, before.costs)}\n`)
} finally {
  await rm(tools, { recursive: true, force: true })
  removeWorktrees()
}

async function start(root: string): Promise<Costs> {
  const data = await mkdtemp(join(tmpdir(), 'tertulia-bench-'))
  const entry = ['main.js', 'main.ts'].map(name => join(root, 'src/cli', name)).find(existsSync) ?? ''
  const child = spawn(process.execPath, [entry, '--port', '0', '--data', data, '--log-level', 'warn'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const port = await listening(child)
    const cpuMs = cpuOf(child)
    await sleep(REST_MS)
    const idleMb = memoryOf(child)
    await visit(port)
    await sleep(REST_MS)
    return { cpuMs, idleMb, visitedMb: memoryOf(child) }
  } finally {
    child.kill('SIGTERM')
    await once(child, 'close')
    await rm(data, { recursive: true, force: true })
  }
}

async function listening(child: ChildProcess): Promise<number> {
  let output = ''
  for await (const text of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    output += text
    const port = /:(\d+)\n/.exec(output)?.[1]
    if (port !== undefined) {
      child.stdout?.resume()
      return Number(port)
    }
  }
  throw new Error(`it never listened: ${output}`)
}

/** utime and stime (proc_pid_stat(5), fields 14 and 15), counted after the name, which may contain anything. */
function cpuOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

function memoryOf({ pid }: ChildProcess): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

async function visit(port: number): Promise<void> {
  const web = new Web(port)
  await (await fetch(`${web.origin}/`)).text()
  const ana = await web.register('ana')
  using live = await ana.connect()
  await live.client.post(1, 'hola')
  using irc = await Irc.register(port, 'beto')
  await irc.ask('PRIVMSG #general :hola')
  const line = await LineClient.connect(port)
  await line.register('caro')
  line.say('hola')
  await live.expect('hola')
  line.destroy()
}

// --- output ----------------------------------------------------------------------------------------------

function summary(costs: readonly Costs[]): string {
  return MEASURES.map(([key, unit]) => {
    const sorted = costs.map(each => each[key]).toSorted((a, b) => a - b)
    const [least, most] = [sorted[0] ?? Number.NaN, sorted.at(-1) ?? Number.NaN]
    return `${median(sorted).toFixed(0)} (${least.toFixed(0)}–${most.toFixed(0)}) ${unit}`
  }).join(', ')
}

/** The median of the ratios within each pair. */
function ratios(now: readonly Costs[], before: readonly Costs[]): string {
  return MEASURES.map(([key, unit]) => {
    const pairs = now.map((each, i) => each[key] / (before[i]?.[key] ?? Number.NaN))
    return `× ${median(pairs).toFixed(2)} ${unit}`
  }).join(', ')
}
