// How fast the bytes of files are stored and read, beside `cp` and a loop that only copies, all on this machine's disk.
//
//   node bench/files.ts [MEGABYTES [ROUNDS]]

import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FileStorage } from '../src/core/ports/file-storage.ts'
import { FolderFileStorage } from '../src/store/files/folder.ts'
import { PostgresFileStorage } from '../src/store/files/postgres.ts'
import { PostgresStore } from '../src/store/postgres/store.ts'
import { Postgres } from '../test/tools/postgres.ts'
import { quantile } from './timed.ts'

/** As sockets deliver them. */
const CHUNK = 64 * 1024
const COPIED_AT_ONCE = 256 * 1024
const [megabytes = '256', rounds = '3'] = process.argv.slice(2)
const size = Number(megabytes) * 1_000_000
const chunk = randomBytes(CHUNK)

async function* chunks(): AsyncGenerator<Uint8Array> {
  for (let left = size; left > 0; left -= CHUNK) yield chunk.subarray(0, left)
}

interface Way {
  readonly name: string
  readonly does: () => Promise<unknown>
}

function waysOf(name: string, files: FileStorage): readonly Way[] {
  let key = ''
  return [
    {
      name: `${name}: append`,
      async does() {
        if (key !== '') await files.remove(key)
        key = randomBytes(16).toString('base64url')
        return files.append(key, 0, chunks())
      },
    },
    {
      name: `${name}: read`,
      async does() {
        let bytes = 0
        for await (const each of files.read(key, 0, size)) bytes += each.length
        return bytes
      },
    },
  ]
}

/** Reads one file and writes another, until it is on disk: what any server must do at least. */
async function copy(from: string, to: string): Promise<void> {
  await using source = await open(from)
  await using target = await open(to, 'w')
  const block = Buffer.allocUnsafe(COPIED_AT_ONCE)
  for (;;) {
    const { bytesRead } = await source.read(block)
    if (bytesRead === 0) break
    await target.write(block, 0, bytesRead)
  }
  await target.datasync()
}

/** `cp`, and `sync` on what it has written. */
async function cp(from: string, to: string): Promise<void> {
  const child = spawn('sh', ['-c', 'cp "$0" "$1" && sync -d "$1"', from, to], { stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`cp ended with ${code}`)
}

await using stack = new AsyncDisposableStack()
const folder = await mkdtemp(join(tmpdir(), 'tertulia-bench-'))
stack.defer(() => rm(folder, { recursive: true, force: true }))
const postgres = stack.use(await Postgres.start())
const store = await PostgresStore.open({ urls: [await postgres.database()] })
stack.defer(() => store.close())
const inFolder = await FolderFileStorage.open(join(folder, 'files'))
const inPostgres = await PostgresFileStorage.open(store, join(folder, 'scratch'))
stack.defer(() => inPostgres.close())

const [source, target] = [join(folder, 'source'), join(folder, 'target')]
{
  await using file = await open(source, 'w')
  for await (const each of chunks()) await file.write(each)
  await file.sync()
}
const ways: readonly Way[] = [
  { name: 'cp, then sync', does: () => cp(source, target) },
  { name: 'a loop that copies, then fdatasync', does: () => copy(source, target) },
  ...waysOf('folder', inFolder),
  ...waysOf('PostgreSQL', inPostgres),
]
const took = new Map(ways.map(({ name }) => [name, { ms: [] as number[], cpu: [] as number[] }]))
// In turn, so that a disk or a machine that is busier for a while slows all of them down.
for (let round = 0; round < Number(rounds); round++)
  for (const { name, does } of ways) {
    const [start, before] = [performance.now(), process.cpuUsage()]
    await does()
    const { user, system } = process.cpuUsage(before)
    took.get(name)?.ms.push(performance.now() - start)
    took.get(name)?.cpu.push((user + system) / 1000)
  }
console.log(`${megabytes} MB, median of ${rounds} rounds`)
for (const [name, { ms, cpu }] of took) {
  const speed = size / 1000 / quantile(ms, 0.5)
  const each = (quantile(cpu, 0.5) * 1e9) / size
  console.log(
    `${name.padEnd(36)} ${speed.toFixed(0).padStart(5)} MB/s  ${each.toFixed(0).padStart(5)} ms of this process's CPU a GB`,
  )
}
