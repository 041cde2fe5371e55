// The reporter of a process of test files (together.ts), for the runner (run.ts): a line of JSON, after a mark, for
// each test and for each file.

import { existsSync, readFileSync } from 'node:fs'
import type { TestEvent } from 'node:test/reporters'
import { inspect } from 'node:util'

export const MARK = '\u0001test '
export const FILE_MARK = '\u0001file '

/** A file that has ended. */
export interface Ended {
  readonly file: string
  readonly seconds: number
  /** CPU seconds, including those of child processes that have ended. */
  readonly cpuSeconds: number
  /** Why it could not be run; empty if it was. */
  readonly why: string
}

/** The result of a test without subtests. */
export interface Result {
  readonly file: string
  /** Preceded by the names of its parents. */
  readonly name: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** Why it failed or was skipped. */
  readonly why: string
}

/** The diagnostics that Node adds for each file. */
const COUNT = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+$/

export default async function* reporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const around: string[] = []
  let cpu = 0
  for await (const { type, data } of events) {
    if (type === 'test:start') {
      around.length = data.nesting
      around.push(data.name)
    } else if (type === 'test:diagnostic') {
      if (!COUNT.test(data.message)) yield `${data.message}\n`
    } else if (type === 'test:pass' || type === 'test:fail') {
      const [file = data.name, ...names] = [...around.slice(0, data.nesting), data.name]
      if (data.nesting === 0) {
        const before = cpu
        cpu = cpuSeconds()
        const ended = {
          file,
          seconds: data.details.duration_ms / 1000,
          cpuSeconds: cpu - before,
          why: whyOf(data),
        }
        yield `${FILE_MARK}${JSON.stringify(ended satisfies Ended)}\n`
      } else {
        const result = resultOf({ file, name: names.join(' › ') }, data)
        if (result) yield `${MARK}${JSON.stringify(result)}\n`
      }
    }
  }
}

/** From proc_pid_stat(5), fields 14 to 17, in hundredths of a second; without that file, of this process alone. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  if (!existsSync('/proc/self/stat')) return (user + system) / 1e6
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100
}

type Outcome = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>['data']

/** undefined for a suite, and for a test that failed only because of its subtests. */
function resultOf(test: Pick<Result, 'file' | 'name'>, outcome: Outcome): Result | undefined {
  const { details, skip, todo } = outcome
  if (skip !== undefined && skip !== false) return { ...test, outcome: 'skipped', why: `${skip}` }
  if (details.type === 'suite' && !whyOf(outcome)) return undefined
  if (!('error' in details) || todo) return { ...test, outcome: 'passed', why: '' }
  const why = whyOf(outcome)
  return why ? { ...test, outcome: 'failed', why } : undefined
}

/** Why it failed; empty if it passed, or failed only because of its subtests. */
function whyOf({ details }: Outcome): string {
  if (!('error' in details)) return ''
  const { cause, failureType } = details.error as { cause?: unknown; failureType?: string }
  if (failureType === 'subtestsFailed') return ''
  return typeof cause === 'string' ? cause : inspect(cause ?? details.error)
}
