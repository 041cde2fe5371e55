// Runs the tests: each file in a process of its own, several at a time; a line for each that is done, and at the end
// what failed, and what was not run and why.
//
//   node test/run.ts                 everything but what takes very long
//   node test/run.ts --quick         units, contracts on SQLite, a story of each door: for the minute after an edit
//   node test/run.ts --long          what takes very long
//   node test/run.ts FILE…           these files; with --pair on PostgreSQL and NATS

import { spawn } from 'node:child_process'
import { glob } from 'node:fs/promises'
import { enableCompileCache } from 'node:module'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Parts, prepare } from './prepare.ts'
import { NatsServer } from './tools/nats.ts'
import { pairEnvironment } from './tools/pair.ts'
import { lacking } from './tools/parts.ts'
import { Postgres, TEMPLATE } from './tools/postgres.ts'
import { CPU_MARK, MARK, type Result } from './tools/reporter.ts'
import { ROOT } from './tools/root.ts'

const ALL = ['test/**/*.test.ts']
const LONG = ['test/**/*.long.ts']
const QUICK = [
  'test/{check,core,net,wire}/**/*.test.ts',
  'test/contracts/{bus.local,store.sqlite}.test.ts',
  'test/store/{erasing,masks,sqlite-file}.test.ts',
  'test/bus/{encoding,peers}.test.ts',
  'test/doors/{openapi,printable,telnet}.test.ts',
  'test/conversations/{classroom,doors,health,lab,protocol,start}.test.ts',
  'test/irc/{message,stories}.test.ts',
]
/** What is said in every door, and kept: once more on PostgreSQL and NATS. */
const ON_THE_PAIR = [
  'test/conversations/{api,classroom,commands,doors,lab,line-door,people,protocol,rooms,web,web-corners}.test.ts',
  'test/irc/{guests,history,metadata,modes,people,playback,scram,stories}.test.ts',
]
/** Those that take longest begin first, so that nobody waits for one of them alone at the end. */
const LONGEST = [
  /\/faults\//,
  /\/browser\/(axe|together)/,
  /conversation\.test/,
  /commands/,
  /line-door/,
  /web-build/,
]
/** Much of what tests do is waiting. */
const AT_ONCE = availableParallelism() + 2
/** A file that takes longer hangs. */
const LONGEST_MS = 10 * 60_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    pair: { type: 'boolean', default: false },
    'at-once': { type: 'string', default: `${AT_ONCE}` },
  },
})

interface Job {
  readonly file: string
  /** Where it runs, if not on a file. */
  readonly on: string
  readonly env: Readonly<Record<string, string>>
}

interface Done {
  readonly job: Job
  readonly results: readonly Result[]
  readonly code: number | null
  /** What it said besides. */
  readonly said: string
  readonly seconds: number
  readonly cpuSeconds: number
}

const { directory } = enableCompileCache()
if (directory) process.env.NODE_COMPILE_CACHE = directory
// What was started for the tests ends with them, also when they are broken off.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))
const start = performance.now()
if (!(await prepare({ parts: partsWanted() }))) process.exitCode = 1

await using stack = new AsyncDisposableStack()
if (!values.quick && !lacking('postgres')) process.env[TEMPLATE] = stack.use(await Postgres.template()).folder
const notRun: string[] = []
const jobs = await jobsOf()
if (jobs.length === 0) throw new Error(`no such file: ${positionals.join(' ')}`)
const done: Done[] = []
const queue = jobs[Symbol.iterator]()
await Promise.all(Array.from({ length: Number(values['at-once']) }, work))
summarise()

function partsWanted(): Parts {
  if (values.quick) return 'none'
  return values.long || positionals.some(file => file.endsWith('.long.ts')) ? 'all' : 'usual'
}

async function jobsOf(): Promise<readonly Job[]> {
  const isAll = positionals.length === 0 && !values.quick && !values.long
  const patterns = values.quick ? QUICK : values.long ? LONG : positionals.length > 0 ? positionals : ALL
  const onFiles = values.pair ? [] : (await filesOf(patterns)).map(file => ({ file, on: '', env: {} }))
  const pair = isAll ? ON_THE_PAIR : values.pair ? patterns : []
  return [...(await onThePair(pair)), ...onFiles].toSorted((a, b) => rank(a) - rank(b))
}

async function onThePair(patterns: readonly string[]): Promise<readonly Job[]> {
  if (patterns.length === 0) return []
  const lack = lacking('postgres', 'nats-server')
  if (lack) {
    notRun.push(`${patterns.join(', ')} on PostgreSQL and NATS: ${lack}`)
    return []
  }
  const postgres = stack.use(await Postgres.start())
  const nats = stack.use(await NatsServer.start())
  const env = pairEnvironment(postgres.url('postgres'), nats.url)
  return (await filesOf(patterns)).map(file => ({ file, on: 'PostgreSQL and NATS', env }))
}

