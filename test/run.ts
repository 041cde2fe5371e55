// Runs the tests: each file in a process of its own, or several in one where they start the same things, several
// processes at a time. Prints a line for each file, and at the end what failed, and what was not run and why.
//
//   node test/run.ts                 everything but what takes very long
//   node test/run.ts --quick         units, contracts on SQLite, a story of each door: for the minute after an edit
//   node test/run.ts --long          what takes very long
//   node test/run.ts FILE…           these files; with --pair on PostgreSQL and NATS

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { glob } from 'node:fs/promises'
import { enableCompileCache } from 'node:module'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { prepare, type Scope } from './prepare.ts'
import { NatsServer } from './tools/nats.ts'
import { pairEnvironment } from './tools/pair.ts'
import { Postgres, PREPARED, TEMPLATE } from './tools/postgres.ts'
import { lacking } from './tools/programs.ts'
import { type Ended, FILE_MARK, MARK, type Result } from './tools/reporter.ts'
import { ROOT } from './tools/root.ts'

const ALL = ['test/**/*.test.ts']
const LONG = ['test/**/*.long.ts']
const QUICK = [
  'test/{check,core,net,wire}/**/*.test.ts',
  'test/contracts/{bus.local,store.sqlite}.test.ts',
  'test/store/{erasing,masks,scripts,sqlite-file}.test.ts',
  'test/bus/{encoding,peers}.test.ts',
  'test/doors/{openapi,printable,telnet}.test.ts',
  'test/conversations/{classroom,doors,health,lab,protocol,start}.test.ts',
  'test/irc/{message,stories}.test.ts',
]
/** Stories of what the doors say and store: run once more on PostgreSQL and NATS. */
const ON_THE_PAIR = [
  'test/conversations/{api,classroom,commands,doors,lab,line-door,people,protocol,rooms,web,web-corners}.test.ts',
  'test/irc/{guests,history,metadata,metadata-3,modes,people,playback,scram,stories}.test.ts',
]
/**
 * Files that share a process, one after the other, up to `most`: starting a server, or Chromium, costs as much as
 * many of their tests, and code that has run for a while is fast.
 */
const TOGETHER = [
  { files: /^test\/irc\/(?!clients|terminals)/, most: 12 },
  { files: /^test\/browser\/(?!axe|together)/, most: 8 },
  {
    files: /\/conversations\/(?!bare|commands|lab|line-door|nodes|admin|readme|start|terminal|tls|web-build)/,
    most: 10,
  },
  { files: /^test\/(net|doors|bus|cli|core)\/(?!conversation|feed|nodes)/, most: 20 },
]
/** The slowest files start first, so that the run does not end waiting for one of them. */
const LONGEST = [
  /\/faults\//,
  /\/browser\/axe/,
  /\/browser\//,
  /conversation\.test/,
  /commands/,
  /line-door/,
  /web-build/,
]
/** More than there are cores, since tests mostly wait. */
const AT_ONCE = availableParallelism() + 2
/** A file that takes longer has hung. */
const LONGEST_MS = 20 * 60_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    pair: { type: 'boolean', default: false },
    'at-once': { type: 'string', default: `${AT_ONCE}` },
  },
})

/** The work of one process. */
interface Job {
  readonly files: readonly string[]
  /** The adapters that they run on; empty: SQLite. */
  readonly on: string
  readonly env: Readonly<Record<string, string>>
}

/** A file that has run, or should have. */
interface Done {
  readonly name: string
  readonly results: readonly Result[]
  readonly seconds: number
  readonly cpuSeconds: number
  /** Why it did not run to its end; empty if it did. */
  readonly why: string
}

const { directory } = enableCompileCache()
if (directory) process.env.NODE_COMPILE_CACHE = directory
// An interrupted run still ends the processes that it has started: they are killed on exit.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))
const start = performance.now()
if (!(await prepare({ programs: programsWanted() }))) process.exitCode = 1

await using stack = new AsyncDisposableStack()
if (!values.quick && !lacking('postgres')) process.env[TEMPLATE] = stack.use(await Postgres.template()).folder
const notRun: string[] = []
const jobs = await jobsOf()
if (jobs.length === 0) throw new Error(`no such file: ${positionals.join(' ')}`)
const files = jobs.flatMap(job => job.files).length
const done: Done[] = []
const queue = jobs[Symbol.iterator]()
await Promise.all(Array.from({ length: Number(values['at-once']) }, work))
summarise()

function programsWanted(): Scope {
  if (values.quick) return 'none'
  return values.long || positionals.some(file => file.endsWith('.long.ts')) ? 'all' : 'usual'
}

async function jobsOf(): Promise<readonly Job[]> {
  const isAll = positionals.length === 0 && !values.quick && !values.long
  const patterns = values.quick ? QUICK : values.long ? LONG : positionals.length > 0 ? positionals : ALL
  const onFiles = values.pair
    ? []
    : groups(await filesOf(patterns)).map(files => ({ files, on: '', env: {} }))
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
  await postgres.prepare()
  const nats = stack.use(await NatsServer.start())
  const env = pairEnvironment({ postgres: postgres.url('postgres'), prepared: PREPARED, nats: nats.url })
  return groups(await filesOf(patterns)).map(files => ({ files, on: 'PostgreSQL and NATS', env }))
}

