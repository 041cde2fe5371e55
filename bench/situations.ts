// Situations in which only Tertulia is measured: idle crowds, readers that stall, log-ins, many rooms, the web door,
// the web app, IRC and pictures.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { nodes } from './cluster.ts'
import type { Bench, Finding } from './finding.ts'
import { ircGuests, ircHistory } from './irc.ts'
import type { Loaded, LoadOptions } from './load.ts'
import { fiveMillion } from './millions.ts'
import { pictures } from './pictures.ts'
import { type Contender, ours, type Running } from './servers.ts'
import { arrivalsIn, Times, timedIn } from './timed.ts'
import { returning, webPages, webPosts, webSockets } from './web.ts'
import { webAppFirst, webAppKeys, webAppScroll, webAppShifts } from './web-app.ts'
import { webAppPictures } from './web-pictures.ts'
import { webAppLongWay, webAppSwitch } from './web-rooms.ts'

const IDLE = 10_000

/**
 * Resident memory for idle connections, after garbage collection: with the first crowd of a new server, which includes
 * code that it ran for the first time; then what a second crowd leaves behind.
 */
async function idle({ load }: Bench, protocol: 'line' | 'ws' | 'irc', what: string): Promise<Finding[]> {
  const collect = join(import.meta.dirname, '../test/tools/collect.ts')
  const contender = {
    ...ours('Tertulia', { flags: ['--expose-gc', '--import', collect] }),
    protocol,
    pass: 'x',
  }
  await using server = await contender.start()
  const crowd = { listeners: IDLE, senders: 0 }
  const empty = await collected(server)
  const leaveFirst = await load.hold(contender, server, crowd)
  const first = await collected(server)
  await leaveFirst()
  const before = await collected(server)
  const leave = await load.hold(contender, server, crowd)
  await leave()
  const after = await collected(server)
  return [
    [`${IDLE} idle ${what}: KB for each`, ((first - empty) / IDLE / 1024).toFixed(1)],
    [
      'the same: MB of a new server, with them, after they left, after as many came and left again',
      [empty, first, before, after].map(megabytes).join(', '),
    ],
  ]
}

/** 500 of 600 stop reading for 100,000 messages, then catch up while others keep talking. */
async function stalled(bench: Bench): Promise<Finding[]> {
  const options = {
    listeners: 600,
    stalled: 500,
    senders: 4,
    backlog: 100_000,
    'in-flight': 256,
    rate: 200,
    seconds: 6,
  }
  const { loaded, times } = await timed(bench, options)
  const { measured, meanwhile } = loaded
  if (!meanwhile || !loaded.caughtUp) return [['500 stalled readers of 100,000 messages', 'not caught up']]
  return [
    ['500 stalled readers of 100,000 messages: caught up, s', seconds(meanwhile)],
    [
      "500 stalled: the others' commit to receipt, p99 ms, before and meanwhile",
      `${times.p99(measured).toFixed(1)}, ${times.p99(meanwhile).toFixed(1)}`,
    ],
    ['500 stalled: lost', `${loaded.lost}`],
  ]
}

/** 100 log in at once while others talk. */
async function logIns(bench: Bench): Promise<Finding[]> {
  const { loaded } = await timed(bench, { listeners: 100, senders: 10, rate: 1000, seconds: 2, joiners: 100 })
  const { measured, meanwhile } = loaded
  if (!meanwhile || loaded.joined < 100) return [['100 log-ins at once', 'not all logged in']]
  return [
    ['100 log-ins at once: all in, s', seconds(meanwhile)],
    [
      '100 log-ins: p99 ms from send to receipt, before and meanwhile',
      `${measured.p99.toFixed(1)}, ${meanwhile.p99.toFixed(1)}`,
    ],
  ]
}

/** A small room alone, 200 of them at once, and one with as many messages in flight as the 200 together. */
async function rooms(bench: Bench): Promise<Finding[]> {
  const deliveries = async (options: LoadOptions, rooms = 1) => {
    const { loaded } = await timed(bench, { seconds: 3, 'in-flight': 64, rooms, ...options })
    if (loaded.lost > 0) throw new Error(`${loaded.lost} lost in ${rooms} rooms`)
    return loaded.measured.deliveries
  }
  const alone = await deliveries({ listeners: 25, senders: 1 })
  const many = await deliveries({ listeners: 5000, senders: 200 }, 200)
  const full = await deliveries({ listeners: 25, senders: 1, 'in-flight': 12_800 })
  return [
    [
      'rooms of 25/1/64, millions of deliveries/s: one, 200 at once',
      `${millions(alone)}, ${millions(many)} (× ${(many / alone).toFixed(2)})`,
    ],
    [
      'one room of 25/1/12,800, as much in flight as in those 200',
      `${millions(full)} (the 200 do × ${(many / full).toFixed(2)})`,
    ],
  ]
}

async function timed({ load }: Bench, options: LoadOptions): Promise<{ loaded: Loaded; times: Times }> {
  const folder = await mkdtemp(join(tmpdir(), 'tertulia-bench-'))
  const contender = ours('Tertulia', await timedIn(folder))
  const loaded = await once(contender, server =>
    load.run(contender, server, { ...options, arrivals: arrivalsIn(folder) }),
  )
  if (!loaded) throw new Error('the load did not finish')
  const times = await Times.read(folder)
  await rm(folder, { recursive: true, force: true })
  return { loaded, times }
}

/** Starts the server, uses it, and stops it. */
async function once<T>(contender: Contender, use: (server: Running) => Promise<T>): Promise<T> {
  await using server = await contender.start()
  return await use(server)
}

/** Resident bytes of a server, after making it collect its garbage (collect.ts). */
async function collected({ pid }: Running): Promise<number> {
  // V8 returns pages to the system some seconds after they are empty.
  for (let i = 0; i < 8; i++) {
    await sleep(2000)
    process.kill(pid, 'SIGUSR2')
  }
  await sleep(500)
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024
}

function seconds({ seconds }: { seconds: number }): string {
  return seconds.toFixed(1)
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}

function millions(number: number): string {
  return (number / 1e6).toFixed(2)
}

export const situations: Readonly<Record<string, (bench: Bench) => Promise<Finding[]>>> = {
  idle: bench => idle(bench, 'line', 'connections'),
  idleWeb: bench => idle(bench, 'ws', 'WebSockets'),
  idleIrc: bench => idle(bench, 'irc', 'IRC connections'),
  stalled,
  logIns,
  rooms,
  webPosts,
  webPages,
  webSockets,
  returning,
  webAppFirst,
  webAppKeys,
  webAppScroll,
  webAppShifts,
  webAppPictures,
  webAppSwitch,
  webAppLongWay,
  fiveMillion,
  ircGuests,
  ircHistory,
  nodes,
  pictures,
}