async function filesOf(patterns: readonly string[]): Promise<readonly string[]> {
  const found = glob(patterns, { cwd: ROOT, exclude: ['**/node_modules/**'] })
  return (await Array.fromAsync(found)).toSorted()
}

function rank({ file }: Job): number {
  const place = LONGEST.findIndex(each => each.test(file))
  return place < 0 ? LONGEST.length : place
}

async function work(): Promise<void> {
  for (const job of queue) {
    const ended = await run(job)
    done.push(ended)
    report(ended)
  }
}

function run(job: Job): Promise<Done> {
  const { promise, resolve } = Promise.withResolvers<Done>()
  const began = performance.now()
  const reporter = join(import.meta.dirname, 'tools/reporter.ts')
  const child = spawn(process.execPath, [`--test-reporter=${reporter}`, job.file], {
    cwd: ROOT,
    env: { ...process.env, ...job.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const isLong = job.file.endsWith('.long.ts')
  const tooLong = isLong ? undefined : setTimeout(() => child.kill('SIGKILL'), LONGEST_MS)
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => {
      said += text
    })
  child.on('close', (code, signal) => {
    clearTimeout(tooLong)
    const lines = said.split('\n')
    const results = lines
      .filter(line => line.startsWith(MARK))
      .map(line => JSON.parse(line.slice(MARK.length)) as Result)
    const cpu = lines.find(line => line.startsWith(CPU_MARK))?.slice(CPU_MARK.length)
    const rest = lines.filter(line => !/^\u0001/.test(line) && line !== '')
    const seconds = (performance.now() - began) / 1000
    if (signal) rest.push(`ended by ${signal} after ${Math.round(seconds)} s`)
    resolve({ job, results, code, said: rest.join('\n'), seconds, cpuSeconds: Number(cpu ?? 0) })
  })
  return promise
}

// --- what is said ----------------------------------------------------------------------------------------

function report({ job, results, code, said, seconds, cpuSeconds }: Done): void {
  const count = (outcome: Result['outcome']) => results.filter(each => each.outcome === outcome).length
  const isFine = code === 0 && results.length > 0
  const counts = [
    `${count('passed')} passed`,
    ...(count('failed') > 0 ? [`${count('failed')} FAILED`] : []),
    ...(count('skipped') > 0 ? [`${count('skipped')} not run`] : []),
  ]
  const head = `${isFine ? 'ok' : 'FAILED'}  ${nameOf(job)}  ${counts.join(', ')}  ${seconds.toFixed(1)} s (CPU ${cpuSeconds.toFixed(1)})`
  console.log(`[${done.length}/${jobs.length}] ${head}`)
  if (said !== '' && (job.file.endsWith('.long.ts') || !isFine)) console.log(indented(said))
  for (const { name, why } of results.filter(each => each.outcome === 'failed'))
    console.log(indented(`${name}\n${indented(why)}`))
}

function summarise(): void {
  const results = done.flatMap(({ job, results }) => results.map(each => ({ ...each, job })))
  const of = (outcome: Result['outcome']) => results.filter(each => each.outcome === outcome)
  const reasons = Map.groupBy(of('skipped'), ({ why }) => why)
  for (const [why, tests] of reasons) {
    console.log(`\nNot run (${why}):`)
    for (const { job, name } of tests) console.log(`  ${nameOf(job)}: ${name}`)
  }
  for (const each of notRun) console.log(`\nNot run: ${each}`)
  const broken = done.filter(({ code, results }) => code !== 0 || results.length === 0)
  if (broken.length > 0) {
    process.exitCode = 1
    console.log('\nFailed:')
    for (const { job, results } of broken) {
      const failed = results.filter(({ outcome }) => outcome === 'failed')
      const names = failed.length > 0 ? failed.map(({ name }) => name) : ['(it did not end as it should)']
      for (const name of names) console.log(`  ${nameOf(job)}: ${name}`)
    }
  }
  const failed = Math.max(of('failed').length, broken.length)
  const minutes = (performance.now() - start) / 60_000
  console.log(`\n${jobs.length} files in ${minutes.toFixed(1)} minutes`)
  console.log(`${of('passed').length} passed, ${failed} failed, ${of('skipped').length} skipped`)
}

function nameOf({ file, on }: Job): string {
  return on === '' ? file : `${file} on ${on}`
}

function indented(text: string): string {
  return text.replace(/^/gm, '    ')
}