/** Groups of files, each for one process. */
function groups(files: readonly string[]): readonly (readonly string[])[] {
  const alone = files.filter(file => !TOGETHER.some(each => each.files.test(file))).map(file => [file])
  const together = TOGETHER.flatMap(({ files: pattern, most }) => {
    const found = files.filter(file => pattern.test(file))
    const parts = Math.ceil(found.length / most)
    return Array.from({ length: parts }, (_, part) => found.filter((_, i) => i % parts === part))
  })
  return [...alone, ...together]
}

async function filesOf(patterns: readonly string[]): Promise<readonly string[]> {
  const found = glob(patterns, { cwd: ROOT, exclude: ['**/node_modules/**'] })
  return (await Array.fromAsync(found)).toSorted()
}

function rank({ files: [first = ''] }: Job): number {
  const place = LONGEST.findIndex(each => each.test(first))
  return place < 0 ? LONGEST.length : place
}

async function work(): Promise<void> {
  for (const job of queue) await run(job)
}

async function run({ files, on, env }: Job): Promise<void> {
  const together = join(import.meta.dirname, 'tools/together.ts')
  const reporter = join(import.meta.dirname, 'tools/reporter.ts')
  const child = spawn(process.execPath, [`--test-reporter=${reporter}`, together, ...files], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended: Done[] = []
  let [results, said]: [Result[], string[]] = [[], []]
  const end = ({ file, ...how }: Ended) => {
    const done = { ...how, name: on === '' ? file : `${file} on ${on}`, results }
    ended.push(done)
    report(done, said)
    ;[results, said] = [[], []]
    tooLong?.refresh()
  }
  const isLong = files.some(file => file.endsWith('.long.ts'))
  const tooLong = isLong ? undefined : setTimeout(() => child.kill('SIGKILL'), LONGEST_MS)
  const hear = (line: string) => {
    if (line.startsWith(FILE_MARK)) end(JSON.parse(line.slice(FILE_MARK.length)))
    else if (line.startsWith(MARK)) results.push(JSON.parse(line.slice(MARK.length)))
    else if (line !== '') said.push(line)
  }
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', hear)
  const [code, signal] = await once(child, 'close')
  clearTimeout(tooLong)
  const why = signal ? `ended by ${signal}` : `ended with ${code}`
  for (const file of files.slice(ended.length)) end({ file, seconds: 0, cpuSeconds: 0, why })
  if (code !== 0 && ended.every(isFine)) end({ file: files.join(', '), seconds: 0, cpuSeconds: 0, why })
}

// --- output ----------------------------------------------------------------------------------------------

function report(ended: Done, said: readonly string[]): void {
  done.push(ended)
  const { name, results, seconds, cpuSeconds, why } = ended
  const count = (outcome: Result['outcome']) => results.filter(each => each.outcome === outcome).length
  const counts = [
    `${count('passed')} passed`,
    ...(count('failed') > 0 ? [`${count('failed')} FAILED`] : []),
    ...(count('skipped') > 0 ? [`${count('skipped')} not run`] : []),
  ]
  const took = `${seconds.toFixed(1)} s (CPU ${cpuSeconds.toFixed(1)})`
  console.log(
    `[${done.length}/${files}] ${isFine(ended) ? 'ok' : 'FAILED'}  ${name}  ${counts.join(', ')}  ${took}`,
  )
  if (why) console.log(indented(why))
  if (said.length > 0 && (name.includes('.long.ts') || !isFine(ended))) console.log(indented(said.join('\n')))
  for (const { name, why } of results.filter(each => each.outcome === 'failed'))
    console.log(indented(`${name}\n${indented(why)}`))
}

function isFine({ results, why }: Done): boolean {
  return why === '' && results.length > 0 && results.every(({ outcome }) => outcome !== 'failed')
}

function summarise(): void {
  const all = done.flatMap(({ name, results }) => results.map(each => ({ ...each, file: name })))
  const of = (outcome: Result['outcome']) => all.filter(each => each.outcome === outcome)
  const reasons = Map.groupBy(of('skipped'), ({ why }) => why)
  for (const [why, tests] of reasons) {
    console.log(`\nNot run (${why}):`)
    for (const { file, name } of tests) console.log(`  ${file}: ${name}`)
  }
  for (const each of notRun) console.log(`\nNot run: ${each}`)
  const broken = done.filter(each => !isFine(each))
  if (broken.length > 0) {
    process.exitCode = 1
    console.log('\nFailed:')
    for (const { name: file, results } of broken) {
      const failed = results.filter(({ outcome }) => outcome === 'failed')
      const names = failed.length > 0 ? failed.map(({ name }) => name) : ['(it did not end as it should)']
      for (const name of names) console.log(`  ${file}: ${name}`)
    }
  }
  const failed = Math.max(of('failed').length, broken.length)
  const minutes = (performance.now() - start) / 60_000
  console.log(`\n${files} files in ${minutes.toFixed(1)} minutes`)
  console.log(`${of('passed').length} passed, ${failed} failed, ${of('skipped').length} skipped`)
}

function indented(text: string): string {
  return text.replace(/^/gm, '    ')
}
