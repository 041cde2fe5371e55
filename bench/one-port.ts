// Slow connections to the main port: node bench/one-port.ts [--loads 1000] [--silent 1000]
//
// - fresh page loads in Chromium beside eight busy processes: how many fail;
// - the same through a proxy at a neighbour's address that holds each first packet back for 0.2 to 1.2 s;
// - how soon a silent connection is greeted: from this machine and from the neighbour's address, at rest with a browser
//   open beside it, and from this machine beside eight busy processes.
//
// The neighbour is a network namespace, which only root can make; otherwise that part is left out.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { launch } from '../test/screens/chromium.ts'

const BENCH = import.meta.dirname
const BUSY = 8
const AT_ONCE = 8
/** A link between this machine and the neighbour. */
const [NAMESPACE, LINK, PEER] = ['tertulia-near', 'tertulia0', 'tertulia1']
const [OURS, THEIRS] = ['10.213.77.1', '10.213.77.2']
const LOAD_MS = 120_000

const { values } = parseArgs({
  options: { loads: { type: 'string', default: '1000' }, silent: { type: 'string', default: '1000' } },
})

await using stack = new AsyncDisposableStack()
const folder = await mkdtemp(join(tmpdir(), 'tertulia-bench-port-'))
stack.defer(() => rm(folder, { recursive: true, force: true }))
const hasNeighbour = makeNeighbour()
const inside = ['ip', 'netns', 'exec', NAMESPACE]
const options = ['--lan', '--port', '0', '--web-port', 'off', '--data', folder]
const server = program([process.execPath, join(BENCH, '../src/cli/main.js'), ...options])
const port = Number(/:(\d+)$/.exec(await firstLine(server))?.[1])
const browser = await launch()
stack.defer(() => browser.close())

const page = await browser.newPage()
await page.goto(`http://localhost:${port}/`)
await greetings('silent callers here, at rest, with the browser open', [], '127.0.0.1')
if (hasNeighbour) {
  await greetings('silent callers from a neighbour, at rest', inside, OURS)
  const proxy = program([
    ...inside,
    process.execPath,
    join(BENCH, 'delaying-proxy.ts'),
    OURS,
    `${port}`,
    THEIRS,
  ])
  await pageLoads('page loads whose first packets come late', `http://${THEIRS}:${await firstLine(proxy)}/`)
}
for (let i = 0; i < BUSY; i++) program([process.execPath, '-e', 'for (;;);'])
await greetings(`silent callers here, beside ${BUSY} busy processes`, [], '127.0.0.1')
await pageLoads(`page loads beside ${BUSY} busy processes`, `http://localhost:${port}/`)

/** Makes the neighbour. @returns whether it could be made */
function makeNeighbour(): boolean {
  if (process.getuid?.() !== 0) return false
  const ip = (...args: string[]) => execFileSync('ip', args)
  ip('netns', 'add', NAMESPACE)
  stack.defer(() => void ip('netns', 'delete', NAMESPACE)) // which deletes the link too
  ip('link', 'add', LINK, 'type', 'veth', 'peer', 'name', PEER, 'netns', NAMESPACE)
  ip('address', 'add', `${OURS}/24`, 'dev', LINK)
  ip('link', 'set', LINK, 'up')
  ip('-n', NAMESPACE, 'address', 'add', `${THEIRS}/24`, 'dev', PEER)
  ip('-n', NAMESPACE, 'link', 'set', PEER, 'up')
  return true
}

/** Starts a program that ends with this one. */
function program([command = '', ...args]: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: folder })
  stack.defer(async () => {
    const ended = once(child, 'exit')
    if (child.exitCode === null && child.kill('SIGKILL')) await ended
  })
  return child
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('no output')
  for await (const line of createInterface({ input: stdout })) return line
  throw new Error('it ended')
}

async function greetings(what: string, prefix: readonly string[], host: string): Promise<void> {
  const command = [...prefix, process.execPath, join(BENCH, 'silent.ts'), host, `${port}`, values.silent]
  const waits: (number | null)[] = JSON.parse(await firstLine(program(command)))
  const greeted = waits.filter(each => each !== null).toSorted((a, b) => a - b)
  const at = (share: number) => `${Math.round(greeted[Math.ceil(greeted.length * share) - 1] ?? 0)} ms`
  say(`${what}: ${greeted.length} of ${waits.length} greeted; half by ${at(0.5)}, all by ${at(1)}`)
}

/** Loads the page in a new context each time: with an empty cache and no open connection. */
async function pageLoads(what: string, url: string): Promise<void> {
  const whys: string[] = []
  const times: number[] = []
  let begun = 0
  const loader = async () => {
    while (begun++ < Number(values.loads)) {
      const since = performance.now()
      const context = await browser.newContext({ locale: 'es' })
      try {
        const fresh = await context.newPage()
        fresh.on('requestfailed', request => whys.push(`${request.url()}: ${request.failure()?.errorText}`))
        await fresh.goto(url, { timeout: LOAD_MS })
        await fresh.getByLabel('Nombre de usuario').first().waitFor({ timeout: LOAD_MS })
        times.push(performance.now() - since)
      } catch (error) {
        whys.push(error instanceof Error ? (error.message.split('\n')[0] ?? '') : `${error}`)
      } finally {
        await context.close()
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, loader))
  const half = times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0
  const failed = Number(values.loads) - times.length
  say(`${what}: ${failed} of ${values.loads} failed; half took ${(half / 1000).toFixed(1)} s`)
  for (const [why, same] of Map.groupBy(whys, each => each)) say(`  ${same.length} × ${why}`)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
