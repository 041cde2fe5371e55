// Where Tertulia spends its time, from the profiles that node writes with `--cpu-prof`.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A part of the program and the share of a core that it used. */
export type ProfileEntry = readonly [name: string, cores: string]

/** V8's format (chromedevtools.github.io/devtools-protocol, Profiler.Profile); microseconds of the monotonic clock. */
interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame }[]
  readonly startTime: number
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

interface Frame {
  readonly functionName: string
  readonly url: string
}

/** A frame belongs to the first part whose pattern matches `url function`. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/ \((?:idle|root)\)$/, 'idle'],
  [/ \(garbage collector\)$/, 'collecting garbage'],
  [/ (?:writeBuffer|writev|writeUtf8String|writeLatin1String)$/, 'writing to sockets (the system)'],
  [/ (?:postMessage|receiveMessageOnPort)$|internal\/worker|per_context\/messageport/, 'between the threads'],
  [/ #commit$/, 'the writer: committing'],
  [/ #execute$/, 'the writer and the reader: SQL statements'],
  [/src\/store\//, 'the store’s own code'],
  [/src\/core\/log\/(?:feed|seat|history|pacer|visibility)/, 'core: feeds'],
  [/src\/core\//, 'core: posting'],
  [/src\/net\/cohort|src\/doors\/line\/render|src\/wire\/|RegExp: .*u2028/, 'rendering'],
  [/src\/net\/|src\/doors\/| utf8Slice$|RegExp: /, 'reading lines, the door'],
  [/node:/, 'node'],
]
const SHOWN = 8

/** The parts of the server by their CPU time in the interval, idle time aside, the costliest first. */
export async function partsOf(
  folder: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<ProfileEntry[]> {
  const spent = new Map<string, number>()
  for (const file of await readdir(folder)) {
    const profile: Profile = JSON.parse(await readFile(join(folder, file), 'utf8'))
    const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, partOf(callFrame)]))
    let at = profile.startTime
    profile.samples.forEach((node, i) => {
      const took = profile.timeDeltas[i] ?? 0
      at += took
      const name = names.get(node) ?? 'the rest'
      if (at >= from && at < to && name !== 'idle') spent.set(name, (spent.get(name) ?? 0) + took)
    })
  }
  return [...spent]
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .map(([name, took]) => [name, (took / (to - from)).toFixed(2)])
}

function partOf({ functionName, url }: Frame): string {
  return PARTS.find(([pattern]) => pattern.test(`${url} ${functionName}`))?.[1] ?? 'the rest'
}
