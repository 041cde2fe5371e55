// The process that reads pictures, videos and recordings: one that crashes, hangs or swells it takes nobody else with it.
// Jobs come on standard input, one at a time; it ends with that.

import { writeFileSync, writeSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Limits } from './limits.ts'
import { removeLocation } from './location.ts'
import { type Answer, FILES, type Job } from './messages.ts'

/** A decoder writes a hundred megabytes in this time. */
const WATCH_MS = 20

giveWay()
const lines = createInterface({ input: process.stdin })
lines.on('close', end)

const prepare = await load()
lines.on('line', line => void work(JSON.parse(line)))
if (prepare) answer({ kind: 'ready' })

async function load(): Promise<typeof import('./prepare.ts').prepare | undefined> {
  try {
    return (await import('./prepare.ts')).prepare
  } catch (error) {
    // sharp has no program for this machine. The first line of what it says is the reason, the others are advice.
    answer({
      kind: 'unable',
      reason: String(error instanceof Error ? error.message : error).split('\n')[0] ?? '',
    })
    return undefined
  }
}

async function work(job: Job): Promise<void> {
  answer({ kind: 'begun' })
  const stopWatching = watch(job.limits)
  try {
    answer(await done(job))
  } catch (error) {
    answer(toAnswer(error))
  } finally {
    stopWatching()
  }
}

async function done(job: Job): Promise<Answer> {
  const { path, folder, limits } = job
  if (job.kind === 'remove-location') {
    const options = { type: job.type, most: limits.bytes }
    return { kind: 'removed', isChanged: await removeLocation(path, join(folder, FILES.clean), options) }
  }
  if (!prepare) return { kind: 'failed', reason: 'This machine can read no pictures' }
  return { kind: 'prepared', result: await prepare(path, folder, limits) }
}

/** Errors of sharp are about the picture; those of the file system have a code, those of ours a class. */
function toAnswer(error: unknown): Answer {
  if (!(error instanceof Error)) return { kind: 'failed', reason: String(error) }
  if ('syscall' in error && 'code' in error)
    return { kind: 'failed', reason: error.message, code: String(error.code) }
  if (error instanceof TypeError || error instanceof ReferenceError)
    return { kind: 'failed', reason: error.stack ?? error.message }
  return { kind: 'bad' }
}

/**
 * Ends this process when a job takes more than it may. JavaScript is idle meanwhile, as pictures have their own thread, or
 * busy for as long as it takes to go once through the bytes.
 */
function watch({ cpuMs, memory }: Limits): () => void {
  const before = process.cpuUsage()
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(before)
    if ((user + system) / 1000 <= cpuMs && process.memoryUsage.rss() <= memory) return
    answer({ kind: 'exceeded' })
    end()
  }, WATCH_MS)
  return () => clearInterval(timer)
}

/** Others go first: on the processor, and when memory runs out. */
function giveWay(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
    if (process.platform === 'linux') writeFileSync('/proc/self/oom_score_adj', '1000')
  } catch {
    // A machine that does not allow it.
  }
}

function answer(what: Answer): void {
  writeSync(1, `${JSON.stringify(what)}\n`) // at once: the process may end right after it
}

/** process.exit would wait for a decoder that hangs. */
function end(): void {
  process.kill(process.pid, 'SIGKILL')
}
