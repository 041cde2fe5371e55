// Connects like netcat, and sends nothing: node bench/silent.ts HOST PORT COUNT
// Prints, as JSON, after how many milliseconds each connection was greeted; null for one that was not.

import { connect } from 'node:net'

const AT_ONCE = 25
const LONGEST_MS = 20_000

const [host = '', port = '', count = ''] = process.argv.slice(2)
const waits: (number | null)[] = []
let begun = 0
await Promise.all(Array.from({ length: AT_ONCE }, callers))
process.stdout.write(`${JSON.stringify(waits)}\n`)

async function callers(): Promise<void> {
  while (begun++ < Number(count)) waits.push(await greeted())
}

async function greeted(): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>()
  const socket = connect({ host, port: Number(port) })
  let since = 0
  socket.on('connect', () => {
    since = performance.now()
  })
  socket.once('data', () => resolve(performance.now() - since))
  socket.on('error', () => resolve(null))
  const tooLong = setTimeout(resolve, LONGEST_MS, null)
  const waited = await promise
  clearTimeout(tooLong)
  socket.destroy()
  return waited
}
