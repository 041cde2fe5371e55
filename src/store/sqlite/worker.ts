// Entry point of SQLite's threads. node:sqlite is synchronous; in threads of its own the event loop never waits for a disk.

import { flushCompileCache } from 'node:module'
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { Refusal } from '../../core/model/refusals.ts'
import { type Call, queuesOfMethods } from '../scripts/scripts.ts'
import { Unusable } from '../unusable.ts'
import { usable } from './file.ts'
import type { Order, Report, Task } from './messages.ts'
import { identityOf, isThere } from './open-files.ts'
import { FileReader } from './reader.ts'
import { asFull } from './space.ts'
import { CommitFailed, FileWriter } from './writer.ts'

/** Orders that came while a round took in more calls: they are carried out after it. */
const postponed: Order[] = []

/** Takes the next message from the port. @returns its calls; undefined when there is none, or it is another order */
function waiting(): readonly Call[] | undefined {
  const order: Order | undefined = parentPort ? receiveMessageOnPort(parentPort)?.message : undefined
  if (!order || (typeof order === 'object' && !('kind' in order))) return order
  postponed.push(order)
  return undefined
}

/** Throws Unusable, or Refusal 'store-moved'. */
function open({ queue, path, file }: Task): FileWriter | FileReader {
  if (queue === 'write') return new FileWriter(path, { report, more: waiting })
  const reader = new FileReader(path)
  if (!file || isThere(file)) return reader
  reader.close()
  throw new Refusal('store-moved')
}

/** Throws Unusable. */
function openFor(task: Task): FileWriter | FileReader {
  try {
    return open(task)
  } catch (error) {
    throw asFull(error, task.path)
  }
}

function report(said: Report): void {
  parentPort?.postMessage(said)
}

let side: FileWriter | FileReader | undefined

function onOrder(order: Order): void {
  try {
    if (order === 'open') {
      const task = workerData as Task
      side = usable(() => openFor(task))
      const remade = side instanceof FileWriter ? side.remade : []
      report({ kind: 'opened', file: identityOf(task.path), remade, methods: queuesOfMethods() })
      flushCompileCache() // otherwise it is written when a thread exits, and a killed one never does
    } else if (order === 'close') {
      side?.close()
      parentPort?.close()
    } else if ('kind' in order) {
      if (side instanceof FileWriter) side.onReadersDamage(order.isAgain)
    } else if (side) {
      for (let left = order; left.length > 0; ) {
        const outcomes = side.round(left)
        report({ kind: 'round', outcomes })
        left = left.slice(outcomes.length)
      }
      for (const order of postponed.splice(0)) onOrder(order)
    }
  } catch (error) {
    if (error instanceof Unusable)
      report({ kind: 'unusable', code: error.code, detail: String(error.cause ?? error) })
    else if (error instanceof Refusal) report({ kind: 'moved' })
    else if (error instanceof CommitFailed) report({ kind: 'lost', detail: String(error) })
    else throw error
  }
}

parentPort?.on('message', onOrder)
