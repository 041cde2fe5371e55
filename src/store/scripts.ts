// The table of all scripts: the Store port, method for method, and where each may run.

import type { Log, People } from '../core/ports.ts'
import * as log from './log.ts'
import * as people from './people.ts'
import type { Script } from './sql.ts'

/**
 * write: in the writer's queue, behind everything asked before, on disk when it is answered.
 * read: beside the writer, on what was committed when it began.
 */
export type Lane = 'write' | 'read'

interface Method<Arguments extends unknown[], Result> {
  readonly lane: Lane
  readonly script: (...args: Arguments) => Script<Result>
}

type MethodsOf<Port> = {
  readonly [Name in keyof Port]: Port[Name] extends (...args: infer Arguments) => Promise<infer Result>
    ? Method<Arguments, Result>
    : never
}

const write = <Arguments extends unknown[], Result>(script: (...args: Arguments) => Script<Result>) =>
  ({ lane: 'write', script }) as const
const read = <Arguments extends unknown[], Result>(script: (...args: Arguments) => Script<Result>) =>
  ({ lane: 'read', script }) as const

export const scripts = {
  people: {
    register: write(people.register),
    credentials: read(people.credentials),
    hasAny: read(people.hasAny),
  } satisfies MethodsOf<People>,
  log: {
    append: write(log.append),
    read: read(log.read),
    readInTurn: write(log.readInTurn),
    heads: write(log.heads),
    opening: read(log.opening),
    markRead: write(log.markRead),
  } satisfies MethodsOf<Log>,
}

/** One call of a port's method, as it crosses to where it runs. */
export interface Call {
  readonly port: keyof typeof scripts
  readonly method: string
  readonly args: readonly unknown[]
}

/** Starts the script that a call names. */
export function begin({ port, method, args }: Call): Script<unknown> {
  const methods: Record<string, Method<never[], unknown>> = scripts[port]
  const found = methods[method]
  if (!found) throw new Error(`the store has no ${port}.${method}`)
  return found.script(...(args as never[]))
}
