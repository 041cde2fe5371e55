// What a test file's process tells the runner (run.ts): a line of JSON for each of its tests, behind a mark.

import { existsSync, readFileSync } from 'node:fs'
import type { TestEvent } from 'node:test/reporters'
import { inspect } from 'node:util'

export const MARK = '\u0001test '
/** Behind it: processor seconds of the file, with all that it has started and that has ended. */
export const CPU_MARK = '\u0001cpu '

/** Of a test without subtests. */
export interface Result {
  /** With those of the tests around it. */
  readonly name: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** Why it failed or was skipped. */
  readonly why: string
}

/** What Node adds for each file. */
const COUNT = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+$/

export default async function* reporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const around: string[] = []
  for await (const { type, data } of events) {
    if (type === 'test:start') {
      around.length = data.nesting
      around.push(data.name)
    } else if (type === 'test:diagnostic') {
      if (!COUNT.test(data.message)) yield `${data.message}\n`
    } else if (type === 'test:pass' || type === 'test:fail') {
      const name = [...around.slice(0, data.nesting), data.name].join(' › ')
      const result = resultOf(name, data)
      if (result) yield `${MARK}${JSON.stringify(result)}\n`
    }
  }
  yield `${CPU_MARK}${cpuSeconds()}\n`
}

/** proc_pid_stat(5): fields 14 to 17, in hundredths; of this process alone where there is no such file. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  if (!existsSync('/proc/self/stat')) return (user + system) / 1e6
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100
}

type Ended = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>['data']

/** undefined for a test that failed, or passed, for what is in it alone. */
function resultOf(name: string, { details, skip, todo }: Ended): Result | undefined {
  if (details.type === 'suite') return undefined
  if (skip !== undefined && skip !== false) return { name, outcome: 'skipped', why: `${skip}` }
  const error = 'error' in details ? details.error : undefined
  if (!error || todo) return { name, outcome: 'passed', why: '' }
  const { cause, failureType } = error as { cause?: unknown; failureType?: string }
  if (failureType === 'subtestsFailed') return undefined
  return { name, outcome: 'failed', why: typeof cause === 'string' ? cause : inspect(cause ?? error) }
}
