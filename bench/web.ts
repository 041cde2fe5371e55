// The web door: posts and pages over HTTP, a cell over the WebSocket compared with the line door, and a crowd that
// reconnects after a restart.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { GENERAL } from '../src/core/model/model.ts'
import { idOf } from '../src/store/scripts/open-room.ts'
import { cells } from './cells.ts'
import type { Bench, Finding } from './finding.ts'
import { compile, type LoadOptions } from './load.ts'
import { median } from './report.ts'
import { seedWithMessages } from './seed.ts'
import { ours, type Running } from './servers.ts'

const ROUNDS = 5
const SECONDS = 3
const MESSAGES = 5_000
/** The newest pages, read in turn. */
const PAGES = 8
const CELL = '1000/10/64'
const RETURNING = 1_000
const MISSED = 100

/** The report of http.c; times in milliseconds, CPU in cores. */
interface HttpReading {
  readonly requests: number
  readonly p50: number
  readonly p99: number
  readonly errors: number
  readonly serverCpu: number
  readonly loadCpu: number
}

/** The report of back.c, in seconds since the server listened. */
interface Returned {
  readonly there: number
  readonly first: number
  readonly half: number
  readonly all: number
}

const talkative = ours('Tertulia', { seedFile: path => seedWithMessages(path, MESSAGES) })

/** Each client posts again when its last post has been answered, which is when it is on disk. */
export async function webPosts({ tools }: Bench): Promise<Finding[]> {
  const load = program<HttpReading>('http', tools)
  const few: HttpReading[] = []
  const many: HttpReading[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await using server = await talkative.start()
    few.push(await load(server, { pid: server.pid, clients: 16, seconds: SECONDS }))
    many.push(await load(server, { pid: server.pid, clients: 64, seconds: SECONDS }))
  }
  return [...requests('posts over HTTP, 16 clients', few), ...requests('posts over HTTP, 64 clients', many)]
}

/** The same pages of 50 again and again, as when many read what was just said. */
export async function webPages({ tools }: Bench): Promise<Finding[]> {
  const load = program<HttpReading>('http', tools)
  const read: HttpReading[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await using server = await talkative.start()
    read.push(
      await load(server, {
        pid: server.pid,
        clients: 64,
        seconds: SECONDS,
        pages: PAGES,
        before: MESSAGES + 1,
      }),
    )
  }
  return requests('pages of 50 over HTTP, 64 clients', read)
}

function requests(what: string, readings: readonly HttpReading[]): Finding[] {
  const failed = readings.reduce((sum, { errors }) => sum + errors, 0)
  if (failed > 0) throw new Error(`${what}: ${failed} failed`)
  const of = (pick: (reading: HttpReading) => number) => median(readings.map(pick))
  const all = readings.map(reading => reading.requests)
  return [
    [`${what}: a second (least–most)`, `${of(({ requests }) => requests).toFixed(0)} (${spread(all, 0)})`],
    [
      `${what}: p50, p99 ms; server, load: cores`,
      [
        of(({ p50 }) => p50).toFixed(2),
        `${of(({ p99 }) => p99).toFixed(2)};`,
        of(({ serverCpu }) => serverCpu).toFixed(2),
        of(({ loadCpu }) => loadCpu).toFixed(2),
      ].join(' '),
    ],
  ]
}

/** Alternates with the line door: the ratio within each round is what counts. */
export async function webSockets({ load }: Bench): Promise<Finding[]> {
  const cell = cells.find(({ name }) => name === CELL)
  const rate: Record<'line' | 'ws', number[]> = { line: [], ws: [] }
  for (let round = 0; round < ROUNDS; round++) {
    for (const protocol of ['line', 'ws'] as const) {
      const contender = { ...ours('Tertulia'), protocol }
      await using server = await contender.start()
      const loaded = await load.run(contender, server, { ...cell?.load, seconds: SECONDS })
      if (!loaded || loaded.lost > 0) throw new Error(`${CELL} over ${protocol}: ${loaded?.lost} lost`)
      rate[protocol].push(loaded.measured.deliveries / 1e6)
    }
  }
  const ratios = rate.ws.map((ws, round) => ws / (rate.line[round] ?? Number.NaN))
  return [
    [
      `${CELL}, millions of deliveries/s: line, WebSocket`,
      `${median(rate.line).toFixed(2)}, ${median(rate.ws).toFixed(2)}`,
    ],
    [
      `${CELL}: the WebSocket's beside the line's (least–most)`,
      `× ${median(ratios).toFixed(2)} (${spread(ratios, 2)})`,
    ],
  ]
}

/** All clients at once, as soon as the server listens again. */
export async function returning({ tools }: Bench): Promise<Finding[]> {
  const load = program<HttpReading>('http', tools)
  const comeBack = program<Returned>('back', tools)
  const all: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await using server = await talkative.start()
    await load(server, { clients: 16, seconds: 0, 'warm-up': 1 })
    await server.stop()
    const coming = comeBack(server, { clients: RETURNING, ...cursorIn(server) })
    await using again = await server.startAgain()
    const returned = await coming
    if (returned.there < RETURNING)
      throw new Error(`${returned.there} of ${RETURNING} came back on ${again.port}`)
    all.push(returned.all)
  }
  return [
    [
      `${RETURNING} come back after a restart, ${MISSED} messages missed: all told, s (least–most)`,
      `${median(all).toFixed(2)} (${spread(all, 2)})`,
    ],
  ]
}

/** The cursor of a client that has missed MISSED of the messages on disk. */
function cursorIn({ folder }: Running) {
  const database = new DatabaseSync(join(folder, 'chat.db'), { readOnly: true })
  const head = Number(database.prepare('SELECT last_seq FROM rooms WHERE id = ?').get(GENERAL)?.last_seq)
  const { epoch } =
    database
      .prepare('SELECT epoch FROM messages JOIN epochs ON epochs.id = epoch_id WHERE messages.id = ?')
      .get(idOf(GENERAL, head - MISSED)) ?? {}
  database.close()
  return { epoch: String(epoch), after: head - MISSED, upto: head }
}

/** Compiles a program in C. @returns a function that runs it and parses its report */
function program<Reading>(name: string, folder: string) {
  compile(`${name}.c`, join(folder, name))
  return async ({ port }: Running, options: LoadOptions): Promise<Reading> => {
    const args = Object.entries({ port, ...options }).flatMap(([name, value]) => [`--${name}`, `${value}`])
    const { stdout } = await promisify(execFile)(join(folder, name), args, { timeout: 120_000 })
    return JSON.parse(stdout)
  }
}

function spread(numbers: readonly number[], digits: number): string {
  return [Math.min(...numbers), Math.max(...numbers)].map(each => each.toFixed(digits)).join('–')
}
